"""Running clocks of a dossier."""

from datetime import datetime

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


class SweepWorker(models.Model):
    """A process that sweeps, on whichever machine, and when it was last heard of."""

    name = models.CharField(max_length=120, primary_key=True)
    last_seen = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
