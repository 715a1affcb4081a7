"""Delivering what stands in the outbox: claimed, sent, marked; each message once.

A worker takes a few messages by a conditional update (nobody else takes them before the lease ends),
sends each and marks it. If it dies between sending and marking, the next one sends the same message
under the same name, by which the receiver knows it. A failure is tried again, later each time, and
in the end stands as failed with its reason.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from registry.claims import waiting
from registry.models import Channel, Message, Notice
from registry.reminder_addressing import address, escalate
from registry.reminder_bundling import bundle, read, still_to_be_said
from registry.reminder_mail import mail_of
from registry.webhooks import Refused, call, note_failure, note_success

log = logging.getLogger(__name__)

BATCH = 20
"""Messages a worker holds at once: few enough to be sent, timeouts included, within the lease."""

WAIT_BEFORE_RETRY = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""After the last of these attempts the message stands as failed."""


def carry_out(now: datetime) -> int:
    """All of it, until nothing is left to do at this moment. Returns how many messages were taken.

    In rounds: what a message turns out not to be for (somebody lost sight of the matter) is
    addressed to the next in line.
    """
    total = 0
    while True:
        done = sum(_until_nothing_is_left(stage, now) for stage in (escalate, address, bundle))
        delivered = _until_nothing_is_left(deliver, now)
        total += delivered
        if not done + delivered:
            return total


def _until_nothing_is_left(stage: Callable[[datetime], int], now: datetime) -> int:
    total = 0
    while done := stage(now):
        total += done
    return total


def deliver_all() -> int:
    """Carry out until nothing is left. Each round reads the clock, since sending takes time."""
    total = 0
    while delivered := carry_out(timezone.now()):
        total += delivered
    return total


def deliver(now: datetime, limit: int = BATCH) -> int:
    """Deliver up to ``limit`` messages of the outbox. Returns how many were taken.

    Steps:
    1. Claim: messages that no one holds get a lease; one that another claims at that moment is
       skipped.
    2. Look again at each notice: of deadlines that no longer run nothing is said.
    3. Send, then mark as sent.
    """
    lease = now + timedelta(seconds=settings.REMINDER_LEASE_SECONDS)
    taken = _claim(now, lease, limit)
    if not taken:
        return 0
    mail: BaseEmailBackend | None = None
    try:
        for message in taken:
            try:
                if message.channel == Channel.MAIL and mail is None:
                    mail = _open_mail()
                _deliver_one(message, mail, now)
            except Exception as error:  # any receiver may fail in any way; the reason is kept
                _fail(message, error, now)
    finally:
        if mail is not None:
            mail.close()
    return len(taken)


def pending(now: datetime) -> QuerySet[Message]:
    """The messages that may be taken now."""
    return Message.objects.filter(waiting(Q(state=Message.State.PENDING), now))


def try_failed_again() -> int:
    """Put what stands as failed back into the outbox. Returns how many messages."""
    with transaction.atomic():
        failed = Message.objects.filter(state=Message.State.FAILED)
        keys = list(failed.select_for_update().values_list("pk", flat=True))
        Notice.objects.filter(message__in=keys).update(state=Notice.State.TAKEN)
        return Message.objects.filter(pk__in=keys).update(
            state=Message.State.PENDING, claimed_until=None, attempts=0
        )


def _open_mail() -> BaseEmailBackend:
    connection = get_connection()
    connection.open()
    return connection


def _claim(now: datetime, lease: datetime, limit: int) -> list[Message]:
    """Take rows, oldest first. SQLite ignores the row lock: its write lock is held throughout."""
    with transaction.atomic():
        rows = pending(now).order_by("id").select_for_update(skip_locked=True)
        ids = list(rows.values_list("id", flat=True)[:limit])
        if not ids:
            return []
        Message.objects.filter(pk__in=ids).update(claimed_until=lease, attempts=F("attempts") + 1)
    return list(
        Message.objects.filter(pk__in=ids).order_by("id").select_related("recipient", "endpoint")
    )


def _deliver_one(message: Message, mail: BaseEmailBackend | None, now: datetime) -> None:
    """Send one message that we hold, and write down how it went."""
    notices = still_to_be_said(list(read(message.notices.filter(state=Notice.State.TAKEN))), now)
    if not notices:
        _mark(message, [], state=Message.State.DROPPED)
        return
    if message.channel == Channel.MAIL and mail is not None:
        mail.send_messages([mail_of(message, notices, now)])
    elif message.endpoint is not None:
        call(message, notices, now)
        note_success(message.endpoint, now)
    _mark(
        message,
        notices,
        state=Message.State.SENT,
        sent_at=now,
        claimed_until=None,
        last_error="",
    )


def _fail(message: Message, error: Exception, now: datetime) -> None:
    """Try again later, or give up and say why. The reason never holds what the message said."""
    reason = f"{type(error).__name__}: {error}"[:500]
    disabled = False
    if message.endpoint is not None:
        disabled = note_failure(message.endpoint, reason, now)
    final = isinstance(error, Refused) or message.attempts > len(WAIT_BEFORE_RETRY)
    if disabled or final:
        log.error("message %s failed", message.key)
        _mark(message, None, state=Message.State.FAILED, claimed_until=None, last_error=reason)
    else:
        retry_at = now + WAIT_BEFORE_RETRY[message.attempts - 1]
        _mark(message, [], claimed_until=retry_at, last_error=reason)


def _mark(message: Message, notices: Sequence[Notice] | None, **values: object) -> None:
    """Write the outcome, unless the lease ended and somebody else holds the message by now.

    ``notices``: those that were told; None: none of the message's could be.
    """
    with transaction.atomic():
        ours = Message.objects.filter(pk=message.pk, claimed_until=message.claimed_until)
        if not ours.update(**values):
            return
        if notices is None:
            told, state = message.notices.filter(state=Notice.State.TAKEN), Notice.State.FAILED
        else:
            told = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
            state = Notice.State.SENT
        told.update(state=state)
