"""Clocks by API: reading, pausing, extending, correcting, moving; and who may."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registry import recomputation
from registry.models import Deadline, Dossier, ProposedMove
from tests.factories import DossierFactory
from tests.factories_clocks import clock_of
from treaties.models import TimeLimit

pytestmark = pytest.mark.django_db


@pytest.fixture
def matter(office, drafter):
    return DossierFactory(owner=office, responsible=drafter)


@pytest.fixture
def clock(matter):
    return clock_of(matter, now=timezone.now() - timedelta(days=10))


def test_a_clock_tells_how_it_was_counted_and_has_an_etag(calling, drafter, clock, matter):
    answer = calling(drafter).call("GET", f"/deadlines/{clock.pk}/")
    assert answer.json()["sentence"].startswith("60 days from receipt of the request")
    assert answer.headers["ETag"] == f'"{matter.version}"'


def test_a_program_pauses_a_clock_and_reads_its_events(calling, drafter, clock, matter):
    caller = calling(drafter)
    path = f"/deadlines/{clock.pk}/events/"
    body = {"kind": "suspend", "ground": "awaiting translation"}
    answer = caller.call("POST", path, body, version=matter.version)
    assert (answer.status_code, answer.json()["state"]) == (201, "suspended")
    assert "paused since" in answer.json()["movement"]
    events = caller.call("GET", path).json()
    assert [event["kind"] for event in events] == ["start", "suspend"]


def test_a_change_names_the_version_it_saw(calling, drafter, clock):
    body = {"kind": "suspend", "ground": "awaiting translation"}
    path = f"/deadlines/{clock.pk}/events/"
    assert calling(drafter).call("POST", path, body).status_code == 428
    assert calling(drafter).call("POST", path, body, version=99).status_code == 412


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"kind": "suspend"}, 400, "ground"),
        ({"kind": "restart"}, 400, "reason"),
        ({"kind": "extend"}, 400, "length"),
        ({"kind": "extend", "length": "31", "unit": "days"}, 409, "length"),
        ({"kind": "explode"}, 400, "kind"),
    ],
)
def test_what_cannot_be_is_refused_by_field(calling, drafter, clock, body, status, field):
    answer = calling(drafter).call("POST", f"/deadlines/{clock.pk}/events/", body, version="*")
    assert answer.status_code == status
    assert field in answer.content.decode()


def test_a_corrected_date_keeps_the_entry_it_replaces(calling, drafter, clock):
    row = clock.clock_events.get()
    body = {"at": (row.at + timedelta(days=1)).isoformat(), "reason": "The receipt says so."}
    path = f"/deadlines/{clock.pk}/events/{row.pk}/amend/"
    answer = calling(drafter).call("POST", path, body, version="*")
    assert answer.status_code == 200
    assert Deadline.objects.get().due_at == clock.due_at + timedelta(days=1)
    events = calling(drafter).call("GET", f"/deadlines/{clock.pk}/events/").json()
    assert [bool(event["replaced_by"]) for event in events] == [True, False]


def test_a_meeting_is_recorded_and_withdrawn(calling, drafter, clock):
    caller = calling(drafter)
    path = f"/deadlines/{clock.pk}/events/"
    assert caller.call("POST", path, {"kind": "meet"}, version="*").json()["state"] == "met"
    row = clock.clock_events.get(kind="meet")
    answer = caller.call("POST", f"{path}{row.pk}/withdraw/", {"reason": "No."}, version="*")
    assert answer.json()["state"] == "running"


def test_an_auditor_reads_and_may_not_change(calling, auditor, clock):
    caller = calling(auditor)
    assert caller.call("GET", f"/deadlines/{clock.pk}/").status_code == 200
    body = {"kind": "suspend", "ground": "x"}
    answer = caller.call("POST", f"/deadlines/{clock.pk}/events/", body, version="*")
    assert answer.status_code == 403


def test_a_sealed_clock_is_not_there_for_others(calling, colleague, stranger, clock):
    Dossier.objects.update(confidentiality=Dossier.Confidentiality.SEALED)
    row = clock.clock_events.get()
    for user in (colleague, stranger):
        caller = calling(user)
        for path in ("", "events/"):
            assert caller.call("GET", f"/deadlines/{clock.pk}/{path}").status_code == 404
        for path in (
            "events/",
            f"events/{row.pk}/amend/",
            f"events/{row.pk}/withdraw/",
        ):
            answer = caller.call("POST", f"/deadlines/{clock.pk}/{path}", {}, version="*")
            assert answer.status_code == 404


@pytest.fixture
def move(clock):
    TimeLimit.objects.create(
        code="TEST-60",
        kind="deadline",
        trigger="receipt of the request",
        length=90,
        unit="days",
        bound_party="requested",
        confidence="verified",
    )
    recomputation.recount(timezone.now())
    return ProposedMove.objects.get()


def test_moves_are_listed_and_accepted_one_by_one(calling, drafter, move):
    caller = calling(drafter)
    found = caller.call("GET", "/deadlines/moved/").json()["results"]
    assert [row["cause"] for row in found] == ["the rule TEST-60 of the register has changed"]
    answer = caller.call("POST", f"/deadlines/moved/{move.pk}/accept/")
    assert answer.json()["due_at"][:10] == move.new_due.date().isoformat()
    assert caller.call("POST", f"/deadlines/moved/{move.pk}/accept/").status_code == 409


def test_a_date_is_kept_with_a_reason(calling, drafter, move):
    path = f"/deadlines/moved/{move.pk}/keep/"
    assert calling(drafter).call("POST", path, {}).status_code == 400
    answer = calling(drafter).call("POST", path, {"reason": "They confirmed it."})
    assert answer.json()["due_at"][:10] == move.old_due.date().isoformat()


def test_all_moves_are_accepted_at_once(calling, drafter, move):
    assert calling(drafter).call("POST", "/deadlines/moved/accept/").json() == {"moved": 1}


def test_a_sealed_move_is_not_there_for_others(calling, colleague, auditor, move):
    assert calling(auditor).call("POST", f"/deadlines/moved/{move.pk}/accept/").status_code == 403
    Dossier.objects.update(confidentiality=Dossier.Confidentiality.SEALED)
    caller = calling(colleague)
    assert caller.call("GET", "/deadlines/moved/").json()["results"] == []
    for act in ("accept", "keep", "release"):
        assert caller.call("POST", f"/deadlines/moved/{move.pk}/{act}/", {}).status_code == 404
    assert caller.call("POST", "/deadlines/moved/accept/").json() == {"moved": 0}
