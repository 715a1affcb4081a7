"""Reminder letters drafted together: how far it is, and what became of each."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from registry import reminder_rounds
from registry.models import ReminderRound, User
from registry.refusals import NotFound

SHOWN = 50


@login_required
def rounds(request: HttpRequest) -> HttpResponse:
    """The person's own, the latest first."""
    context = {"rounds": list(reminder_rounds.of_person(request.user)[:SHOWN])}
    return render(request, "registry/reminder_rounds.html", context)


@login_required
def one(request: HttpRequest, number: int) -> HttpResponse:
    made = _own(request.user, number)
    rows, hidden = reminder_rounds.results_for(made, request.user)
    context = {
        "round": made,
        "progress": reminder_rounds.progress_of(made),
        "rows": rows,
        "hidden": hidden,
    }
    return render(request, "registry/reminder_round.html", context)


@login_required
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """How far it is; once all are handled, the page is loaded anew."""
    made = _own(request.user, number)
    context = {"round": made, "progress": reminder_rounds.progress_of(made)}
    answer = render(request, "registry/parts/reminder_round_progress.html", context)
    if made.finished_at:
        answer["HX-Refresh"] = "true"
    return answer


def _own(user: User, number: int) -> ReminderRound:
    try:
        return reminder_rounds.one_of(user, number)
    except NotFound:
        raise Http404 from None
