"""States and the international bodies that can take a State's place."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry.models.provenance import SourcedFact


class State(SourcedFact):
    """A State, or a body that can be a requesting or requested party in its place.

    The code is ISO 3166 alpha-3 for a State (XKX for Kosovo, which ISO has not assigned) and the
    usual acronym for a body (ICC, IIIM). It is the primary key, so that lists need no join.
    """

    class Kind(models.TextChoices):
        STATE = "state", _("State")
        INTERNATIONAL_BODY = "international_body", _("International body")
        REGIONAL_ORGANISATION = "regional_organisation", _("Regional organisation")
        TERRITORY = "territory", _("Territory of a State")

    code = models.CharField(_("code"), max_length=8, primary_key=True)
    alpha2 = models.CharField(
        max_length=2,
        blank=True,
        help_text=_("ISO 3166 alpha-2; names in other languages follow it."),
    )
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    formal_name = models.CharField(_("formal name"), max_length=200, blank=True)
    names = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("Names by language code, where the office keeps its own."),
    )
    variants = models.JSONField(
        default=list, blank=True, help_text=_("Other names under which depositaries list it.")
    )
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    holiday_calendar = models.CharField(
        max_length=12,
        blank=True,
        help_text=_("Code of its public-holiday calendar, if one is known."),
    )
    weekend = models.JSONField(
        default=list,
        blank=True,
        help_text=_(
            "Weekdays without work, Monday being 0, where the public calendar has them wrong."
        ),
    )
    note = models.TextField(_("note"), blank=True)
    established = models.DateField(null=True, blank=True)
    ended = models.DateField(
        null=True, blank=True, help_text=_("The day on which a body's mandate ended.")
    )
    mandate_source = models.TextField(blank=True)
    cooperation_route = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(code=""), name="state_has_code"),
        ]

    def __str__(self) -> str:
        return self.name_in(get_language() or "en")

    def name_in(self, language: str) -> str:
        """The name in a language: the office's own, else CLDR's, else the English one."""
        from registry.state_names import state_name

        return state_name(self.code, self.alpha2, self.name, self.names, language)
