"""Delivering what stands in the outbox: claimed, sent, marked; each reminder once.

A worker takes a few rows by a conditional update (nobody else takes them before the lease ends),
sends each and marks it. If it dies between sending and marking, the next one sends the same message
with the same Message-ID, by which a mailbox knows it. A failure is tried again, later each time, and
in the end stands as failed with its reason.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from registry.models import Deadline, Dossier, Reminder, User
from registry.reminder_mail import message_of

log = logging.getLogger(__name__)

BATCH = 20
"""Rows a worker holds at once: few enough to be sent, timeouts included, within the lease."""

WAIT_BEFORE_RETRY = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""After the last of these attempts the reminder stands as failed."""

ACCOUNT_CLOSED = gettext_noop("The account of the responsible officer is closed.")
MAY_NOT_SEE = gettext_noop("The responsible officer may no longer see this matter.")


def deliver(now: datetime, limit: int = BATCH) -> int:
    """Deliver up to ``limit`` pending reminders. Returns how many were taken.

    Steps:
    1. Claim: rows that no one holds get a lease; a row that another claims at that moment is
       skipped.
    2. Look again at each deadline: one that no longer runs, or has a later reminder standing, needs
       none.
    3. Send, then mark as sent.
    """
    lease = now + timedelta(seconds=settings.REMINDER_LEASE_SECONDS)
    taken = _claim(now, lease, limit)
    if not taken:
        return 0
    connection = get_connection()
    try:
        connection.open()
    except Exception as error:  # any mail server may fail in any way; the reason is kept
        for reminder in taken:
            _fail(reminder, error, now)
        return len(taken)
    try:
        for reminder in taken:
            _deliver_one(reminder, connection, now)
    finally:
        connection.close()
    return len(taken)


def deliver_all() -> int:
    """Deliver until nothing is pending. Each batch reads the clock, since sending takes time."""
    total = 0
    while delivered := deliver(timezone.now()):
        total += delivered
    return total


def pending(now: datetime) -> QuerySet[Reminder]:
    """The reminders that may be taken now."""
    return Reminder.objects.filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lte=now), state=Reminder.State.PENDING
    )


def _claim(now: datetime, lease: datetime, limit: int) -> list[Reminder]:
    """Take rows, oldest first. SQLite ignores the row lock: its write lock is held throughout."""
    with transaction.atomic():
        rows = pending(now).order_by("id").select_for_update(skip_locked=True)
        ids = list(rows.values_list("id", flat=True)[:limit])
        Reminder.objects.filter(pk__in=ids).update(claimed_until=lease, attempts=F("attempts") + 1)
    return list(
        Reminder.objects.filter(pk__in=ids)
        .order_by("id")
        .select_related("deadline__dossier__responsible", "deadline__dossier__counterpart")
    )


def _deliver_one(reminder: Reminder, connection: BaseEmailBackend, now: datetime) -> None:
    """Send one reminder that we hold, and write down how it went."""
    if reminder.deadline.state != Deadline.State.RUNNING or _is_overtaken(reminder):
        _mark(reminder, state=Reminder.State.DROPPED)
        return
    recipient = reminder.deadline.dossier.responsible
    if reason := _why_not(recipient, reminder.deadline.dossier):
        _mark(reminder, state=Reminder.State.FAILED, last_error=reason, recipient=recipient)
        return
    try:
        connection.send_messages([message_of(reminder, recipient, now)])
    except Exception as error:  # any mail server may fail in any way; the reason is kept
        _fail(reminder, error, now)
        return
    _mark(
        reminder,
        state=Reminder.State.SENT,
        sent_at=now,
        claimed_until=None,
        recipient=recipient,
        last_error="",
    )


def _is_overtaken(reminder: Reminder) -> bool:
    """Whether a later step of the same deadline is recorded: after an outage, only that is sent."""
    return Reminder.objects.filter(
        deadline_id=reminder.deadline_id, step__gt=reminder.step
    ).exists()


def _why_not(recipient: User, dossier: Dossier) -> str:
    """The reason why this person must not be written to, or nothing."""
    if not recipient.is_active:
        return ACCOUNT_CLOSED
    if not Dossier.objects.visible_to(recipient).filter(pk=dossier.pk).exists():
        return MAY_NOT_SEE
    return ""


def _fail(reminder: Reminder, error: Exception, now: datetime) -> None:
    """Try again later, or give up and say why. The reason never holds what the mail said."""
    reason = f"{type(error).__name__}: {error}"[:500]
    if reminder.attempts > len(WAIT_BEFORE_RETRY):
        log.error("reminder %s of deadline %s failed", reminder.step, reminder.deadline_id)
        _mark(reminder, state=Reminder.State.FAILED, claimed_until=None, last_error=reason)
    else:
        retry_at = now + WAIT_BEFORE_RETRY[reminder.attempts - 1]
        _mark(reminder, claimed_until=retry_at, last_error=reason)


def _mark(reminder: Reminder, **values: object) -> None:
    """Write the outcome, unless the lease ended and somebody else holds the row by now."""
    Reminder.objects.filter(pk=reminder.pk, claimed_until=reminder.claimed_until).update(**values)
