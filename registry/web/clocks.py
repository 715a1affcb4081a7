"""One running clock: how it was counted, what happened to it, and what may be done to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from registry import clock_events, clock_rules, clock_words, deadlines
from registry.access import may
from registry.deadline_list import visible_deadline
from registry.matter_kinds import page_of
from registry.models import ClockEvent, Deadline
from registry.refusals import Invalid, NotFound, Refusal
from registry.time_rules import Unit
from registry.web.posted import (
    day_posted,
    decimal_posted,
    moment_posted,
    number_posted,
    version_seen,
)

UNITS = {
    Unit.DAYS: gettext_lazy("days"),
    Unit.WORKING_DAYS: gettext_lazy("working days"),
    Unit.MONTHS: gettext_lazy("months"),
    Unit.HOURS: gettext_lazy("hours"),
}


@login_required
def clock(request: HttpRequest, deadline: int) -> HttpResponse:
    return show(request, clock_or_404(request, deadline))


def clock_or_404(request: HttpRequest, deadline: int) -> Deadline:
    try:
        return visible_deadline(request.user, deadline)
    except NotFound:
        raise Http404 from None


def show(
    request: HttpRequest,
    found: Deadline,
    *,
    act: str = "",
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; with ``act`` and ``errors``, that act's form as it came back."""
    dossier = found.dossier
    events = list(
        found.clock_events.select_related("recorded_by", "replaced_by").order_by("at", "id")
    )
    context = {
        "deadline": found,
        "dossier": dossier,
        "matter": page_of(dossier.kind, dossier.reference),
        "events": events,
        "counting": [event for event in events if event.counts],
        "grounds": clock_events.open_grounds(found),
        "why_not_extendable": clock_events.why_not_extendable(found),
        "allowance": clock_words.allowance(clock_rules.allowance_of(found.rule)),
        "units": [(unit.value, label) for unit, label in UNITS.items()],
        "by_rule": "until" not in found.rule,
        "may_change": may(request.user, "set_deadline", dossier),
        "moves": found.proposed_moves.select_related("source", "decided_by"),
        "act": act,
        "errors": errors or {},
        "typed": request.POST,
        "now": timezone.localtime(),
    }
    return render(request, "registry/clock.html", context, status=status)


@login_required
@require_POST
def act(request: HttpRequest, deadline: int, act: str) -> HttpResponse:
    found = clock_or_404(request, deadline)
    if act not in ACTS:
        raise Http404
    try:
        ACTS[act](request, found)
    except Refusal as refusal:
        fresh = clock_or_404(request, deadline)
        return show(request, fresh, act=act, errors=refusal.by_field(), status=refusal.status)
    messages.success(request, _done(act))
    return redirect("clock", deadline=deadline)


def _common(request: HttpRequest) -> dict[str, Any]:
    """What every act takes: who, when it is recorded, when it was, the version seen."""
    at = request.POST.get("at", "").strip()
    return {
        "user": request.user,
        "now": timezone.now(),
        "at": moment_posted("at", at) if at else None,
        "expected_version": version_seen(request),
    }


def _suspend(request: HttpRequest, found: Deadline) -> None:
    clock_events.suspend(found, ground=request.POST.get("ground", ""), **_common(request))


def _resume(request: HttpRequest, found: Deadline) -> None:
    ground = request.POST.get("ground", "")
    clock_events.resume(found, ground=ground, **_common(request))


def _restart(request: HttpRequest, found: Deadline) -> None:
    clock_events.restart(found, reason=request.POST.get("reason", ""), **_common(request))


def _extend(request: HttpRequest, found: Deadline) -> None:
    clock_events.extend(
        found,
        length=decimal_posted("length", request.POST.get("length", "")),
        unit=request.POST.get("unit", ""),
        until=day_posted("until", request.POST.get("until", "")),
        reason=request.POST.get("reason", ""),
        **_common(request),
    )


def _event(request: HttpRequest, found: Deadline) -> ClockEvent:
    number = number_posted(request.POST.get("event", ""))
    row = found.clock_events.filter(pk=number).first() if number is not None else None
    if row is None:
        sentence = _("Choose the entry to correct.")
        raise Invalid("unknown_event", sentence, fields={"event": [sentence]})
    return row


def _correct(request: HttpRequest, found: Deadline) -> None:
    given = _common(request)
    if given["at"] is None:
        sentence = _("Give the day and time at which it happened.")
        raise Invalid("date_missing", sentence, fields={"at": [sentence]})
    row = _event(request, found)
    clock_events.amend_event(row, reason=request.POST.get("reason", ""), **given)


def _withdraw(request: HttpRequest, found: Deadline) -> None:
    given = _common(request)
    del given["at"]
    row = _event(request, found)
    clock_events.withdraw_event(row, reason=request.POST.get("reason", ""), **given)


def _settle(request: HttpRequest, found: Deadline) -> None:
    given = _common(request)
    del given["expected_version"]
    met = request.POST.get("met", "yes") == "yes"
    deadlines.settle_by_hand(found, met=met, **given)


def _cancel(request: HttpRequest, found: Deadline) -> None:
    given = _common(request)
    del given["at"]
    clock_events.cancel(found, reason=request.POST.get("reason", ""), **given)


ACTS: dict[str, Callable[[HttpRequest, Deadline], None]] = {
    "suspend": _suspend,
    "resume": _resume,
    "restart": _restart,
    "extend": _extend,
    "correct": _correct,
    "withdraw": _withdraw,
    "settle": _settle,
    "cancel": _cancel,
}


def _done(act: str) -> str:
    return {
        "suspend": _("The clock is paused."),
        "resume": _("The clock goes on."),
        "restart": _("The clock is counted afresh."),
        "extend": _("The clock was extended."),
        "correct": _("The record was corrected and the clock counted anew."),
        "withdraw": _("The entry was withdrawn and the clock counted anew."),
        "settle": _("The deadline was settled."),
        "cancel": _("The clock was cancelled."),
    }[act]
