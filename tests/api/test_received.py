"""Requests that came to us, by API."""

from __future__ import annotations

import pytest

WISH = {
    "requesting_state": "SEN",
    "received_at": "2026-03-02T09:00:00Z",
    "channel": "electronic",
    "title": "Bank records of the company Teranga",
    "foreign_reference": "DAK/2026/77",
    "measures": ["bank_financial_records"],
    "offences": ["corruption"],
    "person": {"role": "suspect", "family_name": "Ndour", "nationalities": ["SEN"]},
}


@pytest.fixture
def desk(register, office, drafter, calling):
    return calling(drafter)


@pytest.fixture
def registered(desk):
    return desk.call("POST", "/requests/received/", WISH).json()


def move(desk, row, name, **data):
    return desk.call("POST", f"/requests/{row['reference']}/moves/", {"move": name, **data},
                     version="*")  # fmt: skip


def test_a_program_registers_a_request(registered):
    assert registered["direction"] == "received"
    assert registered["status"] == "registered"
    assert registered["receipt"]["channel"] == "electronic"
    assert registered["requesting_state"]["code"] == "SEN"


def test_what_is_wrong_is_told_by_field(desk):
    answer = desk.call("POST", "/requests/received/", WISH | {"requesting_state": "XXX"})
    assert answer.status_code == 400
    assert "requesting_state" in answer.content.decode()


def test_the_moves_tell_what_they_need_and_why_not_yet(desk, registered):
    offered = desk.call("GET", f"/requests/{registered['reference']}/moves/").json()
    by_name = {row["move"]: row for row in offered}
    assert by_name["begin_triage"]["possible"]
    assert by_name["acknowledge"] | {"label": ""} == {
        "move": "acknowledge",
        "label": "",
        "leads_to": None,
        "needs": ["acknowledged_at"],
        "takes": [],
        "possible": True,
        "reasons": [],
    }


def test_a_program_takes_a_request_from_receipt_to_execution(desk, registered):
    path = f"/requests/{registered['reference']}/refusal-grounds/"
    grounds = desk.call("GET", path).json()
    answers = [
        {"ground": row["id"], "answer": "not_relevant"}
        for row in grounds
        if row["effect"] in ("mandatory_refusal", "optional_refusal")
    ]
    answered = desk.call("PUT", path, {"answers": answers}, version="*")
    assert answered.status_code == 200, answered.content
    assert {row["answer"] for row in answered.json()} >= {"not_relevant"}
    (measure,) = desk.call("GET", f"/requests/{registered['reference']}/measures/").json()
    one = f"/requests/{registered['reference']}/measures/{measure['id']}"
    for name in ("begin_triage", "accept"):
        assert move(desk, registered, name).status_code == 200
    desk.call("PUT", f"{one}/authority/", {"named": "Federal Police"}, version="*")
    assert move(desk, registered, "begin_execution").status_code == 200
    assert move(desk, registered, "record_execution").status_code == 409
    executed = desk.call("POST", f"{one}/moves/", {"move": "execute"}, version="*")
    assert executed.json()["state"] == "executed"
    answer = move(desk, registered, "record_execution")
    assert answer.json()["status"] == "executed"
    assert answer.json()["receipt"]["outcome"] == "accepted"


def test_the_list_is_narrowed_by_direction(desk, registered, started):
    def references(direction):
        found = desk.call("GET", f"/requests/?direction={direction}").json()["results"]
        return [row["reference"] for row in found]

    assert references("received") == [registered["reference"]]
    assert references("sent") == [started.dossier.reference]
    assert desk.call("GET", "/requests/?direction=up").status_code == 400


def test_a_row_names_the_right_states(desk, registered):
    (row,) = desk.call("GET", "/requests/?direction=received").json()["results"]
    assert row["counterpart"]["code"] == "SEN"
    assert row["requested_state"]["code"] == "BEL"


def test_it_is_found_by_either_reference_and_by_name(desk, registered):
    for word in (registered["reference"], "DAK/2026/77", "ndour"):
        found = desk.call("GET", f"/requests/?q={word}").json()["results"]
        assert [row["reference"] for row in found] == [registered["reference"]]


def test_a_stranger_finds_nothing(registered, stranger, calling):
    other = calling(stranger)
    assert other.call("GET", f"/requests/{registered['reference']}/").status_code == 404
    assert move(other, registered, "begin_triage").status_code == 404
    assert other.call("GET", "/requests/?direction=received").json()["results"] == []


def test_the_findings_are_noted_and_wrong_ones_told_by_field(desk, registered):
    path = f"/requests/{registered['reference']}/triage/"
    noted = desk.call("PATCH", path, {"priority": "high", "dual_criminality": "met"}, version="*")
    assert (noted.json()["priority"], noted.json()["dual_criminality"]) == ("high", "met")
    wrong = desk.call("PATCH", path, {"priority": "whatever"}, version="*")
    assert wrong.status_code == 400
    assert "priority" in wrong.content.decode()


def test_a_request_that_we_sent_has_no_triage(desk, started):
    reference = started.dossier.reference
    assert desk.call("GET", f"/requests/{reference}/triage/").status_code == 409
    assert desk.call("GET", f"/requests/{reference}/refusal-grounds/").status_code == 409


def test_results_go_over_by_program_with_their_inventory(desk, registered, drafter, now):
    path = f"/requests/{registered['reference']}"
    wish = {"kind": "record", "description": "Record of the hearing", "conditions": "No press."}
    item = desk.call("POST", f"{path}/items/", wish, version="*").json()
    assert item["number"] == 1
    warned = desk.call(
        "POST",
        f"{path}/items/{item['id']}/passing-on/",
        {"to_whom": "Tax authority", "purpose": "Assessment"},
        version="*",
    )
    assert warned.status_code == 400
    assert "No press." in warned.content.decode()
    sent = desk.call(
        "POST",
        f"{path}/transmissions/",
        {"items": [item["id"]], "channel": "post", "sent_at": "2026-03-03T09:00:00Z"},
        version="*",
    )
    assert sent.status_code == 201, sent.content
    assert sent.json()["items"] == [item["id"]]
    arrived = desk.call(
        "POST",
        f"{path}/transmissions/{sent.json()['id']}/receipt/",
        {"received_at": "2026-03-09T09:00:00Z"},
        version="*",
    )
    assert arrived.json()["received_at"]
