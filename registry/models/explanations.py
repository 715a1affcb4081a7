"""Why a deadline was missed, as an officer said it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MissExplanation(models.Model):
    """What an officer says of a deadline that was missed. The latest counts; none is overwritten."""

    deadline = models.ForeignKey(
        "registry.Deadline", on_delete=models.CASCADE, related_name="explanations"
    )
    text = models.TextField(_("why it was missed"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.deadline_id}: {self.text[:40]}"
