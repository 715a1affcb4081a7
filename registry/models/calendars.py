"""The days on which an office or a State works otherwise than its public calendar says."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class LocalDay(models.Model):
    """Days that an office has marked: a court recess, a local holiday, a Saturday worked instead.

    With an authority, for that authority alone; without, for everything in the State.
    """

    state = models.ForeignKey("registry.State", on_delete=models.CASCADE, related_name="local_days")
    authority = models.ForeignKey(
        "registry.Authority",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="local_days",
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    working = models.BooleanField(_("working days"), default=False)
    label = models.CharField(_("name"), max_length=160)

    class Meta:
        ordering = ["state_id", "first_day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="local_day_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["authority", "first_day", "last_day"], name="local_day_once_per_authority"
            ),
            models.UniqueConstraint(
                fields=["state", "first_day", "last_day"],
                condition=Q(authority__isnull=True),
                name="local_day_once_per_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state_id} {self.first_day}: {self.label}"


class LocalDayChange(models.Model):
    """That somebody marked days or took the mark away: kept when the days themselves are gone.

    ``values`` is what the days were, so that either can be undone.
    """

    class Action(models.TextChoices):
        ADDED = "added", _("Added")
        REMOVED = "removed", _("Taken away")

    state = models.ForeignKey("registry.State", on_delete=models.CASCADE, related_name="+")
    authority = models.ForeignKey(
        "registry.Authority", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    action = models.CharField(max_length=8, choices=Action)
    values = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "-id"], name="local_day_change_state")]

    def __str__(self) -> str:
        return f"{self.state_id} {self.action}: {self.values.get('label', '')}"


class CalendarAddress(models.Model):
    """A secret address under which a calendar program reads a person's deadlines.

    Only the digest of the secret is kept: the address is shown once. ``alarm_hours`` before the end
    the program rings; empty: it does not.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_addresses"
    )
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    whose = models.CharField(max_length=8, default="mine")
    alarm_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
