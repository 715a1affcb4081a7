"""The clocks of a request for assistance: which start when it is sent or received, and what ends,
pauses or replaces them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mla.models import AssistanceRequest
from mla.request_kinds import rules_of
from registry import deadlines
from registry.clock_rules import REQUESTED, REQUESTING, Side
from registry.models import Deadline, User
from registry.refusals import Invalid
from registry.time_rules import end_of
from treaties.clocks import start_for, start_limit
from treaties.models import TimeLimit
from treaties.time_limits import started_by

SENT, RECEIVED = "mla.sent", "mla.received"
ACKNOWLEDGED, ACCEPTED, EXECUTED = "mla.acknowledged", "mla.accepted", "mla.executed"
ANSWER_WANTED = gettext_noop("Answer asked for by us")
ANSWER_WANTED_BY_THEM = gettext_noop("Answer asked for by the requesting State")
TAKE_UP_AGAIN = gettext_noop("Postponed until then: take it up again")
ASK_AGAIN = gettext_noop("Postponed until then: ask how it stands")
REFERRED, REFERRAL_ANSWERED = "mla.referred", "mla.referral_answered"
ANSWER_OF_THAT_AUTHORITY = gettext_noop("Answer of the authority to which it was referred")
REFERRING = gettext_noop("referral of the request")
SENDING = gettext_noop("sending of the request")
RECEIVING = gettext_noop("receipt of the request")
THEY_EXECUTE = gettext_noop("recorded beginning of the execution")


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
        start_answer_wanted(request, request.answer_wanted_by, sent_at, now, actor)
    return len(started) + bool(request.answer_wanted_by)


def start_for_receipt(
    request: AssistanceRequest, received_at: datetime, now: datetime, actor: User | None = None
) -> int:
    """Start what the receipt of a request sets running. Returns how many clocks.

    The limits that the register starts on ``mla.received``, and those of law that it starts on
    ``mla.sent`` for want of the day of receipt, which here is known: they run from the receipt. What
    binds the requested State binds us. What asks for nothing has no clock but the day it names.
    """
    limits = _limits_of_receipt(request) if rules_of(request).asks else []
    for limit in limits:
        _start_on_receipt(request, limit, received_at, now, actor)
    if request.answer_wanted_by:
        start_answer_wanted(request, request.answer_wanted_by, received_at, now, actor)
    return len(limits) + bool(request.answer_wanted_by)


def start_for_acceptance(
    request: AssistanceRequest, now: datetime, actor: User | None = None
) -> int:
    """Start what the decision to execute sets running (``mla.accepted``). Returns how many clocks.

    Of a request that we sent nobody tells us the day of the decision: these run from the recorded
    beginning of the execution. What runs already, or has run, does not start twice.
    """
    known = set(
        request.dossier.deadlines.exclude(state=Deadline.State.CANCELLED).values_list(
            "rule_code", flat=True
        )
    )
    limits = [limit for limit in started_by(ACCEPTED, request.basis) if limit.code not in known]
    for limit in limits:
        start_limit(
            request.dossier,
            limit,
            at=now,
            requesting=requesting_side(request),
            requested=requested_side(request),
            ours=REQUESTED if request.is_received else REQUESTING,
            now=now,
            actor=actor,
            counted_from="" if request.is_received else THEY_EXECUTE,
            met_by=EXECUTED,
        )
    return len(limits)


def start_again_under(request: AssistanceRequest, now: datetime, actor: User | None = None) -> None:
    """A received request rests on another basis: its limits run, from the receipt, in place of the
    former one's. What had been met stays met."""
    if not rules_of(request).asks:
        return
    limits = {limit.code: limit for limit in _limits_of_receipt(request)}
    known = dict(
        request.dossier.deadlines.exclude(rule_code="")
        .exclude(state=Deadline.State.CANCELLED)
        .values_list("rule_code", "state")
    )
    deadlines.cancel_rules(request.dossier, known.keys() - limits.keys(), now=now, actor=actor)
    for code, limit in limits.items():
        if code not in known:
            _start_on_receipt(request, limit, request.receipt.received_at, now, actor)


def happened(
    request: AssistanceRequest, event: str, *, at: datetime, now: datetime, actor: User | None
) -> int:
    """Tell the clocks that an event of the request's life occurred; see ``deadlines.happened``."""
    return deadlines.happened(request.dossier, event, at=at, now=now, actor=actor)


def ask_after_postponement(
    request: AssistanceRequest, until: date, now: datetime, actor: User | None
) -> None:
    """Start the clock of the day until which a request is postponed. Raises Invalid for one past."""
    if until < deadlines.today_of(request.dossier.owner, now):
        raise Invalid(
            "date_in_past",
            _("That day is over."),
            fields={"until": [_("Give today or a later day.")]},
        )
    deadlines.start_until(
        request.dossier,
        until,
        label=TAKE_UP_AGAIN if request.is_received else ASK_AGAIN,
        started_from="mla.postponed",
        met_by_event="mla.resumed",
        now=now,
        actor=actor,
    )


def start_for_referral(
    request: AssistanceRequest, wanted_by: date | None, now: datetime, actor: User | None
) -> None:
    """Start the clock of the answer of the authority to which a request was referred: by the day
    that was given, else as the office's norm says. Raises Invalid for a day past."""
    if wanted_by is None:
        start_for(
            request.dossier,
            REFERRED,
            request.basis,
            at=now,
            requesting=requesting_side(request),
            requested=requested_side(request),
            ours=REQUESTED,
            now=now,
            actor=actor,
            counted_from=REFERRING,
            met_by=REFERRAL_ANSWERED,
        )
        return
    if wanted_by < deadlines.today_of(request.dossier.owner, now):
        raise Invalid(
            "date_in_past",
            _("That day is over."),
            fields={"wanted_by": [_("Give today or a later day.")]},
        )
    deadlines.start_until(
        request.dossier,
        wanted_by,
        label=ANSWER_OF_THAT_AUTHORITY,
        started_from=REFERRED,
        met_by_event=REFERRAL_ANSWERED,
        now=now,
        actor=actor,
    )


def _limits_of_receipt(request: AssistanceRequest) -> list[TimeLimit]:
    on_receipt = started_by(RECEIVED, request.basis)
    known = {limit.code for limit in on_receipt}
    on_sending = [
        limit
        for limit in started_by(SENT, request.basis)
        if not limit.office_norm and limit.code not in known
    ]
    governed = {limit.met_by for limit in on_sending if limit.met_by}
    return on_sending + [
        limit for limit in on_receipt if not limit.office_norm or limit.met_by not in governed
    ]


def _start_on_receipt(
    request: AssistanceRequest,
    limit: TimeLimit,
    received_at: datetime,
    now: datetime,
    actor: User | None,
) -> None:
    start_limit(
        request.dossier,
        limit,
        at=received_at,
        requesting=requesting_side(request),
        requested=requested_side(request),
        ours=REQUESTED,
        now=now,
        actor=actor,
        counted_from=RECEIVING,
        met_by=EXECUTED,
    )


def requesting_side(request: AssistanceRequest) -> Side:
    """Our side for a request that we send; theirs, with their authority, for one that came."""
    if request.is_received:
        return Side(request.requesting_state, request.receipt.requesting_authority)
    return Side(request.requesting_state, request.dossier.owner)


def requested_side(request: AssistanceRequest) -> Side:
    if request.is_received:
        return Side(request.requested_state, request.dossier.owner)
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


def start_answer_wanted(
    request: AssistanceRequest,
    wanted_by: date,
    since: datetime,
    now: datetime,
    actor: User | None,
) -> None:
    """The request's own date. It has no rule and no derivation: the letter names the day."""
    zone = requested_side(request).zone
    received = request.is_received
    deadlines.start(
        request.dossier,
        label=ANSWER_WANTED_BY_THEM if received else ANSWER_WANTED,
        rule_code="",
        instrument="",
        article="",
        rule_confidence="",
        consequence=request.period_reason,
        bound_party=Deadline.BoundParty.OURS if received else Deadline.BoundParty.THEIRS,
        met_by_event=EXECUTED,
        started_from=RECEIVING if received else SENDING,
        started_at=since,
        zone=zone,
        due=end_of(wanted_by, ZoneInfo(zone)),
        critical=request.dossier.urgent,
        now=now,
        actor=actor,
    )
