"""Putting notices into messages: all that one addressee is owed by one channel goes together.

The composition is fixed here, in the transaction that makes the message; who dies later sends the
same message again, under the same key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from registry.models import (
    Alarm,
    Dossier,
    Message,
    Notice,
    Reminder,
    User,
    WebhookEndpoint,
)
from registry.reminders import latest_of, still_wanted

MOST_IN_A_MESSAGE = 200
PATIENCE = timedelta(minutes=2)
"""While there is more to record or to address, what is not critical waits up to this long, so that
after an outage one message tells all."""

Addressee = tuple[str, int | None, int | None]


def bundle(now: datetime, limit: int = 50) -> int:
    """Make messages of what is to be sent, for up to ``limit`` addressees. Returns how many.

    Any number of processes may do this at once: who makes an addressee's message holds that
    addressee, and others pass on to the next.
    """
    made = 0
    for addressee in _addressees(now, limit):
        with transaction.atomic():
            if _hold(addressee):
                made += _one_message(addressee, now)
    return made


def due(now: datetime) -> QuerySet[Notice]:
    """The notices to be sent now."""
    waiting = Notice.objects.filter(state=Notice.State.WAITING, send_at__lte=now)
    if backlog(now):
        return waiting.filter(Q(send_at__lte=now - PATIENCE) | Q(reminder__deadline__critical=True))
    return waiting


def backlog(now: datetime) -> bool:
    """Whether more reminders are about to be addressed."""
    return (
        Reminder.objects.filter(state=Reminder.State.PENDING).exists()
        or Alarm.objects.filter(at__lte=now).exists()
    )


def _addressees(now: datetime, limit: int) -> list[Addressee]:
    rows = due(now).order_by().values_list("channel", "recipient", "endpoint").distinct()
    return list(rows[:limit])


def _hold(addressee: Addressee) -> bool:
    _channel, recipient, endpoint = addressee
    if endpoint is not None:
        ends = WebhookEndpoint.objects.filter(pk=endpoint)
        return bool(ends.select_for_update(skip_locked=True, no_key=True))
    people = User.objects.filter(pk=recipient or 0)
    return bool(people.select_for_update(skip_locked=True, no_key=True))


def _one_message(addressee: Addressee, now: datetime) -> int:
    channel, recipient, endpoint = addressee
    rows = Notice.objects.filter(
        state=Notice.State.WAITING,
        send_at__lte=now,
        channel=channel,
        recipient=recipient,
        endpoint=endpoint,
    ).order_by("reminder__deadline__due_at", "id")
    held = rows.select_for_update(skip_locked=True, of=("self",))
    ids = list(held.values_list("id", flat=True)[:MOST_IN_A_MESSAGE])
    notices = list(read(Notice.objects.filter(pk__in=ids)))
    wanted = still_to_be_said(notices, now)
    if not wanted:
        return int(bool(notices))
    message = Message.objects.create(
        channel=channel, recipient_id=recipient, endpoint_id=endpoint, created_at=now
    )
    Notice.objects.filter(pk__in=[notice.pk for notice in wanted]).update(
        state=Notice.State.TAKEN, message=message
    )
    return 1


def read(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Notices with what a message says of them, in the order in which it says it."""
    return notices.select_related(
        "recipient",
        "endpoint",
        "reminder__deadline__dossier__counterpart",
        "reminder__deadline__dossier__responsible",
    ).order_by("reminder__deadline__due_at", "id")


def still_to_be_said(notices: Sequence[Notice], now: datetime) -> list[Notice]:
    """Look again: of these notices to one addressee, those that still hold. The others are dropped.

    A deadline that no longer runs, or has a later reminder, needs none. A reminder whose recipient
    may no longer know is addressed again, to whoever may.
    """
    if not notices:
        return []
    latest = latest_of(notice.reminder.deadline_id for notice in notices)
    holding, dropped, lost = [], [], []
    visible = _visible(notices)
    for notice in notices:
        reminder = notice.reminder
        if not still_wanted(reminder) or reminder.planned_at < latest[reminder.deadline_id]:
            dropped.append(notice)
        elif reminder.deadline.dossier_id not in visible:
            lost.append(notice)
        else:
            holding.append(notice)
    _drop(dropped, now)
    if lost:
        _drop(lost, now)
        Reminder.objects.filter(
            pk__in=[notice.reminder_id for notice in lost if notice.recipient_id],
            state=Reminder.State.ADDRESSED,
        ).update(state=Reminder.State.PENDING)
    return holding


def _visible(notices: Sequence[Notice]) -> set[int]:
    """Of the dossiers concerned those that the addressee may know of. An authority's program: none
    that is sealed."""
    person = notices[0].recipient
    dossiers = {notice.reminder.deadline.dossier_id for notice in notices}
    if person is None:
        open_ones = Dossier.objects.filter(pk__in=dossiers).exclude(
            confidentiality=Dossier.Confidentiality.SEALED
        )
        return set(open_ones.values_list("pk", flat=True))
    if not person.is_active:
        return set()
    seen = Dossier.objects.visible_to(person).filter(pk__in=dossiers)
    return set(seen.values_list("pk", flat=True))


def _drop(notices: Iterable[Notice], now: datetime) -> None:
    ids = [notice.pk for notice in notices]
    if ids:
        Notice.objects.filter(pk__in=ids).update(state=Notice.State.DROPPED)
