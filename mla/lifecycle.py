"""The life of a request for assistance that we send: read it from top to bottom.

``Status`` names the states a request can be in and ``MOVES`` everything that can happen to it. For
each move the table says: from where, to where, which act of ``registry.access.MAY`` it takes, what
must be true first (guards, each of which answers with the reasons why not), and what it causes.

The life of a request that we receive is ``mla/lifecycle_received.py``; what only some kinds have is
in ``mla/lifecycle_of_kinds.py`` and ``mla/lifecycle_beside.py``. ``advance`` and ``possibilities`` serve
all of them, by the machine in ``mla/life.py``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from mla import (
    amendments,
    clocks,
    closing_checks,
    completeness,
    grounds_cited,
    letters,
    life,
    lifecycle_beside,
    lifecycle_of_kinds,
    lifecycle_received,
    paper_follows,
    questions,
    urgency,
)
from mla.draft_editing import is_editable as is_editable
from mla.life import Life, Move, Possibility, note_end
from mla.models import AssistanceRequest, Dispatch, Status
from registry.models import User
from registry.refusals import Invalid, Text

WITH_THE_OTHER_SIDE = frozenset(
    {
        Status.SENT,
        Status.ACKNOWLEDGED,
        Status.IN_EXECUTION,
        Status.POSTPONED,
        Status.PARTLY_EXECUTED,
    }
)
ENDED = frozenset({Status.WITHDRAWN, Status.CLOSED})


# --- guards: what must be true first ----------------------------------------------------


def is_complete(request: AssistanceRequest, user: User) -> list[Text]:
    """Every mandatory content of the chosen instrument is there."""
    return [item.missing_sentence for item in completeness.checklist(request).missing]


def another_officer(request: AssistanceRequest, user: User) -> list[Text]:
    """Four eyes: who drafted, last edited or submitted a request does not approve it."""
    if user.pk in {request.drafted_by_id, request.submitted_by_id, request.last_edited_by_id}:
        return [
            _("You drafted or submitted this request: another approving officer must approve it.")
        ]
    return []


def letter_is_made(request: AssistanceRequest, user: User) -> list[Text]:
    """The approved letter exists as a PDF."""
    if request.letter is None or request.letter.state != request.letter.State.MADE:
        return [
            _("The letter is still being made. Wait for the PDF, then mark the request as sent.")
        ]
    return []


def was_sent(request: AssistanceRequest) -> bool:
    """It had gone out before it was ended."""
    return request.sent_at is not None


# --- consequences: what a move causes ---------------------------------------------------


def note_submission(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    request.submitted_by, request.submitted_at = user, now


def forget_submission(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    request.submitted_by = request.submitted_at = None
    request.approved_by = request.approved_at = None
    letters.void_letter(request, user, now)


def note_approval(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    request.approved_by, request.approved_at = user, now


def order_letter(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    request.letter = letters.order_request_letter(request, user, now)


def note_dispatch(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    """Record how it was sent; refuse a day to come or a day before the approval."""
    sent_at: datetime = data["sent_at"]
    if sent_at > now + timedelta(minutes=5):
        raise Invalid(
            "date_in_future",
            _("A letter cannot have been sent in the future."),
            fields={
                "sent_at": [_("Give the day and time at which it was sent, not later than now.")]
            },
        )
    if request.approved_at and sent_at < request.approved_at - timedelta(days=1):
        raise Invalid(
            "sent_before_approval",
            _("The letter was approved after that day."),
            fields={"sent_at": [_("Give a day that is not before the approval.")]},
        )
    if data["channel"] not in AssistanceRequest.Transmission.values:
        raise Invalid(
            "unknown_channel",
            _("There is no such channel."),
            fields={"channel": [_("Choose one of the channels offered.")]},
        )
    request.sent_at = sent_at
    Dispatch.objects.create(
        request=request,
        channel=data["channel"],
        sent_at=sent_at,
        tracking_number=data.get("tracking_number", ""),
        proof=data.get("proof"),
        note=data.get("note", ""),
        recorded_by=user,
        recorded_at=now,
    )


def note_acknowledgement(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    on: datetime = data["acknowledged_at"]
    if on > now + timedelta(minutes=5):
        raise Invalid(
            "date_in_future",
            _("An acknowledgement cannot have come in the future."),
            fields={"acknowledged_at": [_("Give the day on which it came, not later than now.")]},
        )
    if request.sent_at and on < request.sent_at:
        raise Invalid(
            "acknowledged_before_sending",
            _("The request was sent after that day."),
            fields={"acknowledged_at": [_("Give a day that is not before the sending.")]},
        )
    request.acknowledged_at = on
    if reference := data.get("foreign_reference", "").strip():
        request.dossier.foreign_reference = reference


def note_reopening(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    request.closed_at = None
    request.dossier.is_open = True


def note_postponement(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    """They acknowledge by postponing; a clock of ours asks after it when their day has come."""
    meet_acknowledgement(request, user, now, data)
    clocks.happened(request, "mla.postponed", at=now, now=now, actor=user)
    clocks.ask_after_postponement(request, data["until"], now, user)


def go_on(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
    clocks.happened(request, "mla.resumed", at=now, now=now, actor=user)


def start_clocks(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    clocks.start_for_sending(request, now)
    if data.get("original_follows"):
        paper_follows.start(request, data["channel"], now, user)


def meet_acknowledgement(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    clocks.settle(request, "mla.acknowledged", met=True, now=now)


def meet_decision(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    """They execute or refuse, so they have decided: no move of ours records the decision alone."""
    clocks.settle(request, clocks.ACCEPTED, met=True, now=now)


def start_execution_clocks(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    clocks.start_for_acceptance(request, now, user)


def meet_execution(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    clocks.settle(request, "mla.acknowledged", met=True, now=now)
    clocks.settle(request, "mla.executed", met=True, now=now)


def cancel_clocks(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    clocks.cancel_all(request, now=now)


# --- the life ---------------------------------------------------------------------------

MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move(
            "submit",
            _("Submit for approval"),
            event="mla.submitted",
            sources=frozenset({Status.DRAFT}),
            target=Status.AWAITING_APPROVAL,
            act="submit",
            guards=(is_complete, urgency.is_reasoned),
            consequences=(note_submission,),
        ),
        Move(
            "return_to_draft",
            _("Return to the drafter"),
            event="mla.returned_to_draft",
            sources=frozenset({Status.AWAITING_APPROVAL, Status.APPROVED}),
            target=Status.DRAFT,
            act="submit",
            needs=("reason",),
            consequences=(forget_submission,),
            back=True,
        ),
        Move(
            "approve",
            _("Approve"),
            event="mla.approved",
            sources=frozenset({Status.AWAITING_APPROVAL}),
            target=Status.APPROVED,
            act="approve",
            guards=(another_officer, is_complete, urgency.is_reasoned),
            consequences=(note_approval, order_letter),
        ),
        Move(
            "send",
            _("Mark as sent"),
            event="mla.sent",
            sources=frozenset({Status.APPROVED}),
            target=Status.SENT,
            act="send",
            needs=("channel", "sent_at"),
            takes=("original_follows", "tracking_number", "proof", "note"),
            guards=(letter_is_made,),
            consequences=(note_dispatch, start_clocks, lifecycle_of_kinds.tell_what_it_follows),
        ),
        Move(
            "acknowledge",
            _("Record the acknowledgement"),
            event="mla.acknowledged",
            sources=frozenset({Status.SENT}),
            target=Status.ACKNOWLEDGED,
            act="record_answer",
            needs=("acknowledged_at",),
            takes=("foreign_reference",),
            consequences=(note_acknowledgement, meet_acknowledgement),
        ),
        Move(
            "record_execution_begun",
            _("Record that they execute it"),
            event="mla.execution_begun",
            sources=frozenset({Status.SENT, Status.ACKNOWLEDGED, Status.POSTPONED}),
            target=Status.IN_EXECUTION,
            act="record_answer",
            takes=("note",),
            consequences=(
                meet_acknowledgement,
                meet_decision,
                go_on,
                start_execution_clocks,
            ),
        ),
        Move(
            "record_question",
            _("Record that they ask for more information"),
            event="mla.information_requested",
            sources=WITH_THE_OTHER_SIDE,
            target=None,
            act="record_answer",
            needs=("question",),
            takes=("asked_at", "wanted_by"),
            when=questions.none_is_open,
            consequences=(questions.ask,),
        ),
        Move(
            "record_our_answer",
            _("Record that we answered their question"),
            event="mla.information_received",
            sources=WITH_THE_OTHER_SIDE,
            target=None,
            act="record_answer",
            needs=("answered_at",),
            takes=("answer",),
            when=questions.one_is_open,
            consequences=(questions.answer,),
        ),
        Move(
            "record_postponement",
            _("Record a postponement"),
            event="mla.postponed",
            sources=frozenset(WITH_THE_OTHER_SIDE - {Status.POSTPONED}),
            target=Status.POSTPONED,
            act="record_answer",
            needs=("until", "reason"),
            consequences=(note_postponement,),
        ),
        Move(
            "record_part_execution",
            _("Record a partial answer"),
            event="mla.partly_executed",
            sources=WITH_THE_OTHER_SIDE,
            target=Status.PARTLY_EXECUTED,
            act="record_answer",
            needs=("note",),
            consequences=(meet_acknowledgement, meet_decision),
        ),
        Move(
            "record_execution",
            _("Record that it was executed"),
            event="mla.executed",
            sources=WITH_THE_OTHER_SIDE,
            target=Status.EXECUTED,
            act="record_answer",
            takes=("note",),
            consequences=(meet_decision, meet_execution),
        ),
        Move(
            "record_refusal",
            _("Record a refusal"),
            event="mla.refused",
            sources=WITH_THE_OTHER_SIDE,
            target=Status.REFUSED,
            act="record_answer",
            needs=("reason",),
            takes=("ground",),
            consequences=(grounds_cited.note_ground, meet_decision, meet_execution),
        ),
        Move(
            "amend",
            _("Amend the request"),
            event="mla.amended",
            sources=WITH_THE_OTHER_SIDE,
            target=None,
            act="edit",
            needs=("changes", "reason"),
            consequences=(amendments.note_amendment,),
        ),
        Move(
            "withdraw",
            _("Withdraw"),
            event="mla.withdrawn",
            sources=frozenset(
                {Status.DRAFT, Status.AWAITING_APPROVAL, Status.APPROVED} | WITH_THE_OTHER_SIDE
            ),
            target=Status.WITHDRAWN,
            act="withdraw",
            needs=("reason",),
            consequences=(cancel_clocks, note_end),
            back=True,
        ),
        Move(
            "close",
            _("Close"),
            event="mla.closed",
            sources=frozenset({Status.EXECUTED, Status.REFUSED, Status.PARTLY_EXECUTED}),
            target=Status.CLOSED,
            act="close",
            takes=("note",),
            consequences=(closing_checks.say_why, cancel_clocks, note_end),
        ),
        Move(
            "reopen",
            _("Reopen: more has come"),
            event="mla.reopened",
            sources=frozenset({Status.CLOSED}),
            target=Status.IN_EXECUTION,
            act="close",
            needs=("reason",),
            when=was_sent,
            consequences=(note_reopening,),
            back=True,
        ),
    )
}


SENT_LIFE = Life(Status, Status.DRAFT, ENDED, MOVES)


LIVES = lifecycle_of_kinds.lives(SENT_LIFE, lifecycle_received.LIFE) | lifecycle_beside.LIVES
ALL_MOVES = {name: move for every in LIVES.values() for name, move in every.moves.items()}
"""Every move of every life, by name."""


def life_of(request: AssistanceRequest) -> Life:
    """The life that a request leads: that of its direction and kind."""
    return LIVES[lifecycle_of_kinds.key_of(request)]


def possibilities(request: AssistanceRequest, user: User) -> list[Possibility]:
    """What this person can do with the request now, and why not yet; see ``life.possibilities``."""
    return life.possibilities(life_of(request), request, user)


def advance(
    request: AssistanceRequest,
    name: str,
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
    **data: Any,
) -> AssistanceRequest:
    """Make one move of the request's life, or raise a Refusal; see ``life.advance``."""
    return life.advance(
        life_of(request), request, name, user=user, now=now,
        expected_version=expected_version, **data,
    )  # fmt: skip
