"""A person of a sealed case file or extradition is seen by nobody who is not named on it."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.http import QueryDict
from django.utils import timezone

from cases import case_file_parts, case_files, deconfliction, person_search
from cases.web import exported_lists
from registry import calendar_feed, deadlines
from registry.models import Deadline
from tests.api.test_who_sees_what import WITHOUT_PARAMETERS

NAME = "Unmistakable"
SEARCHES = [
    f"persons/?name={NAME}",
    f"api/v1/persons/?name={NAME}",
    f"cases/?q={NAME}",
    f"api/v1/cases/?q={NAME}",
    f"extraditions/?q={NAME}",
    f"api/v1/extraditions/?q={NAME}",
]


@pytest.fixture
def sealed(prosecution, first, opened):
    """A case file and an extradition, both sealed and with clocks, of one person."""
    now = timezone.now()
    case = case_files.open_case_file(
        user=first, owner=prosecution, title=f"The {NAME} case", sealed=True, now=now
    )
    extradition = opened(sealed=True, title=f"Extradition of {NAME}", now=now)
    by = {"user": first, "now": now}
    given = {"role": "suspect", "family_name": NAME, "given_names": "Ivo", "birth_year": "1979"}
    case_file_parts.add(case, "persons", given, **by)
    case_file_parts.add(case, "linked", {"reference": extradition.dossier.reference}, **by)
    for dossier in (case.dossier, extradition.dossier):
        deadlines.start_until(
            dossier, timezone.localdate(), label=f"{NAME} clock", started_from="x", critical=True,
            now=now, actor=first,
        )  # fmt: skip
    deconfliction.sweep()
    return case, extradition


def betrayed(client, addresses, *words: str) -> list[str]:
    told = []
    for address in addresses:
        answer = client.get("/" + address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said = content.decode(errors="replace").replace(quote(address), "").replace(address, "")
        said = said.replace(f'value="{NAME}"', "")
        if any(word in said for word in words):
            told.append(address)
    return told


def test_no_list_count_calendar_or_search_tells_of_them(sealed, second, signed_in):
    references = [each.dossier.reference for each in sealed]
    assert betrayed(signed_in(second), WITHOUT_PARAMETERS, NAME, *references) == []
    assert betrayed(signed_in(second), SEARCHES, *references, f"{NAME} case") == []


def test_who_is_named_finds_them(sealed, first, signed_in):
    references = [each.dossier.reference for each in sealed]
    assert len(betrayed(signed_in(first), SEARCHES, *references)) == len(SEARCHES)


def test_no_export_tells_of_them(sealed, first, second):
    for exported in (exported_lists.EXTRADITIONS, exported_lists.CASE_FILES):
        assert not list(exported.rows(second, QueryDict(""), timezone.now()))
        assert list(exported.rows(first, QueryDict(""), timezone.now()))
    asked = QueryDict(f"name={NAME}")
    assert not list(exported_lists.PERSONS.rows(second, asked, timezone.now()))


def test_no_calendar_feed_tells_of_them(sealed, first, second):
    now = timezone.now()
    assert Deadline.objects.filter(label__contains=NAME).count() == 2
    address, _secret = calendar_feed.make(second, "Phone", whose="all", now=now)
    assert b"BEGIN:VEVENT" not in calendar_feed.feed(address, now)
    mine, _secret = calendar_feed.make(first, "Phone", whose="all", now=now)
    assert calendar_feed.feed(mine, now).count(b"BEGIN:VEVENT") >= 2


def test_no_chart_tells_of_a_sealed_matter(sealed, prosecution, first, second, signed_in):
    """A chart that both may draw holds the sealed extradition for the one who is named on it."""
    _case, extradition = sealed
    now = timezone.now()
    case = case_files.open_case_file(user=first, owner=prosecution, title="Open case", now=now)
    given = {"reference": extradition.dossier.reference}
    case_file_parts.add(case, "linked", given, user=first, now=now)
    chart = f"/cases/{case.dossier.reference}/chart.svg"
    assert extradition.dossier.reference in signed_in(first).get(chart).content.decode()
    assert extradition.dossier.reference not in signed_in(second).get(chart).content.decode()


def test_no_match_tells_more_than_that_there_is_one(sealed, second):
    assert person_search.search(second, NAME) == []
    shown, _more = deconfliction.matches_page(second)
    assert shown == []
