"""Is a State bound by an instrument on a day: since when and by what act, or why not.

Pure functions on the acts of one State towards one instrument; no database. The rules:

1. Before the instrument's own general entry into force nobody is bound.
2. An act of consent (ratification, accession, acceptance, approval, succession, application) binds
   from its day of entry into force, that day included. A succession without such a day binds from
   its notification at the latest. Any other act without one binds nobody yet.
3. A withdrawal ends what was consented to before it, from its day of effect: on that day the State
   is no longer bound, on the day before it still is. A withdrawal of whose effect no day is known
   counts from its notification.
4. A State may consent again after a withdrawal: each consent has an interval of its own. Where the
   withdrawal between two consents is not recorded, the first ends on the day of the second at the
   latest (who accedes is not a party), and is doubtful before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from datetime import date as day
from enum import StrEnum

SIGNATURE, SUCCESSION, WITHDRAWAL = "signature", "succession", "withdrawal"


class Standing(StrEnum):
    """How a State stands towards an instrument on a day."""

    BOUND = "bound"
    SIGNED_ONLY = "signed_only"
    RATIFIED_NOT_IN_FORCE = "ratified_not_in_force"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    BOUND_LATER = "bound_later"
    WITHDRAWN = "withdrawn"
    NEVER_PARTICIPATED = "never_participated"
    PARTICIPATION_UNKNOWN = "participation_unknown"


# How far a State is from being bound, farthest first: of two sides, the farther one is the reason.
FARTHEST_FIRST = (
    Standing.NOT_YET_IN_FORCE,
    Standing.PARTICIPATION_UNKNOWN,
    Standing.NEVER_PARTICIPATED,
    Standing.WITHDRAWN,
    Standing.SIGNED_ONLY,
    Standing.RATIFIED_NOT_IN_FORCE,
    Standing.BOUND_LATER,
)


@dataclass(frozen=True, slots=True)
class Act:
    """One recorded act of a State towards an instrument."""

    action: str
    date: day | None
    entry_into_force: day | None
    note: str = ""
    source: str = ""
    as_of: str = ""
    verified: bool = False
    key: int | None = field(default=None, compare=False)

    @property
    def binds_from(self) -> day | None:
        if self.action == SUCCESSION:
            return self.entry_into_force or self.date
        return self.entry_into_force

    @property
    def known_from(self) -> day | None:
        """The first day on which the act was there to be seen."""
        return self.date or self.entry_into_force


@dataclass(frozen=True, slots=True)
class Footing:
    """What of an instrument decides who can be bound by it."""

    in_force: bool
    in_force_since: date | None = None
    universal: bool = False  # every State is a party, whether its act is recorded or not
    recorded: bool = True  # the register holds acts of States towards it
    partly_recorded: bool = False  # absence of an act says nothing


@dataclass(frozen=True, slots=True)
class Position:
    """The answer: how a State stands on the day asked for, and the acts that tell so.

    ``since`` is the first day on which it is bound (or will be: BOUND_LATER, NOT_YET_IN_FORCE);
    ``until`` the first day on which it is bound no more. ``act`` is the deciding act.
    ``doubtful`` says that a later act shows a withdrawal whose day the register does not hold.
    """

    standing: Standing
    since: date | None = None
    until: date | None = None
    act: Act | None = None
    signed: date | None = None
    doubtful: bool = False

    @property
    def bound(self) -> bool:
        return self.standing is Standing.BOUND

    @property
    def verified(self) -> bool:
        return not self.doubtful and (self.act is None or self.act.verified)


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``since`` on, and before ``until`` where there is one."""

    act: Act
    since: date
    until: date | None
    doubtful: bool = False

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


def intervals(acts: Iterable[Act], footing: Footing) -> list[Interval]:
    """When the State is bound, one interval for each act of consent, earliest first."""
    if not footing.in_force:
        return []
    acts = list(acts)
    withdrawals = [a for a in acts if a.action == WITHDRAWAL]
    consents = [a for a in acts if a.action not in (SIGNATURE, WITHDRAWAL)]
    found: list[Interval] = []
    for act in consents:
        if act.binds_from is None:
            continue
        since = max(act.binds_from, footing.in_force_since or act.binds_from)
        ends = [e for w in withdrawals if _ends(w, act) and (e := _effect(w)) is not None]
        again = [c.date for c in consents if c.date and _consents_again(c, act)]
        until = min([*ends, *again], default=None)
        if until is None or until > since:
            found.append(Interval(act, since, until, doubtful=bool(again) and not ends))
    return sorted(found, key=lambda i: i.since)


def position(acts: Sequence[Act], on: date, footing: Footing) -> Position:
    """How a State with these acts stands towards an instrument with this footing on a day."""
    signed = min((a.date for a in acts if a.action == SIGNATURE and a.date), default=None)
    if footing.in_force and footing.in_force_since and on < footing.in_force_since:
        return Position(Standing.NOT_YET_IN_FORCE, footing.in_force_since, signed=signed)
    if footing.universal and not acts:
        return Position(Standing.BOUND, footing.in_force_since)

    held = intervals(acts, footing)
    current = [i for i in held if i.holds(on)]
    if current:
        last = current[-1]
        return Position(Standing.BOUND, last.since, last.until, last.act, signed, last.doubtful)
    return _why_not(acts, held, on, footing, signed)


def _why_not(
    acts: Sequence[Act],
    held: list[Interval],
    on: date,
    footing: Footing,
    signed: date | None,
) -> Position:
    consents = [a for a in acts if a.action not in (SIGNATURE, WITHDRAWAL)]
    given = [a for a in consents if a.known_from and a.known_from <= on]
    coming = next((i for i in held if i.since > on), None)
    left = [a for a in acts if a.action == WITHDRAWAL and (_effect(a) or date.max) <= on]
    if left:
        last = max(left, key=lambda a: _effect(a) or date.min)
        again = [a for a in given if a.date and last.date and a.date > last.date]
        if not again:
            since = next((i.since for i in reversed(held) if i.since <= on), None)
            return Position(Standing.WITHDRAWN, since, _effect(last), last, signed)
    if given:
        if coming:
            return Position(Standing.BOUND_LATER, coming.since, None, coming.act, signed)
        return Position(Standing.RATIFIED_NOT_IN_FORCE, None, None, given[-1], signed)
    if signed and signed <= on:
        since = coming.since if coming else None
        act = next(a for a in acts if a.action == SIGNATURE and a.date == signed)
        return Position(Standing.SIGNED_ONLY, since, None, act, signed)
    if coming:
        return Position(Standing.BOUND_LATER, coming.since, None, coming.act, signed)
    if not footing.recorded or (footing.partly_recorded and not acts):
        return Position(Standing.PARTICIPATION_UNKNOWN)
    return Position(Standing.NEVER_PARTICIPATED, signed=signed)


def _effect(withdrawal: Act) -> date | None:
    return withdrawal.entry_into_force or withdrawal.date


def _consents_again(later: Act, earlier: Act) -> bool:
    """Whether a consent shows that an earlier one had lapsed: deposited later, binding later still."""
    if later.action == SUCCESSION or not (later.date and later.entry_into_force):
        return False
    start = earlier.binds_from
    return start is not None and start < later.date < later.entry_into_force


def _ends(withdrawal: Act, consent: Act) -> bool:
    """Whether this withdrawal is of that consent, and not of an earlier one."""
    effect, start = _effect(withdrawal), consent.binds_from
    if effect is None or start is None:
        return False
    if withdrawal.date and consent.date:
        return withdrawal.date >= consent.date
    return effect > start
