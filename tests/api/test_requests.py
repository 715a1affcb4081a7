"""Requests by API: starting, changing, and what is told of them."""

from __future__ import annotations

import pytest

from mla.api.serializers import RequestRowSerializer
from tests.factories import AssistanceRequestFactory

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


@pytest.fixture
def forty(office, drafter):
    return [AssistanceRequestFactory(owner=office, drafter=drafter) for _ in range(40)]


def test_the_list_costs_the_same_for_two_requests_and_for_forty(
    forty, drafter, calling, django_assert_num_queries
):
    caller = calling(drafter)
    caller.call("GET", "/requests/?page_size=1")  # the process reads the names of the register
    for size in (2, 40):
        # 1 the token and its person; 2 the person's roles; 3 which other authorities have named
        # the person; 4 the office's requests; 5 those of them that are sealed and name the person.
        with django_assert_num_queries(5):
            rows = caller.call("GET", f"/requests/?page_size={size}").json()["results"]
        assert len(rows) == size


def test_a_session_costs_one_query_more_than_a_token(
    forty, drafter, signed_in, django_assert_num_queries
):
    browser = signed_in(drafter)
    browser.get("/api/v1/requests/")
    with django_assert_num_queries(6):  # the session and the person are two
        browser.get("/api/v1/requests/")


def test_one_request_costs_the_same_however_much_it_says(
    started, drafter, calling, django_assert_max_num_queries
):
    caller = calling(drafter)
    address = f"/requests/{started.dossier.reference}/"
    caller.call("GET", address)  # notes the use of the token; reads the names of the register
    # The token; the roles; the request with all that it names; what was asked about it.
    with django_assert_max_num_queries(4):
        assert caller.call("GET", address).status_code == 200


def test_the_links_of_a_list_lead_to_its_neighbours(forty, drafter, calling):
    caller = calling(drafter)
    seen, link = [], "/api/v1/requests/?page_size=15&order=reference&status=draft"
    while link:
        page = caller.get(link).json()
        seen += [row["reference"] for row in page["results"]]
        link = page["next"]
    assert seen == sorted(request.dossier.reference for request in forty)
    back = caller.get(page["previous"]).json()["results"]
    assert [row["reference"] for row in back] == seen[15:30]


def test_the_rows_are_as_they_are_described(started, drafter, calling):
    row = calling(drafter).call("GET", "/requests/").json()["results"][0]
    assert set(row) == set(RequestRowSerializer().fields)
    assert row["requested_state"] == {"code": "SEN", "name": "Senegal"}
    assert row["instrument"]["code"] == "UNTOC"


def test_names_come_in_the_language_asked_for(started, drafter, calling):
    answer = calling(drafter).call("GET", "/requests/", **{"Accept-Language": "fr"})
    assert answer.json()["results"][0]["requested_state"]["name"] == "Sénégal"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("requested_state=SEN", 1),
        ("requested_state=FRA", 0),
        ("instrument=UNTOC", 1),
        ("instrument=UNCAC", 0),
        ("urgent=false", 1),
        ("urgent=true", 0),
        ("status=draft,sent", 1),
        ("status=sent&status=closed", 0),
        ("responsible=me", 1),
        ("q=BE-CA-MLA", 1),
        ("q=nothing like it", 0),
        ("open=true", 1),
        ("created_from=2020-01-01", 1),
        ("created_to=2020-01-01", 0),
    ],
)
def test_filters(started, drafter, calling, query, found):
    answer = calling(drafter).call("GET", f"/requests/?{query}")
    assert len(answer.json()["results"]) == found


def test_an_inapplicable_basis_is_refused_with_the_resolvers_reason(started, drafter, calling):
    caller = calling(drafter)
    place = f"/requests/{started.dossier.reference}/legal-basis/"
    reasons = {u["code"]: u["sentence"] for u in caller.call("GET", place).json()["inapplicable"]}
    refused = caller.call("PUT", place, {"instrument": "LTH-2023"}, version=1)
    assert refused.status_code == 400
    assert refused.json()["detail"] == reasons["LTH-2023"]


def test_the_letter_of_a_draft_is_not_made_but_can_be_previewed(started, drafter, calling):
    caller = calling(drafter)
    place = f"/requests/{started.dossier.reference}/letter/"
    assert caller.call("GET", place, Accept="*/*").status_code == 409
    preview = caller.call("GET", f"{place}?language=fr", Accept="application/pdf")
    assert preview["Content-Type"] == "application/pdf"
    assert preview.content.startswith(b"%PDF")
    assert caller.call("GET", f"{place}?language=tlh", Accept="*/*").status_code == 400


def test_the_drafter_cannot_approve_by_api(started, drafter, calling):
    caller = calling(drafter)
    place = f"/requests/{started.dossier.reference}/moves/"
    refused = caller.call("POST", place, {"move": "approve"}, version=1)
    assert (refused.status_code, refused.json()["code"]) == (403, "role_may_not")


def test_an_incomplete_request_cannot_be_submitted_by_api(started, drafter, calling):
    caller = calling(drafter)
    place = f"/requests/{started.dossier.reference}/moves/"
    offered = {move["move"]: move for move in caller.call("GET", place).json()}
    assert not offered["submit"]["possible"]
    refused = caller.call("POST", place, {"move": "submit"}, version=1)
    assert refused.status_code == 409
    assert [e["detail"] for e in refused.json()["errors"]] == offered["submit"]["reasons"]
