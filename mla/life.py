"""How a request moves: the machine of ``registry/life.py`` for a sent and for a received request.

A life is a table of moves (``mla/lifecycle.py`` for what we send, ``mla/lifecycle_received.py`` for
what we receive). A move that is not in its table does not exist. ``advance`` is the only function
that changes a status.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mla import editing_sessions
from mla.draft_editing import search_text
from mla.models import STATUS_LABELS, AssistanceRequest
from registry import life
from registry.models import Dossier, User
from registry.refusals import Invalid, Text

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


Possibility = life.Possibility[Move]


def possibilities(of: Life, request: AssistanceRequest, user: User) -> list[Possibility]:
    """The moves from the request's present status that this person's role allows, in table order."""
    return MACHINE.possibilities(of.moves.values(), request, user)


def advance(
    of: Life,
    request: AssistanceRequest,
    name: str,
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
    **data: Any,
) -> AssistanceRequest:
    """Make one move, or raise a Refusal and change nothing; see ``registry.life``."""
    move = of.moves.get(name)
    MACHINE.advance(move, request, user=user, now=now, expected_version=expected_version, data=data)
    request._state.fields_cache.pop("receipt", None)
    return request


def _fresh(request: AssistanceRequest, dossier: Dossier) -> AssistanceRequest:
    fresh = AssistanceRequest.objects.select_related("letter", "basis", "receipt").get(
        pk=request.pk
    )
    fresh.dossier = dossier
    return fresh


def _is_here(move: Move, request: AssistanceRequest) -> bool:
    return request.dossier.status in move.sources and (move.when is None or move.when(request))


def _wrong_status(status: str) -> str:
    return gettext("This cannot be done while the request is “%(status)s”.") % {
        "status": STATUS_LABELS[status]
    }


def note_end(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
    """The matter is over, in either direction."""
    request.closed_at = now
    request.dossier.is_open = False


def not_in_the_future(name: str, at: datetime, now: datetime) -> None:
    """Raises Invalid for an instant to come; clocks of two machines may differ by five minutes."""
    if (at - now).total_seconds() > 300:
        raise Invalid(
            "date_in_future",
            _("This cannot have happened in the future."),
            fields={name: [_("Give the day and time at which it was, not later than now.")]},
        )


def _kept(request: AssistanceRequest, data: dict[str, Any]) -> dict[str, Any]:
    """What the timeline keeps of a move's data: plain values only."""
    kept: dict[str, Any] = {"direction": "received"} if request.is_received else {}
    return kept | {key: life.plain(value) for key, value in data.items() if value not in (None, "")}


MACHINE: life.Machine[AssistanceRequest, Move] = life.Machine(
    unknown=_("A request knows no such move."),
    wrong_status=_wrong_status,
    fresh=_fresh,
    is_here=_is_here,
    reasons=lambda move, request, user: [
        reason for guard in move.guards for reason in guard(request, user)
    ],
    search_text=search_text,
    kept=_kept,
    begins=editing_sessions.close,
)
