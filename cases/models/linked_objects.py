"""Accounts, assets, devices, places, vessels and vehicles, matched across matters by identifier."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class LinkedObject(models.Model):
    """A thing of one dossier, known by an identifier; seen only through that dossier.

    ``key`` is the identifier as it is compared (``cases/object_identifiers.py``).
    """

    class Kind(models.TextChoices):
        ACCOUNT = "account", _("Account")
        ASSET = "asset", _("Asset")
        DEVICE = "device", _("Device")
        PLACE = "place", _("Place")
        VESSEL = "vessel", _("Vessel")
        VEHICLE = "vehicle", _("Vehicle")

    class IdentifierKind(models.TextChoices):
        IBAN = "iban", _("IBAN")
        ACCOUNT_NUMBER = "account_number", _("Account number")
        WALLET = "wallet", _("Address of a crypto-asset")
        REGISTER_NUMBER = "register_number", _("Number in a register")
        IMEI = "imei", _("IMEI")
        PHONE = "phone", _("Telephone number")
        SERIAL_NUMBER = "serial_number", _("Serial number")
        IMO = "imo", _("IMO number")
        PLATE = "plate", _("Number plate")
        VIN = "vin", _("Vehicle identification number")
        ADDRESS = "address", _("Address")
        NAME = "name", _("Name")

    dossier = models.ForeignKey(
        "registry.Dossier", on_delete=models.PROTECT, related_name="linked_objects"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    identifier_kind = models.CharField(
        _("kind of identifier"), max_length=20, choices=IdentifierKind
    )
    identifier = models.CharField(_("identifier"), max_length=160)
    key = models.CharField(max_length=200, editable=False)
    country = models.ForeignKey(
        "registry.State", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    holder = models.ForeignKey(
        "cases.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="objects_held",
    )
    description = models.CharField(_("what it is"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["identifier_kind", "key"], name="linked_object_by_key")]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "identifier_kind", "key"], name="linked_object_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.identifier}"


class ObjectMatch(models.Model):
    """The same identifier in two dossiers. ``one`` has the smaller key.

    Each side's responsible officer may agree to be put in touch (``cases/object_matching.py``).
    """

    one = models.ForeignKey(LinkedObject, on_delete=models.CASCADE, related_name="matches_up")
    other = models.ForeignKey(LinkedObject, on_delete=models.CASCADE, related_name="matches_down")
    found_at = models.DateTimeField()
    one_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    other_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "object matches"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="object_match_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="object_match_ordered"),
        ]

    def __str__(self) -> str:
        return f"match {self.pk}"
