"""When a deadline reminds: the steps of its schedule, and which of them comes next.

The steps are data (``ReminderStep``). They are counted from the deadline's anchor: for a limit in
days the morning of its last day, in its own zone; for a limit in hours the due instant itself. A
step is an exact number of hours from the anchor, so beyond a change of the clocks a reminder may
come an hour earlier or later in the morning.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connections

from registry.models import Deadline, ReminderSchedule, ReminderStep
from registry.time_rules import Unit

STEPS_FILE = Path(__file__).parent / "data" / "reminder_steps.csv"
MORNING = time(8)


@dataclass(frozen=True)
class Step:
    number: int
    offset: timedelta


def steps_of(schedule: int) -> list[Step]:
    """The steps of a schedule, earliest first. One query."""
    rows = ReminderStep.objects.filter(schedule=schedule).order_by("offset_hours")
    return [
        Step(number, timedelta(hours=hours))
        for number, hours in rows.values_list("step", "offset_hours")
    ]


def schedule_of(deadline: Deadline) -> ReminderSchedule:
    counted_in_hours = deadline.derivation.get("unit") == Unit.HOURS
    return ReminderSchedule.HOURS if counted_in_hours else ReminderSchedule.DAYS


def anchor_of(deadline: Deadline) -> datetime:
    """The instant from which the deadline's steps are counted."""
    if schedule_of(deadline) == ReminderSchedule.HOURS:
        return deadline.due_at
    zone = ZoneInfo(deadline.zone)
    last_day = deadline.due_at.astimezone(zone).date()
    return datetime.combine(last_day, MORNING, tzinfo=zone).astimezone(UTC)


def planned(
    steps: Sequence[Step], anchor: datetime, due_at: datetime, now: datetime
) -> list[tuple[int, datetime]]:
    """The steps that a deadline starting now still has before it, and when each comes.

    Steps already past are left out: nobody is told today what was due to be said a week ago. A
    deadline that starts when it is already overdue reminds at once, with the latest step passed.
    """
    to_come = [(step.number, anchor + step.offset) for step in steps if anchor + step.offset > now]
    passed = [step.number for step in steps if anchor + step.offset <= now]
    if due_at <= now and passed:
        return [(passed[-1], now), *to_come]
    return to_come


def load_steps(using: str = "default") -> int:
    """Fill the schedule from its file where it is empty; what an office keeps there stays."""
    if ReminderStep.objects.using(using).exists():
        return 0
    with STEPS_FILE.open(newline="", encoding="utf-8") as rows:
        steps = [
            ReminderStep(
                schedule=ReminderSchedule[row["schedule"]],
                step=int(row["step"]),
                offset_hours=int(row["offset_hours"]),
            )
            for row in csv.DictReader(rows)
        ]
    return len(ReminderStep.objects.using(using).bulk_create(steps))


def load_steps_after_migrating(*, using: str, **_signal: Any) -> None:
    """The schedule belongs to a new database as its tables do."""
    connection = connections[using]
    if ReminderStep._meta.db_table in connection.introspection.table_names():
        load_steps(using)
