"""Reminders: planning those of a deadline, and recording what fell due.

The database is the truth. ``Alarm`` holds every reminder planned; ``record_due`` moves what is due to
``Reminder`` in one transaction, so that a process may die anywhere without losing or doubling one.
``registry/reminder_addressing.py`` then says who is told by which channel,
``registry/reminder_bundling.py`` puts that into messages and ``registry/reminder_delivery.py`` sends
these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from registry import bells
from registry.models import Alarm, Deadline, Dossier, Notice, Reminder
from registry.reminder_schedule import (
    STILL_PAUSED,
    STILL_PAUSED_EVERY,
    Planned,
    Step,
    anchor_of,
    own_steps_of,
    planned,
    schedule_of,
    steps_of,
)

BATCH = 10_000
MORE_TO_DELIVER = 500
"""For each so many reminders recorded at once one more worker is called to deliver them."""
MOST_BELLS = 8


def arm(deadline: Deadline, now: datetime) -> None:
    """Plan the reminders of a deadline that starts to run, or is suspended."""
    _plan(deadline, plan_of(deadline, now))


def rearm(deadline: Deadline, now: datetime) -> None:
    """Plan the reminders again after the deadline's end or state changed.

    What was recorded for the end as it was and is not yet sent is dropped.
    """
    disarm([deadline.pk], now)
    arm(deadline, now)


def rearm_dossier(dossier: Dossier, now: datetime) -> None:
    """Plan the reminders of all open deadlines of a dossier again: another officer has it now.

    What waited for the former officer is dropped; who took over is reminded by the same schedule,
    and on the further days that they chose. Of what is overdue they hear at once.
    """
    for deadline in dossier.deadlines.filter(settled_at__isnull=True).order_by("pk"):
        deadline.dossier = dossier
        rearm(deadline, now)


def plan_of(deadline: Deadline, now: datetime, *, anew: bool = False) -> list[Planned]:
    """What is to be planned for a deadline as it is now. Nothing for one that is settled."""
    if deadline.state == Deadline.State.SUSPENDED:
        every = Step(STILL_PAUSED, STILL_PAUSED_EVERY, STILL_PAUSED_EVERY)
        return [Planned(every, now.replace(microsecond=0) + STILL_PAUSED_EVERY)]
    if deadline.state != Deadline.State.RUNNING:
        return []
    schedule, dossier = schedule_of(deadline), deadline.dossier
    steps = steps_of(schedule, dossier.owner_id, critical=deadline.critical)
    if schedule == schedule.DAYS:
        steps += own_steps_of(dossier.responsible_id, steps)
    return planned(steps, anchor_of(deadline), deadline.due_at, now, anew=anew)


def _plan(deadline: Deadline, plans: Sequence[Planned]) -> None:
    Alarm.objects.bulk_create(alarm_of(deadline.pk, plan) for plan in plans)


def alarm_of(deadline: int, plan: Planned) -> Alarm:
    return Alarm(
        deadline_id=deadline,
        step=plan.step.number,
        at=plan.at,
        repeat_hours=int(plan.step.repeat.total_seconds() // 3600),
        audience=plan.step.audience,
        escalate_hours=plan.step.escalate_hours,
    )


def disarm(deadlines: Iterable[int], now: datetime | None = None) -> None:
    """Stop reminding about deadlines: alarms go, what was not yet sent is dropped.

    The alarms go first: that waits for a sweep which holds them, and the second statement then sees
    what that sweep recorded. What a worker addresses at that very moment is dropped when it is put
    into a message, since the deadline no longer runs.
    """
    ids = list(deadlines)
    Alarm.objects.filter(deadline__in=ids).delete()
    ours = Reminder.objects.filter(deadline__in=ids)
    ours.filter(state=Reminder.State.PENDING).update(state=Reminder.State.DROPPED)
    ours.filter(escalate_at__isnull=False).update(escalate_at=None)
    notices = Notice.objects.filter(reminder__deadline__in=ids)
    notices.filter(state=Notice.State.WAITING).update(state=Notice.State.DROPPED)
    notices.filter(channel="application", closed_at__isnull=True).update(
        closed_at=now or timezone.now()
    )


def record_due(now: datetime, limit: int = BATCH) -> int:
    """Record the reminders due, taking at most ``limit`` alarms. Returns how many were recorded.

    Any number of processes may do this at once: each takes rows that no other holds. Of the steps of
    one deadline that passed meanwhile only the latest is recorded, and of one that repeats only its
    latest time: after an outage, one reminder and not a flood.
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
    """Record everything due, and ring for the delivery when there is something to deliver.

    A backlog rings for several workers, who share it; SQLite has one writer, so one is enough.
    """
    total = record_all_due(now)
    if total:
        several = connection.vendor == "postgresql"
        bells.ring(
            "deliver_reminders",
            times=min(MOST_BELLS, 1 + total // MORE_TO_DELIVER) if several else 1,
        )
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
    RETURNING deadline_id, step, at, repeat_hours, audience, escalate_hours,
        CASE WHEN repeat_hours > 0
            THEN floor(extract(epoch FROM %(now)s - at) / (repeat_hours * 3600))::int
            ELSE 0 END AS times
), again AS (
    INSERT INTO registry_alarm
        (deadline_id, step, at, repeat_hours, audience, escalate_hours)
    SELECT deadline_id, step, at + make_interval(hours => (times + 1) * repeat_hours),
        repeat_hours, audience, escalate_hours
    FROM gone
    WHERE repeat_hours > 0
)
INSERT INTO registry_reminder
    (deadline_id, step, planned_at, recorded_at, audience, escalate_hours, state)
SELECT DISTINCT ON (deadline_id) deadline_id, step,
    at + make_interval(hours => times * repeat_hours), %(now)s, audience, escalate_hours, 'pending'
FROM gone
ORDER BY deadline_id, 3 DESC, step DESC
"""
ALREADY_RECORDED = "ON CONFLICT (deadline_id, planned_at) DO NOTHING"


def _record_in_one_statement(now: datetime, limit: int) -> int:
    """PostgreSQL: lock, record and advance in one statement.

    Rows that another process holds are skipped. The reminders are made from the rows that were
    removed and from no others, so a row that changed meanwhile is left for the next sweep. An alarm
    is removed as it is recorded, so none should be there twice; the clause against it costs a fifth
    of the whole and is added only when one is, so that it stops nobody else's reminder.
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
    """SQLite: the same in a few statements of one transaction, which holds the only write lock.

    All of them mean the same rows: those due, up to the last one of the batch; found by the index
    of the instants, since grouping by deadline would tempt SQLite to walk through all alarms. *OR
    FAIL* spares SQLite a copy of every page that a statement touches, kept only to undo that one
    statement: should one fail, the transaction is undone as a whole.
    """
    alarms = "registry_alarm INDEXED BY alarm_at"
    order = "at, deadline_id, step"
    until = connection.ops.adapt_datetimefield_value(now)
    times = "((%s - strftime('%%s', at)) / (repeat_hours * 3600))"
    due, values = "at <= %s", [until]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {alarms} WHERE at <= %s ORDER BY at LIMIT 1 OFFSET %s",  # noqa: S608
            [until, limit],
        )
        if cursor.fetchone():
            cursor.execute(
                f"SELECT {order} FROM {alarms} WHERE at <= %s"  # noqa: S608 (constants)
                f" ORDER BY {order} LIMIT 1 OFFSET %s",
                [until, limit - 1],
            )
            last = cursor.fetchone()
            due, values = f"at <= %s AND ({order}) <= (%s, %s, %s)", [last[0], *last]
        epoch = int(now.timestamp())
        cursor.execute(
            "INSERT OR FAIL INTO registry_reminder"  # noqa: S608 (constants)
            " (deadline_id, step, planned_at, recorded_at, audience, escalate_hours, state)"
            " SELECT deadline_id, step, max(CASE WHEN repeat_hours > 0"
            f" THEN datetime(at, ({times} * repeat_hours) || ' hours') ELSE at END),"
            " %s, audience, escalate_hours, 'pending'"
            f" FROM {alarms} WHERE {due}"
            " GROUP BY deadline_id ON CONFLICT (deadline_id, planned_at) DO NOTHING",
            [epoch, until, *values],
        )
        recorded = cursor.rowcount
        cursor.execute(
            f"DELETE FROM {alarms} WHERE repeat_hours = 0 AND {due}",  # noqa: S608
            values,
        )
        cursor.execute(
            f"UPDATE OR FAIL {alarms}"  # noqa: S608
            f" SET at = datetime(at, (({times} + 1) * repeat_hours) || ' hours')"
            f" WHERE {due}",
            [epoch, *values],
        )
        return recorded


def latest_of(deadlines: Iterable[int]) -> dict[int, datetime]:
    """For each deadline the instant of its latest reminder recorded: any earlier is overtaken."""
    from django.db.models import Max

    rows = Reminder.objects.filter(deadline__in=set(deadlines)).values("deadline")
    found = rows.annotate(latest=Max("planned_at")).values_list("deadline", "latest")
    return dict(found.order_by())


def still_wanted(reminder: Reminder) -> bool:
    """Whether the reminder fits what its deadline is now: running, or still paused."""
    if reminder.step == STILL_PAUSED:
        return reminder.deadline.state == Deadline.State.SUSPENDED
    return reminder.deadline.state == Deadline.State.RUNNING


WANTED = Q(reminder__step=STILL_PAUSED, reminder__deadline__state=Deadline.State.SUSPENDED) | (
    ~Q(reminder__step=STILL_PAUSED) & Q(reminder__deadline__state=Deadline.State.RUNNING)
)
"""The same as a condition on notices."""
