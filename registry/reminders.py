"""Reminders: planning those of a deadline, and recording what fell due.

The database is the truth. ``Alarm`` holds every reminder planned; ``record_due`` moves what is due to
the outbox (``Reminder``) in one transaction, so that a process may die anywhere without losing or
doubling one. ``registry/reminder_delivery.py`` sends what stands in the outbox.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from registry import bells
from registry.models import Alarm, Deadline, Reminder
from registry.reminder_schedule import anchor_of, planned, schedule_of, steps_of

BATCH = 10_000


def arm(deadline: Deadline, now: datetime) -> None:
    """Plan the reminders of a deadline that starts to run."""
    steps = steps_of(schedule_of(deadline))
    Alarm.objects.bulk_create(
        Alarm(deadline=deadline, step=step, at=at)
        for step, at in planned(steps, anchor_of(deadline), deadline.due_at, now)
    )


def disarm(deadlines: Iterable[int]) -> None:
    """Stop reminding about deadlines: alarms go, reminders not yet sent are dropped.

    The alarms go first: that waits for a sweep which holds them, and the second statement then sees
    what that sweep recorded.
    """
    ids = list(deadlines)
    Alarm.objects.filter(deadline__in=ids).delete()
    Reminder.objects.filter(deadline__in=ids, state=Reminder.State.PENDING).update(
        state=Reminder.State.DROPPED
    )


def record_due(now: datetime, limit: int = BATCH) -> int:
    """Record the reminders due, taking at most ``limit`` alarms. Returns how many were recorded.

    Any number of processes may do this at once: each takes rows that no other holds. Of the steps of
    one deadline that passed meanwhile only the latest is recorded: after an outage, one reminder and
    not a flood.
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
WITH gone AS (
    DELETE FROM registry_alarm
    WHERE ctid = ANY(ARRAY(
        SELECT ctid
        FROM registry_alarm
        WHERE at <= %(now)s
        ORDER BY at
        LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    ))
    RETURNING deadline_id, step, at
)
INSERT INTO registry_reminder
    (deadline_id, step, planned_at, recorded_at, state, attempts, last_error)
SELECT DISTINCT ON (deadline_id) deadline_id, step, at, %(now)s, 'pending', 0, ''
FROM gone
ORDER BY deadline_id, step DESC
"""
ALREADY_RECORDED = "ON CONFLICT (deadline_id, step) DO NOTHING"


def _record_in_one_statement(now: datetime, limit: int) -> int:
    """PostgreSQL: lock, record and advance in one statement.

    Rows that another process holds are skipped. The outbox is filled from the rows that were removed
    and from no others, so a row that changed meanwhile is left for the next sweep. An alarm is
    removed as it is recorded, so none should be there twice; the clause against it costs a fifth of
    the whole and is added only when one is, so that it stops nobody else's reminder.
    """
    values: dict[str, Any] = {"now": now, "limit": limit}
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(RECORD, values)
                return cursor.rowcount
        except IntegrityError:
            cursor.execute(RECORD + ALREADY_RECORDED, values)
            return cursor.rowcount


def _record_in_one_transaction(now: datetime, limit: int) -> int:
    """SQLite: the same in two statements of one transaction, which holds the only write lock."""
    due = "FROM registry_alarm WHERE at <= %s ORDER BY at, deadline_id, step LIMIT %s"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_reminder"  # noqa: S608 (constants)
            " (deadline_id, step, planned_at, recorded_at, state, attempts, last_error)"
            " SELECT deadline_id, max(step), max(at), %s, 'pending', 0, ''"
            f" FROM (SELECT deadline_id, step, at {due}) GROUP BY deadline_id"
            " ON CONFLICT (deadline_id, step) DO NOTHING",
            [now, now, limit],
        )
        recorded = cursor.rowcount
        cursor.execute(
            f"DELETE FROM registry_alarm WHERE rowid IN (SELECT rowid {due})",  # noqa: S608
            [now, limit],
        )
        return recorded
