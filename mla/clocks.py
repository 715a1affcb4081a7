"""The clocks of a request for assistance: which start when it is sent, and what stops them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from mla.models import AssistanceRequest
from registry import deadlines
from registry.clock_rules import REQUESTING, Side
from registry.models import Deadline, User
from registry.time_rules import end_of
from treaties.clocks import start_for

SENT, ACKNOWLEDGED, EXECUTED = "mla.sent", "mla.acknowledged", "mla.executed"
ANSWER_WANTED = gettext_noop("Answer asked for by us")
SENDING = gettext_noop("sending of the request")


def start_for_sending(request: AssistanceRequest, now: datetime, actor: User | None = None) -> int:
    """Start what the sending of a request sets running. Returns how many clocks.

    1. The time limits that the register starts on ``mla.sent``: those of the legal basis and of the
       treaty that it supplements, and the office's own norms. Each runs in the zone, and by the
       working days, of the State that it binds.
    2. The day by which the request itself asks for an answer, in the requested State's zone.
    """
    sent_at = request.sent_at or now
    started = start_for(
        request.dossier,
        SENT,
        request.basis,
        at=sent_at,
        requesting=requesting_side(request),
        requested=requested_side(request),
        ours=REQUESTING,
        now=now,
        actor=actor,
        counted_from=SENDING,
        met_by=EXECUTED,
    )
    if request.answer_wanted_by:
        _start_answer_wanted(request, request.answer_wanted_by, sent_at, now, actor)
    return len(started) + bool(request.answer_wanted_by)


def requesting_side(request: AssistanceRequest) -> Side:
    """Our side, for a request that we send."""
    return Side(request.requesting_state, request.dossier.owner)


def requested_side(request: AssistanceRequest) -> Side:
    return Side(request.requested_state, request.addressee)


def settle(
    request: AssistanceRequest, event: str, *, met: bool, now: datetime, actor: User | None = None
) -> int:
    """Settle the clocks that this event settles; the acknowledgement as of the day it came."""
    at = request.acknowledged_at if event == ACKNOWLEDGED else None
    return deadlines.settle(request.dossier, event, met=met, now=now, at=at, actor=actor)


def cancel_all(request: AssistanceRequest, *, now: datetime, actor: User | None = None) -> int:
    """Cancel what still runs, when the request is withdrawn or closed."""
    return deadlines.cancel_all(request.dossier, now=now, actor=actor)


def _start_answer_wanted(
    request: AssistanceRequest,
    wanted_by: date,
    sent_at: datetime,
    now: datetime,
    actor: User | None,
) -> None:
    """The request's own date. It has no rule and no derivation: the letter names the day."""
    zone = requested_side(request).zone
    deadlines.start(
        request.dossier,
        label=ANSWER_WANTED,
        rule_code="",
        instrument="",
        article="",
        rule_confidence="",
        consequence=request.period_reason,
        bound_party=Deadline.BoundParty.THEIRS,
        met_by_event=EXECUTED,
        started_from=SENDING,
        started_at=sent_at,
        zone=zone,
        due=end_of(wanted_by, ZoneInfo(zone)),
        critical=request.dossier.urgent,
        now=now,
        actor=actor,
    )
