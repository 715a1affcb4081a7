"""The API of working days and of the days that offices mark."""

from __future__ import annotations

import pytest

from registry.models import LocalDay


@pytest.fixture
def body(office) -> dict:
    return {"state": "BEL", "authority": office.pk, "first_day": "2026-03-12", "label": "Recess"}


def test_days_are_marked_listed_and_taken_away(body, approver, calling):
    caller = calling(approver)
    made = caller.call("POST", "/local-days/", body)
    assert made.status_code == 201, made.content
    assert made.json() == {**body, "id": made.json()["id"], "last_day": "2026-03-12",
                           "working": False}  # fmt: skip
    listed = caller.call("GET", "/local-days/?state=BEL&since=2026-01-01&until=2026-12-31").json()
    assert listed == [made.json()]
    assert caller.call("DELETE", f"/local-days/{made.json()['id']}/").status_code == 204
    assert not LocalDay.objects.exists()
    assert caller.call("DELETE", f"/local-days/{made.json()['id']}/").status_code == 404


def test_who_may_not_is_told_so(body, drafter, stranger, calling):
    for user in (drafter, stranger):
        answer = calling(user).call("POST", "/local-days/", body)
        assert answer.status_code == 403
        assert answer.json()["code"] == "role_may_not"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"state": "???"}, "state"),
        ({"authority": 999999}, "authority"),
        ({"last_day": "2026-03-01"}, "last_day"),
        ({"label": ""}, "label"),
        ({"first_day": "12 March"}, "first_day"),
    ],
)
def test_what_is_wrong_is_named(changed, field, body, administrator, calling):
    answer = calling(administrator).call("POST", "/local-days/", body | changed)
    assert answer.status_code == 400
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_two_calendars_side_by_side(approver, senegal, calling):
    query = "state=BEL&other=SEN&since=2026-04-01&until=2026-04-30"
    answer = calling(approver).call("GET", f"/calendars/?{query}").json()
    ours, theirs = answer["sides"]
    assert {"day": "2026-04-06", "mark": "holiday", "name": "Easter Monday"} in ours["days"]
    assert {"day": "2026-04-04", "mark": "holiday", "name": "Independence Day"} in theirs["days"]
    assert ours["working_days"] == theirs["working_days"] == answer["both_work"] == 21
    assert ours["holidays_known"]


@pytest.mark.parametrize("query", ["", "state=???", "state=BEL&since=x", "state=BEL&until=1900"])
def test_a_query_that_is_none_is_refused(query, approver, calling):
    assert calling(approver).call("GET", f"/calendars/?{query}").status_code == 400


def test_an_address_of_the_calendar_is_made_by_session_and_listed_without_secret(
    drafter, signed_in, calling, client
):
    browser = signed_in(drafter)
    body = {"name": "telephone", "alarm_hours": 24}
    made = browser.post("/api/v1/calendar-addresses/", body, content_type="application/json")
    assert made.status_code == 201, made.content
    assert client.get(made.json()["address"]).status_code == 200
    caller = calling(drafter)
    (listed,) = caller.call("GET", "/calendar-addresses/").json()["results"]
    assert "address" not in listed
    assert caller.call("DELETE", f"/calendar-addresses/{listed['id']}/").status_code == 204
    assert client.get(made.json()["address"]).status_code == 404


def test_a_token_makes_no_address(drafter, calling):
    answer = calling(drafter).call("POST", "/calendar-addresses/", {"name": "telephone"})
    assert answer.status_code == 403


def test_nobody_revokes_anothers_address_by_api(drafter, colleague, signed_in, calling):
    made = signed_in(drafter).post(
        "/api/v1/calendar-addresses/", {"name": "telephone"}, content_type="application/json"
    )
    number = made.json()["id"]
    assert calling(colleague).call("DELETE", f"/calendar-addresses/{number}/").status_code == 404
