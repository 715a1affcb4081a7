"""What an office puts on its letters, by language and version."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LetterTemplate(models.Model):
    """An office's letterhead, signature block and standard paragraphs in one language.

    A draft has no version; publishing gives it the next one, and from then on it is never changed,
    since letters name it as what they were made with. Pictures are PNG, made by this product from
    what was uploaded.
    """

    authority = models.ForeignKey(
        "registry.Authority", on_delete=models.PROTECT, related_name="letter_templates"
    )
    language = models.CharField(_("language"), max_length=10)
    version = models.PositiveIntegerField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, help_text=_("Counts the changes of a draft."))
    name = models.CharField(_("name of the office"), max_length=240, blank=True)
    lines = models.TextField(_("address and other lines"), blank=True)
    signature = models.TextField(_("lines of the signature block"), blank=True)
    confidentiality = models.TextField(_("standard paragraph on confidentiality"), blank=True)
    closing = models.TextField(_("closing paragraph"), blank=True)
    logo = models.BinaryField(null=True, blank=True)
    seal = models.BinaryField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["authority_id", "language", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "language", "version"], name="letter_template_version_once"
            ),
            models.UniqueConstraint(
                fields=["authority", "language"],
                condition=Q(version__isnull=True),
                name="letter_template_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=True, published_at__isnull=True)
                | Q(version__isnull=False, published_at__isnull=False, published_by__isnull=False),
                name="letter_template_published_has_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.language} {self.version or 'draft'}"
