"""The calendar of deadlines: a month, a week, or a list of days."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.deadline_calendar import (
    DAY,
    calendar_of,
    first_weekday,
    span_of_month,
    span_of_week,
)
from registry.web.deadline_pages import (
    beside,
    day_of_address,
    filter_choices,
    filters_of_address,
)

VIEWS = {"month": _("Month"), "week": _("Week"), "list": _("List")}
LIST_DAYS, LONGEST_LIST = 30, 366


@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "month")
    view = view if view in VIEWS else "month"
    on, problem = day_of_address(request)
    today = timezone.localdate()
    begins = first_weekday(request.user)
    first, last, earlier, later = _span(request, view, on, begins)
    filters = filters_of_address(request)
    shown = calendar_of(
        request.user,
        first,
        last,
        filters=filters,
        zone=timezone.get_current_timezone(),
        now=timezone.now(),
        month=on.month if view == "month" else None,
    )
    context: dict[str, Any] = {
        "view": view,
        "views": [
            (code, label, beside(request, view=code, on=on)) for code, label in VIEWS.items()
        ],
        "on": on,
        "first": first,
        "last": last,
        "today": today,
        "calendar": shown,
        "filters": filters,
        "problem": problem,
        "earlier": beside(request, on=earlier),
        "later": beside(request, on=later),
        "to_today": beside(request, on=today),
        "list_query": beside(request, view="list", days=1, on=""),
        **filter_choices(),
    }
    return render(request, "registry/calendar.html", context)


def _span(request: HttpRequest, view: str, on: date, begins: int) -> tuple[date, date, date, date]:
    """First and last day shown; the days by which one goes to the span before and after."""
    if view == "month":
        first, last = span_of_month(on, begins)
        return first, last, _another_month(on, -1), _another_month(on, 1)
    if view == "week":
        first, last = span_of_week(on, begins)
        return first, last, on - 7 * DAY, on + 7 * DAY
    given = request.GET.get("days", "")
    days = int(given) if given.isdecimal() and len(given) < 4 else LIST_DAYS
    length = timedelta(days=max(1, min(days, LONGEST_LIST)))
    return on, on + length - DAY, on - length, on + length


def _another_month(day: date, step: int) -> date:
    """The same day of the month before or after; its last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + step, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
