"""The days on which an office or a State works otherwise than its public calendar says."""

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
