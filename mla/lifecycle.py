"""The life of a request for assistance: read it from top to bottom.

``Status`` names the states a request can be in and ``MOVES`` everything that can happen to it. A
move that is not in the table does not exist. For each move the table says: from where, to where,
which act of ``registry.access.MAY`` it takes, what must be true first (guards, each of which
answers with the reasons why not), and what it causes.

``advance`` is the only function that changes a status. It checks sight, permission, place and
guards, then writes status, timeline entry and consequences in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from mla import clocks, completeness, editing_sessions, letters
from mla.draft_editing import is_editable as is_editable
from mla.draft_editing import search_text
from mla.models import AssistanceRequest, Dispatch, Status
from registry import timeline
from registry.access import may
from registry.dossiers import changing
from registry.models import User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow, Text

WITH_THE_OTHER_SIDE = frozenset({Status.SENT, Status.ACKNOWLEDGED, Status.PARTLY_EXECUTED})
ENDED = frozenset({Status.WITHDRAWN, Status.CLOSED})

Guard = Callable[[AssistanceRequest, User], list[Text]]
Consequence = Callable[[AssistanceRequest, User, datetime, dict[str, Any]], None]


@dataclass(frozen=True)
class Move:
    """One thing that can happen to a request."""

    name: str
    label: Text
    event: str
    sources: frozenset[Status]
    target: Status
    act: str
    needs: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    consequences: tuple[Consequence, ...] = ()


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


def note_end(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
    request.closed_at = now
    request.dossier.is_open = False


def start_clocks(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    clocks.start_for_sending(request, now)


def meet_acknowledgement(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    clocks.settle(request, "mla.acknowledged", met=True, now=now)


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
            guards=(is_complete,),
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
        ),
        Move(
            "approve",
            _("Approve"),
            event="mla.approved",
            sources=frozenset({Status.AWAITING_APPROVAL}),
            target=Status.APPROVED,
            act="approve",
            guards=(another_officer, is_complete),
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
            guards=(letter_is_made,),
            consequences=(note_dispatch, start_clocks),
        ),
        Move(
            "acknowledge",
            _("Record the acknowledgement"),
            event="mla.acknowledged",
            sources=frozenset({Status.SENT}),
            target=Status.ACKNOWLEDGED,
            act="record_answer",
            needs=("acknowledged_at",),
            consequences=(note_acknowledgement, meet_acknowledgement),
        ),
        Move(
            "record_part_execution",
            _("Record a partial answer"),
            event="mla.partly_executed",
            sources=frozenset({Status.SENT, Status.ACKNOWLEDGED, Status.PARTLY_EXECUTED}),
            target=Status.PARTLY_EXECUTED,
            act="record_answer",
            needs=("note",),
            consequences=(meet_acknowledgement,),
        ),
        Move(
            "record_execution",
            _("Record that it was executed"),
            event="mla.executed",
            sources=WITH_THE_OTHER_SIDE,
            target=Status.EXECUTED,
            act="record_answer",
            consequences=(meet_execution,),
        ),
        Move(
            "record_refusal",
            _("Record a refusal"),
            event="mla.refused",
            sources=WITH_THE_OTHER_SIDE,
            target=Status.REFUSED,
            act="record_answer",
            needs=("reason",),
            consequences=(meet_execution,),
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
        ),
        Move(
            "close",
            _("Close"),
            event="mla.closed",
            sources=frozenset({Status.EXECUTED, Status.REFUSED, Status.PARTLY_EXECUTED}),
            target=Status.CLOSED,
            act="close",
            consequences=(cancel_clocks, note_end),
        ),
    )
}


@dataclass(frozen=True)
class Possibility:
    """A move seen by one person now: can be done, or the reasons why not yet."""

    move: Move
    reasons: tuple[Text, ...] = ()

    @property
    def possible(self) -> bool:
        return not self.reasons


def possibilities(request: AssistanceRequest, user: User) -> list[Possibility]:
    """The moves from the request's present status that this person's role allows, in table order.

    Each comes with the reasons why it cannot be done yet; the list is empty for a person who may
    only read.
    """
    status = request.dossier.status
    return [
        Possibility(move, tuple(reason for guard in move.guards for reason in guard(request, user)))
        for move in MOVES.values()
        if status in move.sources and may(user, move.act, request.dossier)
    ]


def advance(
    request: AssistanceRequest,
    name: str,
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
    **data: Any,
) -> AssistanceRequest:
    """Make one move, or raise a Refusal and change nothing.

    Steps:
    1. The person's role must allow the act (NotAllowed).
    2. The version must be the one the person saw (Stale).
    3. The request must be where the move starts (NotPossibleNow) and the guards content.
    4. What the move needs must be given (Invalid, by field).
    5. Consequences, status and timeline entry are written together.
    """
    move = MOVES.get(name)
    if move is None:
        raise Invalid(
            "unknown_move",
            _("A request knows no such move."),
            fields={"move": [_("Choose one of the moves offered.")]},
        )
    if not may(user, move.act, request.dossier):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow this. Ask an officer who may."),
        )
    with changing(request.dossier, expected_version=expected_version, now=now) as dossier:
        fresh = AssistanceRequest.objects.select_related("letter", "basis").get(pk=request.pk)
        fresh.dossier = dossier
        if dossier.status not in move.sources:
            raise NotPossibleNow(
                "wrong_status",
                _("This cannot be done while the request is “%(status)s”.")
                % {"status": Status(dossier.status).label},
            )
        reasons = [reason for guard in move.guards for reason in guard(fresh, user)]
        if reasons:
            raise NotPossibleNow(
                "not_yet", " ".join(str(r) for r in reasons), fields={"reasons": reasons}
            )
        if missing := [key for key in move.needs if not data.get(key)]:
            raise Invalid(
                "missing",
                _("Something is missing."),
                fields={key: [_("This is needed.")] for key in missing},
            )
        editing_sessions.close(fresh)
        for consequence in move.consequences:
            consequence(fresh, user, now, data)
        dossier.status = move.target
        dossier.search_text = search_text(fresh)
        fresh.save()
        timeline.record(dossier, move.event, actor=user, at=now, **_words(data))
    for model_field in AssistanceRequest._meta.concrete_fields:
        setattr(request, model_field.attname, getattr(fresh, model_field.attname))
    request.dossier = fresh.dossier
    return request


def _words(data: dict[str, Any]) -> dict[str, Any]:
    """What the timeline keeps of a move's data: plain values only."""
    kept: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, datetime):
            kept[key] = value.isoformat()
        elif isinstance(value, models.Model):
            kept[key] = value.pk
        elif value not in (None, ""):
            kept[key] = value
    return kept
