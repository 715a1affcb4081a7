"""Figures and questionnaires by API."""

from __future__ import annotations

from registry.models import Role
from tests.factories import UserFactory


def test_an_officer_reads_the_figures_and_a_stranger_those_of_no_other(
    register, office, drafter, stranger, calling
):
    answer = calling(drafter).call("GET", "/statistics/?since=2026-01-01&until=2026-02-01")
    assert answer.json()["figures"]["new"] == 0
    assert answer.json()["balanced"] is True
    refused = calling(stranger).call("GET", f"/statistics/?authority={office.pk}")
    assert refused.status_code == 400


def test_a_ministry_reporter_reads_no_figures_of_single_requests(register, office, calling):
    reporter = UserFactory(works_in=office, role=Role.MINISTRY_REPORTER)
    assert calling(reporter).call("GET", "/statistics/").status_code == 404
    answer = calling(reporter).call("GET", "/questionnaires/FATF/")
    assert answer.json()["verified"] is False
    assert calling(reporter).call("GET", "/questionnaires/NOPE/").status_code == 404


def test_a_period_that_ends_before_it_begins_is_refused(register, drafter, calling):
    refused = calling(drafter).call("GET", "/statistics/?since=2026-02-01&until=2026-01-01")
    assert [e["field"] for e in refused.json()["errors"]] == ["until"]
