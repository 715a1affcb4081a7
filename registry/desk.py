"""What waits for one person: the first few matters of each pile, and the deadlines near."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from registry.deadline_list import deadlines_visible_to
from registry.matter_kinds import kinds
from registry.models import Dossier, User
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
    """The desk: piles that hold something, deadlines overdue, deadlines of the next 14 days."""

    piles: list[PileOnDesk]
    overdue: list[dict[str, Any]]
    soon: list[dict[str, Any]]

    @property
    def is_clear(self) -> bool:
        return not (self.piles or self.overdue or self.soon)


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
    return Desk(piles, overdue.rows, soon.rows)
