"""The life of a request for assistance that we receive: read it from top to bottom.

``ReceivedStatus`` names the states and ``MOVES`` everything that can happen. Some moves leave the
status as it is: the acknowledgement, a question to the other side, its answer, a consultation. The
machine is ``mla/life.py``; every move is on the timeline with who, when and why.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from mla import clocks, closing_checks, measures, questions, triage
from mla.life import Consequence, Life, Move, not_in_the_future, note_end
from mla.models import AssistanceRequest, Receipt, ReceivedStatus
from registry.models import User
from registry.refusals import Invalid, Text

Status = ReceivedStatus
ENDED = frozenset({Status.WITHDRAWN, Status.CLOSED})
UNDECIDED = frozenset({Status.REGISTERED, Status.IN_TRIAGE})
UNDER_WAY = frozenset({Status.ACCEPTED, Status.IN_EXECUTION, Status.PARTLY_EXECUTED})
DECIDED_AGAINST = frozenset({Status.REFUSED, Status.RETURNED, Status.REFERRED})
IN_HAND = UNDECIDED | UNDER_WAY | {Status.POSTPONED}


# --- when a move has its place ----------------------------------------------------------


def not_acknowledged(request: AssistanceRequest) -> bool:
    return request.receipt.acknowledged_at is None


def was_accepted(request: AssistanceRequest) -> bool:
    """The decision to execute had been taken before the postponement."""
    return request.dossier.timeline.filter(event="mla.accepted").exists()


def was_not_accepted(request: AssistanceRequest) -> bool:
    return not was_accepted(request)


# --- guards: what must be true first ----------------------------------------------------


def basis_is_chosen(request: AssistanceRequest, user: User) -> list[Text]:
    """The legal basis under which the request is judged is chosen."""
    if request.basis_id is None:
        return [_("Choose the legal basis first: it says what may be refused and by when.")]
    return []


def measures_are_known(request: AssistanceRequest, user: User) -> list[Text]:
    """At least one measure is registered."""
    if not request.measures.exists():
        return [_("Register at least one measure that is asked for.")]
    return []


# --- consequences: what a move causes ---------------------------------------------------


def note_acknowledgement(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    """Record when we acknowledged; refuse a day to come or one before the request came."""
    at: datetime = data["acknowledged_at"]
    not_in_the_future("acknowledged_at", at, now)
    if at < request.receipt.received_at:
        raise Invalid(
            "acknowledged_before_receiving",
            _("The request came after that day."),
            fields={"acknowledged_at": [_("Give a day that is not before it was received.")]},
        )
    _on_receipt(request, acknowledged_at=at)
    clocks.happened(request, "mla.acknowledged", at=at, now=now, actor=user)


def note_consultation(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    _on_receipt(request, consulted_at=now, consultation_note=data["note"])


def decided(outcome: str) -> Consequence:
    """The decision with who, when and why."""

    def note_decision(
        request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
    ) -> None:
        _on_receipt(
            request,
            outcome=outcome,
            outcome_reason=data.get("reason", ""),
            decided_at=now,
            decided_by=user,
        )

    note_decision.__doc__ = decided.__doc__
    return note_decision


def note_until(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
    """Keep the day until which it is postponed, and start its clock."""
    clocks.ask_after_postponement(request, data["until"], now, user)
    _on_receipt(request, postponed_until=data["until"])
    clocks.happened(request, "mla.postponed", at=now, now=now, actor=user)


def take_up_again(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    accepted = was_accepted(request)
    _on_receipt(
        request,
        outcome=Receipt.Outcome.ACCEPTED if accepted else "",
        outcome_reason="",
        postponed_until=None,
        **({} if accepted else {"decided_at": None, "decided_by": None}),
    )
    clocks.happened(request, "mla.resumed", at=now, now=now, actor=user)


def count_return(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    _on_receipt(request, times_returned=request.receipt.times_returned + 1)


def note_referral(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    """Keep to whom it was referred, before the decision is written, and start the clock of the
    answer of that authority."""
    receipt = request.receipt
    receipt.referred_to, receipt.referral_answer_wanted_by = (
        data["referred_to"],
        data.get("wanted_by"),
    )
    receipt.referral_answered_at, receipt.referral_answer = None, ""
    clocks.start_for_referral(request, data.get("wanted_by"), now, user)


def waits_for_that_authority(request: AssistanceRequest) -> bool:
    return request.receipt.referral_answered_at is None


def note_referral_answer(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    """Record what that authority answered; refuse a day to come or one before the referral."""
    at: datetime = data["answered_at"]
    not_in_the_future("answered_at", at, now)
    if request.receipt.decided_at and at < request.receipt.decided_at - timedelta(days=1):
        raise Invalid(
            "answered_before_referral",
            _("The request was referred after that day."),
            fields={"answered_at": [_("Give a day that is not before the referral.")]},
        )
    _on_receipt(request, referral_answered_at=at, referral_answer=data["answer"])
    clocks.happened(
        request,
        clocks.REFERRAL_ANSWERED,
        at=max(at, request.receipt.decided_at or at),
        now=now,
        actor=user,
    )


def happened(event: str) -> Consequence:
    """The clocks of the request are told."""

    def tell(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
        clocks.happened(request, event, at=now, now=now, actor=user)

    tell.__doc__ = happened.__doc__
    return tell


def start_execution_clocks(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    """What is to be executed is to be executed in time."""
    clocks.start_for_acceptance(request, now, user)


def meet_decision(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    """A refusal is a decision too: it meets what accepting meets."""
    clocks.happened(request, clocks.ACCEPTED, at=now, now=now, actor=user)


def cancel_clocks(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    clocks.cancel_all(request, now=now, actor=user)


def note_reopening(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    request.closed_at = None
    request.dossier.is_open = True
    _on_receipt(request, outcome="", outcome_reason="", decided_at=None, decided_by=None)


def _on_receipt(request: AssistanceRequest, **values: Any) -> None:
    for name, value in values.items():
        setattr(request.receipt, name, value)
    request.receipt.save()


# --- the life ---------------------------------------------------------------------------

MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move(
            "begin_triage",
            _("Begin the triage"),
            event="mla.triage_begun",
            sources=frozenset({Status.REGISTERED}),
            target=Status.IN_TRIAGE,
            act="triage",
        ),
        Move(
            "accept",
            _("Accept for execution"),
            event="mla.accepted",
            sources=frozenset({Status.IN_TRIAGE}),
            target=Status.ACCEPTED,
            act="decide",
            takes=("note",),
            guards=(basis_is_chosen, measures_are_known, triage.grounds_are_answered),
            consequences=(
                decided(Receipt.Outcome.ACCEPTED),
                happened("mla.accepted"),
                start_execution_clocks,
            ),
        ),
        Move(
            "begin_execution",
            _("Begin the execution"),
            event="mla.execution_begun",
            sources=frozenset({Status.ACCEPTED}),
            target=Status.IN_EXECUTION,
            act="execute",
            takes=("note",),
            guards=(measures.measures_are_assigned,),
        ),
        Move(
            "record_execution",
            _("Record that it is executed"),
            event="mla.executed",
            sources=frozenset({Status.IN_EXECUTION, Status.PARTLY_EXECUTED}),
            target=Status.EXECUTED,
            act="execute",
            takes=("note",),
            guards=(measures.measures_have_ended,),
            consequences=(happened("mla.executed"),),
        ),
        Move(
            "record_part_execution",
            _("Record a partial execution"),
            event="mla.partly_executed",
            sources=frozenset({Status.IN_EXECUTION, Status.PARTLY_EXECUTED}),
            target=Status.PARTLY_EXECUTED,
            act="execute",
            needs=("note",),
            guards=(measures.a_measure_is_executed,),
        ),
        Move(
            "resume_triage",
            _("Take it up again"),
            event="mla.resumed",
            sources=frozenset({Status.POSTPONED}),
            target=Status.IN_TRIAGE,
            act="decide",
            takes=("note",),
            when=was_not_accepted,
            consequences=(take_up_again,),
        ),
        Move(
            "resume_execution",
            _("Take up the execution again"),
            event="mla.resumed",
            sources=frozenset({Status.POSTPONED}),
            target=Status.IN_EXECUTION,
            act="decide",
            takes=("note",),
            when=was_accepted,
            consequences=(take_up_again,),
        ),
        Move(
            "close",
            _("Close"),
            event="mla.closed",
            sources=frozenset({Status.EXECUTED, Status.PARTLY_EXECUTED} | DECIDED_AGAINST),
            target=Status.CLOSED,
            act="close",
            takes=("note",),
            consequences=(closing_checks.say_why, cancel_clocks, note_end),
        ),
        Move(
            "acknowledge",
            _("Record our acknowledgement"),
            event="mla.acknowledged",
            sources=IN_HAND,
            target=None,
            act="triage",
            needs=("acknowledged_at",),
            when=not_acknowledged,
            consequences=(note_acknowledgement,),
        ),
        Move(
            "ask_information",
            _("Ask them for more information"),
            event="mla.information_requested",
            sources=IN_HAND,
            target=None,
            act="triage",
            needs=("question",),
            takes=("wanted_by",),
            when=questions.none_is_open,
            consequences=(questions.ask,),
        ),
        Move(
            "record_information",
            _("Record their answer"),
            event="mla.information_received",
            sources=IN_HAND,
            target=None,
            act="triage",
            needs=("answered_at",),
            takes=("answer",),
            when=questions.one_is_open,
            consequences=(questions.answer,),
        ),
        Move(
            "consult",
            _("Record a consultation with them"),
            event="mla.consulted",
            sources=frozenset(IN_HAND - {Status.REGISTERED}),
            target=None,
            act="decide",
            needs=("note",),
            consequences=(note_consultation,),
        ),
        Move(
            "postpone",
            _("Postpone"),
            event="mla.postponed",
            sources=frozenset({Status.IN_TRIAGE, Status.ACCEPTED, Status.IN_EXECUTION}),
            target=Status.POSTPONED,
            act="decide",
            needs=("until", "reason"),
            consequences=(note_until, decided(Receipt.Outcome.POSTPONED)),
            back=True,
        ),
        Move(
            "return_as_deficient",
            _("Return as deficient"),
            event="mla.returned_as_deficient",
            sources=UNDECIDED,
            target=Status.RETURNED,
            act="decide",
            needs=("reason",),
            consequences=(
                count_return,
                decided(Receipt.Outcome.RETURNED),
                happened("mla.returned_as_deficient"),
            ),
            back=True,
        ),
        Move(
            "refer",
            _("Refer to another authority"),
            event="mla.referred",
            sources=UNDECIDED,
            target=Status.REFERRED,
            act="decide",
            needs=("referred_to", "reason"),
            takes=("wanted_by",),
            consequences=(
                note_referral,
                decided(Receipt.Outcome.REFERRED),
                happened("mla.referred"),
            ),
            back=True,
        ),
        Move(
            "record_referral_answer",
            _("Record what that authority answered"),
            event="mla.referral_answered",
            sources=frozenset({Status.REFERRED}),
            target=None,
            act="decide",
            needs=("answered_at", "answer"),
            when=waits_for_that_authority,
            consequences=(note_referral_answer,),
        ),
        Move(
            "refuse",
            _("Refuse"),
            event="mla.refused",
            sources=frozenset(IN_HAND - {Status.REGISTERED}),
            target=Status.REFUSED,
            act="refuse",
            needs=("reason",),
            guards=(triage.a_ground_applies, triage.consulted_where_required),
            consequences=(
                decided(Receipt.Outcome.REFUSED),
                meet_decision,
                happened("mla.refused"),
            ),
            back=True,
        ),
        Move(
            "record_withdrawal",
            _("Record that they withdrew it"),
            event="mla.withdrawn",
            sources=IN_HAND,
            target=Status.WITHDRAWN,
            act="triage",
            needs=("reason",),
            consequences=(cancel_clocks, note_end),
            back=True,
        ),
        Move(
            "reopen",
            _("Reopen"),
            event="mla.reopened",
            sources=frozenset(ENDED | DECIDED_AGAINST | {Status.EXECUTED}),
            target=Status.IN_TRIAGE,
            act="decide",
            needs=("reason",),
            consequences=(note_reopening,),
            back=True,
        ),
    )
}

LIFE = Life(ReceivedStatus, ReceivedStatus.REGISTERED, ENDED, MOVES)
