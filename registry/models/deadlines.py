"""Running clocks of a dossier, and the reminders they give."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.clock_words import movement, sentence


class Deadline(models.Model):
    """One clock of one dossier, made from a time limit of an instrument or set by hand.

    ``rule_code``, ``instrument`` and ``article`` name the rule as text, since this room knows no
    treaty; ``derivation`` tells in data how the due instant was reached. A deadline that has passed
    without its event keeps running, overdue, and keeps reminding; it is *missed* once the event came
    too late or somebody says that it will not come.

    ``rule`` is the rule as it was when the clock started (``registry/clock_rules.py``): the clock
    follows it and its own events (``ClockEvent``) until an officer accepts another. The calendar
    columns name whose working days count; the second pair, where a day must be one in both places.
    While ``suspended``, ``due_at`` is where the clock stood when the pause began.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        SUSPENDED = "suspended", _("Paused")
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
    suspended_by = models.JSONField(
        default=list, blank=True, help_text=_("The timeline events that pause this clock.")
    )
    resumed_by = models.JSONField(
        default=list, blank=True, help_text=_("The timeline events that let it go on.")
    )
    started_from = models.CharField(max_length=120, help_text=_("The event the clock runs from."))
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    zone = models.CharField(max_length=60, default="UTC")
    rule = models.JSONField(default=dict, blank=True)
    calendar_state = models.ForeignKey(
        "registry.State", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    calendar_authority = models.ForeignKey(
        "registry.Authority", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    other_calendar_state = models.ForeignKey(
        "registry.State", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    other_calendar_authority = models.ForeignKey(
        "registry.Authority", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    derivation = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    suspended_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Since when it has been paused, while it is.")
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    critical = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state="running"), name="deadline_running"
            ),
            models.Index(fields=["dossier", "due_at"], name="deadline_dossier"),
            models.Index(
                fields=["suspended_at", "id"],
                condition=Q(state="suspended"),
                name="deadline_suspended",
            ),
            models.Index(
                fields=["rule_code", "id"],
                condition=Q(settled_at__isnull=True),
                name="deadline_open_by_rule",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["running", "suspended"], settled_at__isnull=True)
                | (~Q(state__in=["running", "suspended"]) & Q(settled_at__isnull=False)),
                name="deadline_settled_when_over",
            ),
            models.CheckConstraint(
                condition=Q(state="suspended", suspended_at__isnull=False)
                | (~Q(state="suspended") & Q(suspended_at__isnull=True)),
                name="deadline_suspended_since",
            ),
            models.CheckConstraint(
                condition=Q(other_calendar_state__isnull=True) | Q(calendar_state__isnull=False),
                name="deadline_second_calendar_has_a_first",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def is_overdue(self, now: datetime) -> bool:
        return self.state == self.State.RUNNING and self.due_at < now

    @property
    def shown_label(self) -> str:
        """The label in the reader's language, where it is one of the product's own."""
        return gettext(self.label)

    @property
    def sentence(self) -> str:
        """How the due instant was reached, in the reader's language; empty for one set by hand."""
        return sentence(self.derivation)

    @property
    def movement(self) -> str:
        """What has moved the due instant since the start, in words; empty where nothing has."""
        return movement(self.derivation)

    @property
    def is_open(self) -> bool:
        """Whether the clock still waits for its event, running or paused."""
        return self.settled_at is None


class ReminderSchedule(models.IntegerChoices):
    """Which steps a deadline reminds by: a limit counted in hours needs others."""

    DAYS = 1, _("Counted in days")
    HOURS = 2, _("Counted in hours")


class ReminderStep(models.Model):
    """One step of a schedule: so many hours before (negative) or after the deadline's anchor.

    The anchor is the morning of the last day, or the due instant for a limit in hours. Loaded from
    ``registry/data/reminder_steps.csv`` when the table is empty; an office may change it.
    """

    schedule = models.PositiveSmallIntegerField(choices=ReminderSchedule)
    step = models.PositiveSmallIntegerField()
    offset_hours = models.IntegerField(help_text=_("Hours after the anchor; negative is before."))

    class Meta:
        ordering = ["schedule", "step"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "step"], name="reminder_step_once"),
            models.UniqueConstraint(
                fields=["schedule", "offset_hours"], name="reminder_step_offset_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_schedule_display()}: {self.offset_hours:+d} h"


class Alarm(models.Model):
    """A reminder planned for a running deadline: one row for each step still to come.

    Apart from the deadline, and as narrow as can be: the sweep turns what is due into reminders by
    deleting it here, 10,000 of millions at a time, which touches no index. A row stays until it is
    recorded, so what fell due during an outage is still found. A deadline that no longer runs has
    none.
    """

    pk = models.CompositePrimaryKey("deadline_id", "step")
    deadline = models.ForeignKey(
        Deadline, on_delete=models.CASCADE, related_name="alarms", db_index=False
    )
    step = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "deadline_id", "step"]
        indexes = [models.Index(fields=["at"], name="alarm_at")]

    def __str__(self) -> str:
        return f"{self.deadline_id}/{self.step} {self.at}"


class Reminder(models.Model):
    """A reminder that fell due: the outbox. One per deadline and step, whatever dies.

    ``pending`` rows are claimed by a conditional update (nobody else takes one before
    ``claimed_until``), delivered, and set to ``sent``. After a failure ``claimed_until`` is the
    time of the next attempt.
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
    recipient = models.CharField(
        max_length=254, blank=True, db_index=True, help_text=_("The first of them, in lower case.")
    )
    recipients = models.JSONField(default=list)
    subject = models.CharField(max_length=400)
    body = models.TextField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.subject


class SweepRun(models.Model):
    """When a sweep last ran and what it did: one row a sweep, for those who watch the machinery."""

    name = models.CharField(max_length=40, primary_key=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    handled = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name
