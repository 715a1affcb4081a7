"""What the moves of an extradition cause: instants, custody, decisions, clocks, ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from cases import custody, extradition_clocks, extradition_law, speciality
from cases.models import ExtraditionCase, ExtraditionDecision, ProsecutionAtHome
from registry.models import User
from registry.refusals import Invalid
from treaties.models import RefusalGround

Data = dict[str, Any]
Outcome, Phase = ExtraditionDecision.Outcome, ExtraditionDecision.Phase
CLOCKS_TO_COME = timedelta(days=366)
EARLY = timedelta(minutes=5)
"""How far the clocks of two machines may differ."""


def check_moment(at: datetime | None, now: datetime) -> None:
    """Raise Invalid (``at``) for what is said to have happened in the future."""
    if at is not None and at > now + EARLY:
        sentence = _(
            "This cannot have happened in the future. Give the day and time at which it did."
        )
        raise Invalid("date_in_future", sentence, fields={"at": [sentence]})


def not_before(data: Data, earlier: datetime | None, sentence: str, field: str = "at") -> None:
    """Raise Invalid for an instant that lies before what it must follow."""
    if earlier is not None and data[field] < earlier:
        raise Invalid("too_early", sentence, fields={field: [sentence]})


# --- arrest and custody -----------------------------------------------------------------


def note_arrest_request(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    case.arrest_requested_at = data["at"]


def note_arrest(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    """The clocks of provisional arrest start from the arrest, in the zone where it happened."""
    begin_custody(case, user, now, data)
    case.arrested_at, case.arrest_zone = data["at"], data["zone"]
    extradition_clocks.happened(
        case, extradition_clocks.ARRESTED, at=data["at"], now=now, actor=user
    )


def begin_custody(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    try:
        ZoneInfo(data["zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        sentence = _("There is no such time zone. Choose one of those offered.")
        raise Invalid("unknown_zone", sentence, fields={"zone": [sentence]}) from error
    custody.begin(case, at=data["at"], place=data.get("place", ""), zone=data["zone"])


def end_custody(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    custody.end(case, at=data["at"], reason=data["reason"])


def note_release(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    """What the custody waited for is awaited no more; a clock that ran out before stays missed."""
    custody.end(case, at=data["at"], reason=data["reason"])
    for event in (
        extradition_clocks.FORMAL_REQUEST_RECEIVED,
        extradition_clocks.CONSENT_TOLD,
        extradition_clocks.DECISION,
        extradition_clocks.SURRENDERED,
    ):
        extradition_clocks.no_longer_awaited(case, event, at=data["at"], now=now, actor=user)


# --- formal request ---------------------------------------------------------------------


def note_submission(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    case.submitted_by, case.submitted_at = user, now


def forget_submission(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    case.submitted_by = case.submitted_at = case.approved_by = None


def note_formal_request_sent(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    """Sent is not received: the clocks of the arrest run on until the receipt is recorded."""
    case.approved_by, case.formal_request_sent_at = user, data["at"]


def note_formal_request_received(
    case: ExtraditionCase, user: User, now: datetime, data: Data
) -> None:
    not_before(
        data, case.formal_request_sent_at, _("The formal request was sent after that moment.")
    )
    case.formal_request_received_at = data["at"]
    extradition_clocks.happened(
        case, extradition_clocks.FORMAL_REQUEST_RECEIVED, at=data["at"], now=now, actor=user
    )


# --- consent and decisions --------------------------------------------------------------


def note_consent(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    not_before(data, case.arrested_at, _("The person was arrested after that moment."))
    case.consented_at = data["at"]
    case.speciality_renounced = bool(data.get("speciality_renounced"))
    for event in (extradition_clocks.CONSENT_TOLD, extradition_clocks.CONSENT):
        extradition_clocks.happened(case, event, at=data["at"], now=now, actor=user)


def note_no_consent(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    extradition_clocks.happened(
        case, extradition_clocks.CONSENT_TOLD, at=data["at"], now=now, actor=user
    )


def note_court_decision(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    if data["outcome"] not in {Outcome.ADMISSIBLE, Outcome.INADMISSIBLE}:
        sentence = _("Choose whether the court held extradition admissible.")
        raise Invalid("unknown_outcome", sentence, fields={"outcome": [sentence]})
    appealed = case.decisions.filter(phase=Phase.JUDICIAL).exists()
    _decide(case, user, data, data["outcome"], Phase.APPEAL if appealed else Phase.JUDICIAL)


def note_appeal(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    """A decision under appeal is none yet: what it started ends, a duty it opened is closed."""
    case.decided_at = None
    extradition_clocks.no_longer_awaited(
        case, extradition_clocks.SURRENDERED, at=data["at"], now=now, actor=user
    )
    ProsecutionAtHome.objects.filter(extradition=case).delete()
    if "at_home" in case._state.fields_cache:
        del case._state.fields_cache["at_home"]


def note_grant(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    conditions = case.assurances.exists()
    outcome = Outcome.GRANTED_WITH_CONDITIONS if conditions else Outcome.GRANTED
    case.decided_at = data["at"]
    _decide(case, user, data, outcome, Phase.EXECUTIVE)
    extradition_clocks.happened(
        case, extradition_clocks.DECISION, at=data["at"], now=now, actor=user
    )
    if case.consented_at:
        extradition_clocks.happened(
            case, extradition_clocks.SIMPLIFIED_GRANTED, at=data["at"], now=now, actor=user
        )


def note_refusal(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    """Only the instruments' own grounds; a refusal for nationality opens the duty at home."""
    grounds = _grounds(case, data.get("grounds") or [])
    case.decided_at = data["at"]
    recorded = [extradition_law.as_recorded(ground) for ground in grounds]
    _decide(case, user, data, Outcome.REFUSED, Phase.EXECUTIVE, recorded)
    data["grounds"] = [ground.ground for ground in grounds]
    extradition_clocks.happened(
        case, extradition_clocks.DECISION, at=data["at"], now=now, actor=user
    )
    for event in (
        extradition_clocks.FORMAL_REQUEST_RECEIVED,
        extradition_clocks.CONSENT_TOLD,
        extradition_clocks.SURRENDERED,
    ):
        extradition_clocks.no_longer_awaited(case, event, at=data["at"], now=now, actor=user)
    if any(ground.ground == extradition_law.NATIONALITY for ground in grounds):
        open_duty(case, user, now, data)


def _grounds(case: ExtraditionCase, given: list[Any]) -> list[RefusalGround]:
    """The grounds chosen, by number, from those that the instruments have. Raises Invalid."""
    offered = {str(ground.pk): ground for ground in extradition_law.grounds_of_refusal(case)}
    if any(str(key) not in offered for key in given):
        sentence = _(
            "The instruments that govern here do not have this ground. Choose from those offered."
        )
        raise Invalid("unknown_ground", sentence, fields={"grounds": [sentence]})
    if offered and not given:
        sentence = _("Choose the ground or grounds of the instrument.")
        raise Invalid("missing", sentence, fields={"grounds": [sentence]})
    return [offered[str(key)] for key in dict.fromkeys(given)]


def note_postponement(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    """A surrender that is put off waits for no date."""
    _decide(case, user, data, Outcome.POSTPONED, Phase.EXECUTIVE)
    extradition_clocks.no_longer_awaited(
        case, extradition_clocks.SURRENDERED, at=data["at"], now=now, actor=user
    )


def note_temporary_surrender(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    case.return_by = data["return_by"]
    _decide(case, user, data, Outcome.TEMPORARY_SURRENDER, Phase.EXECUTIVE)
    custody.end(case, at=data["at"], reason=_("Temporarily surrendered"))
    extradition_clocks.await_return(case, data["return_by"], now=now, actor=user)


def note_return(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    extradition_clocks.happened(
        case, extradition_clocks.RETURNED, at=data["at"], now=now, actor=user
    )
    case.return_by = None


def _decide(
    case: ExtraditionCase,
    user: User,
    data: Data,
    outcome: str,
    phase: str,
    grounds: list[dict[str, str]] | None = None,
) -> None:
    ExtraditionDecision.objects.create(
        extradition=case,
        phase=phase,
        outcome=outcome,
        decided_at=data["at"],
        body=data.get("body", "")[:240],
        reason=data.get("reason", ""),
        grounds=grounds or [],
        recorded_by=user,
    )


# --- surrender --------------------------------------------------------------------------


def note_surrender_agreed(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    """The periods for taking the person over start from the agreed date, which may be to come."""
    _check_surrender(case, data, now)
    case.surrender_at = data["surrender_at"]
    case.surrender_place = data.get("place", "")[:240]
    extradition_clocks.happened(
        case, extradition_clocks.SURRENDER_AGREED, at=data["surrender_at"], now=now, actor=user
    )


def note_surrender_extended(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    """The periods of the first date end, those of the new one start: at no moment is there none."""
    _check_surrender(case, data, now)
    not_before(
        data,
        case.surrender_at,
        _("The new date must lie after the first."),
        "surrender_at",
    )
    extradition_clocks.no_longer_awaited(
        case, extradition_clocks.SURRENDERED, at=now, now=now, actor=user
    )
    case.surrender_extended = True
    case.surrender_at = data["surrender_at"]
    if data.get("place"):
        case.surrender_place = data["place"][:240]
    extradition_clocks.happened(
        case, extradition_clocks.SURRENDER_AGREED, at=data["surrender_at"], now=now, actor=user
    )


def _check_surrender(case: ExtraditionCase, data: Data, now: datetime) -> None:
    not_before(data, case.decided_at, _("The decision was taken after that date."), "surrender_at")
    if data["surrender_at"] > now + CLOCKS_TO_COME:
        sentence = _("This is more than a year from now. Check the date.")
        raise Invalid("too_far", sentence, fields={"surrender_at": [sentence]})


def note_surrender(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    not_before(data, case.decided_at, _("The decision was taken after that moment."))
    case.surrendered_at = data["at"]
    if data.get("place"):
        case.surrender_place = data["place"][:240]
    custody.end(case, at=data["at"], reason=_("Surrendered"))
    extradition_clocks.happened(
        case, extradition_clocks.SURRENDERED, at=data["at"], now=now, actor=user
    )
    for event in (extradition_clocks.FORMAL_REQUEST_RECEIVED, extradition_clocks.CONSENT_TOLD):
        extradition_clocks.no_longer_awaited(case, event, at=data["at"], now=now, actor=user)
    speciality.open_ledger(case, at=data["at"])


# --- prosecution at home ----------------------------------------------------------------


def open_duty(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    duty = extradition_law.duty_at_home(case)
    case.at_home = ProsecutionAtHome.objects.create(
        extradition=case,
        instrument=duty.instrument_id if duty else "",
        article=duty.article if duty else "",
        duty_note=duty.note if duty else "",
        verified=bool(duty and duty.confidence == "verified"),
        opened_at=data["at"],
    )


def note_submission_at_home(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    at_home = case.at_home
    not_before(data, at_home.opened_at, _("Extradition was refused after that moment."))
    at_home.submitted_at, at_home.submitted_to = data["at"], data["body"][:240]
    at_home.case_number = data.get("case_number", "")[:120]
    at_home.save()


def note_outcome_at_home(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    at_home = case.at_home
    if data["outcome_at_home"] not in ProsecutionAtHome.Outcome.values:
        sentence = _("Choose one of the outcomes offered.")
        raise Invalid("unknown_outcome", sentence, fields={"outcome_at_home": [sentence]})
    not_before(data, at_home.submitted_at, _("The case was submitted after that moment."))
    at_home.outcome, at_home.outcome_at = data["outcome_at_home"], data["at"]
    at_home.save()


def note_outcome_told(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    at_home = case.at_home
    not_before(data, at_home.outcome_at, _("The proceedings ended after that moment."))
    at_home.told_at = data["at"]
    at_home.save()


# --- afterwards -------------------------------------------------------------------------


def note_final_discharge(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    not_before(data, case.surrendered_at, _("The person was surrendered after that moment."))
    case.finally_discharged_at = data["at"]
    custody.end(case, at=data["at"], reason=_("Finally discharged"))
    extradition_clocks.happened(
        case, extradition_clocks.FINALLY_DISCHARGED, at=data["at"], now=now, actor=user
    )


def note_end_of_speciality(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    """The window closes at its own end, whenever that is recorded; not before."""
    last = extradition_clocks.end_of_speciality(case)
    not_before(
        data, last, _("The period after the final discharge was still running at that moment.")
    )
    extradition_clocks.happened(
        case, extradition_clocks.SPECIALITY_ENDED, at=last or data["at"], now=now, actor=user
    )


def note_departure(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    not_before(data, case.finally_discharged_at, _("The final discharge came after that moment."))
    extradition_clocks.no_longer_awaited(
        case, extradition_clocks.SPECIALITY_ENDED, at=data["at"], now=now, actor=user
    )


def note_withdrawal(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    custody.end(case, at=data["at"], reason=_("The request was withdrawn"))
    note_end(case, user, now, data)


def note_end(case: ExtraditionCase, user: User, now: datetime, data: Data) -> None:
    extradition_clocks.end_all(case, now=now, actor=user)
    case.closed_at = now
    case.dossier.is_open = False
