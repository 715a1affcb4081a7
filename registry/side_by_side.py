"""The calendars of two States side by side: who works when, and what keeps them from it."""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import Max, Min

from registry.calendars import WorkingDays, working_days_of
from registry.models import Authority, Dossier, State

DAY = timedelta(days=1)
LONGEST_SPAN = timedelta(days=3 * 366)


class Mark(StrEnum):
    """What a day is in one calendar."""

    WORKED = "worked"
    WORKED_BY_EXCEPTION = "exception"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True)
class OneDay:
    """A day in one calendar: what it is, and the name of the holiday or of the office's mark."""

    day: date
    mark: Mark
    name: str = ""
    other_works: bool = False

    @property
    def works(self) -> bool:
        return self.mark in (Mark.WORKED, Mark.WORKED_BY_EXCEPTION)


@dataclass
class Side:
    """One of the calendars over the span. ``known`` is false where nobody knows its holidays."""

    state: State
    authority: Authority | None
    calendar: WorkingDays
    days: dict[date, OneDay] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        return self.calendar.holidays_known

    @property
    def working(self) -> int:
        return sum(day.works for day in self.days.values())

    @property
    def named(self) -> list[OneDay]:
        """The days that have a name: holidays, and what the office has marked."""
        return [day for day in self.days.values() if day.name]


@dataclass(frozen=True)
class MonthRow:
    """A month of the span: for each side its days by number; None for those outside."""

    first: date
    sides: list[tuple[Side, list[OneDay | None]]]


@dataclass(frozen=True)
class SideBySide:
    first: date
    last: date
    sides: list[Side]
    months: list[MonthRow]
    both_work: int


def side_by_side(
    places: Sequence[tuple[State, Authority | None]], first: date, last: date
) -> SideBySide:
    """The calendars of these places from ``first`` to ``last``. One query a place.

    A span longer than three years is shortened to that.
    """
    last = min(last, first + LONGEST_SPAN)
    span = [first + n * DAY for n in range((last - first).days + 1)]
    sides = [Side(state, office, working_days_of(state, office)) for state, office in places]
    works = [{day for day in span if side.calendar.is_working_day(day)} for side in sides]
    everybody = set.intersection(*works) if works else set()
    for number, side in enumerate(sides):
        others = [w for n, w in enumerate(works) if n != number]
        for day in span:
            elsewhere = any(day in w for w in others)
            side.days[day] = _one_day(side.calendar, day, day in works[number], elsewhere)
    return SideBySide(first, last, sides, _months(sides, first, last), len(everybody))


def span_of_clocks(dossier: Dossier) -> tuple[date, date] | None:
    """From the first start to the last end of a dossier's clocks, as days where its office is."""
    ends = dossier.deadlines.aggregate(first=Min("started_at"), last=Max("due_at"))
    if ends["first"] is None:
        return None
    zone = ZoneInfo(dossier.owner.time_zone or dossier.owner.state.time_zone)
    first, last = (ends[name].astimezone(zone).date() for name in ("first", "last"))
    return min(first, last), max(first, last)


def _one_day(calendar: WorkingDays, day: date, works: bool, elsewhere: bool) -> OneDay:
    if works:
        usual = day.weekday() not in calendar.weekend
        mark = Mark.WORKED if usual else Mark.WORKED_BY_EXCEPTION
        return OneDay(day, mark, calendar.worked_by(day), elsewhere)
    name = calendar.holiday(day)
    return OneDay(day, Mark.HOLIDAY if name else Mark.WEEKEND, name, elsewhere)


def _months(sides: list[Side], first: date, last: date) -> list[MonthRow]:
    rows = []
    day = first.replace(day=1)
    while day <= last:
        length = months.monthrange(day.year, day.month)[1]
        in_month = [day.replace(day=n) if n <= length else None for n in range(1, 32)]
        rows.append(
            MonthRow(day, [(s, [s.days.get(d) if d else None for d in in_month]) for s in sides])
        )
        day = day.replace(day=length) + DAY
    return rows
