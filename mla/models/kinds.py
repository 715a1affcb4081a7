"""The kinds of matter that one request can be. What each means is in ``mla/request_kinds.py``."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RequestKind(models.TextChoices):
    """What is sent or received: a request, or something beside it with a life of its own."""

    REQUEST = "request", _("Request")
    SUPPLEMENTARY = "supplementary", _("Supplementary request")
    PRESERVATION = "preservation", _("Preservation request")
    TEMPORARY_TRANSFER = "temporary_transfer", _("Temporary transfer of a detained person")
    JOINT_TEAM = "joint_team", _("Proposal of a joint investigation team")
    TRANSFER_OF_PROCEEDINGS = "transfer_of_proceedings", _("Transfer of proceedings")
    SPONTANEOUS = "spontaneous", _("Spontaneous information")
    ENQUIRY = "enquiry", _("Enquiry")
    INFORMAL_CONTACT = "informal_contact", _("Informal contact")
    DRAFT_FOR_COMMENT = "draft_for_comment", _("Draft sent for comment")


class InformalStatus(models.TextChoices):
    """Where an enquiry, an informal contact or a draft for comment is: ``mla/lifecycle_beside.py``."""

    DRAFT = "draft", _("Draft")
    REGISTERED = "registered", _("Registered")
    SENT = "sent", _("Sent")
    ANSWERED = "answered", _("Answered")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CLOSED = "closed", _("Closed")


INFORMAL = ("enquiry", "informal_contact", "draft_for_comment")
"""Kinds that need no approval, no letter and no legal basis."""


class Amendment(models.Model):
    """A correction or change of a request that is with the other side, and when they were told.

    What the request said when it was sent stays as it is; ``number`` counts within the request.
    """

    request = models.ForeignKey(
        "mla.AssistanceRequest", on_delete=models.PROTECT, related_name="amendments"
    )
    number = models.PositiveSmallIntegerField()
    changes = models.TextField(_("what changes"))
    reason = models.TextField(_("reason"))
    amended_at = models.DateTimeField()
    amended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    told_at = models.DateTimeField(_("told to the other side"), null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="amendment_number_once"),
            models.CheckConstraint(
                condition=~Q(changes="") & ~Q(reason=""), name="amendment_has_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.number}"
