"""Reminder letters drafted together: who asked for which, and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReminderRound(models.Model):
    """Overdue clocks of the other side that one person chose, a reminder letter to be drafted of each.

    ``not_found`` is how many of those chosen were not there for this person. ``language`` is that of
    the person, in which the reasons are said; each letter has that of its own matter.
    """

    language = models.CharField(max_length=10)
    not_found = models.PositiveSmallIntegerField(default=0)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ordered_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(finished_at__isnull=True), name="reminder_round_waiting"
            ),
            models.Index(fields=["ordered_by", "-id"], name="reminder_round_person"),
        ]

    def __str__(self) -> str:
        return f"reminder round {self.pk}"


class ReminderOfRound(models.Model):
    """One clock of a round: the letter that was drafted of it, or why none was."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DRAFTED = "drafted", _("Drafted")
        OPEN_ALREADY = "open_already", _("There was one already")
        REFUSED = "refused", _("Not drafted")
        FAILED = "failed", _("Failed")

    round = models.ForeignKey(ReminderRound, on_delete=models.CASCADE, related_name="reminders")
    deadline = models.ForeignKey("registry.Deadline", on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.WAITING)
    reason = models.TextField(blank=True, help_text=_("Why no letter was drafted."))
    letter = models.ForeignKey(
        "registry.DraftLetter", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "deadline"], name="reminder_of_round_once_a_clock"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id}: {self.outcome}"
