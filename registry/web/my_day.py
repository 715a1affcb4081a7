"""My day: what ends today, what waits for me; and my team's week."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from registry.deadline_calendar import DAY, first_weekday, span_of_week
from registry.my_day import my_day as day_of
from registry.my_day import team_week as week_of
from registry.web.deadline_pages import beside, day_of_address


@login_required
def my_day(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    day = day_of(request.user, now=now, zone=timezone.get_current_timezone())
    return render(request, "registry/my_day.html", {"day": day, "today": timezone.localdate()})


@login_required
def team_week(request: HttpRequest) -> HttpResponse:
    on, problem = day_of_address(request)
    first, last = span_of_week(on, first_weekday(request.user))
    week = week_of(request.user, first, now=timezone.now(), zone=timezone.get_current_timezone())
    context = {
        "week": week,
        "problem": problem,
        "first": first,
        "last": last,
        "today": timezone.localdate(),
        "earlier": beside(request, on=on - 7 * DAY),
        "later": beside(request, on=on + 7 * DAY),
    }
    return render(request, "registry/team_week.html", context)
