"""Offences that a matter is about."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Offence(models.Model):
    """An offence of a dossier: its family, and the domestic provision that punishes it."""

    dossier = models.ForeignKey(
        "registry.Dossier", on_delete=models.PROTECT, related_name="offences"
    )
    family = models.ForeignKey("treaties.OffenceFamily", on_delete=models.PROTECT, related_name="+")
    provision = models.CharField(
        _("domestic provision"),
        max_length=240,
        blank=True,
        help_text=_("The article and the code, for example: Article 136ter, Criminal Code."),
    )
    legal_text = models.TextField(_("text of the provision"), blank=True)
    penalty = models.CharField(_("penalty"), max_length=240, blank=True)
    time_of_acts = models.CharField(_("time of the acts"), max_length=160, blank=True)
    place_of_acts = models.CharField(_("place of the acts"), max_length=240, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "family", "provision"], name="offence_once_per_dossier"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.provision}".strip()
