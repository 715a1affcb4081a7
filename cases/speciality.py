"""The speciality ledger: what an extradited person may be tried for, and what else was asked.

Who was extradited may be prosecuted, punished or sent on for other acts before the surrender only
with the consent of the State that surrendered them, or once the days after the final discharge
that the register knows are over while they could have left. The ledger holds the offences
extradited for, each consent asked and its answer; ``judge`` warns before a new charge.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cases import extradition_clocks
from cases.extradition_editing import editing, one_of, refuse_missing
from cases.models import ExtraditionCase, SpecialityEntry
from registry.models import Deadline, State, User
from registry.refusals import Invalid, NotFound, NotPossibleNow
from treaties.models import OffenceFamily

Kind, Answer = SpecialityEntry.Kind, SpecialityEntry.Answer
ASKED = "extradition.consent_to_more_received"
ANSWERED = "extradition.consent_to_more_answered"


def open_ledger(extradition: ExtraditionCase, *, at: datetime) -> None:
    """At surrender: the offences of the case are those for which the person was extradited."""
    SpecialityEntry.objects.bulk_create(
        SpecialityEntry(
            extradition=extradition,
            kind=Kind.EXTRADITED_FOR,
            family_id=offence.family_id,
            description=" ".join(
                part
                for part in (offence.provision, offence.time_of_acts, offence.place_of_acts)
                if part
            ),
            answer=Answer.GRANTED,
            asked_at=at,
            answered_at=at,
        )
        for offence in extradition.dossier.offences.all()
    )


def ask_consent(
    extradition: ExtraditionCase,
    *,
    kind: str,
    family: str,
    description: str,
    third_state: str = "",
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> SpecialityEntry:
    """Record that consent is asked for another offence, or to extradite to a third State.

    Raises Invalid by field, NotPossibleNow before the surrender.
    """
    if extradition.surrendered_at is None:
        raise NotPossibleNow(
            "not_surrendered",
            _("Before the surrender, add the offence to the case itself."),
        )
    one_of("kind", kind, [Kind.PROSECUTION, Kind.RE_EXTRADITION])
    onward = kind == Kind.RE_EXTRADITION
    wanted = {"family": family, "description": description.strip()}
    refuse_missing(wanted | ({"third_state": third_state} if onward else {}))
    known = OffenceFamily.objects.filter(pk=family).first()
    if known is None:
        one_of("family", family, [])
    parties = {extradition.requesting_state_id, extradition.requested_state_id}
    third = State.objects.filter(pk=third_state).exclude(pk__in=parties).first() if onward else None
    if onward and third is None:
        sentence = _("Choose a third State.")
        raise Invalid("unknown_state", sentence, fields={"third_state": [sentence]})
    with editing(
        extradition,
        "extradition.consent_asked",
        user=user,
        now=now,
        expected_version=expected_version,
        kind=kind,
        family=family,
        state=third_state if onward else "",
    ) as case:
        entry = SpecialityEntry.objects.create(
            extradition=case,
            kind=kind,
            family_id=family,
            description=description.strip(),
            third_state=third,
            asked_at=now,
        )
        extradition_clocks.happened(case, ASKED, at=now, now=now, actor=user)
    return entry


def answer_consent(
    extradition: ExtraditionCase,
    number: int,
    *,
    answer: str,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> SpecialityEntry:
    """Record the answer to a consent that was asked. Raises NotFound, Invalid (``answer``)."""
    one_of("answer", answer, [Answer.GRANTED, Answer.REFUSED])
    entry = extradition.speciality.filter(pk=number, answer=Answer.AWAITED).first()
    if entry is None:
        raise NotFound("no_such_consent", _("No answer is awaited on this."))
    with editing(
        extradition,
        f"extradition.consent_{answer}",
        user=user,
        now=now,
        expected_version=expected_version,
        kind=entry.kind,
        family=entry.family_id,
    ) as case:
        entry.answer, entry.answered_at = answer, now
        entry.save()
        if not extradition.speciality.filter(answer=Answer.AWAITED).exists():
            extradition_clocks.happened(case, ANSWERED, at=now, now=now, actor=user)
    return entry


@dataclass(frozen=True)
class Judgement:
    """Whether the ledger bears a new charge or re-extradition, with the sentence that says why."""

    covered: bool
    sentence: str


def judge(
    extradition: ExtraditionCase, family: str, *, third_state: str = "", now: datetime
) -> Judgement:
    """What the ledger says of a further charge for an offence of this family, or of sending on.

    An aid, not a verdict: the acts themselves are compared by the prosecutor.
    """
    if extradition.surrendered_at is None:
        return Judgement(False, _("The person has not been surrendered: nothing is granted yet."))
    if extradition.speciality_renounced:
        return Judgement(
            True, _("The person renounced speciality when consenting: check the wording kept.")
        )
    if ended := _ended(extradition, now):
        return Judgement(True, ended)
    entries = list(extradition.speciality.filter(family=family))
    if third_state:
        return _judge_onward(entries, third_state)
    for entry in entries:
        if entry.kind == Kind.EXTRADITED_FOR:
            return Judgement(
                True,
                _(
                    "The person was extradited for an offence of this kind. For other acts than "
                    "those extradited for, consent is still needed."
                ),
            )
    return _judge_consent([e for e in entries if e.kind == Kind.PROSECUTION])


def _judge_onward(entries: list[SpecialityEntry], third_state: str) -> Judgement:
    return _judge_consent(
        [e for e in entries if e.kind == Kind.RE_EXTRADITION and e.third_state_id == third_state]
    )


def _judge_consent(asked: list[SpecialityEntry]) -> Judgement:
    answers = {entry.answer for entry in asked}
    if Answer.GRANTED in answers:
        return Judgement(True, _("The surrendering State consented to this."))
    if Answer.AWAITED in answers:
        return Judgement(False, _("Consent was asked for and is not given yet: wait for it."))
    if Answer.REFUSED in answers:
        return Judgement(False, _("The surrendering State refused its consent to this."))
    return Judgement(
        False,
        _(
            "Speciality: the person was not extradited for this. Ask the surrendering State for "
            "its consent before any charge, detention or extradition for it."
        ),
    )


def _ended(extradition: ExtraditionCase, now: datetime) -> str:
    """The sentence that speciality is over; empty while it lasts. One query."""
    if extradition.finally_discharged_at is None:
        return ""
    window = (
        extradition.dossier.deadlines.filter(met_by_event=extradition_clocks.SPECIALITY_ENDED)
        .exclude(state=Deadline.State.CANCELLED)
        .order_by("due_at")
        .last()
    )
    if window is None or window.due_at >= now:
        return ""
    return _(
        "The days after the final discharge are over (%(rule)s, Art. %(article)s). Check that the "
        "person could have left and stayed, or came back."
    ) % {"rule": window.instrument, "article": window.article}
