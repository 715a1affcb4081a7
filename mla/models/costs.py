"""What the execution of a request costs, and who bears it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

AMOUNT: dict[str, Any] = {"max_digits": 15, "decimal_places": 3, "null": True, "blank": True}


class Cost(models.Model):
    """One cost of a request, in either direction. Amounts are of ``currency`` (ISO 4217).

    An extraordinary cost is agreed with the other side after a consultation, and paid as agreed; it
    is settled when it is paid or dropped. An ordinary one may be paid straight away.
    """

    class Nature(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary")
        EXTRAORDINARY = "extraordinary", _("Substantial or extraordinary")

    class Bearer(models.TextChoices):
        REQUESTED = "requested", _("The requested State")
        REQUESTING = "requesting", _("The requesting State")
        SHARED = "shared", _("Both, as agreed")

    request = models.ForeignKey(
        "mla.AssistanceRequest", on_delete=models.PROTECT, related_name="costs"
    )
    measure = models.ForeignKey(
        "mla.Measure", null=True, blank=True, on_delete=models.SET_NULL, related_name="costs"
    )
    nature = models.CharField(_("nature"), max_length=13, choices=Nature)
    description = models.CharField(_("what for"), max_length=300)
    currency = models.CharField(_("currency"), max_length=3)
    estimated = models.DecimalField(_("estimated"), **AMOUNT)
    bearer = models.CharField(_("borne by"), max_length=10, choices=Bearer, blank=True, default="")
    consulted_on = models.DateField(_("consulted on"), null=True, blank=True)
    consultation_note = models.TextField(_("what was said"), blank=True)
    agreed = models.DecimalField(_("agreed"), **AMOUNT)
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    agreement_note = models.TextField(_("what was agreed"), blank=True)
    paid = models.DecimalField(_("paid"), **AMOUNT)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    dropped_reason = models.TextField(_("why it does not arise"), blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(nature="extraordinary")
                | Q(agreed_on__isnull=True)
                | Q(consulted_on__isnull=False),
                name="cost_consulted_before_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(nature="extraordinary")
                | Q(paid_on__isnull=True)
                | Q(agreed_on__isnull=False),
                name="cost_agreed_before_paid",
            ),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True, agreed_on__isnull=True)
                | Q(agreed__isnull=False, agreed_on__isnull=False) & ~Q(bearer=""),
                name="cost_agreed_how_much_when_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(paid__isnull=True, paid_on__isnull=True)
                | Q(paid__isnull=False, paid_on__isnull=False, dropped_reason=""),
                name="cost_paid_how_much_and_when",
            ),
            models.CheckConstraint(
                condition=(Q(estimated__isnull=True) | Q(estimated__gte=0))
                & (Q(agreed__isnull=True) | Q(agreed__gte=0))
                & (Q(paid__isnull=True) | Q(paid__gte=0)),
                name="cost_amounts_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def is_extraordinary(self) -> bool:
        return self.nature == self.Nature.EXTRAORDINARY

    @property
    def is_settled(self) -> bool:
        """Nothing more is awaited: it is paid, does not arise, or is ordinary."""
        return bool(self.paid_on or self.dropped_reason) or not self.is_extraordinary
