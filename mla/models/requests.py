"""Requests for assistance, the measures they ask for, and how they were sent."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mla.models.kinds import INFORMAL, RequestKind
from registry.models import Dossier


class Status(models.TextChoices):
    """Where a request is in its life. The moves between them are in ``mla/lifecycle.py``."""

    DRAFT = "draft", _("Draft")
    AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
    APPROVED = "approved", _("Approved")
    SENT = "sent", _("Sent")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    IN_EXECUTION = "in_execution", _("In execution")
    POSTPONED = "postponed", _("Postponed")
    PARTLY_EXECUTED = "partly_executed", _("Partly executed")
    EXECUTED = "executed", _("Executed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CLOSED = "closed", _("Closed")


class AssistanceRequest(models.Model):
    """A request for mutual legal assistance. Its life is ``mla/lifecycle.py``.

    The dossier holds reference, owner, counterpart, status, urgency and confidentiality; this row
    holds what the request says. ``basis_answer`` keeps the resolver's answer as the officer saw it
    when choosing the legal basis. ``editing_session`` gathers which fields an officer has touched
    until the timeline is told of it (``mla/editing_sessions.py``). ``imported``: it comes from the
    office's time before this system, which knows no approval and no letter of it.

    ``kind`` tells a request from what is beside it (``mla/request_kinds.py``); ``follows`` is the
    earlier matter that it supplements, follows up or came from. ``kind_record`` holds what the moves
    of its kind recorded, by the names of ``mla/move_fields.py``; days and instants as ISO 8601.
    ``refusal_ground`` is the ground that the other side cited, as far as the register knows it.
    """

    class Transmission(models.TextChoices):
        CENTRAL_AUTHORITY = "central_authority", _("Between central authorities")
        DIPLOMATIC = "diplomatic", _("Diplomatic channel")
        JUDICIAL = "judicial", _("Directly between judicial authorities")
        INTERPOL = "interpol", _("INTERPOL")
        ELECTRONIC = "electronic", _("Secure electronic channel")
        POST = "post", _("Post or courier")

    dossier = models.OneToOneField(
        "registry.Dossier", primary_key=True, on_delete=models.PROTECT, related_name="request"
    )
    kind = models.CharField(
        _("kind"), max_length=24, choices=RequestKind, default=RequestKind.REQUEST
    )
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    kind_record = models.JSONField(default=dict, blank=True)
    refusal_ground = models.ForeignKey(
        "treaties.RefusalGround",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    requesting_state = models.ForeignKey(
        "registry.State", on_delete=models.PROTECT, related_name="+"
    )
    requested_state = models.ForeignKey(
        "registry.State", on_delete=models.PROTECT, related_name="+"
    )
    addressee = models.ForeignKey(
        "registry.Authority", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    addressee_text = models.TextField(
        _("addressee"),
        blank=True,
        help_text=_("Designation and address, where the register holds no authority."),
    )
    basis = models.ForeignKey(
        "treaties.Instrument", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    basis_answer = models.JSONField(default=dict, blank=True)
    language = models.CharField(_("language of the letter"), max_length=10, default="en")
    transmission = models.CharField(
        _("channel"), max_length=20, choices=Transmission, default=Transmission.CENTRAL_AUTHORITY
    )

    conducting_authority = models.TextField(_("authority conducting the proceedings"), blank=True)
    contact = models.TextField(_("contact person"), blank=True)
    subject_and_nature = models.TextField(_("subject and nature of the proceedings"), blank=True)
    facts = models.TextField(_("facts"), blank=True)
    purpose = models.TextField(_("purpose of the assistance"), blank=True)
    special_procedure = models.TextField(_("special procedures asked for"), blank=True)
    confidentiality_asked = models.TextField(_("confidentiality"), blank=True)
    use_limitation = models.TextField(_("limits of use"), blank=True)
    personal_data = models.TextField(_("use and protection of personal data"), blank=True)
    urgency_reason = models.TextField(_("reason for urgency"), blank=True)
    answer_wanted_by = models.DateField(_("answer wanted by"), null=True, blank=True)
    period_reason = models.TextField(_("reason for the date"), blank=True)
    reciprocity_assurance = models.TextField(_("assurance of reciprocity"), blank=True)
    other_information = models.TextField(_("other information"), blank=True)
    further_contents = models.JSONField(
        _("further contents"),
        default=dict,
        blank=True,
        help_text=_("Texts for contents that an instrument requires and that have no field."),
    )
    editing_session = models.JSONField(default=dict, blank=True, editable=False)
    imported = models.BooleanField(default=False, editable=False)

    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    last_edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    letter = models.OneToOneField(
        "registry.Letter", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "dossier"],
                condition=~Q(kind="request"),
                name="request_of_another_kind",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(requesting_state=F("requested_state")), name="request_two_parties"
            ),
            models.CheckConstraint(
                condition=~Q(kind="supplementary") | Q(follows__isnull=False),
                name="request_supplements_another",
            ),
            models.CheckConstraint(
                condition=Q(follows__isnull=True) | ~Q(follows=F("dossier")),
                name="request_follows_another",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("drafted_by")) & ~Q(approved_by=F("submitted_by"))),
                name="request_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True)
                | Q(imported=True)
                | Q(kind__in=INFORMAL)
                | Q(approved_at__isnull=False, basis__isnull=False, letter__isnull=False),
                name="request_sent_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True)
                | Q(imported=True)
                | Q(sent_at__isnull=False),
                name="request_acknowledged_was_sent",
            ),
        ]

    def __str__(self) -> str:
        return self.dossier.reference

    @property
    def is_received(self) -> bool:
        """Whether another State sent it to us; it then has a ``receipt``."""
        return self.dossier.direction == Dossier.Direction.RECEIVED


class MeasureState(models.TextChoices):
    """Where one measure is in its life. The moves between them are in ``mla/measures.py``."""

    ASKED = "asked", _("Asked for")
    ACCEPTED = "accepted", _("Accepted")
    ORDERED = "ordered", _("Ordered")
    POSTPONED = "postponed", _("Postponed")
    EXECUTED = "executed", _("Executed")
    IMPOSSIBLE = "impossible", _("Impossible")
    REFUSED = "refused", _("Refused")


class Measure(models.Model):
    """One thing asked for, with the particulars that its kind needs, and how far it has come.

    The executing authority is of the requested State: the register's, or named in words.
    """

    request = models.ForeignKey(
        AssistanceRequest, on_delete=models.CASCADE, related_name="measures"
    )
    kind = models.ForeignKey("treaties.MeasureKind", on_delete=models.PROTECT, related_name="+")
    description = models.TextField(_("what is asked for"), blank=True)
    particulars = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        _("state"), max_length=10, choices=MeasureState, default=MeasureState.ASKED
    )
    state_reason = models.TextField(_("reason"), blank=True)
    state_changed_at = models.DateTimeField(null=True, blank=True)
    postponed_until = models.DateField(_("postponed until"), null=True, blank=True)
    executing_authority = models.ForeignKey(
        "registry.Authority", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    executing_authority_text = models.CharField(
        _("executing authority"), max_length=300, blank=True
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "impossible", "postponed"])
                | ~Q(state_reason=""),
                name="measure_state_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="postponed", postponed_until__isnull=False)
                | (~Q(state="postponed") & Q(postponed_until__isnull=True)),
                name="measure_postponed_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.kind)

    @property
    def executed_by(self) -> str:
        """The executing authority in words; empty where none is assigned."""
        return str(self.executing_authority or self.executing_authority_text)


class Dispatch(models.Model):
    """The record that a request was sent: how, when, with what proof; and what became of it.

    ``came_back_at``: it was returned undelivered, by the post or by the channel.
    """

    request = models.ForeignKey(
        AssistanceRequest, on_delete=models.PROTECT, related_name="dispatches"
    )
    channel = models.CharField(_("channel"), max_length=20, choices=AssistanceRequest.Transmission)
    sent_at = models.DateTimeField(_("sent"))
    tracking_number = models.CharField(_("tracking number"), max_length=120, blank=True)
    proof = models.ForeignKey(
        "registry.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    came_back_at = models.DateTimeField(_("came back"), null=True, blank=True)

    class Meta:
        ordering = ["sent_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True) | Q(came_back_at__isnull=True),
                name="dispatch_arrived_or_came_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.channel}"
