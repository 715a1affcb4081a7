"""What is wrong is told as problem details, with the field and the remedy."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

START = {"requested_state": "SEN", "measures": ["taking_evidence"], "offences": ["corruption"]}


def problem_of(answer, status):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    assert document["instance"].startswith("/api/")
    return document


def fields_of(answer, status=400):
    return {error["field"] for error in problem_of(answer, status).get("errors", [])}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"requested_state": "XXX"}, "requested_state"),
        ({"requested_state": "BEL"}, "requested_state"),
        ({"measures": ["divination"]}, "measures"),
        ({"offences": ["bad_manners"]}, "offences"),
        ({"instrument": "GENOCIDE"}, "basis"),
        ({"owner": 10**12}, "owner"),
        ({"language": "tlh"}, "language"),
    ],
)
def test_a_wrong_start_names_its_field(register, drafter, calling, wrong, field):
    assert fields_of(calling(drafter).call("POST", "/requests/", START | wrong)) == {field}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"facts": "x" * 10_000_000}, "facts"),
        ({"facts": 3}, "facts"),
        ({"facts": "a\x00b"}, "facts"),
        ({"answer_wanted_by": "2027-02-29"}, "answer_wanted_by"),
        ({"answer_wanted_by": "2020-01-01"}, "answer_wanted_by"),
        ({"answer_wanted_by": "soon"}, "answer_wanted_by"),
        ({"colour": "blue"}, "colour"),
        ({"status": "approved"}, "status"),
        ({"addressee": 10**12}, "addressee"),
        ({"further_contents": {"poem": "…"}}, "further_contents"),
    ],
)
def test_a_wrong_change_names_its_field_and_changes_nothing(
    started, drafter, calling, change, field
):
    caller = calling(drafter)
    one = f"/requests/{started.dossier.reference}/"
    answer = caller.call("PATCH", one, {"purpose": "To know."} | change, version=1)
    assert fields_of(answer) == {field}
    assert caller.call("GET", one).json()["purpose"] == ""


def test_malformed_json_is_a_bad_request(drafter, calling):
    answer = calling(drafter).generic(
        "POST", "/api/v1/requests/", b"{", content_type="application/json"
    )
    assert problem_of(answer, 400)["code"] == "malformed_json"


def test_deeply_nested_json_is_a_bad_request(drafter, calling):
    answer = calling(drafter).generic(
        "POST", "/api/v1/requests/", b"[" * 100_000, content_type="application/json"
    )
    assert problem_of(answer, 400)["code"] == "malformed_json"


def test_a_list_is_not_an_object(drafter, calling):
    assert problem_of(calling(drafter).call("POST", "/requests/", []), 400)


def test_another_media_type_is_refused(drafter, calling):
    answer = calling(drafter).generic(
        "POST", "/api/v1/requests/", b"<a/>", content_type="application/xml"
    )
    problem_of(answer, 415)


def test_only_json_is_spoken(drafter, calling):
    problem_of(calling(drafter).call("GET", "/requests/", Accept="text/csv"), 406)


def test_a_method_that_is_not_offered_is_told_with_those_that_are(drafter, calling):
    answer = calling(drafter).call("DELETE", "/requests/")
    problem_of(answer, 405)
    assert "POST" in answer["Allow"]


def test_an_address_that_does_not_exist_is_not_found(client):
    problem_of(client.get("/api/v1/nowhere/"), 404)


def test_without_sign_in_one_is_challenged(client, db):
    answer = client.get("/api/v1/requests/")
    problem_of(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_an_unknown_token_is_refused(client, db):
    answer = client.get("/api/v1/requests/", headers={"Authorization": "Bearer mla_nonsense"})
    assert problem_of(answer, 401)["code"] == "invalid_token"


def test_a_session_without_csrf_token_changes_nothing(signed_in, drafter):
    browser = signed_in(drafter)
    browser.handler.enforce_csrf_checks = True
    problem_of(browser.post("/api/v1/requests/", START, content_type="application/json"), 403)


def test_too_many_calls_are_asked_to_wait(settings, drafter, calling):
    settings.API_CALLS_PER_MINUTE = 2
    caller = calling(drafter)
    answers = [caller.call("GET", "/me/") for _ in range(3)]
    problem_of(answers[-1], 429)
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert [a.status_code for a in answers[:2]] == [200, 200]


def test_a_failure_of_ours_is_a_problem_without_details(settings, drafter, calling, monkeypatch):
    settings.API_CALLS_PER_MINUTE = "not a number"
    caller = calling(drafter)
    caller.raise_request_exception = False
    document = problem_of(caller.call("GET", "/me/"), 500)
    assert "not a number" not in str(document)


@pytest.mark.parametrize("query", ["status=lost", "order=title", "page_size=0", "page_size=x",
                                   "cursor=abc", "created_from=2027-02-29", "q=a", "urgent=maybe",
                                   "responsible=you", "owner=x"])  # fmt: skip
def test_a_wrong_filter_names_itself(drafter, calling, query):
    answer = calling(drafter).call("GET", f"/requests/?{query}")
    assert fields_of(answer) == {query.split("=")[0]}


def test_a_date_of_birth_in_the_future_is_refused(started, drafter, calling):
    tomorrow = timezone.now() + timedelta(days=2)
    answer = calling(drafter).call(
        "POST",
        f"/requests/{started.dossier.reference}/persons/",
        {
            "role": "witness",
            "family_name": "Ndiaye",
            "birth_year": tomorrow.year,
            "birth_month": tomorrow.month,
            "birth_day": tomorrow.day,
        },
        version=1,
    )
    assert fields_of(answer) <= {"birth_day", "birth_year"}
    assert fields_of(answer)


def test_a_birthday_on_29_february_of_another_year_is_refused(started, drafter, calling):
    born = {"birth_year": 1981, "birth_month": 2, "birth_day": 29}
    answer = calling(drafter).call(
        "POST",
        f"/requests/{started.dossier.reference}/persons/",
        {"role": "witness", "family_name": "Ndiaye", **born},
        version=1,
    )
    assert fields_of(answer) == {"birth_day"}
