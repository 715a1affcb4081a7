"""Nobody sees a matter that is not theirs: not at any address, not in any list or count.

The addresses are read from the product itself, pages and API alike, so that a new one is tried
as soon as it exists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from mla import drafting, matters
from registry.models import Deadline, NamedOnDossier
from tests.factories import (
    AssistanceRequestFactory,
    DeadlineFactory,
    MeasureFactory,
    OffenceFactory,
)

TITLE = "Unmistakable-matter-of-the-office"
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
BODY = {"move": "withdraw", "reason": "x", "facts": "x", "kind": "taking_evidence",
        "family": "torture", "role": "witness", "family_name": "x", "instrument": "UNCAC"}  # fmt: skip


def routes(patterns: list[Any] | None = None, before: str = "") -> Iterator[str]:
    """Every address of the product as its pattern is written."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        written = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, written)
        elif isinstance(pattern, URLPattern):
            yield written


OF_A_REQUEST = sorted(r for r in routes() if "<str:reference>" in r or "<reference>" in r)
WITHOUT_PARAMETERS = sorted(
    r
    for r in routes()
    if not PARAMETER.search(r) and not re.search(r"[\^$(]", r) and not r.startswith("accounts/")
)


@pytest.fixture
def matter(office, drafter):
    """A request of the office with something of everything."""
    request = AssistanceRequestFactory(
        owner=office, drafter=drafter, title=TITLE, now=timezone.now()
    )
    MeasureFactory(request=request)
    OffenceFactory(dossier=request.dossier)
    drafting.add_person(
        request,
        fields={"role": "suspect", "family_name": "Unmistakable"},
        user=drafter,
        now=timezone.now(),
    )
    DeadlineFactory(dossier=request.dossier, label="Unmistakable clock", due_at=timezone.now())
    return request


def address(route: str, request: Any) -> str:
    """The route with the request's own reference and the keys of its parts."""
    parts = {
        "measures": request.measures.first(),
        "persons": request.dossier.persons.first(),
        "offences": request.dossier.offences.first(),
    }

    def value(match: re.Match[str]) -> str:
        if match[2] == "reference":
            return request.dossier.reference
        if match[1] == "int":
            part = next((part for name, part in parts.items() if name in route), None)
            return str(part.pk if part else 1)
        return "measures"

    return "/" + PARAMETER.sub(value, route)


def answers(client: Any, path: str) -> dict[str, Any]:
    """What each method answers."""
    headers = {"If-Match": "*", "HX-Request": "true"}
    gotten = {"GET": client.get(path)}
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        gotten[method] = client.generic(
            method, path, json.dumps(BODY), content_type="application/json", headers=headers
        )
    return gotten


def test_there_are_addresses_to_try():
    assert len(OF_A_REQUEST) > 15
    assert len(WITHOUT_PARAMETERS) > 8


def betraying(client: Any, matter: Any) -> list[str]:
    """The addresses of the request that tell this person anything but that nothing is there."""
    version, told = matter.dossier.version, []
    for route in OF_A_REQUEST:
        for method, answer in answers(client, address(route, matter)).items():
            if answer.status_code not in (404, 405, 415) or b"nmistakable" in answer.content:
                told.append(f"{method} {route} {answer.status_code}")
    matter.dossier.refresh_from_db()
    if matter.dossier.version != version:
        told.append("the request was changed")
    return told


def test_a_stranger_finds_nothing_at_any_address_of_a_request(matter, stranger, signed_in):
    assert betraying(signed_in(stranger), matter) == []


def test_an_unnamed_colleague_finds_nothing_at_any_address_of_a_sealed_request(
    matter, colleague, signed_in
):
    matter.dossier.confidentiality = "sealed"
    matter.dossier.save()
    assert betraying(signed_in(colleague), matter) == []


UNTIL_THEY_ARE_MADE = (
    "requests/<str:reference>/letter.pdf",
    "requests/<str:reference>/package.asice",
)
"""Files that answer 404 to everybody until the letter or the package is made."""
OTHER_KINDS = (
    "compliance/files/",
    "api/v1/obligations/files/",
    "extraditions/",
    "api/v1/extraditions/",
    "cases/",
    "api/v1/cases/",
)
"""Addresses of other kinds of matter: who sees them is tried in tests/treaties/test_assessments.py,
tests/api/test_obligations.py and tests/cases/."""


def test_the_officer_finds_something_where_others_find_nothing(matter, drafter, signed_in):
    client = signed_in(drafter)
    tried = [
        route
        for route in OF_A_REQUEST
        if not PARAMETER.findall(route)[1:]
        and route not in UNTIL_THEY_ARE_MADE
        and not route.startswith(OTHER_KINDS)
    ]
    empty = [r for r in tried if client.get(address(r, matter)).status_code == 404]
    assert tried
    assert empty == []


@pytest.mark.parametrize("sealed", [False, True], ids=["stranger", "sealed"])
def test_no_list_betrays_the_matter(sealed, matter, stranger, colleague, signed_in):
    if sealed:
        matter.dossier.confidentiality = "sealed"
        matter.dossier.save()
    client, told = signed_in(colleague if sealed else stranger), []
    for route in WITHOUT_PARAMETERS:
        answer = client.get("/" + route)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if b"nmistakable" in content or matter.dossier.reference.encode() in content:
            told.append(route)
    assert told == []


def test_what_one_may_not_see_is_told_like_what_does_not_exist(matter, stranger, signed_in):
    client = signed_in(stranger)
    hidden = client.get(f"/api/v1/requests/{matter.dossier.reference}/").json()
    absent = client.get("/api/v1/requests/BE-CA-MLA-2026-99999/").json()
    assert hidden.pop("instance") != absent.pop("instance")
    assert hidden == absent


def test_counts_tell_nothing(matter, stranger, colleague, drafter):
    assert matters.capped_count(stranger) == 0
    assert matters.capped_count(colleague) == 1
    matter.dossier.confidentiality = "sealed"
    matter.dossier.save()
    assert matters.capped_count(colleague) == 0
    assert matters.capped_count(drafter) == 1


def test_search_tells_nothing(matter, stranger, drafter):
    found = matters.Filters(q="unmistakable")
    assert matters.page_of_requests(stranger, found).rows == []
    assert len(matters.page_of_requests(drafter, found).rows) == 1


def test_a_person_named_from_another_authority_sees_the_matter(matter, prosecutor, calling):
    reference = matter.dossier.reference
    assert calling(prosecutor).call("GET", f"/requests/{reference}/").status_code == 404
    NamedOnDossier.objects.create(
        dossier=matter.dossier, user=prosecutor, added_by=matter.drafted_by
    )
    caller = calling(prosecutor)
    assert caller.call("GET", f"/requests/{reference}/").status_code == 200
    rows = caller.call("GET", "/requests/").json()["results"]
    assert [row["reference"] for row in rows] == [reference]


def test_who_is_named_but_not_of_the_authority_may_not_edit(matter, prosecutor, calling):
    NamedOnDossier.objects.create(
        dossier=matter.dossier, user=prosecutor, added_by=matter.drafted_by
    )
    answer = calling(prosecutor).call(
        "PATCH", f"/requests/{matter.dossier.reference}/", {"facts": "x"}, version="*"
    )
    assert answer.status_code == 403


def test_the_deadlines_of_a_hidden_matter_are_hidden(matter, stranger, drafter, calling):
    assert Deadline.objects.filter(dossier=matter.dossier).exists()
    assert calling(stranger).call("GET", "/deadlines/").json()["results"] == []
    assert len(calling(drafter).call("GET", "/deadlines/").json()["results"]) == 1
