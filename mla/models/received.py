"""What a request has besides its contents when another State sent it to us."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ReceivedStatus(models.TextChoices):
    """Where a received request is in its life. The moves are in ``mla/lifecycle_received.py``."""

    REGISTERED = "registered", _("Registered")
    IN_TRIAGE = "in_triage", _("In triage")
    ACCEPTED = "accepted", _("Accepted")
    POSTPONED = "postponed", _("Postponed")
    IN_EXECUTION = "in_execution", _("In execution")
    PARTLY_EXECUTED = "partly_executed", _("Partly executed")
    EXECUTED = "executed", _("Executed")
    REFUSED = "refused", _("Refused")
    RETURNED = "returned_as_deficient", _("Returned as deficient")
    REFERRED = "referred", _("Referred elsewhere")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CLOSED = "closed", _("Closed")


class Receipt(models.Model):
    """How a request came to us and what we decided: one row for each received request.

    Contents, persons and measures are the request's own, as for one that we send; the dossier's
    direction is *received* and its counterpart the requesting State. ``outcome`` is the decision
    last taken. Instants are UTC.
    """

    class Channel(models.TextChoices):
        POST = "post", _("Post or courier")
        CENTRAL_AUTHORITY = "central_authority", _("Between central authorities")
        DIPLOMATIC = "diplomatic", _("Diplomatic channel")
        JUDICIAL = "judicial", _("Directly between judicial authorities")
        INTERPOL = "interpol", _("INTERPOL")
        EMAIL = "email", _("E-mail")
        ELECTRONIC = "electronic", _("Secure electronic channel")
        NOT_KNOWN = "not_known", _("Not known")

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        POSTPONED = "postponed", _("Postponed")
        REFUSED = "refused", _("Refused")
        RETURNED = "returned", _("Returned as deficient")
        REFERRED = "referred", _("Referred to another authority")

    class Priority(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary")
        HIGH = "high", _("High")
        HIGHEST = "highest", _("Highest")

    class DualCriminality(models.TextChoices):
        NOT_EXAMINED = "", _("Not examined yet")
        MET = "met", _("The acts are punishable here too")
        NOT_MET = "not_met", _("The acts are not punishable here")
        NOT_NEEDED = "not_needed", _("Not required for what is asked")

    request = models.OneToOneField(
        "mla.AssistanceRequest", primary_key=True, on_delete=models.CASCADE, related_name="receipt"
    )
    received_at = models.DateTimeField(_("received"))
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    requesting_authority = models.ForeignKey(
        "registry.Authority", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    requesting_authority_text = models.TextField(
        _("requesting authority"),
        blank=True,
        help_text=_("Its designation, where the register holds none."),
    )
    scan = models.ForeignKey(
        "registry.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    priority = models.CharField(
        _("priority"), max_length=8, choices=Priority, default=Priority.ORDINARY
    )
    competent_authority = models.ForeignKey(
        "registry.Authority", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    dual_criminality = models.CharField(
        _("dual criminality"), max_length=10, choices=DualCriminality, blank=True, default=""
    )
    dual_criminality_note = models.TextField(_("note on dual criminality"), blank=True)
    consulted_at = models.DateTimeField(_("consulted the requesting State"), null=True, blank=True)
    consultation_note = models.TextField(_("consultation"), blank=True)
    outcome = models.CharField(
        _("decision"), max_length=10, choices=Outcome, blank=True, default=""
    )
    outcome_reason = models.TextField(_("reasons"), blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    postponed_until = models.DateField(_("postponed until"), null=True, blank=True)
    referred_to = models.TextField(_("referred to"), blank=True)
    referral_answer_wanted_by = models.DateField(
        _("answer of that authority wanted by"), null=True, blank=True
    )
    referral_answered_at = models.DateTimeField(_("that authority answered"), null=True, blank=True)
    referral_answer = models.TextField(_("answer of that authority"), blank=True)
    times_returned = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True)
                | Q(acknowledged_at__gte=F("received_at")),
                name="receipt_acknowledged_after_receiving",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="receipt_decision_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "accepted"]) | ~Q(outcome_reason=""),
                name="receipt_decision_has_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="postponed") | Q(postponed_until__isnull=False),
                name="receipt_postponed_until_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="referred") | ~Q(referred_to=""),
                name="receipt_referred_to_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.request)


class InformationRequest(models.Model):
    """A question about a request, asked by the side that is to execute it; at most one is open.

    ``asked_by_us`` tells that we asked (a received request); otherwise they asked us (a sent one).
    """

    request = models.ForeignKey(
        "mla.AssistanceRequest", on_delete=models.CASCADE, related_name="information_requests"
    )
    asked_by_us = models.BooleanField()
    question = models.TextField(_("what is asked"))
    asked_at = models.DateTimeField(_("asked"))
    wanted_by = models.DateField(_("answer wanted by"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("asked_at")),
                name="information_answered_after_asking",
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(answered_at__isnull=True),
                name="information_one_question_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.question[:40]}"
