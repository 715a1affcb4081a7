"""The life of what is no request yet: an enquiry, an informal contact, a draft sent for comment.

It needs no approval, no letter and no legal basis: it went out or came in, it was answered, it is
over, or a request came of it (``mla/starting_from.py``). One short life for both directions.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mla import clocks
from mla.life import Life, Move, not_in_the_future, note_end
from mla.models import INFORMAL, AssistanceRequest, InformalStatus
from registry.models import User

Status = InformalStatus
CONTACTED, REPLIED = "mla.contacted", "mla.replied"
ENDED = frozenset({Status.WITHDRAWN, Status.CLOSED})


def is_ours(request: AssistanceRequest) -> bool:
    return not request.is_received


def is_theirs(request: AssistanceRequest) -> bool:
    return request.is_received


def note_contact(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    """When and how it went out; the day on which an answer is wanted becomes a clock."""
    sent_at: datetime = data["sent_at"]
    not_in_the_future("sent_at", sent_at, now)
    request.sent_at = sent_at
    request.kind_record["means"] = data["means"]
    if request.answer_wanted_by:
        clocks.start_answer_wanted(request, request.answer_wanted_by, sent_at, now, user)


def note_reply(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
    """What was answered, and when."""
    not_in_the_future("answered_at", data["answered_at"], now)
    request.kind_record["answered_at"] = data["answered_at"].isoformat()
    request.kind_record["answer"] = data["answer"]
    clocks.settle(request, clocks.EXECUTED, met=True, now=now, actor=user)


def end_clocks(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
    clocks.cancel_all(request, now=now, actor=user)


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move(
            "record_contact",
            _("Record that it went out"),
            event=CONTACTED,
            sources=frozenset({Status.DRAFT}),
            target=Status.SENT,
            act="edit",
            needs=("means", "sent_at"),
            takes=("note",),
            when=is_ours,
            consequences=(note_contact,),
        ),
        Move(
            "record_reply",
            _("Record their answer"),
            event=REPLIED,
            sources=frozenset({Status.SENT, Status.ANSWERED}),
            target=Status.ANSWERED,
            act="edit",
            needs=("answered_at", "answer"),
            when=is_ours,
            consequences=(note_reply,),
        ),
        Move(
            "record_our_reply",
            _("Record our answer"),
            event=REPLIED,
            sources=frozenset({Status.REGISTERED, Status.ANSWERED}),
            target=Status.ANSWERED,
            act="edit",
            needs=("answered_at", "answer"),
            when=is_theirs,
            consequences=(note_reply,),
        ),
        Move(
            "conclude",
            _("Close"),
            event="mla.closed",
            sources=frozenset({Status.SENT, Status.REGISTERED, Status.ANSWERED}),
            target=Status.CLOSED,
            act="close",
            takes=("note",),
            consequences=(end_clocks, note_end),
        ),
        Move(
            "withdraw",
            _("Withdraw"),
            event="mla.withdrawn",
            sources=frozenset({Status.DRAFT}),
            target=Status.WITHDRAWN,
            act="withdraw",
            needs=("reason",),
            consequences=(end_clocks, note_end),
            back=True,
        ),
    )
}
LIFE = Life(InformalStatus, InformalStatus.DRAFT, ENDED, MOVES)
LIVES = {(way, kind): LIFE for way in ("sent", "received") for kind in INFORMAL}
