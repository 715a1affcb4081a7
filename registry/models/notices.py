"""Who is told of a reminder, by which channel, and what is really sent."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    IN_APPLICATION = "application", _("In the application")
    MAIL = "mail", _("E-mail")
    WEBHOOK = "webhook", _("Webhook")


class Notice(models.Model):
    """One reminder for one recipient by one channel; unique, so that nothing is said twice.

    In the application it is shown as it is. By mail and webhook it waits until ``send_at`` (the
    recipient's digest, the end of quiet hours) and is then taken into a message.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        TAKEN = "taken", _("In a message")
        SENT = "sent", _("Told")
        FAILED = "failed", _("Failed")
        DROPPED = "dropped", _("No longer needed")

    class Capacity(models.TextChoices):
        RESPONSIBLE = "responsible", _("Responsible")
        DEPUTY = "deputy", _("Stands in for somebody absent")
        SUPERVISOR = "supervisor", _("Supervises")
        ESCALATED = "escalated", _("Nobody acknowledged the reminder")
        NEXT_IN_LINE = "next", _("Next in line")
        PROGRAM = "program", _("A program of the authority")

    reminder = models.ForeignKey(
        "registry.Reminder", on_delete=models.CASCADE, related_name="notices"
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    endpoint = models.ForeignKey(
        "registry.WebhookEndpoint", null=True, on_delete=models.CASCADE, related_name="notices"
    )
    channel = models.CharField(max_length=12, choices=Channel)
    capacity = models.CharField(max_length=12, choices=Capacity)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    send_at = models.DateTimeField()
    message = models.ForeignKey(
        "registry.Message", null=True, on_delete=models.SET_NULL, related_name="notices"
    )
    closed_at = models.DateTimeField(
        null=True, help_text=_("In the application: acknowledged, overtaken or no longer needed.")
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["send_at"], condition=Q(state="waiting"), name="notice_waiting"),
            models.Index(
                fields=["recipient", "-id"],
                condition=Q(channel="application"),
                name="notice_in_application",
            ),
            models.Index(
                fields=["recipient"],
                condition=Q(channel="application", closed_at__isnull=True),
                name="notice_open",
            ),
            models.Index(fields=["id"], condition=Q(state="failed"), name="notice_failed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["reminder", "recipient", "channel"],
                condition=Q(endpoint__isnull=True),
                name="notice_once_per_recipient",
            ),
            models.UniqueConstraint(
                fields=["reminder", "endpoint"],
                condition=Q(endpoint__isnull=False),
                name="notice_once_per_endpoint",
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False) | Q(endpoint__isnull=False),
                name="notice_has_an_addressee",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reminder_id} to {self.recipient_id or self.endpoint_id}: {self.channel}"


class Message(models.Model):
    """The outbox: a mail or webhook call that is really sent, with the notices it carries.

    Which notices it carries is fixed when it is made and ``key`` is its name for ever (Message-ID,
    webhook-id): a worker that dies after sending makes the next one send the same again under the
    same name, by which the receiver knows it. Claimed by a conditional update; after a failure
    ``claimed_until`` is the time of the next attempt.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        DROPPED = "dropped", _("No longer needed")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.CharField(max_length=12, choices=Channel)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    endpoint = models.ForeignKey(
        "registry.WebhookEndpoint", null=True, on_delete=models.CASCADE, related_name="messages"
    )
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(state="pending"), name="message_pending"),
            models.Index(fields=["id"], condition=Q(state="failed"), name="message_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"


class WebhookEndpoint(models.Model):
    """Where a program of a person or of an authority hears of reminders (Standard Webhooks).

    Its secret is made from ``salt`` and the installation's own key and stands nowhere. After
    repeated failures it is disabled until somebody enables it again.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="webhooks"
    )
    authority = models.ForeignKey(
        "registry.Authority", null=True, on_delete=models.CASCADE, related_name="webhooks"
    )
    address = models.URLField(_("address"), max_length=500)
    salt = models.CharField(max_length=64, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, help_text=_("One after the other."))
    last_error = models.TextField(blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, authority__isnull=True)
                | Q(user__isnull=True, authority__isnull=False),
                name="webhook_of_a_person_or_an_authority",
            ),
        ]

    def __str__(self) -> str:
        return self.address
