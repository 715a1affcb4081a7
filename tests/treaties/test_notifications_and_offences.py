"""What a changed designation owes the depositary; and the offences of two States side by side."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from registry.models import Role
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from tests.factories import UserFactory
from treaties import notifications_owed
from treaties.models import Designation, NationalProvision, NotificationOwed
from treaties.offence_tables import side_by_side
from treaties.register_editing import editing

ON = date(2026, 3, 2)


@pytest.fixture
def editor(office):
    return UserFactory(name="Ada Editor", works_in=office, role=Role.ADMINISTRATOR)


@pytest.fixture
def reporter(office):
    return UserFactory(works_in=office, role=Role.MINISTRY_REPORTER)


@pytest.fixture
def designation(register, office):
    return Designation.objects.create(
        instrument_id="UNTOC", authority=office, function="central_authority", languages=["fr"]
    )


def change(kind, key, values, editor, now):
    return editing.change(
        kind, str(key), {"source": "Us."} | values, reason="Moved.", seen=None, user=editor, now=now
    )


def test_a_changed_language_is_owed_to_the_depositary_with_a_text(designation, editor, now):
    change("designation", designation.pk, {"languages": "fr, nl"}, editor, now)
    owed = NotificationOwed.objects.get()
    assert owed.instrument_id == "UNTOC"
    assert "Languages accepted: fr, nl." in owed.text


def test_a_changed_address_is_owed_under_each_instrument(designation, office, editor, now):
    Designation.objects.create(
        instrument_id="UNCAC", authority=office, function="central_authority"
    )
    change("authority", office.pk, {"email": "new@example.org"}, editor, now)
    assert {o.instrument_id for o in NotificationOwed.objects.all()} == {"UNTOC", "UNCAC"}


def test_what_changes_nothing_for_others_owes_nothing(designation, office, editor, now):
    change("designation", designation.pk, {"note": "x"}, editor, now)
    editing.verify("designation", str(designation.pk), source="x", seen=None, user=editor, now=now)
    foreign = Designation.objects.exclude(authority__state="BEL").first()
    change("designation", foreign.pk, {"languages": "es"}, editor, now)
    assert not NotificationOwed.objects.exists()


def test_it_is_owed_until_somebody_writes_down_the_day(designation, editor, reporter, now):
    change("designation", designation.pk, {"languages": "nl"}, editor, now)
    owed = NotificationOwed.objects.get()
    with pytest.raises(NotAllowed):
        notifications_owed.mark_sent(owed, ON, user=editor, now=now)
    with pytest.raises(Invalid):
        notifications_owed.mark_sent(owed, ON + timedelta(days=9), user=reporter, now=now)
    notifications_owed.mark_sent(owed, ON, user=reporter, now=now)
    assert not notifications_owed.owed_by_offices([owed.owner_id]).exists()
    with pytest.raises(NotPossibleNow):
        notifications_owed.mark_sent(owed, ON, user=reporter, now=now)


def test_the_page_shows_the_text_and_takes_the_day(
    designation, editor, reporter, stranger, signed_in, now
):
    change("designation", designation.pk, {"languages": "nl"}, editor, now)
    owed, page = NotificationOwed.objects.get(), reverse("notifications-owed")
    client = signed_in(reporter)
    assert b"Languages accepted: nl." in client.get(page).content
    assert b"is to be told" in client.get(reverse("compliance")).content
    assert b"Languages accepted" not in signed_in(stranger).get(page).content
    posted = {"owed": owed.pk, "sent_on": "2026-03-01"}
    assert signed_in(stranger).post(page, posted).status_code == 404
    assert client.post(page, {"owed": owed.pk, "sent_on": "2999-01-01"}).status_code == 400
    assert client.post(page, posted).status_code == 302
    assert NotificationOwed.objects.get().sent_on == date(2026, 3, 1)


def test_offences_of_two_states_stand_side_by_side(register):
    rows = {row.family.pk: row for row in side_by_side("BEL", "SEN", ON)}
    row = rows["crimes_against_humanity"]
    assert [p.article for p in row.ours] == ["136ter"]
    assert [p.article for p in row.theirs] == ["431-2"]
    assert row.in_both


def test_only_what_is_in_force_on_the_day_is_shown(register):
    assert side_by_side("BEL", "SEN", date(1999, 1, 1)) == []
    NationalProvision.objects.filter(state="BEL").update(until=date(2020, 1, 1))
    ours = [row.ours for row in side_by_side("BEL", "SEN", ON)]
    assert not any(ours)


def test_a_family_without_a_provision_is_shown_empty(register, client):
    row = side_by_side("BEL", "SEN", ON, ["cybercrime"])[0]
    assert (row.ours, row.theirs, row.in_both) == ([], [], False)
    page = client.get(reverse("offence-table") + "?state=BEL&other=SEN&on=2026-03-02")
    assert b"136ter" in page.content
    same = client.get(reverse("offence-table") + "?state=BEL&other=BEL")
    assert b"Choose another State." in same.content


def test_a_provision_is_added_and_used_again(register, editor, now):
    editing.add(
        "provision",
        {"state": "BEL", "family": "cybercrime", "law": "Criminal Code", "article": "550bis",
         "source": "The Code."},
        reason="Asked for.",
        user=editor,
        now=now,
    )  # fmt: skip
    assert side_by_side("BEL", "SEN", ON, ["cybercrime"])[0].ours[0].article == "550bis"
