"""The jacket of any matter in hand."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.access import DossierQuerySet


class Dossier(models.Model):
    """What every matter has: reference, owner, counterpart, status, confidentiality.

    Lists, search and filters of every kind of matter run on this one table. ``status`` is a code
    of the matter's own life cycle (``mla/lifecycle.py`` for a request); only that life cycle's
    ``advance`` writes it. ``version`` grows by one with every change of the matter and is its
    ETag; a write that names an older version is refused.
    """

    class Confidentiality(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary")
        SEALED = "sealed", _("Sealed: only for those named on it")

    class Direction(models.TextChoices):
        SENT = "sent", _("Sent")
        RECEIVED = "received", _("Received")
        DOMESTIC = "domestic", _("Domestic")

    kind = models.CharField(max_length=40, help_text=_("The registered kind of matter."))
    reference = models.CharField(_("reference"), max_length=60, unique=True)
    foreign_reference = models.CharField(_("their reference"), max_length=120, blank=True)
    former_reference = models.CharField(
        _("former reference"),
        max_length=120,
        blank=True,
        default="",
        help_text=_("The office's own reference from before it worked with this system."),
    )
    title = models.CharField(_("title"), max_length=300, blank=True)
    owner = models.ForeignKey(
        "registry.Authority", on_delete=models.PROTECT, related_name="dossiers"
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    counterpart = models.ForeignKey(
        "registry.State", null=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(_("status"), max_length=30)
    is_open = models.BooleanField(default=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    urgency_reason = models.TextField(
        _("reason for urgency"), blank=True, default="", db_default=""
    )
    urgent_until = models.DateField(_("needed by"), null=True, blank=True)
    confidentiality = models.CharField(
        _("confidentiality"),
        max_length=10,
        choices=Confidentiality,
        default=Confidentiality.ORDINARY,
    )
    search_text = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField()

    objects = DossierQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "kind", "-updated_at", "-id"], name="dossier_updated"),
            models.Index(fields=["owner", "kind", "-created_at", "-id"], name="dossier_created"),
            models.Index(fields=["owner", "kind", "reference", "id"], name="dossier_reference"),
            models.Index(
                fields=["owner", "kind", "status", "-updated_at", "-id"], name="dossier_status"
            ),
            models.Index(
                fields=["owner", "kind", "counterpart", "-updated_at", "-id"],
                name="dossier_counterpart",
            ),
            models.Index(
                fields=["owner", "kind", "-updated_at", "-id"],
                condition=models.Q(urgent=True),
                name="dossier_urgent",
            ),
            models.Index(
                fields=["urgent_until", "id"],
                condition=models.Q(urgent=True, is_open=True),
                name="dossier_urgent_until",
            ),
            models.Index(
                fields=["owner", "kind", "-updated_at", "-id"],
                condition=models.Q(confidentiality="sealed"),
                name="dossier_sealed",
            ),
            models.Index(
                fields=["owner", "former_reference"],
                condition=~models.Q(former_reference=""),
                name="dossier_former_reference",
            ),
            models.Index(
                fields=["owner", "foreign_reference"],
                condition=~models.Q(foreign_reference=""),
                name="dossier_foreign_reference",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(version__gte=1), name="dossier_version"),
            models.CheckConstraint(
                condition=models.Q(urgent=False)
                | (~models.Q(urgency_reason="") & models.Q(urgent_until__isnull=False)),
                name="dossier_urgent_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_sealed(self) -> bool:
        return self.confidentiality == self.Confidentiality.SEALED


class NamedOnDossier(models.Model):
    """A person named on a dossier: sees it even when sealed, whatever their authority.

    ``owner`` repeats the dossier's owner, so that what a person sees only by being named is found
    by an index: officers are named on thousands of dossiers that their office shows them anyway.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="named")
    owner = models.ForeignKey(
        "registry.Authority", on_delete=models.PROTECT, related_name="+", editable=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "dossier"], name="named_once_per_dossier"),
        ]
        indexes = [models.Index(fields=["user", "owner", "dossier"], name="named_by_owner")]

    def __str__(self) -> str:
        return f"{self.user} on {self.dossier}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.owner_id = self.dossier.owner_id
        super().save(*args, **kwargs)


class ReferenceSeries(models.Model):
    """The last number given in a series (authority, kind of matter, direction, year)."""

    series = models.CharField(max_length=80, unique=True)
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}: {self.last_number}"
