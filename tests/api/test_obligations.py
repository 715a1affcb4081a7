"""A ministry assesses its obligations by the API alone: two officers, one published answer."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from registry.models import Role
from tests.factories import UserFactory
from treaties import assessments, obligation_files
from treaties.models import Obligation, ObligationFile

GOOD = {
    "status": "partly_met",
    "explanation": "The law covers most of it.",
    "national_measures": [{"title": "Criminal Code", "article": "324 bis", "date": "2018-07-11"}],
    "next_step": "Extend it to legal persons.",
    "next_step_due": "2099-09-01",
}


def reporter_of(office, name):
    return UserFactory(name=name, works_in=office, role=Role.MINISTRY_REPORTER)


@pytest.fixture
def reporter(office):
    return reporter_of(office, "Rita Reporter")


@pytest.fixture
def reviewer(office):
    return reporter_of(office, "Rob Reviewer")


@pytest.fixture
def file(register, office, reporter):
    return obligation_files.open_file(
        office, Obligation.objects.get(pk="UNTOC-06"), 1, user=reporter, now=timezone.now()
    )


@pytest.fixture
def address(file):
    return f"/obligations/files/{file.dossier.reference}/"


def test_from_not_assessed_to_published_by_the_api_alone(register, reporter, reviewer, calling):
    first, second = calling(reporter), calling(reviewer)
    owed = first.call("GET", "/obligations/?instrument=UNTOC").json()
    line = next(o for o in owed["obligations"] if o["obligation"]["code"] == "UNTOC-06")
    assert (line["status"], line["reference"]) == ("not_assessed", None)
    opened = first.call("POST", "/obligations/files/", {"obligation": "UNTOC-06"})
    assert opened.status_code == 201
    one = f"/obligations/files/{opened.json()['reference']}/"
    begun = first.call("POST", f"{one}moves/", {"move": "begin"}, version="*")
    assert first.call("PATCH", one, GOOD, version=begun["ETag"].strip('"')).status_code == 200
    assert first.call("POST", f"{one}moves/", {"move": "submit"}, version="*").status_code == 200
    own = first.call("POST", f"{one}moves/", {"move": "publish"}, version="*")
    assert (own.status_code, own.json()["code"]) == (403, "four_eyes")
    done = second.call("POST", f"{one}moves/", {"move": "publish"}, version="*").json()
    assert done["assessments"][0]["reviewed_by"] == "Rob Reviewer"
    now_owed = first.call("GET", "/obligations/?instrument=UNTOC&status=partly_met").json()
    assert [o["obligation"]["code"] for o in now_owed["obligations"]] == ["UNTOC-06"]
    assert now_owed["law"]["counts"]["partly_met"] == 1


def test_an_incomplete_draft_is_told_field_by_field(address, reporter, calling):
    caller = calling(reporter)
    caller.call("POST", f"{address}moves/", {"move": "begin"}, version="*")
    refused = caller.call("POST", f"{address}moves/", {"move": "submit"}, version="*")
    assert refused.status_code == 400
    assert {e["field"] for e in refused.json()["errors"]} == {"status", "explanation"}


def test_a_law_without_a_name_is_pointed_at_by_its_place(address, reporter, calling):
    caller = calling(reporter)
    caller.call("POST", f"{address}moves/", {"move": "begin"}, version="*")
    laws = [{"title": "Criminal Code"}, {"title": " ", "article": "5"}]
    refused = caller.call("PATCH", address, {"national_measures": laws}, version="*")
    pointers = [e["pointer"] for e in refused.json()["errors"]]
    assert pointers
    assert all(p.startswith("#/national_measures/1") for p in pointers)


def test_evidence_is_added_read_back_and_taken_off(address, file, reporter, calling):
    caller = calling(reporter)
    caller.call("POST", f"{address}moves/", {"move": "begin"}, version="*")
    answer = caller.post(
        f"/api/v1{address}evidence/",
        {"file": SimpleUploadedFile("law.txt", b"Article 1"), "title": "The law", "public": "true"},
        headers={"If-Match": "*"},
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["public"] is True
    one = f"{address}evidence/{answer.json()['id']}/"
    assert b"".join(caller.call("GET", one).streaming_content) == b"Article 1"
    assert caller.call("DELETE", one, version="*").status_code == 204
    assert not assessments.in_hand(file).evidence.exists()


def test_a_move_without_an_assessment_in_hand_is_not_possible_now(address, reporter, calling):
    refused = calling(reporter).call("POST", f"{address}moves/", {"move": "submit"}, version="*")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_assessment_in_hand")


def test_the_second_officer_on_an_old_version_is_refused(address, reporter, reviewer, calling):
    calling(reporter).call("POST", f"{address}moves/", {"move": "begin"}, version="*")
    refused = calling(reviewer).call("PATCH", address, {"explanation": "x"}, version=1)
    assert refused.status_code == 412


@pytest.mark.parametrize("below", ["", "moves/", "timeline/", "deadlines/", "evidence/1/"])
def test_a_stranger_finds_no_file_of_an_obligation(below, address, stranger, calling):
    assert calling(stranger).call("GET", address + below).status_code == 404


@pytest.mark.parametrize(
    ("method", "below"),
    [("PATCH", ""), ("POST", "moves/"), ("PUT", "due/"), ("DELETE", "evidence/1/")],
)
def test_a_stranger_changes_no_file_of_an_obligation(method, below, address, stranger, calling):
    answer = calling(stranger).call(method, address + below, {"move": "begin"}, version="*")
    assert answer.status_code == 404


def test_a_sealed_file_leaves_no_trace_in_the_list(file, reporter, reviewer, calling):
    file.dossier.confidentiality = "sealed"
    file.dossier.save()
    assert file.dossier.reference in str(calling(reporter).call("GET", "/obligations/").json())
    assert file.dossier.reference not in str(calling(reviewer).call("GET", "/obligations/").json())
    one = f"/obligations/files/{file.dossier.reference}/"
    assert calling(reviewer).call("GET", one).status_code == 404


def test_a_drafting_officer_of_requests_may_not_open_files(register, drafter, calling):
    refused = calling(drafter).call("POST", "/obligations/files/", {"obligation": "UNTOC-06"})
    assert refused.status_code == 403
    assert not ObligationFile.objects.exists()


def test_a_recommendation_is_added_once(register, reporter, calling):
    caller = calling(reporter)
    wish = {"number": "135.24", "cycle": 4, "text": "Ratify.", "source": "A/HRC/57/1"}
    added = caller.call("POST", "/obligations/recommendations/", wish)
    assert (added.status_code, added.json()["binding"]) == (201, False)
    again = caller.call("POST", "/obligations/recommendations/", wish)
    assert [e["field"] for e in again.json()["errors"]] == ["number"]


def test_an_unknown_instrument_is_named_as_the_wrong_parameter(register, reporter, calling):
    refused = calling(reporter).call("GET", "/obligations/?instrument=NOPE")
    assert refused.json()["errors"][0]["field"] == "instrument"


def test_an_office_that_is_not_mine_is_refused(register, reporter, calling):
    refused = calling(reporter).call("GET", "/obligations/?authority=999999")
    assert refused.json()["errors"][0]["field"] == "authority"
