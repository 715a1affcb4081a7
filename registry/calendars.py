"""Working days of a State: its weekend, its public holidays, and what its offices say.

Public holidays and weekends come from the ``holidays`` package, by the code of the calendar that
the register holds for the State. An office's own days (``LocalDay``) and a State's own weekend
(``State.weekend``) come before the package. Where no calendar is known, Saturday and Sunday are
taken for the weekend and ``holidays_known`` is false, so that a page can say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import holidays
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext

from registry.models import Authority, LocalDay, State

SATURDAY_AND_SUNDAY = frozenset({5, 6})


@dataclass(frozen=True)
class Period:
    """Days marked by an office, both ends included."""

    first: date
    last: date
    working: bool
    label: str


@dataclass(frozen=True)
class WorkingDays:
    """The working days of one State, or of one authority in it. Weekdays count from Monday, 0."""

    name: str
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    public: holidays.HolidayBase | None = None
    periods: Sequence[Period] = field(default_factory=tuple)

    @property
    def holidays_known(self) -> bool:
        return self.public is not None

    def is_working_day(self, day: date) -> bool:
        if period := self._marked(day):
            return period.working
        if self.public is None:
            return day.weekday() not in self.weekend
        if day in self.public:  # this also makes the package compute the year
            return False
        return day.weekday() not in self.weekend or day in self.public.weekend_workdays

    def why_not(self, day: date) -> str:
        if name := self.holiday(day):
            return name
        if day.weekday() in self.weekend:
            return gettext("weekend: %(weekday)s") % {"weekday": WEEKDAYS[day.weekday()]}
        return ""

    def holiday(self, day: date) -> str:
        """The name of the public holiday or of the days that an office has closed; else empty."""
        if period := self._marked(day):
            return "" if period.working else period.label
        if self.public is not None and (name := self.public.get(day)):
            return str(name)
        return ""

    def worked_by(self, day: date) -> str:
        """The name under which an office has marked the day as worked; else empty."""
        period = self._marked(day)
        return period.label if period and period.working else ""

    def _marked(self, day: date) -> Period | None:
        """What an office said of this day; the shortest period speaks, the authority's own first."""
        marked = [p for p in self.periods if p.first <= day <= p.last]
        return min(marked, key=lambda p: p.last - p.first, default=None)


def working_days_of(state: State, authority: Authority | None = None) -> WorkingDays:
    """The working days of a State, or of one of its authorities. One query."""
    public = public_holidays(state.holiday_calendar or state.alpha2)
    weekend = SATURDAY_AND_SUNDAY if public is None else frozenset(public.weekend)
    local_days = LocalDay.objects.filter(
        Q(authority__isnull=True) | Q(authority=authority), state=state
    )
    rows = sorted(local_days, key=lambda row: row.authority_id is None)
    return WorkingDays(
        name=authority.name if authority else state.name,
        weekend=frozenset(state.weekend) or weekend,
        public=public,
        periods=tuple(_periods(rows)),
    )


@dataclass(frozen=True)
class WorkingInBoth:
    """The working days of two places together: a day counts that is one in both."""

    first: WorkingDays
    second: WorkingDays

    @property
    def name(self) -> str:
        return gettext("%(first)s and %(second)s") % {
            "first": self.first.name,
            "second": self.second.name,
        }

    @property
    def holidays_known(self) -> bool:
        return self.first.holidays_known and self.second.holidays_known

    def is_working_day(self, day: date) -> bool:
        return self.first.is_working_day(day) and self.second.is_working_day(day)

    def why_not(self, day: date) -> str:
        return "; ".join(
            f"{place.name}: {why}"
            for place in (self.first, self.second)
            if (why := place.why_not(day))
        )


def days_off(days: WorkingDays, year: int) -> list[tuple[date, date, str]]:
    """The public holidays of a year and the days that an office has marked: from, until, name."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = [
        (p.first, p.last, p.label)
        for p in days.periods
        if not p.working and p.first <= last and p.last >= first
    ]
    if days.public is not None:
        first in days.public  # noqa: B015 - asking makes the package compute the year
        found += [(day, day, str(name)) for day, name in days.public.items() if day.year == year]
    return sorted(found)


def _periods(rows: Iterable[LocalDay]) -> Iterable[Period]:
    return (Period(row.first_day, row.last_day, row.working, row.label) for row in rows)


@lru_cache(maxsize=64)
def public_holidays(code: str) -> holidays.HolidayBase | None:
    """The public holidays under a calendar code (BE, or DE-BY for a part), or None if unknown."""
    country, _, part = code.partition("-")
    if not country:
        return None
    try:
        return holidays.country_holidays(country, subdiv=part or None, language="en_US")
    except NotImplementedError:
        return None
