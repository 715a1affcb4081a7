"""The API of deadlines: its filters, and that they show no more than one may see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import DeadlineFactory, DossierFactory


@pytest.fixture
def clocks(office, drafter, colleague):
    """Three clocks of the office, due in one, two and three days."""
    now = timezone.now()
    of_a_colleague = DossierFactory(owner=office, responsible=colleague, kind="extradition")
    mine = DossierFactory(owner=office, responsible=drafter)
    return [
        DeadlineFactory(dossier=mine, label="first", due_at=now + timedelta(days=1)),
        DeadlineFactory(dossier=of_a_colleague, label="second", due_at=now + timedelta(days=2)),
        DeadlineFactory(dossier=mine, label="third", due_at=now + timedelta(days=3), critical=True),
    ]


def labels(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["label"] for row in answer.json()["results"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("whose=mine", ["first", "third"]),
        ("whose=team", ["first", "second", "third"]),
        ("kind=extradition", ["second"]),
        ("critical=true", ["third"]),
    ],
)
def test_filters_leave_what_they_say(query, found, clocks, drafter, calling):
    assert labels(calling(drafter).call("GET", f"/deadlines/?{query}")) == found


def test_a_span_takes_its_beginning_and_leaves_its_end(clocks, drafter, calling):
    first, end = (clocks[n].due_at.isoformat().replace("+00:00", "Z") for n in (1, 2))
    query = f"due_from={first}&due_before={end}"
    assert labels(calling(drafter).call("GET", f"/deadlines/?{query}")) == ["second"]


@pytest.mark.parametrize("given", ["yesterday", "2026-03-02", "2026-03-02T10:00"])
def test_an_instant_without_zone_is_refused_by_name(given, clocks, drafter, calling):
    answer = calling(drafter).call("GET", f"/deadlines/?due_from={given}")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["due_from"]


def test_no_filter_shows_another_office_anything(clocks, stranger, calling):
    for query in ("whose=team", "whose=office", "kind=request", "critical=true"):
        assert labels(calling(stranger).call("GET", f"/deadlines/?{query}")) == []
