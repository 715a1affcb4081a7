"""What was changed in the register, by whom and why; and what somebody proposes to change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RegisterChange(models.Model):
    """One change of one fact. Rows are only ever added.

    ``kind`` and ``key`` name the fact; ``instrument`` and ``state`` are those it concerns. ``before``
    and ``after`` hold the fields that changed, all of them where the fact was added or removed.
    Without an actor it was the register's files that changed it.
    """

    class Act(models.TextChoices):
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        REMOVED = "removed", _("Removed")
        VERIFIED = "verified", _("Verified")

    class Origin(models.TextChoices):
        OFFICE = "office", _("By hand")
        PROPOSAL = "proposal", _("On a proposal")
        TABLE = "table", _("From a depositary's table")
        FILES = "files", _("From the register's files")
        UNDO = "undo", _("Undoing a change")

    kind = models.CharField(max_length=24)
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    instrument = models.CharField(max_length=24, blank=True)
    state = models.CharField(max_length=8, blank=True)
    act = models.CharField(max_length=8, choices=Act)
    origin = models.CharField(max_length=8, choices=Origin)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(_("reason"), blank=True)
    batch = models.CharField(max_length=64, blank=True, help_text=_("Of an import: its digest."))
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["kind", "key", "-id"], name="register_change_of_fact"),
            models.Index(fields=["state", "-id"], name="register_change_of_state"),
            models.Index(fields=["instrument", "-id"], name="register_change_of_treaty"),
            models.Index(fields=["batch"], condition=~Q(batch=""), name="register_change_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.act}"


class Proposal(models.Model):
    """A correction that somebody proposes; an editor accepts it or declines with a reason."""

    class Stage(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    kind = models.CharField(max_length=24)
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    values = models.JSONField()
    seen = models.BigIntegerField(default=0, help_text=_("The last change that was known."))
    reason = models.TextField(_("reason"))
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.OPEN)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["-id"], condition=Q(stage="open"), name="proposal_open"),
            models.Index(fields=["proposed_by", "-id"], name="proposal_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="open", decided_by=None)
                | ~Q(stage="open") & Q(decided_by__isnull=False),
                name="proposal_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class DepositaryImport(models.Model):
    """A depositary's table: looked at, applied, perhaps undone.

    ``digest`` is the SHA-256 of the file, under which it is kept. ``named`` says which States the
    names mean that the register does not know.
    """

    class Stage(models.TextChoices):
        LOOKED_AT = "looked_at", _("Looked at")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Undone")

    instrument = models.ForeignKey(
        "treaties.Instrument", on_delete=models.PROTECT, related_name="imports"
    )
    file_name = models.CharField(max_length=240)
    digest = models.CharField(max_length=64)
    source = models.CharField(_("source"), max_length=400)
    as_of = models.CharField(max_length=40, blank=True)
    rows = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    named = models.JSONField(default=dict)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.LOOKED_AT)
    looked_at_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    looked_at = models.DateTimeField()
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.file_name}"

    @property
    def batch(self) -> str:
        """What marks the changes that it made in the history."""
        return f"import-{self.pk}"


class NotificationOwed(models.Model):
    """What a State must tell the depositary after a change of its designations, until it has."""

    owner = models.ForeignKey("registry.Authority", on_delete=models.PROTECT, related_name="+")
    instrument = models.ForeignKey(
        "treaties.Instrument", on_delete=models.PROTECT, related_name="+"
    )
    change = models.ForeignKey(RegisterChange, on_delete=models.PROTECT, related_name="owes")
    text = models.TextField(_("text to send"))
    opened_at = models.DateTimeField()
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["owner", "id"], condition=Q(sent_on=None), name="notification_owed"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "instrument"], name="notification_once_a_change"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id}: {self.change_id}"
