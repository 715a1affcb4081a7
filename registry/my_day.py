"""What a person has before them today, and what their team has this week."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.db.models import Q

from registry.deadline_calendar import DAY, beginning_of, deadlines_between
from registry.deadline_list import deadlines_visible_to
from registry.models import Deadline, Notice, User
from registry.notice_list import notice_page
from registry.reminder_recipients import deputies_at
from registry.teams import team_of

SHOWN = 20
MOST_COUNTED = 5000
RUNNING = Q(state=Deadline.State.RUNNING)
COUNTED = ("id", "due_at", "critical", "dossier__responsible_id")


@dataclass(frozen=True)
class Share:
    """Some deadlines under a heading; ``more`` where only the first ``SHOWN`` are here."""

    rows: list[dict[str, Any]]
    more: bool


@dataclass(frozen=True)
class MyDay:
    """What is overdue, what ends today, what ends in the seven days after; what waits in the matters
    of those for whom one stands in; the notices that nobody has acknowledged yet."""

    overdue: Share
    today: Share
    week: Share
    away: list[User]
    standing_in: Share
    to_acknowledge: list[Notice]

    @property
    def is_clear(self) -> bool:
        shares = (self.overdue, self.today, self.week, self.standing_in)
        return not (any(share.rows for share in shares) or self.to_acknowledge)


def my_day(user: User, *, now: datetime, zone: tzinfo, size: int = SHOWN) -> MyDay:
    """The deadlines of the matters for which the person is responsible. Days are of ``zone``; each
    list has at most ``size``.

    Four lists, each as many queries as the person's sight has branches, and three queries more.
    """
    tomorrow = beginning_of(now.astimezone(zone).date() + DAY, zone)
    mine = Q(dossier__responsible=user)
    absent = [person for person, deputy in deputies_at(now).items() if deputy == user]
    away = list(User.objects.filter(pk__in=absent).order_by("name")) if absent else []
    return MyDay(
        overdue=_share(user, now, size, which="overdue", condition=mine),
        today=_share(user, now, size, which="to_come", due_before=tomorrow, condition=mine),
        week=_share(
            user,
            now,
            size,
            which="running",
            due_from=tomorrow,
            due_before=tomorrow + 7 * DAY,
            condition=mine,
        ),
        away=away,
        standing_in=_share(
            user,
            now,
            size,
            which="running",
            due_before=tomorrow + 7 * DAY,
            condition=Q(dossier__responsible__in=absent),
        )
        if absent
        else Share([], False),
        to_acknowledge=notice_page(user, size=size).rows,
    )


def _share(user: User, now: datetime, size: int, **wanted: Any) -> Share:
    page = deadlines_visible_to(user, now=now, size=size, **wanted)
    return Share(page.rows, page.next is not None)


@dataclass
class WeekOfOne:
    """One person's week: how many deadlines end on each day, how many of them critical."""

    person: User
    overdue: int = 0
    days: Counter[date] = field(default_factory=Counter)
    critical: Counter[date] = field(default_factory=Counter)

    def cells(self, days: list[date]) -> list[tuple[date, int, int]]:
        return [(day, self.days[day], self.critical[day]) for day in days]

    @property
    def total(self) -> int:
        return self.days.total()


@dataclass(frozen=True)
class TeamWeek:
    """A week of a team: its days, one row a person. ``too_many``: the counts stop short."""

    days: list[date]
    people: list[WeekOfOne]
    too_many: bool

    @property
    def rows(self) -> list[tuple[WeekOfOne, list[tuple[date, int, int]]]]:
        return [(each, each.cells(self.days)) for each in self.people]

    @property
    def is_clear(self) -> bool:
        return not any(each.total or each.overdue for each in self.people)


def team_week(user: User, first: date, *, now: datetime, zone: tzinfo) -> TeamWeek:
    """The seven days from ``first`` for each person of the team, counted from what ``user`` may see.

    One query for the team, and as many as the person's sight has branches for the week and for
    what is overdue.
    """
    team = team_of(user)
    condition = RUNNING & Q(dossier__responsible__in=[person.pk for person in team])
    days = [first + n * DAY for n in range(7)]
    weeks = {person.pk: WeekOfOne(person) for person in team}
    start, end = beginning_of(first, zone), beginning_of(first + 7 * DAY, zone)
    in_week, more = deadlines_between(
        user, start, end, condition, most=MOST_COUNTED, columns=COUNTED
    )
    for row in in_week:
        week, day = weeks[row["dossier__responsible_id"]], row["due_at"].astimezone(zone).date()
        week.days[day] += 1
        week.critical[day] += row["critical"]
    long_ago = now - timedelta(days=365 * 50)
    overdue, more_overdue = deadlines_between(
        user, long_ago, now, condition, most=MOST_COUNTED, columns=COUNTED
    )
    for row in overdue:
        weeks[row["dossier__responsible_id"]].overdue += 1
    return TeamWeek(days, list(weeks.values()), more or more_overdue)
