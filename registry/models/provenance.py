"""Where a fact of the register comes from and how far it may be trusted."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Confidence(models.TextChoices):
    VERIFIED = "verified", _("Verified")
    UNVERIFIED = "unverified", _("Not verified")


class SourcedFact(models.Model):
    """A fact with its source, its date and whether somebody has checked it.

    ``office_edited`` is set as soon as an office corrects the fact; the loader and the import
    of a depositary's table leave such a row alone and report it instead.
    """

    source = models.TextField(_("source"), blank=True)
    as_of = models.CharField(
        _("as of"),
        max_length=40,
        blank=True,
        help_text=_("The date of the source, as it gives it."),
    )
    confidence = models.CharField(
        _("confidence"),
        max_length=12,
        choices=Confidence,
        default=Confidence.UNVERIFIED,
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    office_edited = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def is_verified(self) -> bool:
        return self.confidence == Confidence.VERIFIED
