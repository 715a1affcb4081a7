"""How a matter moves through its life: one machine for every kind of matter.

A life is a table of moves, kept by the room that knows the kind of matter (``mla/lifecycle.py``,
``cases/extradition_moves.py``). ``Machine.advance`` is the only way in which such a matter changes its
status: it checks permission, place and guards, then writes status, timeline entry and consequences in
one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from registry import timeline
from registry.access import may
from registry.dossiers import changing
from registry.models import Dossier, User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow, Text


class AnyMove(Protocol):
    """What the machine needs to know of a move. ``target`` None leaves the status as it is."""

    @property
    def event(self) -> str: ...
    @property
    def act(self) -> str: ...
    @property
    def target(self) -> Any: ...
    @property
    def needs(self) -> tuple[str, ...]: ...
    @property
    def consequences(self) -> tuple[Callable[..., None], ...]: ...


Matter = TypeVar("Matter", bound=models.Model)
M = TypeVar("M", bound=AnyMove)
M_co = TypeVar("M_co", bound=AnyMove, covariant=True)


@dataclass(frozen=True)
class Possibility(Generic[M_co]):
    """A move seen by one person now: can be done, or the reasons why not yet."""

    move: M_co
    reasons: tuple[Text, ...] = ()

    @property
    def possible(self) -> bool:
        return not self.reasons


@dataclass(frozen=True)
class Machine(Generic[Matter, M]):
    """What is special to one kind of matter; the steps are the same for all.

    ``fresh`` reads the matter anew for a dossier held under lock; ``is_here`` says whether a move has
    its place now, ``reasons`` why it cannot be made yet, ``withheld`` why it is not even offered;
    ``check`` looks at what was given, and raises Invalid; ``begins`` does what precedes every move; ``kept`` is what the timeline keeps of it.
    """

    unknown: Text
    wrong_status: Callable[[str], str]
    fresh: Callable[[Matter, Dossier], Matter]
    is_here: Callable[[M, Matter], bool]
    reasons: Callable[[M, Matter, User], list[Text]]
    search_text: Callable[[Matter], str]
    kept: Callable[[Matter, dict[str, Any]], dict[str, Any]]
    withheld: Callable[[M, Matter, User], list[Text]] = lambda move, matter, user: []
    check: Callable[[dict[str, Any], datetime], None] = lambda data, now: None
    begins: Callable[[Matter], None] = lambda matter: None

    def advance(
        self,
        move: M | None,
        matter: Matter,
        *,
        user: User,
        now: datetime,
        expected_version: int | None,
        data: dict[str, Any],
    ) -> Matter:
        """Make one move, or raise a Refusal and change nothing.

        Steps:
        1. The person's role must allow the act (NotAllowed).
        2. The version must be the one the person saw (Stale).
        3. The matter must be where the move starts (NotPossibleNow) and the guards content.
        4. What the move needs must be given (Invalid, by field), and right.
        5. Consequences, status and timeline entry are written together.
        """
        held: Dossier = matter.dossier  # type: ignore[attr-defined]
        if move is None:
            raise Invalid(
                "unknown_move",
                self.unknown,
                fields={"move": [_("Choose one of the moves offered.")]},
            )
        if not may(user, move.act, held):
            raise NotAllowed(
                "role_may_not",
                _("Your role in this authority does not allow this. Ask an officer who may."),
            )
        with changing(held, expected_version=expected_version, now=now) as dossier:
            fresh = self.fresh(matter, dossier)
            if not self.is_here(move, fresh):
                raise NotPossibleNow("wrong_status", self.wrong_status(dossier.status))
            reasons = [*self.withheld(move, fresh, user), *self.reasons(move, fresh, user)]
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
            self.check(data, now)
            self.begins(fresh)
            for consequence in move.consequences:
                consequence(fresh, user, now, data)
            if move.target is not None:
                dossier.status = move.target
            dossier.search_text = self.search_text(fresh)
            fresh.save()
            timeline.record(dossier, move.event, actor=user, at=now, **self.kept(fresh, data))
        for field in matter._meta.concrete_fields:
            setattr(matter, field.attname, getattr(fresh, field.attname))
        matter.dossier = dossier  # type: ignore[attr-defined]
        return matter

    def possibilities(self, moves: Iterable[M], matter: Matter, user: User) -> list[Possibility[M]]:
        """The moves from the present status that this person's role allows, in table order.

        Each comes with the reasons why it cannot be done yet; the list is empty for a person who may
        only read.
        """
        dossier: Dossier = matter.dossier  # type: ignore[attr-defined]
        return [
            Possibility(move, tuple(self.reasons(move, matter, user)))
            for move in moves
            if self.is_here(move, matter)
            and may(user, move.act, dossier)
            and not self.withheld(move, matter, user)
        ]


def plain(value: Any) -> Any:
    """A value as the timeline keeps it: days and instants written, rows by their key."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.pk if isinstance(value, models.Model) else value
