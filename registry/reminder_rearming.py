"""Planning running deadlines anew after a schedule changed: ordered, then done in batches."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from registry import bells
from registry.models import (
    Alarm,
    Authority,
    Deadline,
    Rearming,
    Reminder,
    ReminderPreferences,
    ReminderSchedule,
    User,
)
from registry.reminder_schedule import (
    Step,
    anchor_of,
    own_steps,
    planned,
    schedule_of,
    steps_of,
)
from registry.reminders import alarm_of

BATCH = 500


def order(
    now: datetime, *, authority: Authority | None = None, officer: User | None = None
) -> Rearming:
    """Have the running deadlines of an authority, of an officer, or all of them planned anew."""
    made = Rearming.objects.create(authority=authority, officer=officer, ordered_at=now)
    bells.ring("rearm_deadlines")
    return made


def rearm_all(now: datetime) -> int:
    """Do what was ordered, a batch a transaction. Returns how many deadlines were planned anew."""
    total = 0
    while done := rearm_batch(now):
        total += done
    return total


def rearm_batch(now: datetime, limit: int = BATCH) -> int:
    """One batch of the oldest order that nobody else is at. Returns how many deadlines.

    What is already due stays to be recorded: its alarm becomes a reminder first, so that no number
    of a step in the new schedule can take its place.
    """
    with transaction.atomic():
        orders = Rearming.objects.filter(finished_at__isnull=True).order_by("id")
        ordered = orders.select_for_update(skip_locked=True).first()
        if ordered is None:
            return 0
        deadlines = list(
            _concerned(ordered)
            .filter(pk__gt=ordered.reached)
            .order_by("pk")
            .select_related("dossier")[:limit]
        )
        if len(deadlines) < limit:
            ordered.finished_at = now
        if deadlines:
            _plan_anew(deadlines, now)
            ordered.reached = deadlines[-1].pk
        Rearming.objects.filter(pk=ordered.pk).update(
            reached=ordered.reached,
            finished_at=ordered.finished_at,
            done=F("done") + len(deadlines),
        )
    return len(deadlines) or int(ordered.finished_at is None)


def _concerned(ordered: Rearming) -> QuerySet[Deadline]:
    running = Deadline.objects.filter(state=Deadline.State.RUNNING)
    if ordered.authority_id:
        running = running.filter(dossier__owner=ordered.authority_id)
    if ordered.officer_id:
        running = running.filter(dossier__responsible=ordered.officer_id)
    return running


def _plan_anew(deadlines: list[Deadline], now: datetime) -> None:
    keys = [deadline.pk for deadline in deadlines]
    alarms = Alarm.objects.filter(deadline__in=keys)
    held = list(alarms.select_for_update())
    latest: dict[int, Alarm] = {}
    for alarm in sorted(held, key=lambda alarm: alarm.at):
        if alarm.at <= now:
            latest[alarm.deadline_id] = alarm
    Reminder.objects.bulk_create(
        [
            Reminder(
                deadline_id=alarm.deadline_id,
                step=alarm.step,
                planned_at=alarm.at,
                recorded_at=now,
                audience=alarm.audience,
                escalate_hours=alarm.escalate_hours,
            )
            for alarm in latest.values()
        ],
        ignore_conflicts=True,
    )
    alarms.delete()
    schedules: dict[tuple[int, int, bool], list[Step]] = {}
    officers = {deadline.dossier.responsible_id for deadline in deadlines}
    extra = dict(
        ReminderPreferences.objects.filter(user__in=officers).values_list("user", "extra_days")
    )
    fresh: list[Alarm] = []
    for deadline in deadlines:
        schedule, owner = schedule_of(deadline), deadline.dossier.owner_id
        key = (schedule, owner, deadline.critical)
        if key not in schedules:
            schedules[key] = steps_of(schedule, owner, critical=deadline.critical)
        steps = schedules[key]
        if schedule == ReminderSchedule.DAYS:
            steps = steps + own_steps(extra.get(deadline.dossier.responsible_id, []), steps)
        plans = planned(steps, anchor_of(deadline), deadline.due_at, now, anew=True)
        fresh += [alarm_of(deadline.pk, plan) for plan in plans]
    Alarm.objects.bulk_create(fresh, batch_size=1000)
