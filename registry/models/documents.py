"""Files kept in a dossier, stored under their digest."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """A file of a dossier. Content is stored under its SHA-256 digest and never executed."""

    class Kind(models.TextChoices):
        ANNEX = "annex", _("Annex")
        LETTER = "letter", _("Letter")
        PROOF_OF_SENDING = "proof_of_sending", _("Proof of sending")
        RECEIVED = "received", _("Received document")
        OTHER = "other", _("Other")

    dossier = models.ForeignKey(
        "registry.Dossier", on_delete=models.PROTECT, related_name="documents"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=240)
    file_name = models.CharField(max_length=240)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField(help_text=_("Bytes."))
    sha256 = models.CharField(max_length=64, db_index=True)
    position = models.PositiveSmallIntegerField(default=0)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title
