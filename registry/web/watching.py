"""What somebody must look after: at risk, missed, urgent, late with the other side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry import matter_kinds, missed, reminder_rounds, urgent_queue
from registry.access import authorities_where
from registry.at_risk import deadlines_at_risk
from registry.deadline_calendar import DAY, beginning_of
from registry.deadline_filters import DeadlineFilters
from registry.refusals import Invalid, NotFound, Refusal
from registry.web.deadline_pages import (
    beside,
    day_of_query,
    filter_choices,
    filters_of_address,
)

PAGE = 50
A_YEAR = timedelta(days=365)


@login_required
def at_risk(request: HttpRequest) -> HttpResponse:
    def page_of(filters: DeadlineFilters, cursor: str) -> Any:
        condition = filters.condition(request.user)
        now = timezone.now()
        return deadlines_at_risk(
            request.user, now=now, condition=condition, cursor=cursor, size=PAGE
        ).page

    return _list(request, "registry/at_risk.html", page_of)


@login_required
def late_with_them(request: HttpRequest) -> HttpResponse:
    """The list; the chosen ones posted to it get their reminder letters drafted together."""
    refusal, chosen = None, request.POST.getlist("deadlines")
    if request.method == "POST":
        try:
            made = reminder_rounds.order(chosen, user=request.user, now=timezone.now())
            return redirect("reminder-round", number=made.pk)
        except Refusal as refused:
            refusal = refused

    def page_of(filters: DeadlineFilters, cursor: str) -> Any:
        condition = filters.condition(request.user)
        now = timezone.now()
        page = urgent_queue.late_with_them(
            request.user, now=now, condition=condition, cursor=cursor, size=PAGE
        )
        for row in page.rows:
            row["reminder"] = matter_kinds.reminder_address(
                row["dossier__kind"], row["dossier__reference"], row["id"]
            )
            row["together"] = matter_kinds.reminder_drafter(row["dossier__kind"]) is not None
            row["chosen"] = str(row["id"]) in chosen
        return page

    writes = bool(authorities_where(request.user, "edit"))
    return _list(
        request,
        "registry/late_with_them.html",
        page_of,
        may_write=writes,
        refusal=refusal,
        most_at_once=reminder_rounds.MOST_AT_ONCE,
        status=refusal.status if refusal else 200,
    )


@login_required
def missed_deadlines(request: HttpRequest) -> HttpResponse:
    return _missed(request)


@login_required
@require_POST
def explain(request: HttpRequest, deadline: int) -> HttpResponse:
    try:
        missed.explain(
            deadline, request.POST.get("text", ""), user=request.user, now=timezone.now()
        )
    except NotFound as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        return _missed(request, tried=deadline, refusal=refusal)
    messages.success(request, _("Kept, and written into the timeline of the matter."))
    return redirect(f"{reverse('deadlines-missed')}?{request.POST.get('query', '')}")


@login_required
def urgent(request: HttpRequest) -> HttpResponse:
    notice = ""
    try:
        queue = urgent_queue.urgent_queue(request.user, cursor=request.GET.get("page", ""))
    except Invalid:
        notice = _("That page of the list no longer exists: this is the first one.")
        queue = urgent_queue.urgent_queue(request.user)
    context = {
        "queue": queue,
        "notice": notice,
        "today": timezone.localdate(),
        "previous": f"page={queue.previous}" if queue.previous else "",
        "next": f"page={queue.next}" if queue.next else "",
    }
    return render(request, "registry/urgent.html", context)


def _missed(
    request: HttpRequest, *, tried: int | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    since, until, problem = span_of_query(request.GET)

    def page_of(filters: DeadlineFilters, cursor: str) -> Any:
        return missed.missed_deadlines(
            request.user,
            now=timezone.now(),
            since=since,
            until=until,
            condition=filters.condition(request.user),
            cursor=cursor,
            size=PAGE,
        )

    return _list(
        request,
        "registry/missed.html",
        page_of,
        since=timezone.localtime(since),
        until=timezone.localtime(until) - DAY,
        problem=problem,
        may_explain=bool(authorities_where(request.user, "explain_missed")),
        tried=tried,
        refusal=refusal,
        typed=request.POST.get("text", ""),
        status=refusal.status if refusal else 200,
    )


def _list(
    request: HttpRequest,
    template: str,
    page_of: Callable[[DeadlineFilters, str], Any],
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """A page of a list with the filters that all of them have."""
    asked = filters_of_address(request)
    filters = DeadlineFilters(**{**asked.__dict__, "settled": True})
    notice = ""
    try:
        page = page_of(filters, request.GET.get("page", ""))
    except Invalid:
        notice = _("That page of the list no longer exists: this is the first one.")
        page = page_of(filters, "")
    context = {
        "page": page,
        "notice": notice,
        "filters": filters,
        "previous": beside(request) + f"&page={page.previous}" if page.previous else "",
        "next": beside(request) + f"&page={page.next}" if page.next else "",
        "query": request.GET.urlencode(),
        **filter_choices(),
        **more,
    }
    return render(request, template, context, status=status)


def span_of_query(query: QueryDict) -> tuple[datetime, datetime, str]:
    """From the beginning of ``since`` to the end of ``until``: the past year without them."""
    zone = timezone.get_current_timezone()
    since, wrong = day_of_query(query, "since")
    until, wrong_too = day_of_query(query, "until")
    if not query.get("since") or wrong:
        since = until - A_YEAR
    if until < since:
        wrong, since = _("The span ends before it begins."), until - A_YEAR
    return beginning_of(since, zone), beginning_of(until + DAY, zone), wrong or wrong_too
