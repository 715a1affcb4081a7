"""The clocks of a request for assistance: which start when it is sent, and what stops them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from mla.models import AssistanceRequest
from registry import deadlines
from registry.calendars import working_days_of
from registry.models import Deadline, User
from registry.time_rules import Due, Rule, due, end_of
from treaties.models import TimeLimit
from treaties.time_limits import rule_of, started_by

SENT, ACKNOWLEDGED, EXECUTED = "mla.sent", "mla.acknowledged", "mla.executed"
REQUESTING_SIDE = frozenset({"requesting", "issuing", "observing", "sentencing"})
BOUND = "bound"
"""The calendar of the State that a limit binds, as the engine is given it."""
BOTH_SIDES = frozenset({"both"})
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
    limits = started_by(SENT, request.basis)
    for limit in limits:
        _start_limit(request, limit, sent_at, now, actor)
    if request.answer_wanted_by:
        _start_answer_wanted(request, request.answer_wanted_by, sent_at, now, actor)
    return len(limits) + bool(request.answer_wanted_by)


def settle(
    request: AssistanceRequest, event: str, *, met: bool, now: datetime, actor: User | None = None
) -> int:
    """Settle the clocks that this event settles; the acknowledgement as of the day it came."""
    at = request.acknowledged_at if event == ACKNOWLEDGED else None
    return deadlines.settle(request.dossier, event, met=met, now=now, at=at, actor=actor)


def cancel_all(request: AssistanceRequest, *, now: datetime, actor: User | None = None) -> int:
    """Cancel what still runs, when the request is withdrawn or closed."""
    return deadlines.cancel_all(request.dossier, now=now, actor=actor)


def _start_limit(
    request: AssistanceRequest,
    limit: TimeLimit,
    sent_at: datetime,
    now: datetime,
    actor: User | None,
) -> None:
    party = bound_party(limit)
    zone = zone_of(request, party)
    rule = rule_of(limit, zone=ZoneInfo(zone), calendar=BOUND, counted_from=SENDING)
    deadlines.start(
        request.dossier,
        label=limit.label or limit.consequence or limit.code,
        rule_code=limit.code,
        instrument=limit.instrument_id or "",
        article=limit.article,
        rule_confidence=limit.confidence,
        consequence=limit.consequence,
        bound_party=party,
        met_by_event=limit.met_by or EXECUTED,
        started_from=SENDING,
        started_at=sent_at,
        zone=zone,
        due=_due(request, rule, party, sent_at),
        critical=limit.critical,
        now=now,
        actor=actor,
    )


def _due(request: AssistanceRequest, rule: Rule, party: str, sent_at: datetime) -> Due:
    ours = party == Deadline.BoundParty.OURS
    state = request.requesting_state if ours else request.requested_state
    return due(rule, sent_at, {BOUND: working_days_of(state)})


def _start_answer_wanted(
    request: AssistanceRequest,
    wanted_by: date,
    sent_at: datetime,
    now: datetime,
    actor: User | None,
) -> None:
    """The request's own date. It has no rule and no derivation: the letter names the day."""
    zone = zone_of(request, Deadline.BoundParty.THEIRS)
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


def bound_party(limit: TimeLimit) -> str:
    """Whom a limit binds in a request that we send: the requesting side is ours."""
    if limit.bound_party in BOTH_SIDES:
        return Deadline.BoundParty.BOTH
    if limit.bound_party in REQUESTING_SIDE:
        return Deadline.BoundParty.OURS
    return Deadline.BoundParty.THEIRS


def zone_of(request: AssistanceRequest, party: str) -> str:
    """The zone in which a party's days are counted: its office's where known, else its State's."""
    if party == Deadline.BoundParty.OURS:
        return deadlines.zone_of(request.dossier.owner)
    if request.addressee is not None:
        return deadlines.zone_of(request.addressee)
    return request.requested_state.time_zone
