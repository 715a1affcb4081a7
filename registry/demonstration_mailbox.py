"""The mailbox of the demonstration: mail stays in the database and is read at /demo/mail."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from registry.models import MailboxMessage


class MailboxBackend(BaseEmailBackend):
    """A mail backend that keeps each message once, known by its Message-ID.

    A sender that died after sending and sends again therefore shows as one message, as it would
    with any receiver that looks at the Message-ID.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        kept = [_kept(message) for message in email_messages]
        MailboxMessage.objects.bulk_create(kept, ignore_conflicts=True)
        return len(kept)


def _kept(message: EmailMessage) -> MailboxMessage:
    return MailboxMessage(
        message_id=str(message.message()["Message-ID"])[:200],
        sent_at=timezone.now(),
        sender=message.from_email,
        recipient=next(iter(message.recipients()), "").lower(),
        recipients=message.recipients(),
        subject=str(message.subject)[:400],
        body=str(message.body),
    )
