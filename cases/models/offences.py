"""Offences that a matter is about."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Offence(models.Model):
    """An offence of a dossier: its family, and the domestic provision that punishes it.

    ``acts_from`` and ``acts_until`` are days of the calendar, for what is computed from them;
    ``time_of_acts`` says the time as a letter says it.
    """

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
    acts_from = models.DateField(_("first day of the acts"), null=True, blank=True)
    acts_until = models.DateField(_("last day of the acts"), null=True, blank=True)
    time_of_acts = models.CharField(_("time of the acts"), max_length=160, blank=True)
    place_of_acts = models.CharField(_("place of the acts"), max_length=240, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "family", "provision"], name="offence_once_per_dossier"
            ),
            models.CheckConstraint(
                condition=models.Q(acts_from__isnull=True)
                | models.Q(acts_until__isnull=True)
                | models.Q(acts_until__gte=models.F("acts_from")),
                name="offence_acts_end_after_they_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.provision}".strip()

    @property
    def told_in_words(self) -> list[str]:
        """Time, place and penalty as they were written, those that were."""
        written = (self.time_of_acts, self.place_of_acts, self.penalty)
        return [words for words in written if words]
