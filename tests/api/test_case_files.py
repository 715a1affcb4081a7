"""Case files by API: who sees what, and that the version seen is asked for."""

from __future__ import annotations

import pytest

from cases import case_file_parts, case_files
from cases.api.case_file_serializers import SHOWN_AS
from cases.models import CaseFile
from registry.models import Dossier
from tests.factories import OffenceFamilyFactory

TITLE = "Unmistakable case"
PERSON = {"role": "suspect", "family_name": "Unmistakovic", "birth_year": 1981}


@pytest.fixture
def case(office, drafter, now) -> CaseFile:
    return case_files.open_case_file(user=drafter, owner=office, title=TITLE, now=now)


@pytest.fixture
def one(case) -> str:
    return f"/cases/{case.dossier.reference}/"


def test_a_case_file_is_opened_read_and_changed(calling, drafter):
    caller = calling(drafter)
    opened = caller.call("POST", "/cases/", {"title": "New case", "number": "FD 9/26"})
    assert opened.status_code == 201
    where = f"/cases/{opened.json()['reference']}/"
    changed = caller.call("PATCH", where, {"stage": "trial"}, version=opened.json()["version"])
    assert changed.json()["stage"] == "trial"
    listed = caller.call("GET", "/cases/?stage=trial").json()["results"]
    assert [row["reference"] for row in listed] == [opened.json()["reference"]]


def test_parts_are_added_corrected_and_taken_away_on_the_version_seen(calling, drafter, one, case):
    caller = calling(drafter)
    assert caller.call("POST", f"{one}persons/", PERSON).status_code == 428
    made = caller.call("POST", f"{one}persons/", PERSON, version=case.dossier.version)
    assert made.status_code == 201
    person = f"{one}persons/{made.json()['id']}/"
    stale = caller.call("PATCH", person, {"birth_year": 1982}, version=case.dossier.version)
    assert stale.status_code == 412
    changed = caller.call("PATCH", person, {"birth_year": 1982}, version="*")
    assert changed.json()["birth_year"] == 1982
    assert caller.call("DELETE", person, version="*").status_code == 204
    assert caller.call("GET", f"{one}persons/").json() == []


def test_a_wrong_part_is_told_by_field(calling, drafter, one):
    answer = calling(drafter).call("POST", f"{one}evidence/", {"country": "???"}, version="*")
    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == {"country"}


def test_a_protected_person_is_told_by_alias_alone(calling, drafter, one):
    caller = calling(drafter)
    given = PERSON | {"protected_alias": "Witness A"}
    assert caller.call("POST", f"{one}persons/", given, version="*").status_code == 201
    whole = caller.call("GET", one).content.decode()
    assert "Witness A" in whole
    assert "Unmistakovic" not in whole


def test_a_stranger_and_an_unnamed_colleague_find_nothing_of_a_sealed_case(
    calling, stranger, colleague, case, one
):
    Dossier.objects.filter(pk=case.pk).update(confidentiality="sealed")
    addresses = [one, f"{one}board/", f"{one}timeline/", *(f"{one}{part}/" for part in SHOWN_AS)]
    for user in (stranger, colleague):
        caller = calling(user)
        for address in addresses:
            assert caller.call("GET", address).status_code == 404, address
        assert caller.call("PATCH", one, {"title": "x"}, version="*").status_code == 404
        assert caller.call("DELETE", f"{one}persons/1/", version="*").status_code == 404
        assert b"nmistakable" not in caller.call("GET", "/cases/").content


def test_linked_matters_that_one_may_not_see_are_in_no_answer(
    calling, drafter, colleague, draft, case, one, now
):
    case_file_parts.add(
        case, "linked", {"reference": draft.dossier.reference}, user=drafter, now=now
    )
    Dossier.objects.filter(pk=draft.pk).update(confidentiality="sealed")
    for address in (one, f"{one}linked/", f"{one}board/", f"{one}timeline/"):
        seen = calling(drafter).call("GET", address).content.decode()
        hidden = calling(colleague).call("GET", address).content.decode()
        assert draft.dossier.reference in seen, address
        assert draft.dossier.title not in hidden
        assert hidden.count(draft.dossier.reference) == 0, address


def test_offences_carry_their_days(calling, drafter, one):
    OffenceFamilyFactory(code="torture")
    given = {"family": "torture", "acts_from": "2024-05-03", "acts_until": "2024-05-01"}
    caller = calling(drafter)
    refused = caller.call("POST", f"{one}offences/", given, version="*")
    assert [error["field"] for error in refused.json()["errors"]] == ["acts_until"]
    made = caller.call("POST", f"{one}offences/", given | {"acts_until": "2024-05-09"}, version="*")
    assert made.json()["acts_until"] == "2024-05-09"
