"""Periods of limitation, as officers enter them from national law."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class LimitationPeriod(models.Model):
    """How long an offence may be prosecuted under one State's law, and on which source that rests.

    What follows from it is computed (``cases/limitation.py``) and never stored: an aid, no verdict.
    """

    class Interruption(models.TextChoices):
        NONE = "", _("None")
        RESTARTS = "restarts", _("The period begins anew")
        SUSPENDED = "suspended", _("The period stood still")

    offence = models.ForeignKey(
        "cases.Offence", on_delete=models.CASCADE, related_name="limitation_periods"
    )
    country = models.ForeignKey("registry.State", on_delete=models.PROTECT, related_name="+")
    none_runs = models.BooleanField(_("not subject to limitation under this law"), default=False)
    years = models.PositiveSmallIntegerField(_("years"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("and months"), null=True, blank=True)
    runs_from = models.DateField(_("runs from"), null=True, blank=True)
    interruption = models.CharField(
        _("interruption or suspension"), max_length=10, choices=Interruption, blank=True, default=""
    )
    interrupted_on = models.DateField(_("interrupted on"), null=True, blank=True)
    suspended_days = models.PositiveIntegerField(_("days it stood still"), null=True, blank=True)
    source = models.CharField(_("provision and source"), max_length=300)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["offence", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(none_runs=True)
                | Q(years__isnull=False, years__gt=0)
                | Q(months__isnull=False, months__gt=0),
                name="limitation_has_a_length",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="limitation_has_a_source"),
            models.CheckConstraint(
                condition=~Q(interruption="restarts")
                | Q(interrupted_on__isnull=False)
                & (Q(runs_from__isnull=True) | Q(interrupted_on__gte=F("runs_from"))),
                name="limitation_interrupted_while_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_id}: {self.source}"
