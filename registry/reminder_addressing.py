"""Addressing what was recorded: a notice for each recipient and channel, in one transaction.

A worker that dies in it leaves the reminder recorded, for the next. The constraints on ``Notice``
keep what was addressed from being addressed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from registry.models import (
    Channel,
    Dossier,
    Notice,
    Reminder,
    ReminderPreferences,
    WebhookEndpoint,
)
from registry.reminder_recipients import People, Told
from registry.reminder_timing import send_at, wish_of
from registry.reminders import latest_of, still_wanted

BATCH = 200
NOBODY = gettext_noop("Nobody who may see this matter has an open account.")


def address(now: datetime, limit: int = BATCH) -> int:
    """Address up to ``limit`` recorded reminders. Returns how many were taken.

    Steps, all in one transaction:
    1. Take rows that no other process holds.
    2. Drop those whose deadline no longer runs, or has a later reminder.
    3. Find who is told and write their notices; set when an unacknowledged one goes to the
       supervisor.
    """
    with transaction.atomic():
        taken = _take(Reminder.objects.filter(state=Reminder.State.PENDING).order_by("id"), limit)
        if not taken:
            return 0
        latest = latest_of(reminder.deadline_id for reminder in taken)
        for reminder in taken:
            overtaken = reminder.planned_at < latest[reminder.deadline_id]
            if overtaken or not still_wanted(reminder):
                reminder.state = Reminder.State.DROPPED
        wanted = [reminder for reminder in taken if reminder.state == Reminder.State.PENDING]
        people = People([reminder.deadline.dossier for reminder in wanted], now)
        told = {r.pk: people.told(r.deadline.dossier, r.audience) for r in wanted}
        notices = _write(wanted, told, now, programs=True)
        for reminder in wanted:
            if told[reminder.pk]:
                reminder.state, reminder.last_error = Reminder.State.ADDRESSED, ""
                reminder.escalate_at = _escalate_at(reminder, notices)
            else:
                reminder.state, reminder.last_error = Reminder.State.FAILED, NOBODY
        Reminder.objects.bulk_update(taken, ["state", "last_error", "escalate_at"])
        _close_overtaken(wanted, now)
    return len(taken)


def escalate(now: datetime, limit: int = BATCH) -> int:
    """Tell the supervisors of reminders that nobody acknowledged in time. Returns how many."""
    with transaction.atomic():
        due = Reminder.objects.filter(escalate_at__lte=now).order_by("escalate_at", "id")
        taken = _take(due, limit)
        if not taken:
            return 0
        wanted = [reminder for reminder in taken if still_wanted(reminder)]
        people = People([reminder.deadline.dossier for reminder in wanted], now)
        told = {r.pk: people.above(r.deadline.dossier, Notice.Capacity.ESCALATED) for r in wanted}
        _write(wanted, told, now)
        Reminder.objects.filter(pk__in=[reminder.pk for reminder in taken]).update(escalate_at=None)
    return len(taken)


def _take(rows: QuerySet[Reminder], limit: int) -> list[Reminder]:
    """Rows that nobody else holds. SQLite ignores the row lock: its write lock is held throughout."""
    held = rows.select_for_update(skip_locked=True).values_list("id", flat=True)
    found = Reminder.objects.filter(pk__in=list(held[:limit])).select_related(
        "deadline__dossier__responsible"
    )
    return list(found.order_by("id"))


def _write(
    reminders: Sequence[Reminder],
    told: dict[int, list[Told]],
    now: datetime,
    *,
    programs: bool = False,
) -> list[Notice]:
    """The notices of these reminders. One that is already there is left as it is."""
    users = {one.user.pk for each in told.values() for one in each}
    preferences = ReminderPreferences.objects.in_bulk(users)
    endpoints = _endpoints(users, [r.deadline.dossier for r in reminders] if programs else [])
    notices: list[Notice] = []
    for reminder in reminders:
        for one in told[reminder.pk]:
            notices += _to_person(reminder, one, preferences.get(one.user.pk), endpoints, now)
        dossier = reminder.deadline.dossier
        if programs and not dossier.is_sealed:
            notices += [
                Notice(
                    reminder=reminder,
                    endpoint=endpoint,
                    channel=Channel.WEBHOOK,
                    capacity=Notice.Capacity.PROGRAM,
                    created_at=now,
                    send_at=now,
                )
                for endpoint in endpoints.get(("authority", dossier.owner_id), [])
            ]
    Notice.objects.bulk_create(notices, batch_size=500, ignore_conflicts=True)
    return notices


def _to_person(
    reminder: Reminder,
    told: Told,
    preferences: ReminderPreferences | None,
    endpoints: dict[tuple[str, int], list[WebhookEndpoint]],
    now: datetime,
) -> list[Notice]:
    wish = wish_of(told.user, preferences)
    ways: list[tuple[str, WebhookEndpoint | None]] = []
    if preferences is None or preferences.in_application:
        ways.append((Channel.IN_APPLICATION, None))
    if preferences is None or preferences.mail:
        ways.append((Channel.MAIL, None))
    if preferences is None or preferences.webhook:
        own = endpoints.get(("user", told.user.pk), [])
        ways += [(Channel.WEBHOOK, endpoint) for endpoint in own]
    at_once = Notice.State.SENT
    deadline = reminder.deadline
    return [
        Notice(
            reminder=reminder,
            recipient=told.user,
            endpoint=endpoint,
            channel=channel,
            capacity=told.capacity,
            state=at_once if channel == Channel.IN_APPLICATION else Notice.State.WAITING,
            created_at=now,
            send_at=send_at(wish, channel, now, due_at=deadline.due_at, critical=deadline.critical),
        )
        for channel, endpoint in ways
    ]


def _endpoints(
    users: Iterable[int], dossiers: Sequence[Dossier]
) -> dict[tuple[str, int], list[WebhookEndpoint]]:
    """The endpoints that work, of people and of authorities. Two queries."""
    working = WebhookEndpoint.objects.filter(disabled_at__isnull=True).order_by("id")
    found: dict[tuple[str, int], list[WebhookEndpoint]] = {}
    for endpoint in working.filter(user__in=users):
        found.setdefault(("user", endpoint.user_id or 0), []).append(endpoint)
    owners = {dossier.owner_id for dossier in dossiers}
    for endpoint in working.filter(authority__in=owners) if owners else ():
        found.setdefault(("authority", endpoint.authority_id or 0), []).append(endpoint)
    return found


def _escalate_at(reminder: Reminder, notices: Sequence[Notice]) -> datetime | None:
    """Some hours after the last of the channels told the person: nobody is late before knowing."""
    if not reminder.escalate_hours:
        return None
    ours = [n.send_at for n in notices if n.reminder_id == reminder.pk and n.recipient_id]
    return max(ours) + timedelta(hours=reminder.escalate_hours)


def _close_overtaken(reminders: Sequence[Reminder], now: datetime) -> None:
    """In the application a deadline shows its latest reminder only."""
    addressed = [r for r in reminders if r.state == Reminder.State.ADDRESSED]
    Notice.objects.filter(
        reminder__deadline__in=[r.deadline_id for r in addressed],
        channel=Channel.IN_APPLICATION,
        closed_at__isnull=True,
    ).exclude(reminder__in=addressed).update(closed_at=now)
