"""All clocks of a dossier on one line of time: start, pauses, end, today, the days off of both States.

Plain numbers for a drawing: a place on the line is between 0 and ``WIDTH``. The page draws and lists
them; what the drawing shows is in the words beside it too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from registry.calendars import working_days_of
from registry.models import Authority, Deadline, Dossier, State

WIDTH = 1000
LONGEST_WITH_DAYS_OFF = timedelta(days=800)
"""Beyond it a day is narrower than a line can be drawn."""
DAY = timedelta(days=1)
NARROWEST = 2


@dataclass(frozen=True)
class Stretch:
    """A piece of the line, from ``start`` and so wide."""

    start: int
    width: int


@dataclass(frozen=True)
class StripRow:
    """One clock: where it runs, where it stood still, where it ended first and ends now.

    ``settled`` is where it was met or given up; None while it is open.
    """

    deadline: Deadline
    late: bool
    running: Stretch
    pauses: list[Stretch]
    overdue: Stretch | None
    first_due: int | None
    due: int
    settled: int | None


@dataclass(frozen=True)
class DaysOffRow:
    """The days off of one State within the span, weekends apart, each with its name."""

    state: str
    days: list[tuple[date, str, Stretch]]
    known: bool


@dataclass(frozen=True)
class Strip:
    first: date
    last: date
    now: int
    rows: list[StripRow]
    days_off: list[DaysOffRow]
    months: list[tuple[int, date]]


def strip_of(dossier: Dossier, deadlines: Iterable[Deadline], *, now: datetime) -> Strip | None:
    """The strip of these clocks of the dossier; None where there are none.

    Two queries a State, however many clocks there are.
    """
    clocks = [each for each in deadlines if each.state != Deadline.State.CANCELLED]
    if not clocks:
        return None
    instants = [now, *(c.started_at for c in clocks), *(c.due_at for c in clocks)]
    instants += [c.settled_at for c in clocks if c.settled_at]
    first, last = min(instants) - DAY, max(instants) + DAY
    line = _Line(first, last)
    zone = ZoneInfo(dossier.owner.time_zone or dossier.owner.state.time_zone)
    days = (first.astimezone(zone).date(), last.astimezone(zone).date())
    return Strip(
        first=days[0],
        last=days[1],
        now=line.at(now),
        rows=[_row(clock, line, now) for clock in clocks],
        days_off=_days_off(dossier, line, *days) if last - first < LONGEST_WITH_DAYS_OFF else [],
        months=_months(line, *days),
    )


@dataclass(frozen=True)
class _Line:
    """From instants to places."""

    first: datetime
    last: datetime

    def at(self, instant: datetime) -> int:
        place = (instant - self.first) / (self.last - self.first)
        return round(max(0.0, min(1.0, place)) * WIDTH)

    def between(self, start: datetime, end: datetime) -> Stretch:
        left = self.at(start)
        return Stretch(left, max(self.at(end) - left, NARROWEST))

    def of_day(self, day: date) -> Stretch:
        noon = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return self.between(noon, noon + DAY)


def _row(clock: Deadline, line: _Line, now: datetime) -> StripRow:
    run = clock.derivation.get("run") or {}
    pauses = [
        (datetime.fromisoformat(pause["from"]), datetime.fromisoformat(pause["to"]))
        for pause in run.get("pauses", [])
    ]
    if clock.suspended_at is not None:
        pauses.append((clock.suspended_at, now))
    first_due = datetime.fromisoformat(run["first_due"]) if run.get("first_due") else None
    moved = first_due is not None and first_due != clock.due_at
    over = clock.settled_at or now
    late = clock.due_at < over and clock.state != Deadline.State.SUSPENDED
    return StripRow(
        deadline=clock,
        late=late,
        running=line.between(clock.started_at, max(clock.due_at, clock.started_at)),
        pauses=[line.between(start, end) for start, end in pauses],
        overdue=line.between(clock.due_at, over) if late else None,
        first_due=line.at(first_due) if moved and first_due else None,
        due=line.at(clock.due_at),
        settled=line.at(clock.settled_at) if clock.settled_at else None,
    )


def _days_off(dossier: Dossier, line: _Line, first: date, last: date) -> list[DaysOffRow]:
    places: list[tuple[State, Authority | None]] = [(dossier.owner.state, dossier.owner)]
    if dossier.counterpart is not None and dossier.counterpart != dossier.owner.state:
        places.append((dossier.counterpart, None))
    rows = []
    for state, authority in places:
        calendar = working_days_of(state, authority)
        days = (first + n * DAY for n in range((last - first).days + 1))
        named = [(day, name, line.of_day(day)) for day in days if (name := calendar.holiday(day))]
        rows.append(DaysOffRow(str(state), named, calendar.holidays_known))
    return rows


def _months(line: _Line, first: date, last: date) -> list[tuple[int, date]]:
    """Where months begin; every third or twelfth of them on a long line."""
    step = 1 if (last - first).days <= 400 else 3 if (last - first).days <= 1500 else 12
    found = []
    month = first.year * 12 + first.month
    while (day := date(month // 12, month % 12 + 1, 1)) <= last:
        if (month % 12) % step == 0:
            found.append((line.of_day(day).start, day))
        month += 1
    return found
