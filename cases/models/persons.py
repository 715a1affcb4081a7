"""Persons concerned by a matter."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Person(models.Model):
    """A person as recorded in one dossier; seen only through that dossier.

    Birth data may be known in part: the year alone, or year and month. A protected person is
    named in letters by the alias only.
    """

    class Role(models.TextChoices):
        SUSPECT = "suspect", _("Suspect")
        ACCUSED = "accused", _("Accused")
        CONVICTED = "convicted", _("Convicted person")
        VICTIM = "victim", _("Victim")
        WITNESS = "witness", _("Witness")
        EXPERT = "expert", _("Expert")
        ADDRESSEE = "addressee", _("Addressee of documents")
        THIRD_PARTY = "third_party", _("Third party")

    dossier = models.ForeignKey(
        "registry.Dossier", on_delete=models.PROTECT, related_name="persons"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    family_name = models.CharField(_("family name"), max_length=160, blank=True)
    given_names = models.CharField(_("given names"), max_length=160, blank=True)
    name_in_original_script = models.CharField(
        _("name in original script"), max_length=240, blank=True
    )
    aliases = models.CharField(_("also known as"), max_length=400, blank=True)
    protected = models.BooleanField(_("protected identity"), default=False)
    protected_alias = models.CharField(_("alias used in letters"), max_length=80, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(_("month of birth"), null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(_("day of birth"), null=True, blank=True)
    birth_place = models.CharField(_("place of birth"), max_length=160, blank=True)
    nationalities = models.JSONField(_("nationalities"), default=list, blank=True)
    location = models.TextField(_("address or whereabouts"), blank=True)
    identity_documents = models.TextField(_("identity documents"), blank=True)
    note = models.TextField(_("note"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(birth_month__isnull=True) | models.Q(birth_month__range=(1, 12)),
                name="person_birth_month",
            ),
            models.CheckConstraint(
                condition=models.Q(birth_day__isnull=True) | models.Q(birth_day__range=(1, 31)),
                name="person_birth_day",
            ),
            models.CheckConstraint(
                condition=models.Q(protected=False) | ~models.Q(protected_alias=""),
                name="person_protected_has_alias",
            ),
        ]

    def __str__(self) -> str:
        return self.name_for_letters

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.given_names, self.family_name) if part) or (
            self.name_in_original_script
        )

    @property
    def name_for_letters(self) -> str:
        """The alias of a protected person, else the full name."""
        return self.protected_alias if self.protected else self.full_name
