"""The list of extraditions: filter, search."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from cases.matters import EXTRADITION
from cases.models import ExtraditionStatus
from registry import matter_list
from registry.access import authorities_where
from registry.models import Dossier, User
from registry.refusals import Invalid
from registry.state_directory import states_by_name

DIRECTIONS = [Dossier.Direction.SENT, Dossier.Direction.RECEIVED]


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    query = request.GET
    chosen = chosen_of_query(query, request.user)
    wanted = matter_list.condition(EXTRADITION, **chosen)
    notice = ""
    try:
        page = matter_list.page_of(request.user, wanted, place=query.get("page", ""))
    except Invalid:
        notice = _("That page of the list no longer exists: this is the first one.")
        page = matter_list.page_of(request.user, wanted)
    context: dict[str, Any] = {
        "page": page,
        "notice": notice,
        "chosen": chosen,
        "filtered": any(chosen.values()),
        "statuses": ExtraditionStatus.choices,
        "directions": [(str(d), d.label) for d in DIRECTIONS],
        "states": states_by_name(),
        "previous": beside(query, page.previous),
        "next": beside(query, page.next),
        "may_open": bool(authorities_where(request.user, "run_extradition")),
    }
    return render(request, "cases/extraditions.html", context)


def chosen_of_query(query: QueryDict, user: User) -> dict[str, Any]:
    """The filters in the page's address; what is none of them is left out."""
    return {
        "status": _one(query, "status", ExtraditionStatus.values),
        "direction": _one(query, "direction", [str(d) for d in DIRECTIONS]),
        "counterpart": query.get("state", "")[:8].replace("\x00", ""),
        "responsible": user.pk if query.get("mine") == "on" else None,
        "words": query.get("q", "")[:200].replace("\x00", ""),
    }


def _one(query: QueryDict, name: str, values: list[str]) -> str:
    given = query.get(name, "")
    return given if given in values else ""


def beside(query: QueryDict, place: str | None) -> str:
    """The query string of a page beside this one, with the filters kept."""
    if not place:
        return ""
    changed = query.copy()
    changed["page"] = place
    return changed.urlencode()
