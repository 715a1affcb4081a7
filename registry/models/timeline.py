"""What happened in a dossier: append-only, chained."""

from django.conf import settings
from django.db import models


class TimelineEntry(models.Model):
    """One thing that happened. Never changed, never deleted (the database refuses both).

    ``digest`` covers the entry and the digest of the one before it in the same dossier, so that
    ``manage.py verify_timeline`` can prove the chain whole. ``data`` holds what the words of the
    entry are made from; the words are chosen in the reader's language when shown.
    """

    dossier = models.ForeignKey(
        "registry.Dossier", on_delete=models.PROTECT, related_name="timeline"
    )
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    event = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["dossier", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "sequence"], name="timeline_sequence"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.sequence} {self.event}"
