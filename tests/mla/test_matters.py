"""Finding requests: pages, filters, and who sees what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mla.matters import Filters, page_of_requests
from tests.factories import NOW, AssistanceRequestFactory


@pytest.fixture
def requests(office, drafter):
    return [
        AssistanceRequestFactory(owner=office, drafter=drafter, now=NOW + timedelta(minutes=n // 2))
        for n in range(7)
    ]


def references(page):
    return [row["reference"] for row in page.rows]


def test_pages_follow_each_other_and_lose_nothing(requests, drafter):
    seen, cursor = [], ""
    while cursor is not None:
        page = page_of_requests(drafter, cursor=cursor, size=3)
        seen += references(page)
        cursor = page.next
    assert seen == [r.dossier.reference for r in reversed(requests)]


def test_the_previous_page_is_the_one_before(requests, drafter):
    first = page_of_requests(drafter, size=3)
    second = page_of_requests(drafter, size=3, cursor=first.next)
    assert first.previous is None
    assert references(page_of_requests(drafter, size=3, cursor=second.previous)) == references(
        first
    )


def test_filters_narrow(requests, drafter):
    assert references(page_of_requests(drafter, Filters(status=("sent",)))) == []
    assert len(page_of_requests(drafter, Filters(status=("sent", "draft"))).rows) == 7
