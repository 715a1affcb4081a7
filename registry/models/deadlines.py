"""Running clocks of a dossier, and the reminders they give."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Deadline(models.Model):
    """One clock of one dossier, made from a time limit of an instrument or set by hand.

    ``rule_code``, ``instrument`` and ``article`` name the rule as text, since this room knows no
    treaty; ``derivation`` tells in data how the due instant was reached. ``next_reminder_at`` and
    ``next_reminder_step`` are the planned reminder: the sweep claims rows by them, so a reminder
    that is overdue after an outage is still found.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")
        CANCELLED = "cancelled", _("Cancelled")

    class BoundParty(models.TextChoices):
        OURS = "ours", _("Us")
        THEIRS = "theirs", _("The other side")
        BOTH = "both", _("Both sides")

    dossier = models.ForeignKey(
        "registry.Dossier", on_delete=models.PROTECT, related_name="deadlines"
    )
    label = models.CharField(_("deadline"), max_length=240)
    rule_code = models.CharField(max_length=40, blank=True)
    instrument = models.CharField(max_length=40, blank=True)
    article = models.CharField(max_length=80, blank=True)
    rule_confidence = models.CharField(max_length=12, blank=True)
    consequence = models.TextField(_("consequence"), blank=True)
    bound_party = models.CharField(max_length=8, choices=BoundParty, default=BoundParty.OURS)
    met_by_event = models.CharField(
        max_length=60, blank=True, help_text=_("The timeline event that meets this deadline.")
    )
    started_from = models.CharField(max_length=120, help_text=_("The event the clock runs from."))
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    zone = models.CharField(max_length=60, default="UTC")
    derivation = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    settled_at = models.DateTimeField(null=True, blank=True)
    critical = models.BooleanField(default=False)
    next_reminder_at = models.DateTimeField(null=True, blank=True)
    next_reminder_step = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state="running"), name="deadline_running"
            ),
            models.Index(
                fields=["next_reminder_at", "id"],
                condition=Q(state="running", next_reminder_at__isnull=False),
                name="deadline_next_reminder",
            ),
            models.Index(fields=["dossier", "due_at"], name="deadline_dossier"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", settled_at__isnull=True)
                | (~Q(state="running") & Q(settled_at__isnull=False)),
                name="deadline_settled_when_not_running",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Reminder(models.Model):
    """A reminder that fell due: the outbox. One per deadline and step, whatever dies.

    ``pending`` rows are claimed by a conditional update (``claimed_until`` in the future means a
    worker has it), delivered, and set to ``sent``.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        DROPPED = "dropped", _("No longer needed")

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="reminders")
    step = models.PositiveSmallIntegerField()
    planned_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(state="pending"), name="reminder_pending"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["deadline", "step"], name="reminder_once_per_step"),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id}/{self.step}"


class MailboxMessage(models.Model):
    """A mail kept by the demonstration mailbox (``/demo/mail``), once per Message-ID."""

    message_id = models.CharField(max_length=200, unique=True)
    sent_at = models.DateTimeField()
    sender = models.CharField(max_length=240)
    recipients = models.JSONField(default=list)
    subject = models.CharField(max_length=400)
    body = models.TextField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.subject
