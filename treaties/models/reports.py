"""Reports of how far a State does what it owes: frozen when made, published by a second officer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Edition(models.TextChoices):
    INTERNAL = "internal", _("Internal")
    PUBLIC = "public", _("Public")


class ReportOrder(models.Model):
    """What is asked of a report: whose, of which instruments, in which edition and language.

    ``scope`` names instruments and themes of commitments by code; empty means all of them.
    """

    owner = models.ForeignKey("registry.Authority", on_delete=models.PROTECT, related_name="+")
    state = models.ForeignKey("registry.State", on_delete=models.PROTECT, related_name="+")
    edition = models.CharField(_("edition"), max_length=8, choices=Edition)
    language = models.CharField(_("language"), max_length=10)
    scope = models.JSONField(default=list, blank=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ordered_at = models.DateTimeField()

    class Meta:
        abstract = True


class ReportSchedule(ReportOrder):
    """A report that is ordered again by itself, for the period that has just ended.

    ``next_on`` is the day, in the authority's zone, on which the next one is ordered.
    """

    class Every(models.TextChoices):
        MONTH = "month", _("Every month")
        QUARTER = "quarter", _("Every quarter")
        YEAR = "year", _("Every year")

    every = models.CharField(_("how often"), max_length=8, choices=Every)
    next_on = models.DateField(_("next on"))
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["next_on", "id"]
        indexes = [
            models.Index(
                fields=["next_on"], condition=Q(stopped_at=None), name="report_schedule_running"
            )
        ]

    def __str__(self) -> str:
        return f"{self.state_id} {self.every}"


class ComplianceReport(ReportOrder):
    """A report over a period, both days included, perhaps beside an earlier period.

    ``content`` is all that it says, frozen when it was made; ``digest`` is the SHA-256 of it.
    Pages and files are made from it alone. ``pdf_digest`` tells where the PDF lies.
    """

    class Stage(models.TextChoices):
        ORDERED = "ordered", _("Being made")
        MADE = "made", _("Made")
        FAILED = "failed", _("Failed")

    schedule = models.ForeignKey(
        ReportSchedule, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    reference = models.CharField(_("reference"), max_length=60, unique=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    compared_since = models.DateField(null=True, blank=True)
    compared_until = models.DateField(null=True, blank=True)
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.ORDERED)
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps_total = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    content = models.JSONField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    pdf_digest = models.CharField(max_length=64, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["owner", "-id"], name="report_of_owner"),
            models.Index(fields=["id"], condition=Q(stage="ordered"), name="report_ordered"),
            models.Index(
                fields=["-id"],
                condition=Q(edition="public", published_at__isnull=False),
                name="report_published",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="report_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(compared_since=None, compared_until=None)
                | Q(compared_until__gte=F("compared_since"), compared_until__lt=F("until")),
                name="report_compared_with_earlier",
            ),
            models.CheckConstraint(
                condition=~Q(stage="made")
                | Q(content__isnull=False, made_at__isnull=False)
                & ~Q(digest="")
                & ~Q(pdf_digest=""),
                name="report_made_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None, published_at=None)
                | Q(stage="made", published_at__isnull=False) & ~Q(published_by=F("ordered_by")),
                name="report_published_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it: the public edition, published and not withdrawn."""
        return (
            self.edition == Edition.PUBLIC
            and self.published_at is not None
            and self.withdrawn_at is None
        )
