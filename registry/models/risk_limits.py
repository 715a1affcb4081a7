"""From when on an office counts a deadline as at risk."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST = 365
IN_RANGE = [MinValueValidator(1), MaxValueValidator(LONGEST)]


class RiskLimits(models.Model):
    """An office's own limits of what is at risk, in days. An office without has the usual ones."""

    authority = models.OneToOneField(
        "registry.Authority",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="risk_limits",
    )
    critical_days = models.PositiveSmallIntegerField(
        _("critical, and ends within so many days"), default=7, validators=IN_RANGE
    )
    not_acknowledged_days = models.PositiveSmallIntegerField(
        _("ends within so many days, and nobody has acknowledged the reminder"),
        default=3,
        validators=IN_RANGE,
    )
    paused_days = models.PositiveSmallIntegerField(
        _("paused for more than so many days"), default=30, validators=IN_RANGE
    )
    nobody_days = models.PositiveSmallIntegerField(
        _("ends within so many days, and nobody answers for it"), default=30, validators=IN_RANGE
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(critical_days__range=(1, LONGEST))
                & Q(not_acknowledged_days__range=(1, LONGEST))
                & Q(paused_days__range=(1, LONGEST))
                & Q(nobody_days__range=(1, LONGEST)),
                name="risk_limits_within_a_year",
            )
        ]

    def __str__(self) -> str:
        return f"limits of {self.authority_id}"
