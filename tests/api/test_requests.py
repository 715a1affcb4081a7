"""Requests by API: starting, changing, and what is told of them."""

from __future__ import annotations

import pytest

START = {
    "requested_state": "SEN",
    "measures": ["taking_evidence"],
    "offences": ["corruption"],
}


def test_a_request_is_started_on_the_proposed_basis(register, drafter, calling):
    answer = calling(drafter).call("POST", "/requests/", START)
    assert answer.status_code == 201, answer.content
    assert answer.json()["status"] == "draft"
    assert answer["ETag"] == '"1"'
    assert answer["Location"].endswith(f"/api/v1/requests/{answer.json()['reference']}/")


def test_every_address_of_a_request_answers_its_officer(started, drafter, calling):
    caller = calling(drafter)
    one = f"/requests/{started.dossier.reference}/"
    below = ["", "legal-basis/", "checklist/", "moves/", "timeline/", "deadlines/",
             "measures/", "persons/", "offences/", "annexes/"]  # fmt: skip
    for path in below:
        answer = caller.call("GET", one + path)
        assert answer.status_code == 200, (path, answer.content)
        assert answer["ETag"] == f'"{started.dossier.version}"'


def test_a_changed_draft_has_a_new_version(started, drafter, calling):
    one = f"/requests/{started.dossier.reference}/"
    answer = calling(drafter).call("PATCH", one, {"facts": "What happened."}, version=1)
    assert answer.status_code == 200, answer.content
    assert answer.json()["facts"] == "What happened."
    assert answer["ETag"] == '"2"'


def test_the_list_shows_what_one_may_see(started, drafter, calling):
    answer = calling(drafter).call("GET", "/requests/")
    assert [row["reference"] for row in answer.json()["results"]] == [started.dossier.reference]
    assert answer.json()["next"] is None


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("measures/", {"kind": "taking_evidence", "particulars": {"oath": "Yes."}}),
        ("persons/", {"role": "witness", "family_name": "Ndiaye", "nationalities": ["SEN"]}),
        ("offences/", {"family": "torture", "provision": "Article 417"}),
    ],
)
def test_parts_are_added_changed_and_removed(started, drafter, calling, path, fields):
    caller = calling(drafter)
    place = f"/requests/{started.dossier.reference}/{path}"
    added = caller.call("POST", place, fields, version=1)
    assert added.status_code == 201, added.content
    part = f"{place}{added.json()['id']}/"
    change = {"description": "More"} if path == "measures/" else {"legal_text": "Whoever…"}
    change = {"note": "Speaks Wolof."} if path == "persons/" else change
    assert caller.call("PATCH", part, change, version=2).json().items() >= change.items()
    assert caller.call("DELETE", part, version=3).status_code == 204
    assert added.json()["id"] not in [p["id"] for p in caller.call("GET", place).json()]
