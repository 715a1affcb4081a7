"""Letters: what was said, in which language, and the bytes it became."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """A letter of a dossier. Once made it is frozen; a correction is a new letter.

    ``content`` holds everything the letter says, as it was when the letter was ordered: addresses,
    designations, articles. The PDF is made from it alone.
    """

    class State(models.TextChoices):
        ORDERED = "ordered", _("Being made")
        MADE = "made", _("Made")
        FAILED = "failed", _("Failed")
        VOID = "void", _("Void")

    dossier = models.ForeignKey(
        "registry.Dossier", on_delete=models.PROTECT, related_name="letters"
    )
    kind = models.CharField(max_length=60, help_text=_("The registered kind of letter."))
    language = models.CharField(_("language"), max_length=10)
    content = models.JSONField()
    template_version = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.ORDERED)
    verification_code = models.CharField(max_length=40, unique=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ordered_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(null=True, blank=True)
    document = models.OneToOneField(
        "registry.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="letter"
    )
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="ordered"), name="letter_ordered"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="made") | Q(document__isnull=False, made_at__isnull=False),
                name="letter_made_has_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.verification_code}"
