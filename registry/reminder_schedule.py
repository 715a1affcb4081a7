"""When a deadline reminds: the steps of its schedule, and which of them comes next.

The steps are data (``ReminderStep``): everybody's, or the office's own. They are counted from the
deadline's anchor: for a limit in days the morning of its last day, in its own zone; for a limit in
hours the due instant itself. A step is an exact number of hours from the anchor, so beyond a change
of the clocks a reminder may come an hour earlier or later in the morning.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connections
from django.db.models import Q

from registry.models import (
    Audience,
    Deadline,
    ReminderPreferences,
    ReminderSchedule,
    ReminderStep,
)
from registry.time_rules import Unit

STEPS_FILE = Path(__file__).parent / "data" / "reminder_steps.csv"
MORNING = time(8)
OWN_STEPS = 100
"""Steps from this number on are the responsible officer's own; those of a schedule are below it."""
STILL_PAUSED = 200
"""The step of a suspended deadline: every week, that it is still paused."""
STILL_PAUSED_EVERY = timedelta(weeks=1)


@dataclass(frozen=True)
class Step:
    number: int
    offset: timedelta
    repeat: timedelta = timedelta()
    audience: int = Audience.RESPONSIBLE
    escalate_hours: int = 0


@dataclass(frozen=True)
class Planned:
    """An alarm to be: ``at`` may lie in the past for a step that repeats, which then comes now."""

    step: Step
    at: datetime


def steps_of(schedule: int, authority: int | None = None, *, critical: bool = False) -> list[Step]:
    """The steps of a schedule, earliest first: the authority's own where it has any. One query."""
    rows = ReminderStep.objects.filter(
        Q(authority__isnull=True) | Q(authority=authority), schedule=schedule
    ).order_by("offset_hours", "step")
    found = list(rows)
    own = [row for row in found if row.authority_id is not None]
    return [step_of(row, critical=critical) for row in own or found]


def step_of(row: ReminderStep, *, critical: bool) -> Step:
    escalate = row.escalate_critical_after_hours if critical else row.escalate_after_hours
    return Step(
        row.step,
        timedelta(hours=row.offset_hours),
        timedelta(hours=row.repeat_hours),
        row.audience,
        escalate or 0,
    )


def own_steps_of(officer: int, steps: Sequence[Step]) -> list[Step]:
    """The further days before the end on which this person wants to be reminded. One query."""
    days = ReminderPreferences.objects.filter(user=officer).values_list("extra_days", flat=True)
    return own_steps(next(iter(days), []), steps)


def own_steps(days: Iterable[int], steps: Sequence[Step]) -> list[Step]:
    """Steps for the days that the schedule has not anyway."""
    there = {step.offset for step in steps}
    offsets = sorted({timedelta(days=-day) for day in days} - there)
    return [Step(OWN_STEPS + number, offset) for number, offset in enumerate(offsets)]


def schedule_of(deadline: Deadline) -> ReminderSchedule:
    counted_in_hours = deadline.derivation.get("unit") == Unit.HOURS
    return ReminderSchedule.HOURS if counted_in_hours else ReminderSchedule.DAYS


def anchor_of(deadline: Deadline) -> datetime:
    """The instant from which the deadline's steps are counted."""
    if schedule_of(deadline) == ReminderSchedule.HOURS:
        return deadline.due_at.replace(microsecond=0)
    zone = ZoneInfo(deadline.zone)
    last_day = deadline.due_at.astimezone(zone).date()
    return datetime.combine(last_day, MORNING, tzinfo=zone).astimezone(UTC)


def planned(
    steps: Sequence[Step],
    anchor: datetime,
    due_at: datetime,
    now: datetime,
    *,
    anew: bool = False,
) -> list[Planned]:
    """The steps that a deadline starting now still has before it, and when each comes.

    Steps already past are left out: nobody is told today what was due to be said a week ago. A
    deadline that starts when it is already overdue reminds at once, with the latest step passed.
    Planned ``anew`` (the schedule changed under a running deadline), what is past was said already
    and only what repeats goes on, from its next time.
    """
    ordered = sorted(steps, key=lambda step: step.offset)
    to_come = [Planned(step, anchor + step.offset) for step in ordered]
    passed = [plan for plan in to_come if plan.at <= now]
    to_come = [plan for plan in to_come if plan.at > now]
    repeating = [Planned(plan.step, _next(plan, now)) for plan in passed if plan.step.repeat]
    if anew or due_at > now or not passed:
        return sorted([*repeating, *to_come], key=lambda plan: plan.at)
    latest = passed[-1]
    if latest.step.repeat:
        repeating = [plan for plan in repeating if plan.step != latest.step]
        at_once = Planned(latest.step, _next(latest, now) - latest.step.repeat)
    else:
        at_once = Planned(latest.step, now)
    return [at_once, *sorted([*repeating, *to_come], key=lambda plan: plan.at)]


def _next(plan: Planned, now: datetime) -> datetime:
    """The first time of a repeating step after now."""
    times = (now - plan.at) // plan.step.repeat + 1
    return plan.at + times * plan.step.repeat


def load_steps(using: str = "default") -> int:
    """Fill everybody's schedule from its file where it is empty; what is kept there stays."""
    if ReminderStep.objects.using(using).filter(authority__isnull=True).exists():
        return 0
    with STEPS_FILE.open(newline="", encoding="utf-8") as rows:
        steps = [
            ReminderStep(
                schedule=ReminderSchedule[row["schedule"]],
                step=int(row["step"]),
                offset_hours=int(row["offset_hours"]),
                repeat_hours=int(row["repeat_hours"]),
                audience=Audience[row["audience"]],
                escalate_after_hours=_hours(row["escalate_after_hours"]),
                escalate_critical_after_hours=_hours(row["escalate_critical_after_hours"]),
            )
            for row in csv.DictReader(rows)
        ]
    return len(ReminderStep.objects.using(using).bulk_create(steps))


def _hours(written: str) -> int | None:
    return int(written) if written else None


def load_steps_after_migrating(*, using: str, **_signal: Any) -> None:
    """The schedule belongs to a new database as its tables do."""
    connection = connections[using]
    if ReminderStep._meta.db_table in connection.introspection.table_names():
        load_steps(using)
