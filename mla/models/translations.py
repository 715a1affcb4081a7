"""What of a request was given to a translator, and what came back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class TranslationJob(models.Model):
    """One text given to a translator: of what, between which languages, by when, certified by whom.

    The source is a letter, a document or an item of the inventory; with none of them, the text of
    the request itself. ``source_digest`` is the SHA-256 of what the translator was given, so that it
    shows when the source has changed since. ``deadline`` is the clock of its return.
    """

    request = models.ForeignKey(
        "mla.AssistanceRequest", on_delete=models.PROTECT, related_name="translation_jobs"
    )
    draft_letter = models.ForeignKey(
        "registry.DraftLetter", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    document = models.ForeignKey(
        "registry.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    item = models.ForeignKey(
        "mla.Item", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source_title = models.CharField(_("what is translated"), max_length=300)
    source_digest = models.CharField(max_length=64)
    from_language = models.CharField(_("from"), max_length=10)
    to_language = models.CharField(_("into"), max_length=10)
    translator = models.CharField(_("translator"), max_length=300)
    due_on = models.DateField(_("due"))
    deadline = models.ForeignKey(
        "registry.Deadline", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ordered_at = models.DateTimeField(_("ordered"))
    received_on = models.DateField(_("received"), null=True, blank=True)
    certified_by = models.CharField(_("certified by"), max_length=300, blank=True)
    translation = models.ForeignKey(
        "registry.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cost = models.OneToOneField(
        "mla.Cost", null=True, blank=True, on_delete=models.PROTECT, related_name="translation"
    )
    cancelled_reason = models.TextField(_("why it was cancelled"), blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_language=F("to_language")), name="translation_two_languages"
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=True, item__isnull=True)
                | Q(draft_letter__isnull=True, item__isnull=True)
                | Q(draft_letter__isnull=True, document__isnull=True),
                name="translation_of_one_source",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(cancelled_reason=""),
                name="translation_received_or_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_title} ({self.from_language} → {self.to_language})"

    @property
    def is_open(self) -> bool:
        return self.received_on is None and not self.cancelled_reason
