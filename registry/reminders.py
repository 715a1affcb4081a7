"""Reminders: setting a deadline's alarm, and recording what fell due.

The database is the truth. ``Alarm`` says when a deadline reminds next; ``record_due`` turns what is
due into rows of the outbox (``Reminder``) and sets the next alarm in the same transaction, so that a
process may die anywhere without losing or doubling one. ``registry/reminder_delivery.py`` sends
what stands in the outbox.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from registry import bells
from registry.models import Alarm, Deadline, Reminder, ReminderSchedule
from registry.reminder_schedule import (
    anchor_of,
    first_alarm,
    latest_and_next,
    schedule_of,
    steps_of,
)

BATCH = 10_000


def arm(deadline: Deadline, now: datetime) -> None:
    """Set the alarm of a deadline that starts to run."""
    schedule, anchor = schedule_of(deadline), anchor_of(deadline)
    step, at = first_alarm(steps_of(schedule), anchor, deadline.due_at, now)
    Alarm.objects.create(deadline=deadline, schedule=schedule, step=step, anchor=anchor, next_at=at)


def disarm(deadlines: Iterable[int]) -> None:
    """Stop reminding about deadlines: alarms go, reminders not yet sent are dropped.

    The alarm goes first: that waits for a sweep which holds it, and the second statement then sees
    what that sweep recorded.
    """
    ids = list(deadlines)
    Alarm.objects.filter(deadline__in=ids).delete()
    Reminder.objects.filter(deadline__in=ids, state=Reminder.State.PENDING).update(
        state=Reminder.State.DROPPED
    )


def due_alarms(now: datetime) -> QuerySet[Alarm]:
    return Alarm.objects.filter(next_at__lte=now)


def record_due(now: datetime, limit: int = BATCH) -> int:
    """Record the reminders due, at most ``limit``, and set the next alarms. Returns how many.

    Any number of processes may do this at once: each takes rows that no other holds.
    """
    if connection.vendor == "postgresql":
        return _record_in_one_statement(now, limit)
    return _record_in_one_transaction(now, limit)


def record_all_due(now: datetime) -> int:
    """Record everything due, a batch a transaction."""
    total = 0
    while recorded := record_due(now):
        total += recorded
    return total


def record_and_ring(now: datetime) -> int:
    """Record everything due, and ring for the delivery when there is something to deliver."""
    total = record_all_due(now)
    if total:
        bells.ring("deliver_reminders")
    return total


RECORD = """
WITH steps AS (
    SELECT schedule, step, make_interval(hours => offset_hours) AS after,
           make_interval(hours => lead(offset_hours) OVER later) AS until,
           lead(step) OVER later AS next_step
    FROM registry_reminderstep
    WINDOW later AS (PARTITION BY schedule ORDER BY offset_hours)
), taken AS (
    SELECT ctid AS place, deadline_id, schedule, step, anchor, next_at
    FROM registry_alarm
    WHERE next_at <= %(now)s
    ORDER BY next_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), reached AS (
    SELECT taken.*, coalesce(steps.step, taken.step) AS latest,
           steps.next_step, taken.anchor + steps.until AS following
    FROM taken LEFT JOIN steps
      ON steps.schedule = taken.schedule
     AND taken.anchor + steps.after <= %(now)s
     AND (steps.until IS NULL OR taken.anchor + steps.until > %(now)s)
), advanced AS (
    UPDATE registry_alarm AS alarm
    SET step = coalesce(reached.next_step, reached.latest), next_at = reached.following
    FROM reached
    WHERE alarm.ctid = reached.place
    RETURNING alarm.deadline_id, reached.latest, reached.next_at AS planned
)
INSERT INTO registry_reminder
    (deadline_id, step, planned_at, recorded_at, state, attempts, last_error)
SELECT deadline_id, latest, planned, %(now)s, 'pending', 0, ''
FROM advanced
ON CONFLICT (deadline_id, step) DO NOTHING
"""


def _record_in_one_statement(now: datetime, limit: int) -> int:
    """PostgreSQL: lock, record and advance in one statement.

    Rows that another process holds are skipped. The outbox is filled from the rows that were
    advanced and from no others, so a row that changed meanwhile is left for the next sweep.
    """
    with connection.cursor() as cursor:
        cursor.execute(RECORD, {"now": now, "limit": limit})
        return cursor.rowcount


def _record_in_one_transaction(now: datetime, limit: int) -> int:
    """SQLite: the same in one transaction, which holds the only write lock from its beginning."""
    with transaction.atomic():
        alarms = list(due_alarms(now).order_by("next_at")[:limit])
        steps = {schedule: steps_of(schedule) for schedule in ReminderSchedule.values}
        recorded = []
        for alarm in alarms:
            planned_at = alarm.next_at
            latest, alarm.step, alarm.next_at = latest_and_next(
                steps[alarm.schedule], alarm.anchor, alarm.step, now
            )
            recorded.append(
                Reminder(
                    deadline_id=alarm.deadline_id,
                    step=latest,
                    planned_at=planned_at,
                    recorded_at=now,
                )
            )
        Reminder.objects.bulk_create(recorded, ignore_conflicts=True, batch_size=1000)
        Alarm.objects.bulk_update(alarms, ["step", "next_at"], batch_size=500)
        return len(alarms)
