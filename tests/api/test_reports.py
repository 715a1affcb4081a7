"""Reports by the API alone."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.models import Role
from tests.factories import UserFactory
from treaties.compliance_report import making

ORDER = {
    "since": "2026-01-01",
    "until": "2026-03-01",
    "compared": {"since": "2025-01-01", "until": "2025-03-01"},
    "edition": "public",
    "scope": ["UNTOC"],
}


@pytest.fixture
def reporter(office):
    return UserFactory(works_in=office, role=Role.MINISTRY_REPORTER)


@pytest.fixture
def reviewer(office):
    return UserFactory(works_in=office, role=Role.MINISTRY_REPORTER)


def test_ordered_made_published_and_read_by_anybody(register, reporter, reviewer, calling):
    first, second, anybody = calling(reporter), calling(reviewer), Client()
    ordered = first.call("POST", "/compliance-reports/", ORDER, key="once")
    assert ordered.status_code == 202
    one = f"/compliance-reports/{ordered.json()['reference']}/"
    assert first.call("GET", f"{one}files/pdf/").status_code == 404
    making.make_ordered()
    assert first.call("GET", one).json()["stage"] == "made"
    assert first.call("GET", f"{one}files/pdf/").content.startswith(b"%PDF")
    assert first.call("POST", f"{one}publication/").status_code == 403
    assert second.call("POST", f"{one}publication/").status_code == 200
    listed = anybody.get("/api/v1/published-reports/").json()["results"]
    assert [r["reference"] for r in listed] == [ordered.json()["reference"]]
    public = f"/api/v1/published-reports/{ordered.json()['reference']}/files/json/"
    assert anybody.get(public).json()["edition"] == "public"
    second.call("POST", f"{one}withdrawal/", {"reason": "A mistake."})
    assert anybody.get(public).status_code == 404


def test_a_stranger_finds_no_report(register, reporter, stranger, calling):
    reference = calling(reporter).call("POST", "/compliance-reports/", ORDER).json()["reference"]
    caller = calling(stranger)
    assert caller.call("GET", "/compliance-reports/").json()["results"] == []
    for method, below in (("GET", ""), ("DELETE", ""), ("POST", "publication/"),
                          ("POST", "withdrawal/"), ("GET", "files/pdf/")):  # fmt: skip
        answer = caller.call(method, f"/compliance-reports/{reference}/{below}", {"reason": "x"})
        assert answer.status_code == 404


def test_a_schedule_is_listed_and_stopped(register, reporter, stranger, calling):
    caller = calling(reporter)
    kept = caller.call("POST", "/report-schedules/", {"every": "quarter"})
    assert kept.status_code == 201
    one = f"/report-schedules/{kept.json()['id']}/"
    assert calling(stranger).call("DELETE", one).status_code == 404
    assert len(caller.call("GET", "/report-schedules/").json()) == 1
    assert caller.call("DELETE", one).status_code == 204
    assert caller.call("GET", "/report-schedules/").json() == []


def test_wrong_days_are_named(register, reporter, calling):
    refused = calling(reporter).call(
        "POST", "/compliance-reports/", ORDER | {"until": "2025-12-01"}
    )
    assert [e["field"] for e in refused.json()["errors"]] == ["until"]
