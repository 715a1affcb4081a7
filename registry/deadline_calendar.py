"""The deadlines of a span of days, day by day, with the days off of the States concerned.

Days are those of the reader's zone, as everywhere in the pages: a clock that ends at midnight in
Buenos Aires stands on the morning after in Brussels, and says so. What somebody may not see is not
there, and not counted.
"""

from __future__ import annotations

import calendar as months
import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from django.db.models import Q

from registry.access import visible_branches
from registry.calendars import WorkingDays, working_days_of
from registry.deadline_filters import DeadlineFilters
from registry.deadline_list import COLUMNS
from registry.models import Authority, Deadline, Dossier, State, User

MOST_IN_A_SPAN = 1000
"""Beyond it a calendar is no longer read: the page says so and points to the filters."""
SHOWN_A_DAY = 4
DAY = timedelta(days=1)
EARLIEST, LATEST = date(1900, 1, 1), date(2900, 12, 31)


@dataclass(frozen=True)
class DayOff:
    """Why a day is none of work in a State or one of its offices: the holiday, or the office's word."""

    where: str
    name: str
    own: bool


@dataclass
class CalendarDay:
    """One day: what ends on it, and where it is a day off. ``in_span`` is false for the days that
    only fill the first and last week of a month."""

    day: date
    today: bool = False
    in_span: bool = True
    weekend: bool = False
    rows: list[dict[str, Any]] = field(default_factory=list)
    days_off: list[DayOff] = field(default_factory=list)

    @property
    def first_rows(self) -> list[dict[str, Any]]:
        return self.rows[:SHOWN_A_DAY]

    @property
    def more(self) -> int:
        return max(0, len(self.rows) - SHOWN_A_DAY)


@dataclass(frozen=True)
class CalendarOfDeadlines:
    """Days in weeks. ``too_many``: only the first ``MOST_IN_A_SPAN`` are shown.

    ``unknown`` names the calendars whose public holidays nobody knows.
    """

    weeks: list[list[CalendarDay]]
    too_many: bool
    unknown: list[str]

    @property
    def days(self) -> Iterable[CalendarDay]:
        return (day for week in self.weeks for day in week)

    @property
    def total(self) -> int:
        return sum(len(day.rows) for day in self.days)


@dataclass(frozen=True)
class NamedCalendar:
    """The working days of somewhere, under the name that a page shows."""

    name: str
    days: WorkingDays
    own: bool

    def day_off(self, day: date) -> DayOff | None:
        """The holiday of the day, or what the office says of it; not that it is the weekend."""
        name = self.days.holiday(day)
        return DayOff(self.name, name, self.own) if name else None


def first_weekday(user: User) -> int:
    """The day on which a week begins where the person works, Monday being 0 (Unicode CLDR)."""
    office = own_office(user)
    try:
        return int(Locale.parse(f"und_{office.state.alpha2}").first_week_day) if office else 0
    except (UnknownLocaleError, ValueError):
        return 0


def own_office(user: User) -> Authority | None:
    """The authority in which the person works, its State with it; the first of several."""
    known: Authority | None = getattr(user, "_own_office", None)
    if known is None:
        known = (
            Authority.objects.filter(memberships__user=user.pk)
            .select_related("state")
            .order_by("memberships__pk")
            .first()
        )
        user._own_office = known  # type: ignore[attr-defined]
    return known


def calendars_for(user: User, counterpart: str = "") -> list[NamedCalendar]:
    """The calendar of the person's own office and, where one is named, of the other State."""
    found = []
    if office := own_office(user):
        found.append(NamedCalendar(str(office.state), working_days_of(office.state, office), True))
    if counterpart and (state := State.objects.filter(pk=counterpart).first()):
        found.append(NamedCalendar(str(state), working_days_of(state), False))
    return found


def span_of_month(day: date, begins: int) -> tuple[date, date]:
    """The whole weeks that show the month of this day: their first and last day."""
    first = day.replace(day=1)
    last = day.replace(day=months.monthrange(day.year, day.month)[1])
    return (
        first - ((first.weekday() - begins) % 7) * DAY,
        last + ((begins + 6 - last.weekday()) % 7) * DAY,
    )


def span_of_week(day: date, begins: int) -> tuple[date, date]:
    """The first and last day of the week of this day."""
    first = day - ((day.weekday() - begins) % 7) * DAY
    return first, first + 6 * DAY


def beginning_of(day: date, zone: tzinfo) -> datetime:
    """The instant at which a day begins in a zone, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def calendar_of(
    user: User,
    first: date,
    last: date,
    *,
    filters: DeadlineFilters,
    zone: tzinfo,
    now: datetime,
    month: int | None = None,
) -> CalendarOfDeadlines:
    """The deadlines of the days from ``first`` to ``last``, in weeks of seven days.

    ``month`` is the one shown, for days that belong to another. A constant number of queries: one a
    branch of what the person sees, and two a calendar.
    """
    calendars = calendars_for(user, filters.counterpart)
    today = now.astimezone(zone).date()
    rows, too_many = deadlines_between(
        user, beginning_of(first, zone), beginning_of(last + DAY, zone), filters.condition(user)
    )
    days = {first + n * DAY: CalendarDay(first + n * DAY) for n in range((last - first).days + 1)}
    for row in rows:
        days[row["due_at"].astimezone(zone).date()].rows.append(told(row, zone, now))
    for day, shown in days.items():
        shown.today = day == today
        shown.in_span = month is None or day.month == month
        shown.weekend = bool(calendars) and day.weekday() in calendars[0].days.weekend
        shown.days_off = [off for each in calendars if (off := each.day_off(day)) is not None]
    in_order = list(days.values())
    weeks = [in_order[start : start + 7] for start in range(0, len(in_order), 7)]
    unknown = [each.name for each in calendars if not each.days.holidays_known]
    return CalendarOfDeadlines(weeks, too_many, unknown)


def deadlines_between(
    user: User,
    first: datetime,
    end: datetime,
    condition: Q,
    *,
    most: int = MOST_IN_A_SPAN,
    columns: Collection[str] = COLUMNS,
) -> tuple[list[dict[str, Any]], bool]:
    """The deadlines due from ``first`` and before ``end`` that the person may see; whether there
    are more than ``most``. As many queries as the person's sight has branches."""
    wanted = Q(due_at__gte=first, due_at__lt=end) & condition
    branches = [
        Deadline.objects.filter(wanted, dossier__in=Dossier.objects.filter(branch))
        .order_by("due_at", "id")
        .values(*columns)[: most + 1]
        for branch in visible_branches(user)
    ]
    merged = heapq.merge(*branches, key=lambda row: (row["due_at"], row["id"]))
    rows = list(islice(merged, most + 1))
    return rows[:most], len(rows) > most


def told(row: dict[str, Any], zone: tzinfo, now: datetime) -> dict[str, Any]:
    """A row with whether it is overdue, and the day on which it ends where its clock runs, if that
    is not the reader's."""
    there = row["due_at"].astimezone(ZoneInfo(row["zone"])).date()
    here = row["due_at"].astimezone(zone).date()
    return row | {
        "overdue": row["state"] == Deadline.State.RUNNING and row["due_at"] < now,
        "other_day": there if there != here else None,
    }
