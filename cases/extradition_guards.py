"""What must be true before a move of an extradition: each guard answers with the reasons why not.

Some say whether a move is offered at all (``Move.offered``), the others what is still to be done.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases import custody, extradition_clocks, extradition_law
from cases.models import Assurance, ExtraditionCase, ExtraditionDecision, ExtraditionStatus
from registry.models import Deadline, User
from registry.refusals import Text
from treaties.models import Instrument, RequestTemplate, TimeLimit

Reasons = list[Text]
SIMPLIFIED = "simplified_extradition"
NEVER_EXTENDED = frozenset({"", "no"})


# --- whether a move is offered -----------------------------------------------------------


def somebody_is_held(extradition: ExtraditionCase, user: User) -> Reasons:
    return [] if custody.is_held(extradition) else [_("The person is not in custody.")]


def nobody_is_held(extradition: ExtraditionCase, user: User) -> Reasons:
    return [_("The person is in custody already.")] if custody.is_held(extradition) else []


def is_submitted(extradition: ExtraditionCase, user: User) -> Reasons:
    return [] if extradition.submitted_by_id else [_("Nobody has submitted it for approval.")]


def not_submitted(extradition: ExtraditionCase, user: User) -> Reasons:
    return [_("It is submitted already.")] if extradition.submitted_by_id else []


def sent_and_not_yet_received(extradition: ExtraditionCase, user: User) -> Reasons:
    if extradition.formal_request_received_at:
        return [_("The receipt is recorded already.")]
    return [] if extradition.formal_request_sent_at else [_("The formal request was not sent.")]


def no_consent_yet(extradition: ExtraditionCase, user: User) -> Reasons:
    return [_("The consent is recorded already.")] if extradition.consented_at else []


def not_discharged(extradition: ExtraditionCase, user: User) -> Reasons:
    return [_("The discharge is recorded already.")] if extradition.finally_discharged_at else []


def speciality_runs_out(extradition: ExtraditionCase, user: User) -> Reasons:
    running = extradition.dossier.deadlines.filter(
        state=Deadline.State.RUNNING, met_by_event=extradition_clocks.SPECIALITY_ENDED
    )
    return [] if running.exists() else [_("No period of speciality is running.")]


def no_duty_yet(extradition: ExtraditionCase, user: User) -> Reasons:
    return [_("The duty is recorded already.")] if hasattr(extradition, "at_home") else []


def no_duty_submitted(extradition: ExtraditionCase, user: User) -> Reasons:
    at_home = getattr(extradition, "at_home", None)
    if at_home is not None and at_home.submitted_at:
        return [_("The case was submitted for prosecution at home.")]
    return []


def duty_to_submit(extradition: ExtraditionCase, user: User) -> Reasons:
    at_home = getattr(extradition, "at_home", None)
    return [] if at_home and not at_home.submitted_at else [_("There is nothing to submit.")]


def duty_to_report(extradition: ExtraditionCase, user: User) -> Reasons:
    at_home = getattr(extradition, "at_home", None)
    waits = at_home and at_home.submitted_at and not at_home.outcome
    return [] if waits else [_("No proceedings at home are awaited.")]


def duty_to_tell(extradition: ExtraditionCase, user: User) -> Reasons:
    at_home = getattr(extradition, "at_home", None)
    waits = at_home and at_home.outcome and not at_home.told_at
    return [] if waits else [_("There is no outcome to tell.")]


# --- what is still to be done ------------------------------------------------------------


def has_a_basis(extradition: ExtraditionCase, user: User) -> Reasons:
    """A legal basis is chosen."""
    return [] if extradition.basis_id else [_("Choose the legal basis first.")]


def enclosures_are_there(extradition: ExtraditionCase, user: User) -> Reasons:
    """Every document that the instrument requires is there."""
    return [line.missing_sentence for line in extradition_law.checklist(extradition).missing]


def arrest_request_is_complete(extradition: ExtraditionCase, user: User) -> Reasons:
    """Every content that the instrument requires of a request for provisional arrest is there."""
    listed = extradition_law.checklist(extradition, extradition_law.PROVISIONAL_ARREST)
    return [line.missing_sentence for line in listed.missing]


def another_officer(extradition: ExtraditionCase, user: User) -> Reasons:
    """Four eyes: who submitted or last edited the formal request does not approve it."""
    if user.pk in {extradition.submitted_by_id, extradition.last_edited_by_id}:
        return [
            _(
                "You submitted or last edited this request: another officer must approve and send it."
            )
        ]
    return []


def simplified_is_provided_for(extradition: ExtraditionCase, user: User) -> Reasons:
    """An instrument between the two States knows simplified extradition, or none governs."""
    governing = extradition_law.instruments_of(extradition)
    if not governing or extradition.basis is None:
        return []
    if extradition.basis.kind == Instrument.Kind.COMITY:
        return []
    if RequestTemplate.objects.filter(instrument__in=governing, request_type=SIMPLIFIED).exists():
        return []
    return [
        _(
            "No instrument of the register between the two States provides for simplified "
            "extradition. Where national law does, record the decision of the court."
        )
    ]


def may_be_decided(extradition: ExtraditionCase, user: User) -> Reasons:
    """The court has decided, or the person consents to simplified extradition."""
    if extradition.consented_at or extradition.dossier.status == ExtraditionStatus.EXECUTIVE:
        return []
    return [_("Record what the court decided first, or the person's consent.")]


def not_held_inadmissible(extradition: ExtraditionCase, user: User) -> Reasons:
    """The last court did not hold extradition inadmissible."""
    last = extradition.decisions.filter(phase__in=["judicial", "appeal"]).last()
    if last and last.outcome == ExtraditionDecision.Outcome.INADMISSIBLE:
        return [_("The court held extradition not admissible: it can only be refused.")]
    return []


def assurances_are_recorded(extradition: ExtraditionCase, user: User) -> Reasons:
    """At least one condition or assurance is recorded."""
    if extradition.assurances.exists():
        return []
    return [_("Record the conditions or assurances first, one by one.")]


def assurances_are_given(extradition: ExtraditionCase, user: User) -> Reasons:
    """No assurance is still only asked for."""
    asked = extradition.assurances.filter(state=Assurance.State.ASKED)
    return [
        _("The assurance “%(kind)s” was asked for and is not given.")
        % {"kind": assurance.get_kind_display()}
        for assurance in asked
    ]


def a_new_date_is_provided_for(extradition: ExtraditionCase, user: User) -> Reasons:
    """The rule permits a new date, and none was agreed yet."""
    if extradition.surrender_extended:
        return [_("A new date was agreed once already: the period cannot be extended again.")]
    limits = extradition_clocks.limits_started_by(extradition, extradition_clocks.SURRENDER_AGREED)
    closed = [limit for limit in limits if limit.extendable in NEVER_EXTENDED]
    return [_not_extended(limit) for limit in closed]


def _not_extended(limit: TimeLimit) -> Text:
    return _("The rule %(article)s of %(instrument)s does not permit a new date.") % {
        "article": limit.article,
        "instrument": limit.instrument_id,
    }


def a_duty_is_known(extradition: ExtraditionCase, user: User) -> Reasons:
    """An instrument knows the duty to submit the case at home."""
    if extradition_law.duty_at_home(extradition):
        return []
    return [_("No instrument that governs here knows a duty to submit the case at home.")]


def no_assurance_is_open(extradition: ExtraditionCase, user: User) -> Reasons:
    """Every assurance was fulfilled, broken or not given."""
    if extradition.surrendered_at is None:
        return []
    return [
        _("The assurance “%(kind)s” is to be followed until it is fulfilled.")
        % {"kind": assurance.get_kind_display()}
        for assurance in extradition.assurances.all()
        if assurance.is_open
    ]


def duty_is_done(extradition: ExtraditionCase, user: User) -> Reasons:
    """The duty to submit the case at home, once open, was followed to its end."""
    at_home = getattr(extradition, "at_home", None)
    if at_home is None or at_home.told_at:
        return []
    if not at_home.submitted_at:
        return [_("The case must be submitted for prosecution at home first.")]
    if not at_home.outcome:
        return [_("The outcome of the proceedings at home is awaited.")]
    return [_("Tell the other State the outcome of the proceedings at home.")]


def nobody_is_held_by_us(extradition: ExtraditionCase, user: User) -> Reasons:
    """Nobody is held for an extradition that is over."""
    if extradition.surrendered_at is None and custody.is_held(extradition):
        return [_("The person is still in custody: record the end of custody first.")]
    return []


def speciality_has_ended(extradition: ExtraditionCase, user: User) -> Reasons:
    """Where we requested: the person was finally discharged and the period after it is over."""
    if extradition.surrendered_at is None or not extradition.we_request:
        return []
    if extradition.finally_discharged_at is None:
        return [
            _("Speciality protects the person until the final discharge: record that one first.")
        ]
    if not speciality_runs_out(extradition, user):
        return [_("The period of speciality after the final discharge is still running.")]
    return []
