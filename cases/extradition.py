"""How an extradition moves: the table of its moves (``cases/extradition_moves.py``) and the machine.

``advance`` is the only function that changes a status. It checks permission, place and guards, then
writes status, timeline, custody and clocks in one transaction (``registry/life.py``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.extradition_consequences import check_moment
from cases.extradition_moves import APPROVE as APPROVE
from cases.extradition_moves import BEFORE_THE_REQUEST as BEFORE_THE_REQUEST
from cases.extradition_moves import BOTH as BOTH
from cases.extradition_moves import ENDED as ENDED
from cases.extradition_moves import MOVES as MOVES
from cases.extradition_moves import RECEIVED as RECEIVED
from cases.extradition_moves import RUN as RUN
from cases.extradition_moves import SENT as SENT
from cases.extradition_moves import Guard
from cases.extradition_moves import Move as Move
from cases.extradition_search import search_text
from cases.models import ExtraditionCase
from cases.models import ExtraditionStatus as Status
from registry import life
from registry.models import Dossier, User
from registry.refusals import Text

Possibility = life.Possibility[Move]


def possibilities(extradition: ExtraditionCase, user: User) -> list[Possibility]:
    """The moves from the present status that this person's role allows, in table order."""
    return MACHINE.possibilities(MOVES.values(), extradition, user)


def advance(
    extradition: ExtraditionCase,
    name: str,
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
    **data: Any,
) -> ExtraditionCase:
    """Make one move, or raise a Refusal and change nothing; see ``registry.life``.

    Of what is given, the move takes what it knows; ``at`` must not lie in the future.
    """
    move = MOVES.get(name)
    known = (*move.needs, *move.takes) if move else ()
    return MACHINE.advance(
        move,
        extradition,
        user=user,
        now=now,
        expected_version=expected_version,
        data={key: value for key, value in data.items() if key in known},
    )


def _fresh(extradition: ExtraditionCase, dossier: Dossier) -> ExtraditionCase:
    fresh = ExtraditionCase.objects.select_related(
        "basis", "person", "requesting_state", "requested_state"
    ).get(pk=extradition.pk)
    fresh.dossier = dossier
    return fresh


def _is_here(move: Move, extradition: ExtraditionCase) -> bool:
    dossier = extradition.dossier
    return dossier.status in move.sources and dossier.direction in move.directions


def _reasons(guards: tuple[Guard, ...], extradition: ExtraditionCase, user: User) -> list[Text]:
    return [reason for each in guards for reason in each(extradition, user)]


def _wrong_status(status: str) -> str:
    return _("This cannot be done while the case is “%(status)s”.") % {
        "status": Status(status).label
    }


def _kept(extradition: ExtraditionCase, data: dict[str, Any]) -> dict[str, Any]:
    """What the timeline keeps of a move's data: plain values only."""
    return {
        "happened_at" if key == "at" else key: life.plain(value)
        for key, value in data.items()
        if value not in (None, "", [])
    }


MACHINE: life.Machine[ExtraditionCase, Move] = life.Machine(
    unknown=gettext_lazy("An extradition knows no such move."),
    wrong_status=_wrong_status,
    fresh=_fresh,
    is_here=_is_here,
    reasons=lambda move, case, user: _reasons(move.guards, case, user),
    withheld=lambda move, case, user: _reasons(move.offered, case, user),
    search_text=search_text,
    kept=_kept,
    check=lambda data, now: check_moment(data.get("at"), now),
)
