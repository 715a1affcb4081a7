"""Acknowledging reminders: in the application, or by the link of a mail without signing in.

The link names what it acknowledges and for whom, signed; it says nothing of the matter and allows
nothing else. Acknowledging is kept on the reminder (who was first, and when) and on the timeline,
and stops the reminder's escalation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registry import timeline
from registry.models import Channel, Dossier, Message, Notice, Reminder, User
from registry.refusals import NotFound, NotPossibleNow

LINK_LASTS = timedelta(days=60)
SALT = "registry.acknowledging"


@dataclass(frozen=True)
class Link:
    """What a link acknowledges: all notices of a message, or one of them."""

    recipient: User
    reminders: list[Reminder]

    @property
    def done(self) -> bool:
        return all(reminder.acknowledged_at for reminder in self.reminders)


def acknowledge(reminders: Iterable[Reminder], user: User, *, now: datetime) -> int:
    """The person has taken note of these reminders. Returns how many nobody had acknowledged yet.

    Callers have found the reminders among the person's own notices. Each is kept once, whoever does
    it at the same moment; earlier reminders of the deadline no longer escalate either.
    """
    done = 0
    for reminder in sorted(reminders, key=lambda reminder: reminder.pk):
        with transaction.atomic():
            first = Reminder.objects.filter(pk=reminder.pk, acknowledged_at__isnull=True).update(
                acknowledged_at=now, acknowledged_by=user, escalate_at=None
            )
            Notice.objects.filter(
                reminder=reminder, channel=Channel.IN_APPLICATION, closed_at__isnull=True
            ).update(closed_at=now)
            if not first:
                continue
            Reminder.objects.filter(
                deadline=reminder.deadline_id,
                planned_at__lt=reminder.planned_at,
                escalate_at__isnull=False,
            ).update(escalate_at=None)
            # The row is locked for the timeline alone: the matter itself does not change, and
            # nobody who is editing it is told that somebody else did.
            dossier = Dossier.objects.select_for_update().get(deadlines=reminder.deadline_id)
            timeline.record(
                dossier,
                "reminder.acknowledged",
                actor=user,
                at=now,
                reminder=reminder.pk,
                deadline=reminder.deadline_id,
                label=reminder.deadline.label,
            )
            done += 1
    return done


def acknowledge_notice(notice: int, user: User, *, now: datetime) -> int:
    """Acknowledge what a notice in the application says. Raises NotFound for one not the person's."""
    found = (
        Notice.objects.filter(pk=notice, recipient=user)
        .filter(reminder__deadline__dossier__in=Dossier.objects.visible_to(user))
        .select_related("reminder__deadline")
        .first()
    )
    if found is None:
        raise NotFound("not_found", _("You have no such notice."))
    return acknowledge([found.reminder], user, now=now)


def link_of_message(message: Message, now: datetime) -> str:
    return _link("m", message.pk, now)


def link_of_notice(notice: Notice, now: datetime) -> str:
    return _link("n", notice.pk, now)


def _link(kind: str, key: int, now: datetime) -> str:
    until = int((now + LINK_LASTS).timestamp())
    token = signing.Signer(salt=SALT).sign_object([kind, key, until])
    return settings.PUBLIC_ADDRESS + reverse("acknowledge", args=[token])


def read_link(token: str, *, now: datetime) -> Link:
    """What a link acknowledges.

    Raises NotFound for one that is not ours or whose person may no longer know of the matter, and
    NotPossibleNow for one that is too old. None of them says what it was about.
    """
    wrong = NotFound(
        "link_unknown", _("This link is not valid. Copy it whole from the message, or sign in.")
    )
    try:
        kind, key, until = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise wrong from error
    if now >= datetime.fromtimestamp(until, tz=UTC):
        raise NotPossibleNow(
            "link_expired", _("This link is too old. Sign in to see what is still to be done.")
        )
    notices = Notice.objects.filter(message=key) if kind == "m" else Notice.objects.filter(pk=key)
    found = list(notices.select_related("recipient", "reminder__deadline").order_by("id"))
    recipient = found[0].recipient if found else None
    if recipient is None or not recipient.is_active:
        raise wrong
    visible = set(
        Dossier.objects.visible_to(recipient)
        .filter(pk__in=[notice.reminder.deadline.dossier_id for notice in found])
        .values_list("pk", flat=True)
    )
    reminders = [n.reminder for n in found if n.reminder.deadline.dossier_id in visible]
    if not reminders:
        raise wrong
    return Link(recipient, reminders)
