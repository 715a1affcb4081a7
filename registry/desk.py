"""What waits for one person: the first few matters of each pile, and the deadlines near."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from registry.deadline_list import deadlines_visible_to
from registry.matter_kinds import kinds
from registry.models import Dossier, ProposedMove, User
from registry.recomputation import moves_to_decide
from registry.refusals import Text

SHOWN = 5
SOON = timedelta(days=14)


@dataclass(frozen=True)
class PileOnDesk:
    """A heading with the newest of its dossiers, and the address of the whole list."""

    label: Text
    dossiers: list[Dossier]
    more: bool
    list_address: str


@dataclass(frozen=True)
class Desk:
    """The desk: piles that hold something, deadlines overdue, deadlines of the next 14 days.

    ``moved`` are clocks that a changed rule or calendar would move, for those who may decide.
    """

    piles: list[PileOnDesk]
    overdue: list[dict[str, Any]]
    soon: list[dict[str, Any]]
    moved: list[ProposedMove] = field(default_factory=list)

    @property
    def is_clear(self) -> bool:
        return not (self.piles or self.overdue or self.soon or self.moved)


def desk_of(user: User, now: datetime) -> Desk:
    """The desk of a person. One query a pile and one or two a list, however much there is."""
    visible = Dossier.objects.visible_to(user).select_related("counterpart")
    piles = []
    for kind in kinds():
        for pile in kind.piles:
            condition = pile.condition(user)
            if condition is None:
                continue
            found = list(
                visible.filter(condition, kind=kind.code, is_open=True).order_by(
                    "-updated_at", "-id"
                )[: SHOWN + 1]
            )
            if found:
                address = f"{kind.list_page()}{pile.query}"
                piles.append(PileOnDesk(pile.label, found[:SHOWN], len(found) > SHOWN, address))
    overdue = deadlines_visible_to(user, now=now, which="overdue", size=SHOWN)
    soon = deadlines_visible_to(
        user, now=now, which="to_come", due_before=now + SOON, size=2 * SHOWN
    )
    moved = list(moves_to_decide(user)[:SHOWN])
    return Desk(piles, overdue.rows, soon.rows, moved)
