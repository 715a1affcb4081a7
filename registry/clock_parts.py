"""The words in which a running clock is told: its events, what may extend it, where it stands.

What they do to the end of a time limit is in ``registry/running_clock.py``, which offers them too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.refusals import Text
from registry.time_rules import Unit, length_in_words, plain

Position = date | datetime
"""Where the counting stands: a day, or an instant for what runs in hours."""


class EventKind(StrEnum):
    START = "start"
    SUSPEND = "suspend"
    RESUME = "resume"
    RESTART = "restart"
    EXTEND = "extend"
    MEET = "meet"
    MISS = "miss"
    STOP = "stop"


class ClockState(StrEnum):
    NOT_STARTED = "not_started"
    RUNNING = "running"
    SUSPENDED = "suspended"
    MET = "met"
    MISSED = "missed"
    STOPPED = "stopped"


ENDED = frozenset({ClockState.MET, ClockState.MISSED, ClockState.STOPPED})
AT_ONE_INSTANT = (
    EventKind.START,
    EventKind.RESTART,
    EventKind.RESUME,
    EventKind.EXTEND,
    EventKind.SUSPEND,
    EventKind.MEET,
    EventKind.MISS,
    EventKind.STOP,
)
"""The order in which events of one and the same instant are taken."""


@dataclass(frozen=True)
class ClockEvent:
    """Something that happened to a clock.

    ``ground`` is why it was suspended, or which ground a RESUME ends (none: all of them). EXTEND
    has ``length`` and ``unit``, or ``until``; ``by`` is who extended. ``number`` tells apart what
    is otherwise equal.
    """

    kind: EventKind
    at: datetime
    ground: str = ""
    length: Decimal | None = None
    unit: Unit | None = None
    until: date | None = None
    by: str = ""
    number: int = 0


@dataclass(frozen=True)
class Allowance:
    """How far a limit may be extended: by whom, how often, by how much each time.

    No ``by`` means not at all; no ``times``, as often as wanted; no ``length``, by any length.
    ``anyone`` lets everybody, as for a date that the office set itself.
    """

    by: str = ""
    times: int | None = None
    length: Decimal | None = None
    unit: Unit | None = None
    article: str = ""

    @property
    def permits(self) -> bool:
        return bool(self.by)


ANYONE = "anyone"
NOT_EXTENDABLE = Allowance()
FREELY = Allowance(by=ANYONE)


@dataclass(frozen=True)
class FixedEnd:
    """The rule of a clock that no rule makes: it ends at an instant that somebody named."""

    at: datetime
    zone: tzinfo


@dataclass(frozen=True)
class Pause:
    """A stretch during which the clock stood still. ``lost`` is in ``unit``; see the module."""

    since: datetime
    until: datetime
    grounds: tuple[str, ...]
    lost: Decimal
    unit: Unit
    counted: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "from": self.since.isoformat(),
            "to": self.until.isoformat(),
            "grounds": list(self.grounds),
            "lost": plain(self.lost),
            "unit": self.unit.value,
            "counted": self.counted,
        }


@dataclass(frozen=True)
class Extension:
    """An extension that took effect, and where the count stood before and after it."""

    at: datetime
    by: str
    before: date
    after: date
    length: Decimal | None = None
    unit: Unit | None = None
    until: date | None = None
    article: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "by": self.by,
            "length": plain(self.length) if self.length is not None else "",
            "unit": self.unit.value if self.unit else "",
            "until": self.until.isoformat() if self.until else "",
            "before": self.before.isoformat(),
            "after": self.after.isoformat(),
            "article": self.article,
        }


@dataclass(frozen=True)
class Refused:
    """An event that had no effect, and why."""

    event: ClockEvent
    why: Text


@dataclass(frozen=True)
class Run:
    """Where a clock stands. ``first_due`` is the end that the start alone gave."""

    state: ClockState
    started_at: datetime | None = None
    first_due: datetime | None = None
    due: datetime | None = None
    last_day: date | None = None
    suspended_since: datetime | None = None
    remaining: Decimal | None = None
    unit: Unit = Unit.DAYS
    settled_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    refused: tuple[Refused, ...] = ()
    derivation: dict[str, Any] = field(default_factory=dict)

    def remaining_in_words(self) -> str:
        if self.remaining is None:
            return ""
        return length_in_words(plain(self.remaining), self.unit)


def exact(position: Position) -> Any:
    """What to compare by: two instants of one zone compare by the clocks on the wall otherwise."""
    if isinstance(position, datetime):
        return position.astimezone(UTC) if position.tzinfo else position.replace(tzinfo=UTC)
    return position


def extension_refused(
    allowance: Allowance,
    event: ClockEvent,
    used: int,
    before: Position,
    after: Position,
    most: Position | None,
) -> Text:
    """Why an extension has no effect; empty where it has. ``most`` is the latest end allowed."""
    if not allowance.permits:
        return _("The rule does not allow this time limit to be extended.")
    if allowance.times is not None and used >= allowance.times:
        return _("The rule allows no further extension: it was extended %(times)s times.") % {
            "times": used
        }
    if allowance.by != ANYONE and event.by and event.by != allowance.by:
        return _("The rule does not allow this side to extend the time limit.")
    if exact(after) <= exact(before):
        return _("An extension must end later than the time limit does now.")
    if most is not None and exact(after) > exact(most):
        return _("The rule allows an extension by at most %(length)s.") % {
            "length": length_in_words(
                plain(allowance.length or Decimal()), allowance.unit or "days"
            )
        }
    return ""
