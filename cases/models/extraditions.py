"""Extraditions: the case, custody, decisions, assurances, speciality, competing requests, transit."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ExtraditionStatus(models.TextChoices):
    """Where an extradition is in its life. The moves between them are in ``cases/extradition.py``."""

    OPENED = "opened", _("Opened")
    ARREST_REQUESTED = "arrest_requested", _("Provisional arrest requested")
    ARRESTED = "arrested", _("Arrested, formal request awaited")
    REQUESTED = "requested", _("Formally requested")
    JUDICIAL = "judicial_phase", _("Before the court")
    APPEAL = "appeal", _("Under appeal")
    EXECUTIVE = "executive_phase", _("Before the government")
    GRANTED = "granted", _("Granted")
    GRANTED_WITH_CONDITIONS = "granted_with_conditions", _("Granted with conditions")
    POSTPONED = "postponed", _("Granted, surrender postponed")
    TEMPORARILY_SURRENDERED = "temporarily_surrendered", _("Temporarily surrendered")
    SURRENDER_AGREED = "surrender_agreed", _("Surrender agreed")
    SURRENDERED = "surrendered", _("Surrendered")
    REFUSED = "refused", _("Refused")
    RELEASED = "released", _("Released")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ExtraditionCase(models.Model):
    """One person wanted by one State from another. Its life is ``cases/extradition.py``.

    The dossier holds reference, owner, direction (*sent*: we are the requesting State), counterpart,
    status and confidentiality. ``basis_answer`` keeps what the resolver said when the case was
    opened. Instants are those of the events themselves, not of their recording.
    """

    dossier = models.OneToOneField(
        "registry.Dossier", primary_key=True, on_delete=models.PROTECT, related_name="extradition"
    )
    requesting_state = models.ForeignKey(
        "registry.State", on_delete=models.PROTECT, related_name="+"
    )
    requested_state = models.ForeignKey(
        "registry.State", on_delete=models.PROTECT, related_name="+"
    )
    basis = models.ForeignKey(
        "treaties.Instrument", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    basis_answer = models.JSONField(default=dict, blank=True)
    person = models.OneToOneField(
        "cases.Person", on_delete=models.PROTECT, related_name="extradition"
    )
    convicted = models.BooleanField(
        _("wanted for the enforcement of a sentence"),
        default=False,
        help_text=_("Else wanted for prosecution."),
    )
    facts = models.TextField(_("facts"), blank=True)
    notice = models.CharField(_("INTERPOL notice or other alert"), max_length=160, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    last_edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    arrest_requested_at = models.DateTimeField(null=True, blank=True)
    arrested_at = models.DateTimeField(null=True, blank=True)
    arrest_zone = models.CharField(_("time zone of the place of arrest"), max_length=60, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    formal_request_sent_at = models.DateTimeField(null=True, blank=True)
    formal_request_received_at = models.DateTimeField(null=True, blank=True)
    consented_at = models.DateTimeField(
        _("consent to simplified extradition"), null=True, blank=True
    )
    speciality_renounced = models.BooleanField(_("speciality renounced"), default=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    surrender_at = models.DateTimeField(_("agreed date of surrender"), null=True, blank=True)
    surrender_place = models.CharField(_("place of surrender"), max_length=240, blank=True)
    surrender_extended = models.BooleanField(default=False)
    return_by = models.DateField(_("to be returned by"), null=True, blank=True)
    surrendered_at = models.DateTimeField(null=True, blank=True)
    finally_discharged_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(requesting_state=F("requested_state")), name="extradition_two_parties"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(submitted_by__isnull=False) & ~Q(approved_by=F("submitted_by")),
                name="extradition_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(formal_request_sent_at__isnull=True)
                | Q(approved_by__isnull=False, basis__isnull=False),
                name="extradition_sent_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(arrested_at__isnull=True) | ~Q(arrest_zone=""),
                name="extradition_arrest_has_zone",
            ),
            models.CheckConstraint(
                condition=Q(surrendered_at__isnull=True) | Q(decided_at__isnull=False),
                name="extradition_surrendered_was_decided",
            ),
            models.CheckConstraint(
                condition=Q(finally_discharged_at__isnull=True)
                | Q(surrendered_at__isnull=False, finally_discharged_at__gte=F("surrendered_at")),
                name="extradition_discharged_was_surrendered",
            ),
        ]

    def __str__(self) -> str:
        return self.dossier.reference

    @property
    def we_request(self) -> bool:
        return self.dossier.direction == self.dossier.Direction.SENT


class RequiredEnclosure(models.Model):
    """That a content which the instrument requires is there, in words or as a document."""

    extradition = models.ForeignKey(
        ExtraditionCase, on_delete=models.CASCADE, related_name="enclosures"
    )
    request_type = models.CharField(max_length=48)
    key = models.CharField(max_length=48)
    text = models.TextField(_("what it says or where it is"), blank=True)
    document = models.ForeignKey(
        "registry.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    provided_at = models.DateTimeField()
    provided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["extradition", "request_type", "key"], name="enclosure_once"
            ),
            models.CheckConstraint(
                condition=~Q(text="") | Q(document__isnull=False), name="enclosure_is_something"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class CustodyPeriod(models.Model):
    """A time in custody for this extradition: where, from when, until when."""

    extradition = models.ForeignKey(
        ExtraditionCase, on_delete=models.CASCADE, related_name="custody_periods"
    )
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    zone = models.CharField(max_length=60)
    end_reason = models.CharField(_("why it ended"), max_length=240, blank=True)

    class Meta:
        ordering = ["began_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
                name="custody_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["extradition"],
                condition=Q(ended_at__isnull=True),
                name="custody_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.extradition_id}: {self.began_at}"

    def lasted(self, now: datetime) -> timedelta:
        """How long it lasted, or has lasted until now; nothing for one that begins later."""
        return max((self.ended_at or now) - self.began_at, timedelta())


class ExtraditionDecision(models.Model):
    """What a court or a government decided, with the instrument's grounds where it refused.

    ``grounds`` keeps each ground as the register had it that day: instrument, ground, article,
    effect, note, confidence.
    """

    class Phase(models.TextChoices):
        JUDICIAL = "judicial", _("Court")
        APPEAL = "appeal", _("Appeal")
        EXECUTIVE = "executive", _("Government")

    class Outcome(models.TextChoices):
        ADMISSIBLE = "admissible", _("Extradition admissible")
        INADMISSIBLE = "inadmissible", _("Extradition not admissible")
        GRANTED = "granted", _("Granted")
        GRANTED_WITH_CONDITIONS = "granted_with_conditions", _("Granted with conditions")
        REFUSED = "refused", _("Refused")
        POSTPONED = "postponed", _("Surrender postponed")
        TEMPORARY_SURRENDER = "temporary_surrender", _("Temporary surrender")

    extradition = models.ForeignKey(
        ExtraditionCase, on_delete=models.CASCADE, related_name="decisions"
    )
    phase = models.CharField(_("phase"), max_length=10, choices=Phase)
    outcome = models.CharField(_("outcome"), max_length=24, choices=Outcome)
    decided_at = models.DateTimeField(_("decided"))
    body = models.CharField(_("decided by"), max_length=240, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    grounds = models.JSONField(default=list, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["decided_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(reason=""),
                name="extradition_refusal_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.extradition_id}: {self.outcome}"


class Assurance(models.Model):
    """What the requesting State promises about the person, followed until it is fulfilled."""

    class Kind(models.TextChoices):
        DEATH_PENALTY = "death_penalty", _("No death penalty")
        LIFE_SENTENCE = "life_sentence", _("Review of a life sentence")
        RETRIAL = "retrial", _("Retrial after judgment in absence")
        DETENTION = "detention_conditions", _("Conditions of detention")
        NON_REFOULEMENT = "non_refoulement", _("No torture or ill-treatment, no onward removal")
        RETURN = "return_to_serve", _("Return to serve the sentence")
        OTHER = "other", _("Other condition")

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        GIVEN = "given", _("Given")
        FULFILLED = "fulfilled", _("Fulfilled")
        BROKEN = "broken", _("Broken")
        NOT_GIVEN = "not_given", _("Not given")

    extradition = models.ForeignKey(
        ExtraditionCase, on_delete=models.CASCADE, related_name="assurances"
    )
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    text = models.TextField(_("wording"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(_("how it was followed"), blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["given", "fulfilled", "broken"])
                | Q(given_at__isnull=False),
                name="assurance_given_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["fulfilled", "broken", "not_given"])
                | Q(ended_at__isnull=False),
                name="assurance_ended_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.ASKED, self.State.GIVEN}


class SpecialityEntry(models.Model):
    """A line of the speciality ledger: an offence extradited for, or a consent asked and answered."""

    class Kind(models.TextChoices):
        EXTRADITED_FOR = "extradited_for", _("Extradited for this")
        PROSECUTION = "prosecution", _("Consent to prosecute or punish for another offence")
        RE_EXTRADITION = "re_extradition", _("Consent to extradite to a third State")

    class Answer(models.TextChoices):
        AWAITED = "awaited", _("Awaited")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")

    extradition = models.ForeignKey(
        ExtraditionCase, on_delete=models.CASCADE, related_name="speciality"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    family = models.ForeignKey("treaties.OffenceFamily", on_delete=models.PROTECT, related_name="+")
    description = models.TextField(_("acts"), blank=True)
    third_state = models.ForeignKey(
        "registry.State", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(_("answer"), max_length=8, choices=Answer, default=Answer.AWAITED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="awaited", answered_at__isnull=True)
                | ~Q(answer="awaited") & Q(answered_at__isnull=False),
                name="speciality_answered_has_time",
            ),
            models.CheckConstraint(
                condition=Q(kind="re_extradition", third_state__isnull=False)
                | ~Q(kind="re_extradition") & Q(third_state__isnull=True),
                name="speciality_re_extradition_has_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.family}"


class ConcurrentRequest(models.Model):
    """Another State's request for the same person, and what was weighed between them."""

    extradition = models.ForeignKey(
        ExtraditionCase, on_delete=models.CASCADE, related_name="concurrent_requests"
    )
    state = models.ForeignKey("registry.State", on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField(_("received on"))
    offences = models.TextField(_("offences"), blank=True)
    weighed = models.JSONField(default=dict, blank=True)
    preferred = models.BooleanField(_("this request has priority"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["received_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["extradition", "state"], name="concurrent_request_once_a_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.extradition_id}: {self.state_id}"


class Transit(models.Model):
    """Leave to take the person through a third State."""

    class Answer(models.TextChoices):
        ASKED = "asked", _("Asked for")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")

    extradition = models.ForeignKey(
        ExtraditionCase, on_delete=models.CASCADE, related_name="transits"
    )
    state = models.ForeignKey("registry.State", on_delete=models.PROTECT, related_name="+")
    by_air = models.BooleanField(_("by air without landing"), default=False)
    route = models.CharField(_("route and dates"), max_length=240, blank=True)
    answer = models.CharField(_("answer"), max_length=8, choices=Answer, default=Answer.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["extradition", "state"], name="transit_once_a_state"),
        ]

    def __str__(self) -> str:
        return f"{self.extradition_id}: {self.state_id}"


class ProsecutionAtHome(models.Model):
    """*Aut dedere aut judicare*: the duty to submit the case at home, followed to its end.

    Opened by a refusal; ``article`` is that of the duty in the instrument, as the register has it.
    """

    class Outcome(models.TextChoices):
        CONVICTED = "convicted", _("Convicted")
        ACQUITTED = "acquitted", _("Acquitted")
        DISCONTINUED = "discontinued", _("Proceedings discontinued")
        NOT_OPENED = "not_opened", _("No proceedings opened")

    extradition = models.OneToOneField(
        ExtraditionCase, primary_key=True, on_delete=models.CASCADE, related_name="at_home"
    )
    instrument = models.CharField(max_length=40, blank=True)
    article = models.CharField(max_length=120, blank=True)
    duty_note = models.TextField(blank=True)
    verified = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_to = models.CharField(_("submitted to"), max_length=240, blank=True)
    case_number = models.CharField(_("case number there"), max_length=120, blank=True)
    outcome = models.CharField(_("outcome"), max_length=14, choices=Outcome, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(_("other State told of the outcome"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | Q(submitted_at__isnull=False, outcome_at__isnull=False),
                name="at_home_outcome_was_submitted",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | ~Q(outcome=""), name="at_home_told_has_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.extradition_id}: {self.outcome or 'open'}"
