"""The life of an extradition: read it from top to bottom.

``MOVES`` is everything that can happen to an extradition, in both directions: *sent*, where we are
the requesting State and record what the other side does, and *received*, where we are asked. A move
that is not in the table does not exist. ``target`` None leaves the status as it is. How a move is
made is in ``cases/extradition.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import extradition_consequences as cause
from cases import extradition_guards as guard
from cases.models import ExtraditionCase
from cases.models import ExtraditionStatus as Status
from registry.models import Dossier, User
from registry.refusals import Text

SENT, RECEIVED = str(Dossier.Direction.SENT), str(Dossier.Direction.RECEIVED)
BOTH = frozenset({SENT, RECEIVED})
ENDED = frozenset({Status.CLOSED, Status.WITHDRAWN})
BEFORE_THE_REQUEST = frozenset(
    {Status.OPENED, Status.ARREST_REQUESTED, Status.ARRESTED, Status.RELEASED}
)
PROCEEDINGS = frozenset({Status.REQUESTED, Status.JUDICIAL, Status.APPEAL, Status.EXECUTIVE})
MAY_BE_DECIDED = PROCEEDINGS | {Status.ARRESTED}
AGREED_TO = frozenset({Status.GRANTED, Status.GRANTED_WITH_CONDITIONS, Status.POSTPONED})
BEFORE_SURRENDER = BEFORE_THE_REQUEST | PROCEEDINGS | AGREED_TO | {Status.SURRENDER_AGREED}
RUN, APPROVE = "run_extradition", "approve_extradition"

Guard = Callable[[ExtraditionCase, User], list[Text]]
Consequence = Callable[[ExtraditionCase, User, datetime, dict[str, Any]], None]


@dataclass(frozen=True)
class Move:
    """One thing that can happen to an extradition."""

    name: str
    label: Text
    event: str
    sources: frozenset[Status]
    target: Status | None
    needs: tuple[str, ...] = ("at",)
    takes: tuple[str, ...] = ()
    act: str = RUN
    directions: frozenset[str] = BOTH
    offered: tuple[Guard, ...] = ()
    guards: tuple[Guard, ...] = ()
    consequences: tuple[Consequence, ...] = ()


def _only(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        # --- arrest ---------------------------------------------------------------------
        Move(
            "request_arrest",
            _("Provisional arrest was requested"),
            event="extradition.arrest_requested",
            sources=_only(Status.OPENED),
            target=Status.ARREST_REQUESTED,
            needs=("at", "channel"),
            directions=frozenset({SENT}),
            guards=(guard.arrest_request_is_complete,),
            consequences=(cause.note_arrest_request,),
        ),
        Move(
            "record_arrest_request",
            _("A request for provisional arrest came"),
            event="extradition.arrest_requested",
            sources=_only(Status.OPENED),
            target=Status.ARREST_REQUESTED,
            needs=("at", "channel"),
            directions=frozenset({RECEIVED}),
            consequences=(cause.note_arrest_request,),
        ),
        Move(
            "record_arrest",
            _("The person was arrested"),
            event="extradition.arrested",
            sources=_only(Status.OPENED, Status.ARREST_REQUESTED, Status.RELEASED),
            target=Status.ARRESTED,
            needs=("at", "zone"),
            takes=("place",),
            consequences=(cause.note_arrest,),
        ),
        Move(
            "record_custody",
            _("The person was taken into custody"),
            event="extradition.custody_began",
            sources=PROCEEDINGS | AGREED_TO | {Status.SURRENDER_AGREED, Status.SURRENDERED},
            target=None,
            needs=("at", "zone"),
            takes=("place",),
            offered=(guard.nobody_is_held,),
            consequences=(cause.begin_custody,),
        ),
        Move(
            "record_end_of_custody",
            _("Custody ended, the case goes on"),
            event="extradition.custody_ended",
            sources=PROCEEDINGS | AGREED_TO | {Status.REFUSED, Status.SURRENDERED},
            target=None,
            needs=("at", "reason"),
            offered=(guard.somebody_is_held,),
            consequences=(cause.end_custody,),
        ),
        # --- formal request -------------------------------------------------------------
        Move(
            "submit_formal_request",
            _("Submit the formal request for approval"),
            event="extradition.formal_request_submitted",
            sources=BEFORE_THE_REQUEST,
            target=None,
            needs=(),
            directions=frozenset({SENT}),
            offered=(guard.not_submitted,),
            guards=(guard.has_a_basis, guard.enclosures_are_there),
            consequences=(cause.note_submission,),
        ),
        Move(
            "return_formal_request",
            _("Return the formal request for correction"),
            event="extradition.formal_request_returned",
            sources=BEFORE_THE_REQUEST,
            target=None,
            needs=("reason",),
            directions=frozenset({SENT}),
            offered=(guard.is_submitted,),
            consequences=(cause.forget_submission,),
        ),
        Move(
            "send_formal_request",
            _("Approve the formal request and record its sending"),
            event="extradition.formal_request_sent",
            sources=BEFORE_THE_REQUEST,
            target=Status.REQUESTED,
            needs=("at", "channel"),
            act=APPROVE,
            directions=frozenset({SENT}),
            offered=(guard.is_submitted,),
            guards=(guard.another_officer, guard.has_a_basis, guard.enclosures_are_there),
            consequences=(cause.note_formal_request_sent,),
        ),
        Move(
            "confirm_receipt",
            _("The other side has received the formal request"),
            event="extradition.formal_request_received",
            sources=PROCEEDINGS | {Status.RELEASED},
            target=None,
            directions=frozenset({SENT}),
            offered=(guard.sent_and_not_yet_received,),
            consequences=(cause.note_formal_request_received,),
        ),
        Move(
            "receive_formal_request",
            _("The formal request came, with its documents"),
            event="extradition.formal_request_received",
            sources=BEFORE_THE_REQUEST,
            target=Status.REQUESTED,
            needs=("at", "channel"),
            directions=frozenset({RECEIVED}),
            guards=(guard.enclosures_are_there,),
            consequences=(cause.note_formal_request_received,),
        ),
        # --- consent, courts, government ------------------------------------------------
        Move(
            "record_consent",
            _("The person consents to simplified extradition"),
            event="extradition.consent",
            sources=_only(Status.ARRESTED, Status.REQUESTED, Status.JUDICIAL),
            target=None,
            takes=("speciality_renounced",),
            offered=(guard.no_consent_yet,),
            guards=(guard.simplified_is_provided_for,),
            consequences=(cause.note_consent,),
        ),
        Move(
            "record_no_consent",
            _("The person does not consent"),
            event="extradition.no_consent",
            sources=_only(Status.ARRESTED, Status.REQUESTED, Status.JUDICIAL),
            target=None,
            offered=(guard.no_consent_yet,),
            consequences=(cause.note_no_consent,),
        ),
        Move(
            "open_judicial_phase",
            _("The case came before the court"),
            event="extradition.judicial_phase",
            sources=_only(Status.REQUESTED),
            target=Status.JUDICIAL,
            takes=("body",),
        ),
        Move(
            "record_court_decision",
            _("The court decided"),
            event="extradition.court_decided",
            sources=_only(Status.JUDICIAL, Status.APPEAL),
            target=Status.EXECUTIVE,
            needs=("at", "outcome"),
            takes=("body", "reason"),
            consequences=(cause.note_court_decision,),
        ),
        Move(
            "record_appeal",
            _("An appeal was brought"),
            event="extradition.appealed",
            sources=AGREED_TO | {Status.EXECUTIVE, Status.REFUSED},
            target=Status.APPEAL,
            takes=("body",),
            offered=(guard.no_duty_submitted,),
            consequences=(cause.note_appeal,),
        ),
        Move(
            "grant",
            _("Extradition was granted"),
            event="extradition.granted",
            sources=MAY_BE_DECIDED,
            target=Status.GRANTED,
            takes=("body", "reason"),
            guards=(guard.may_be_decided, guard.not_held_inadmissible),
            consequences=(cause.note_grant,),
        ),
        Move(
            "grant_with_conditions",
            _("Extradition was granted with conditions or assurances"),
            event="extradition.granted_with_conditions",
            sources=MAY_BE_DECIDED,
            target=Status.GRANTED_WITH_CONDITIONS,
            takes=("body", "reason"),
            guards=(
                guard.may_be_decided,
                guard.not_held_inadmissible,
                guard.assurances_are_recorded,
            ),
            consequences=(cause.note_grant,),
        ),
        Move(
            "refuse",
            _("Extradition was refused"),
            event="extradition.refused",
            sources=PROCEEDINGS,
            target=Status.REFUSED,
            needs=("at", "reason"),
            takes=("grounds", "body"),
            consequences=(cause.note_refusal,),
        ),
        Move(
            "postpone",
            _("Surrender was postponed"),
            event="extradition.postponed",
            sources=_only(Status.GRANTED, Status.GRANTED_WITH_CONDITIONS),
            target=Status.POSTPONED,
            needs=("at", "reason"),
            consequences=(cause.note_postponement,),
        ),
        Move(
            "surrender_temporarily",
            _("The person was surrendered temporarily"),
            event="extradition.temporarily_surrendered",
            sources=_only(Status.POSTPONED),
            target=Status.TEMPORARILY_SURRENDERED,
            needs=("at", "return_by"),
            takes=("reason",),
            consequences=(cause.note_temporary_surrender,),
        ),
        Move(
            "record_return",
            _("The person was returned"),
            event="extradition.returned",
            sources=_only(Status.TEMPORARILY_SURRENDERED),
            target=Status.POSTPONED,
            consequences=(cause.note_return,),
        ),
        # --- surrender ------------------------------------------------------------------
        Move(
            "agree_surrender",
            _("A date of surrender was agreed"),
            event="extradition.surrender_agreed",
            sources=AGREED_TO,
            target=Status.SURRENDER_AGREED,
            needs=("surrender_at",),
            takes=("place",),
            guards=(guard.assurances_are_given,),
            consequences=(cause.note_surrender_agreed,),
        ),
        Move(
            "agree_new_date",
            _("A new date of surrender was agreed"),
            event="extradition.surrender_extended",
            sources=_only(Status.SURRENDER_AGREED),
            target=None,
            needs=("surrender_at", "reason"),
            takes=("place",),
            guards=(guard.a_new_date_is_provided_for,),
            consequences=(cause.note_surrender_extended,),
        ),
        Move(
            "record_surrender",
            _("The person was surrendered"),
            event="extradition.surrendered",
            sources=_only(Status.SURRENDER_AGREED),
            target=Status.SURRENDERED,
            takes=("place",),
            consequences=(cause.note_surrender,),
        ),
        Move(
            "release",
            _("The person was released"),
            event="extradition.released",
            sources=_only(Status.ARRESTED, Status.SURRENDER_AGREED),
            target=Status.RELEASED,
            needs=("at", "reason"),
            consequences=(cause.note_release,),
        ),
        # --- prosecution at home instead ------------------------------------------------
        Move(
            "open_duty_at_home",
            _("The case is to be submitted for prosecution at home"),
            event="extradition.duty_at_home",
            sources=_only(Status.REFUSED),
            target=None,
            takes=("reason",),
            offered=(guard.no_duty_yet,),
            guards=(guard.a_duty_is_known,),
            consequences=(cause.open_duty,),
        ),
        Move(
            "submit_at_home",
            _("The case was submitted for prosecution at home"),
            event="extradition.submitted_at_home",
            sources=_only(Status.REFUSED),
            target=None,
            needs=("at", "body"),
            takes=("case_number",),
            offered=(guard.duty_to_submit,),
            consequences=(cause.note_submission_at_home,),
        ),
        Move(
            "record_outcome_at_home",
            _("The proceedings at home ended"),
            event="extradition.outcome_at_home",
            sources=_only(Status.REFUSED),
            target=None,
            needs=("at", "outcome_at_home"),
            offered=(guard.duty_to_report,),
            consequences=(cause.note_outcome_at_home,),
        ),
        Move(
            "tell_outcome_at_home",
            _("The other State was told of the outcome"),
            event="extradition.outcome_told",
            sources=_only(Status.REFUSED),
            target=None,
            offered=(guard.duty_to_tell,),
            consequences=(cause.note_outcome_told,),
        ),
        # --- afterwards -----------------------------------------------------------------
        Move(
            "record_final_discharge",
            _("The person was finally discharged"),
            event="extradition.finally_discharged",
            sources=_only(Status.SURRENDERED),
            target=None,
            offered=(guard.not_discharged,),
            consequences=(cause.note_final_discharge,),
        ),
        Move(
            "record_end_of_speciality",
            _("The person stayed: speciality has ended"),
            event="extradition.speciality_ended",
            sources=_only(Status.SURRENDERED),
            target=None,
            offered=(guard.speciality_runs_out,),
            consequences=(cause.note_end_of_speciality,),
        ),
        Move(
            "record_departure",
            _("The person left the country"),
            event="extradition.departed",
            sources=_only(Status.SURRENDERED),
            target=None,
            offered=(guard.speciality_runs_out,),
            consequences=(cause.note_departure,),
        ),
        Move(
            "withdraw",
            _("Withdraw the request"),
            event="extradition.withdrawn",
            sources=BEFORE_SURRENDER,
            target=Status.WITHDRAWN,
            needs=("at", "reason"),
            consequences=(cause.note_withdrawal,),
        ),
        Move(
            "close",
            _("Close the case"),
            event="extradition.closed",
            sources=_only(Status.SURRENDERED, Status.REFUSED, Status.RELEASED),
            target=Status.CLOSED,
            needs=(),
            guards=(
                guard.no_assurance_is_open,
                guard.duty_is_done,
                guard.nobody_is_held_by_us,
                guard.speciality_has_ended,
            ),
            consequences=(cause.note_end,),
        ),
    )
}
