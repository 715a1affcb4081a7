"""When a deadline reminds, and what fell due."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReminderSchedule(models.IntegerChoices):
    """Which steps a deadline reminds by: a limit counted in hours needs others."""

    DAYS = 1, _("Counted in days")
    HOURS = 2, _("Counted in hours")


class Audience(models.IntegerChoices):
    RESPONSIBLE = 1, _("The responsible officer")
    SUPERVISOR = 2, _("Who supervises the officer")
    BOTH = 3, _("Both")


class ReminderStep(models.Model):
    """One step of a schedule: so many hours before (negative) or after the deadline's anchor.

    The anchor is the morning of the last day, or the due instant for a limit in hours. A step may
    repeat until the deadline is settled. A reminder that nobody acknowledges within
    ``escalate_after_hours`` is told to the supervisor as well; empty: it never is. Steps without an
    authority are everybody's (``registry/data/reminder_steps.csv``, loaded when there are none); an
    office that has steps of its own for a schedule reminds by these alone.
    """

    authority = models.ForeignKey(
        "registry.Authority", null=True, on_delete=models.CASCADE, related_name="reminder_steps"
    )
    schedule = models.PositiveSmallIntegerField(choices=ReminderSchedule)
    step = models.PositiveSmallIntegerField()
    offset_hours = models.IntegerField(help_text=_("Hours after the anchor; negative is before."))
    repeat_hours = models.PositiveSmallIntegerField(
        default=0, help_text=_("Hours until it comes again; 0: once.")
    )
    audience = models.PositiveSmallIntegerField(choices=Audience, default=Audience.RESPONSIBLE)
    escalate_after_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    escalate_critical_after_hours = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["schedule", "step"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "step"],
                condition=Q(authority__isnull=True),
                name="reminder_step_once_for_all",
            ),
            models.UniqueConstraint(
                fields=["authority", "schedule", "step"], name="reminder_step_once_per_authority"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_schedule_display()}: {self.offset_hours:+d} h"


class Alarm(models.Model):
    """A reminder planned for a deadline: one row for each step still to come.

    Apart from the deadline, and as narrow as can be: the sweep turns what is due into reminders by
    deleting it here, 10,000 of millions at a time. A row stays until it is recorded, so what fell
    due during an outage is still found; one that repeats (``repeat_hours``) moves on by itself. It
    carries what its step said when it was planned, so that recording joins nothing. A deadline that
    neither runs nor is suspended has none.
    """

    pk = models.CompositePrimaryKey("deadline_id", "step")
    deadline = models.ForeignKey(
        "registry.Deadline", on_delete=models.CASCADE, related_name="alarms", db_index=False
    )
    step = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    repeat_hours = models.PositiveSmallIntegerField(default=0, db_default=0)
    audience = models.PositiveSmallIntegerField(
        choices=Audience, default=Audience.RESPONSIBLE, db_default=Audience.RESPONSIBLE.value
    )
    escalate_hours = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["at", "deadline_id", "step"]
        indexes = [models.Index(fields=["at"], name="alarm_at")]

    def __str__(self) -> str:
        return f"{self.deadline_id}/{self.step} {self.at}"


class Reminder(models.Model):
    """A reminder that fell due: one per deadline and planned instant, whatever dies.

    ``pending`` until it is addressed: then each recipient has a notice for each channel
    (``registry.models.notices``). *Failed*: nobody was found who may be told. Acknowledged once, by
    whoever was first; until then, ``escalate_at`` is when the supervisor is told.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Recorded")
        ADDRESSED = "addressed", _("Addressed")
        FAILED = "failed", _("Nobody may be told")
        DROPPED = "dropped", _("No longer needed")

    deadline = models.ForeignKey(
        "registry.Deadline", on_delete=models.CASCADE, related_name="reminders"
    )
    step = models.PositiveSmallIntegerField()
    planned_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    audience = models.PositiveSmallIntegerField(
        choices=Audience, default=Audience.RESPONSIBLE, db_default=Audience.RESPONSIBLE.value
    )
    escalate_hours = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text=_("Hours without acknowledgement; 0: never.")
    )
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    escalate_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    last_error = models.TextField(blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(state="pending"), name="reminder_pending"),
            models.Index(
                fields=["escalate_at"],
                condition=Q(escalate_at__isnull=False),
                name="reminder_escalation",
            ),
            models.Index(fields=["id"], condition=Q(state="failed"), name="reminder_failed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "planned_at"], name="reminder_once_per_instant"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(escalate_at__isnull=True),
                name="reminder_acknowledged_is_not_escalated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id}/{self.step}"


class Rearming(models.Model):
    """Running deadlines to be planned anew because their schedule changed; done in batches.

    Of one authority, of one responsible officer, or (neither) of all. ``reached`` is the last
    deadline done, so that a worker that dies leaves only its batch to be done again.
    """

    authority = models.ForeignKey(
        "registry.Authority", null=True, on_delete=models.CASCADE, related_name="+"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    ordered_at = models.DateTimeField()
    reached = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=Q(finished_at__isnull=True), name="rearming_unfinished"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority or self.officer or 'all'}: {self.done}"
