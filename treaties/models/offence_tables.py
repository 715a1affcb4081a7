"""What the laws of States say of an offence: reusable in every question of dual criminality."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models import SourcedFact


class NationalProvision(SourcedFact):
    """A provision of a State's law that punishes a family of offences, and how severely.

    ``maximum_years`` is the longest term of imprisonment in years; empty for life imprisonment
    (``life``) or where it is not known. In force from ``since`` until the day before ``until``.
    """

    state = models.ForeignKey(
        "registry.State",
        on_delete=models.PROTECT,
        related_name="provisions",
        verbose_name=_("State"),
    )
    family = models.ForeignKey(
        "treaties.OffenceFamily",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("offence"),
    )
    law = models.CharField(_("law"), max_length=200)
    article = models.CharField(_("article"), max_length=120)
    text = models.TextField(_("what it punishes"), blank=True)
    penalty = models.CharField(_("penalty"), max_length=240, blank=True)
    maximum_years = models.DecimalField(
        _("longest term, in years"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    life = models.BooleanField(_("life imprisonment"), default=False)
    since = models.DateField(_("in force from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["state_id", "family_id", "law", "article"]
        indexes = [models.Index(fields=["state", "family"], name="provision_of_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["state", "family", "law", "article"], name="provision_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gt=F("since")),
                name="provision_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state_id}: {self.law}, {self.article}"
