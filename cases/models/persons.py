"""Persons concerned by a matter."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from cases.models.protected_identities import IDENTIFYING, keep_apart, take_apart


class Person(models.Model):
    """A person as recorded in one dossier; seen only through that dossier.

    Birth data may be known in part: the year alone, or year and month. Of a protected person the
    alias alone stands here: saving takes off what identifies the person and keeps it encrypted
    (``ProtectedIdentity``), and the database refuses a protected person with a name in clear.

    Whoever saves a person leaves it to be matched anew: the sweep in ``cases/deconfliction.py`` writes
    its keys for the search and looks for the same person in other matters. ``identity_version``
    grows with every save, so that a sweep that worked on an older state is seen to be late.
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
    birth_year_latest = models.PositiveSmallIntegerField(
        _("born at the latest in"),
        null=True,
        blank=True,
        help_text=_("Where the year is known as a range only."),
    )
    birth_circa = models.BooleanField(_("birth data is an estimate"), default=False)
    birth_place = models.CharField(_("place of birth"), max_length=160, blank=True)
    nationalities = models.JSONField(_("nationalities"), default=list, blank=True)
    location = models.TextField(_("address or whereabouts"), blank=True)
    identity_documents = models.TextField(_("identity documents"), blank=True)
    note = models.TextField(_("note"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    identity_version = models.PositiveIntegerField(default=1, editable=False)
    matched = models.BooleanField(default=False, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(matched=False), name="person_to_be_matched"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(birth_year_latest__isnull=True)
                | models.Q(birth_year_latest__gte=models.F("birth_year")),
                name="person_birth_range",
            ),
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
            models.CheckConstraint(
                condition=models.Q(protected=False)
                | models.Q(
                    family_name="",
                    given_names="",
                    name_in_original_script="",
                    aliases="",
                    birth_year__isnull=True,
                    birth_place="",
                    location="",
                    identity_documents="",
                    note="",
                ),
                name="person_protected_is_kept_apart",
            ),
        ]

    def __str__(self) -> str:
        return self.name_for_letters

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            self.identity_version += 1
        self.matched, self.claimed_until, self.attempts = False, None, 0
        if kwargs.get("update_fields") is not None:
            tracked = ("identity_version", "matched", "claimed_until", "attempts")
            kwargs["update_fields"] = {*kwargs["update_fields"], *tracked}
        if not self.protected:
            super().save(*args, **kwargs)
            return
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] |= IDENTIFYING.keys()
        with transaction.atomic():
            taken = take_apart(self)
            super().save(*args, **kwargs)
            keep_apart(self, taken)

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.given_names, self.family_name) if part) or (
            self.name_in_original_script
        )

    @property
    def name_for_letters(self) -> str:
        """The alias of a protected person, else the full name."""
        return self.protected_alias if self.protected else self.full_name

    def says(self, field: str) -> bool:
        """Whether something is known under this field, in clear or kept apart."""
        kept = getattr(self, "kept_apart", None) if self.protected else None
        return bool(getattr(self, field)) or (kept is not None and field in kept.said)
