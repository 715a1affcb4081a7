"""Packages of requests: made here for another installation, or come from one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Package(models.Model):
    """A request packed for another installation: letter, annexes, data, digests, signature.

    Made once by the sweep from the letter in use and never changed; ``digest`` is the SHA-256 under
    which the file is kept.
    """

    class State(models.TextChoices):
        ORDERED = "ordered", _("Being made")
        MADE = "made", _("Made")
        FAILED = "failed", _("Failed")

    identifier = models.UUIDField(unique=True)
    request = models.ForeignKey(
        "mla.AssistanceRequest", on_delete=models.PROTECT, related_name="packages"
    )
    letter = models.OneToOneField(
        "registry.Letter", on_delete=models.PROTECT, related_name="package"
    )
    state = models.CharField(max_length=8, choices=State, default=State.ORDERED)
    digest = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ordered_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="made") | ~Q(digest=""), name="package_made_has_digest"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="ordered"), name="package_ordered"),
        ]

    def __str__(self) -> str:
        return str(self.identifier)


class ArrivedPackage(models.Model):
    """A package that came from another installation, and the received request that it became.

    ``peer`` is empty until an administrator accepts the key by which it is signed. ``told`` is what it
    says, as checked. ``reported`` is the status last reported back to the sender.
    """

    identifier = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    public_key = models.TextField()
    peer = models.ForeignKey(
        "registry.PeerInstallation", null=True, on_delete=models.PROTECT, related_name="packages"
    )
    state = models.ForeignKey(
        "registry.State", on_delete=models.PROTECT, related_name="+", help_text=_("To which.")
    )
    digest = models.CharField(max_length=64)
    told = models.JSONField()
    sealed = models.BooleanField(default=False)
    arrived_at = models.DateTimeField()
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    dossier = models.OneToOneField(
        "registry.Dossier", null=True, on_delete=models.PROTECT, related_name="arrived_package"
    )
    taken_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_in_at = models.DateTimeField(null=True, blank=True)
    reported = models.CharField(max_length=40, blank=True)
    acknowledgement_reported = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint", "identifier"], name="arrived_package_once"
            ),
            models.CheckConstraint(
                condition=Q(dossier=None) | Q(peer__isnull=False, taken_in_by__isnull=False),
                name="arrived_package_of_a_known_sender",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="arrived_package_state")]

    def __str__(self) -> str:
        return str(self.identifier)


class ReportedStatus(models.Model):
    """What another installation reported of a request that we sent it: each message once."""

    identifier = models.UUIDField(unique=True)
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="reported")
    peer = models.ForeignKey(
        "registry.PeerInstallation", on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(max_length=30)
    reference = models.CharField(max_length=120, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    move = models.CharField(max_length=40, blank=True, help_text=_("What it moved here."))

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.package_id}: {self.status}"
