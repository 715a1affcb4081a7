"""Offices that may send or receive."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models.provenance import SourcedFact


class Authority(SourcedFact):
    """A central authority, prosecution office, court, ministry, mission or police channel.

    ``reference_prefix`` is set for an office that works in this installation and numbers its own
    dossiers; it is empty for the many that are only written to.
    """

    class Kind(models.TextChoices):
        CENTRAL_AUTHORITY = "central_authority", _("Central authority")
        PROSECUTION_OFFICE = "prosecution_office", _("Prosecution office")
        COURT = "court", _("Court")
        MINISTRY = "ministry", _("Ministry")
        MISSION = "mission", _("Diplomatic mission")
        POLICE_CHANNEL = "police_channel", _("Police channel")
        INTERNATIONAL_BODY = "international_body", _("International body")

    state = models.ForeignKey(
        "registry.State", on_delete=models.PROTECT, related_name="authorities"
    )
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    name = models.CharField(_("name"), max_length=240)
    names = models.JSONField(
        default=dict, blank=True, help_text=_("The full designation by language code.")
    )
    postal_address = models.TextField(_("postal address"), blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=60, blank=True)
    languages = models.JSONField(
        default=list,
        blank=True,
        help_text=_("Codes of the languages in which it accepts requests."),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=60, blank=True, help_text=_("Empty: that of its State.")
    )
    reference_prefix = models.CharField(max_length=20, null=True, blank=True, unique=True)

    class Meta:
        verbose_name_plural = "authorities"
        ordering = ["state_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["state", "name"], name="authority_once_per_state"),
        ]

    def __str__(self) -> str:
        return self.name

    def name_in(self, language: str) -> str:
        return self.names.get(language) or self.name
