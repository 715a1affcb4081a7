"""What a State owes on a day, and when each thing came or comes due: read from the register.

Nothing here is stored: as soon as the register holds a State's deposit, its obligations are owed.
The rules (each obligation says in ``due_from`` which of them is its own):

1. *On deposit*: due on the day of the act of consent, even before the instrument binds the State.
2. *From entry into force for the State*: due so many months after the first day on which it is
   bound; on the same day of the month, or on its last day where the month is shorter.
3. What returns every n months has periods, counted from 1. The last one that fell due before the
   day asked about and the next one are owed; earlier ones are history.
4. *At all times* and *in each case* have no day. *A date that the office sets* is the office's.
5. A State that has signed, or whose consent is not yet in force, is *preparing*: the same
   obligations are listed without a day, except those due on deposit.
6. What a State has left, or never joined, it does not owe. Political commitments are listed for
   every State, apart from the law.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from registry.time_rules import add_months
from treaties.models import Obligation
from treaties.participation import Position, Standing
from treaties.register_index import RegisterIndex

PREPARING = frozenset({Standing.SIGNED_ONLY, Standing.RATIFIED_NOT_IN_FORCE, Standing.BOUND_LATER})


@dataclass(frozen=True)
class Owed:
    """One obligation of a State, in one of its periods, on the day asked about.

    ``since`` is the first day on which the State is (or will be) bound. ``due_on`` is None where no
    day follows from the instrument. ``preparing`` says that the State is not bound yet.
    """

    obligation: Obligation
    period: int
    since: date | None
    due_on: date | None
    preparing: bool
    verified: bool

    @property
    def key(self) -> tuple[str, int]:
        return self.obligation.pk, self.period


def owed_by(state_code: str, on: date, *, instrument: str = "") -> list[Owed]:
    """What a State owes on a day, in the order of the register: two queries at the most.

    With an instrument, only under it. Raises KeyError for an unknown State.
    """
    index = RegisterIndex.current()
    index.states[state_code]
    known = Obligation.objects.filter(Q(only_state=None) | Q(only_state=state_code))
    if instrument:
        known = known.filter(instrument=instrument)
    positions: dict[str, Position] = {}
    found: list[Owed] = []
    for obligation in known:
        code = obligation.instrument_id
        if code is None:
            found.append(Owed(obligation, 1, None, None, False, obligation.is_verified))
            continue
        if code not in positions:
            positions[code] = index.position(code, state_code, on)
        found.extend(_under(obligation, positions[code], on))
    return found


def _under(obligation: Obligation, position: Position, on: date) -> Iterator[Owed]:
    verified = obligation.is_verified and position.verified
    if not position.bound and position.standing not in PREPARING:
        return
    preparing = not position.bound
    start = _start(obligation, position)
    if start is None:
        yield Owed(obligation, 1, position.since, None, preparing, verified)
        return
    for period, due in _periods(obligation, start, on):
        yield Owed(obligation, period, position.since, due, preparing, verified)


def _start(obligation: Obligation, position: Position) -> date | None:
    """The day from which the obligation's months count; None where it has no day."""
    if obligation.due_from == Obligation.DueFrom.BINDING:
        return position.since if position.bound else None
    if obligation.due_from == Obligation.DueFrom.DEPOSIT:
        if position.standing is Standing.SIGNED_ONLY:
            return None
        return position.act.known_from if position.act else position.since
    return None


def _periods(obligation: Obligation, start: date, on: date) -> Iterator[tuple[int, date]]:
    """The period that fell due last and the next one; only the first where it does not return."""
    first = add_months(start, obligation.due_months)
    every = obligation.every_months
    if not every or first > on:
        yield 1, first
        return
    passed = (on.year - first.year) * 12 + on.month - first.month
    last = passed // every
    if add_months(first, last * every) > on:
        last -= 1
    yield last + 1, add_months(first, last * every)
    yield last + 2, add_months(first, (last + 1) * every)
