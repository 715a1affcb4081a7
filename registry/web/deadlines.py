"""The deadlines of everything one may see, soonest first."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.deadline_filters import DeadlineFilters
from registry.deadline_list import deadlines_visible_to
from registry.models import Deadline, User
from registry.refusals import Invalid
from registry.sweeps import health
from registry.web.deadline_pages import filters_of_query

LISTS = {
    "running": _("Running"),
    "overdue": _("Overdue"),
    "to_come": _("To come"),
    "missed": _("Missed"),
    "settled": _("Settled"),
}


@login_required
def deadlines(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    asked = asked_of_query(request.GET, request.user)
    notice = ""
    try:
        page = deadlines_visible_to(
            request.user, now=now, cursor=request.GET.get("page", ""), size=30, **asked
        )
    except Invalid:
        notice = _("That page of the list no longer exists: this is the first one.")
        page = deadlines_visible_to(request.user, now=now, size=30, **asked)
    context = {
        "page": page,
        "notice": notice,
        "lists": LISTS,
        "which": asked["which"],
        "parties": Deadline.BoundParty.choices,
        "bound": asked["bound_party"],
        "mine": asked["responsible"] is not None,
        "previous": _beside(request, page.previous),
        "next": _beside(request, page.next),
        "health": health(now),
    }
    return render(request, "registry/deadlines.html", context)


def asked_of_query(query: QueryDict, user: User) -> dict[str, Any]:
    """What the page's address asks of ``deadlines_visible_to``."""
    which, bound_party = query.get("which", "running"), query.get("bound", "")
    person = filters_of_query(query).responsible
    return {
        "which": which if which in LISTS else "running",
        "bound_party": bound_party if bound_party in Deadline.BoundParty.values else "",
        "responsible": user if query.get("mine") == "on" else None,
        "condition": DeadlineFilters(responsible=person, settled=True).condition(user),
    }


def _beside(request: HttpRequest, cursor: str | None) -> str:
    """The query string of a page beside this one, with the filters kept."""
    if not cursor:
        return ""
    query = request.GET.copy()
    query["page"] = cursor
    return query.urlencode()
