"""The register is edited by programs as by pages."""

from __future__ import annotations

import pytest

from registry.models import Role
from tests.factories import UserFactory
from treaties.models import Participation

VALUES = {
    "instrument": "UNTOC",
    "state": "BEL",
    "action": "withdrawal",
    "date": "2026-01-01",
    "source": "C.N.1.2026",
}


@pytest.fixture
def editor(office):
    return UserFactory(works_in=office, role=Role.ADMINISTRATOR)


def test_a_fact_is_added_corrected_verified_removed_and_brought_back(register, editor, calling):
    caller = calling(editor)
    added = caller.call(
        "POST", "/register/facts/participation/", {"values": VALUES, "reason": "New."}
    )
    assert added.status_code == 201, added.json()
    one = f"/register/facts/participation/{added.json()['key']}/"
    seen = added.json()["seen"]
    wish = {"values": {"note": "Seen.", "source": "x"}, "reason": "y", "seen": seen}
    changed = caller.call("PATCH", one, wish).json()
    assert changed["values"]["note"] == "Seen."
    assert caller.call("PATCH", one, wish).status_code == 412
    verified = caller.call(
        "POST", f"{one}verification/", {"source": "The table.", "seen": changed["seen"]}
    ).json()
    assert verified["values"]["confidence"] == "verified"
    gone = caller.call("POST", f"{one}removal/", {"reason": "No.", "seen": verified["seen"]})
    assert gone.status_code == 204
    assert caller.call("GET", one).status_code == 404
    last = caller.call("GET", "/register/changes/?state=BEL").json()["results"][0]
    assert (last["act"], last["undone"]) == ("removed", False)
    assert caller.call("POST", f"/register/changes/{last['id']}/undo/").status_code == 200
    assert Participation.objects.get(pk=added.json()["key"]).note == "Seen."


def test_a_proposal_goes_from_an_officer_to_an_editor(register, drafter, editor, calling):
    key = Participation.objects.filter(instrument="UNTOC", state="BEL").first().pk
    wish = {"kind": "participation", "key": str(key), "values": {"note": "n"}, "reason": "r"}
    made = calling(drafter).call("POST", "/register/proposals/", wish)
    assert made.status_code == 201
    decision = f"/register/proposals/{made.json()['id']}/decision/"
    assert calling(drafter).call("POST", decision, {"accept": True}).status_code == 404
    done = calling(editor).call("POST", decision, {"accept": True})
    assert done.json()["stage"] == "accepted"
    assert Participation.objects.get(pk=key).note == "n"


def test_nobody_reads_another_persons_proposals(register, drafter, stranger, calling):
    key = Participation.objects.filter(instrument="UNTOC", state="BEL").first().pk
    wish = {"kind": "participation", "key": str(key), "values": {"note": "n"}, "reason": "r"}
    calling(drafter).call("POST", "/register/proposals/", wish)
    assert calling(stranger).call("GET", "/register/proposals/").json()["results"] == []


def test_an_officer_may_not_edit(register, drafter, calling):
    body = {"values": VALUES, "reason": "New."}
    assert calling(drafter).call("POST", "/register/facts/participation/", body).status_code == 403
