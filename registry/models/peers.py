"""Other installations of this software, and what we have to tell them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PeerInstallation(models.Model):
    """Another State's installation, known by its key, which an administrator accepted."""

    name = models.CharField(_("name"), max_length=160)
    state = models.ForeignKey("registry.State", on_delete=models.PROTECT, related_name="+")
    address = models.URLField(_("address"), max_length=200, blank=True)
    public_key = models.TextField(_("public key"))
    fingerprint = models.CharField(max_length=64, unique=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField()
    blocked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PeerMessage(models.Model):
    """The outbox: something to be delivered to another installation, once, by its identifier.

    ``subject`` is the key of what it is about, for the room that declared the kind. Messages to one
    installation are delivered in their order.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("On its way")
        DELIVERED = "delivered", _("Delivered")
        REFUSED = "refused", _("Refused by the other side")

    identifier = models.UUIDField(unique=True)
    peer = models.ForeignKey(PeerInstallation, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=20)
    subject = models.BigIntegerField()
    content = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ordered_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["peer", "id"], condition=Q(state="queued"), name="peer_message_queued"
            ),
            models.Index(fields=["kind", "subject"], name="peer_message_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.identifier}"
