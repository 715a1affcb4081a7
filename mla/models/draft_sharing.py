"""A draft shown to the other side for comments, and what they wrote."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DraftShare(models.Model):
    """A secret link under which one recipient reads a draft as it stood, and comments on it.

    Only the digest of the secret is kept: the link is shown once. ``content`` is what the letter said
    at ``made_at``: later changes of the draft do not reach the recipient. ``protected`` are the persons
    (keys) who stood in it under an alias; one protected since closes the link.
    """

    request = models.ForeignKey(
        "mla.AssistanceRequest", on_delete=models.PROTECT, related_name="draft_shares"
    )
    recipient = models.CharField(_("name"), max_length=160)
    authority = models.CharField(_("authority"), max_length=300, blank=True)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    message = models.TextField(_("message"), blank=True)
    content = models.JSONField()
    protected = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("made_at")), name="draft_share_closes_after_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.recipient}"


class DraftComment(models.Model):
    """What a reader of a shared draft wrote. The name is as they gave it: nobody has checked it.

    Until ``read_at`` it waits on the desk of the responsible officer.
    """

    share = models.ForeignKey(DraftShare, on_delete=models.PROTECT, related_name="comments")
    name = models.CharField(_("name"), max_length=160)
    text = models.TextField(_("comment"))
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.share_id}: {self.name}"
