"""How a request moves: one machine for the life of a sent and of a received request.

A life is a table of moves (``mla/lifecycle.py`` for what we send, ``mla/lifecycle_received.py`` for
what we receive). A move that is not in its table does not exist. ``advance`` is the only function
that changes a status: it checks permission, place and guards, then writes status, timeline entry
and consequences in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from mla import editing_sessions
from mla.draft_editing import search_text
from mla.models import STATUS_LABELS, AssistanceRequest
from registry import timeline
from registry.access import may
from registry.dossiers import changing
from registry.models import User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow, Text

Guard = Callable[[AssistanceRequest, User], list[Text]]
Consequence = Callable[[AssistanceRequest, User, datetime, dict[str, Any]], None]
Condition = Callable[[AssistanceRequest], bool]


@dataclass(frozen=True)
class Move:
    """One thing that can happen to a request.

    ``target`` is None for what leaves the status as it is (an acknowledgement, a question). ``when``
    says whether the move has a place in this request at all; a guard, why it cannot be made yet.
    ``needs`` must be given, ``takes`` may be (``mla/move_fields.py`` describes both). ``back`` marks
    what does not lead on: it is offered last.
    """

    name: str
    label: Text
    event: str
    sources: frozenset[Any]
    target: Any
    act: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    when: Condition | None = None
    back: bool = False


@dataclass(frozen=True)
class Life:
    """The moves of one direction, in the order in which they are offered."""

    statuses: type[models.TextChoices]
    begins: str
    ended: frozenset[Any]
    moves: dict[str, Move]


@dataclass(frozen=True)
class Possibility:
    """A move seen by one person now: can be done, or the reasons why not yet."""

    move: Move
    reasons: tuple[Text, ...] = ()

    @property
    def possible(self) -> bool:
        return not self.reasons


def possibilities(life: Life, request: AssistanceRequest, user: User) -> list[Possibility]:
    """The moves from the request's present status that this person's role allows, in table order.

    Each comes with the reasons why it cannot be done yet; the list is empty for a person who may
    only read.
    """
    status = request.dossier.status
    return [
        Possibility(move, tuple(reason for guard in move.guards for reason in guard(request, user)))
        for move in life.moves.values()
        if status in move.sources
        and (move.when is None or move.when(request))
        and may(user, move.act, request.dossier)
    ]


def advance(
    life: Life,
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
    move = life.moves.get(name)
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
        fresh = AssistanceRequest.objects.select_related("letter", "basis", "receipt").get(
            pk=request.pk
        )
        fresh.dossier = dossier
        if dossier.status not in move.sources or (move.when and not move.when(fresh)):
            raise NotPossibleNow(
                "wrong_status",
                _("This cannot be done while the request is “%(status)s”.")
                % {"status": STATUS_LABELS[dossier.status]},
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
        if move.target is not None:
            dossier.status = move.target
        dossier.search_text = search_text(fresh)
        fresh.save()
        timeline.record(dossier, move.event, actor=user, at=now, **_words(fresh, data))
    for model_field in AssistanceRequest._meta.concrete_fields:
        setattr(request, model_field.attname, getattr(fresh, model_field.attname))
    request._state.fields_cache.pop("receipt", None)
    request.dossier = fresh.dossier
    return request


def not_in_the_future(name: str, at: datetime, now: datetime) -> None:
    """Raises Invalid for an instant to come; clocks of two machines may differ by five minutes."""
    if (at - now).total_seconds() > 300:
        raise Invalid(
            "date_in_future",
            _("This cannot have happened in the future."),
            fields={name: [_("Give the day and time at which it was, not later than now.")]},
        )


def _words(request: AssistanceRequest, data: dict[str, Any]) -> dict[str, Any]:
    """What the timeline keeps of a move's data: plain values only."""
    kept: dict[str, Any] = {"direction": "received"} if request.is_received else {}
    for key, value in data.items():
        if isinstance(value, datetime | date):
            kept[key] = value.isoformat()
        elif isinstance(value, models.Model):
            kept[key] = value.pk
        elif value not in (None, ""):
            kept[key] = value
    return kept
