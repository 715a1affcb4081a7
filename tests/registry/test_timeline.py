"""The timeline is append-only and chained, and a command proves it whole."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from registry import timeline
from registry.models import TimelineEntry
from tests.factories import NOW, DossierFactory

pytestmark = pytest.mark.django_db

TRIGGERS = {
    "sqlite": (
        "DROP TRIGGER timeline_is_never_updated",
        "DROP TRIGGER timeline_is_never_deleted",
    ),
    "postgresql": ("ALTER TABLE registry_timelineentry DISABLE TRIGGER timeline_is_never_changed",),
}


@pytest.fixture
def dossier():
    dossier = DossierFactory()
    for number in range(3):
        timeline.record(dossier, "test.event", actor=dossier.responsible, at=NOW, number=number)
    return dossier


def without_triggers(*statements: tuple[str, list]) -> None:
    """What somebody with full power over the database can do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # deferred checks stand in the way of ALTER TABLE
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for drop in TRIGGERS[connection.vendor]:
            cursor.execute(drop)
        for sql, values in statements:
            cursor.execute(sql, values)


def verified(reference: str = "") -> str:
    out = StringIO()
    call_command("verify_timeline", *([reference] if reference else []), stdout=out)
    return out.getvalue()


def test_the_database_refuses_to_change_an_entry(dossier):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        TimelineEntry.objects.filter(dossier=dossier).update(event="something.else")


def test_the_database_refuses_to_delete_an_entry(dossier):
    entry = dossier.timeline.last()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        TimelineEntry.objects.filter(pk=entry.pk)._raw_delete("default")
    assert TimelineEntry.objects.filter(pk=entry.pk).exists()


def test_a_whole_timeline_is_proved_whole(dossier):
    answer = verified(dossier.reference)
    assert "all whole" in answer
    assert dossier.timeline.last().digest in answer


def test_all_timelines_are_checked_when_none_is_named(dossier):
    DossierFactory()
    assert "2 timelines checked" in verified()


def test_an_unknown_dossier_is_named_in_the_refusal(db):
    with pytest.raises(CommandError, match="no dossier XX-1"):
        verified("XX-1")


def test_an_entry_changed_behind_the_products_back_is_found(dossier):
    without_triggers(
        (
            "UPDATE registry_timelineentry SET event = 'x' WHERE dossier_id = %s AND sequence = 2",
            [dossier.pk],
        )
    )
    assert list(timeline.breaks(dossier)) == [(2, "was changed after it was written")]
    with pytest.raises(CommandError, match="1 of 1 timelines are broken"):
        verified()


def test_an_entry_taken_out_is_found(dossier):
    without_triggers(
        (
            "DELETE FROM registry_timelineentry WHERE dossier_id = %s AND sequence = 2",
            [dossier.pk],
        )
    )
    assert [sequence for sequence, _why in timeline.breaks(dossier)] == [3, 3]


def test_a_forged_entry_that_fits_its_own_digest_breaks_the_next(dossier):
    entry = dossier.timeline.get(sequence=2)
    entry.event = "forged"
    without_triggers(
        (
            "UPDATE registry_timelineentry SET event = %s, digest = %s WHERE id = %s",
            ["forged", timeline.digest_of(entry), entry.pk],
        )
    )
    assert list(timeline.breaks(dossier)) == [(3, "does not continue the entry before it")]
