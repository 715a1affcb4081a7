"""The letters of an extradition: arrest, request, assurances, decision, surrender, transit, consent.

One gatherer a kind: it says what the letter has to say of this case, in the letter's language. The
wording is in ``data/letter_texts``; how a letter is written, approved and sent is the registry's
(``registry/draft_letters.py``). Where the record of its sending is itself a move of the case, and
the case is ready for it, the move is made with it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from cases import custody, extradition, extradition_law, letter_facts
from cases.extradition_clocks import SURRENDERED
from cases.models import (
    Assurance,
    ExtraditionCase,
    ExtraditionDecision,
    SpecialityEntry,
    Transit,
)
from cases.models import ExtraditionStatus as Status
from registry.draft_letter_kinds import About, DraftKind, Gathered, declare
from registry.letter_words import JSON, in_digits, in_words
from registry.models import Deadline, Dossier, LetterDispatch, User
from registry.refusals import Invalid, Text
from registry.state_directory import state_label
from treaties.letter_facts import DASH, article_in, day_of, instrument_title
from treaties.models import Instrument

FOLDER = Path(__file__).parent / "data" / "letter_texts"
Outcome = ExtraditionDecision.Outcome
Gather = Callable[[Dossier, About, str, datetime], Gathered]
OnSent = Callable[[Dossier, About, LetterDispatch, User, datetime], None]
BEFORE_THE_ARREST = frozenset({Status.OPENED, Status.ARREST_REQUESTED, Status.RELEASED})
BEFORE_THE_REQUEST = BEFORE_THE_ARREST | {Status.ARRESTED}
AGREED = frozenset({Outcome.GRANTED, Outcome.GRANTED_WITH_CONDITIONS, Outcome.POSTPONED})
DECIDED = frozenset(
    {
        Status.GRANTED,
        Status.GRANTED_WITH_CONDITIONS,
        Status.POSTPONED,
        Status.REFUSED,
        Status.TEMPORARILY_SURRENDERED,
        Status.SURRENDER_AGREED,
    }
)
TO_BE_SURRENDERED = DECIDED - {Status.REFUSED}
ENDED = frozenset({Status.CLOSED, Status.WITHDRAWN})


# --- gatherers: one a kind ---------------------------------------------------------------------


def provisional_arrest(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """The person, the acts, and what the instrument requires such a request to say."""
    case = letter_facts.case_of(dossier)
    asked = extradition_law.PROVISIONAL_ARREST
    rows = letter_facts.contents(case, asked, language)
    return _gathered(
        case,
        language,
        {
            "basis_article": letter_facts.article_of(case, asked, language),
            "contents": "\n".join(
                letter_facts.said(row["title"], row["where"], language) for row in rows
            ),
        },
    )


def formal_request(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """The person, the acts, and the enclosures that the instrument requires, as they are there."""
    case = letter_facts.case_of(dossier)
    asked = extradition_law.EXTRADITION
    rows = letter_facts.contents(case, asked, language)
    return _gathered(
        case,
        language,
        {
            "basis_article": letter_facts.article_of(case, asked, language),
            "arrested_on": day_of(case.arrested_at, dossier, language),
            "has_enclosures": "yes" if rows else "",
        },
        {"enclosures": [{"title": row["title"], "where": row["where"]} for row in rows]},
        tables={"enclosures": rows},
    )


def assurance(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """The assurance chosen, else all that are open: asked for by one side, given by the other."""
    case = letter_facts.case_of(dossier)
    found = _chosen(about, "assurance", list(case.assurances.all()))
    if not about.get("assurance"):
        found = [each for each in found if each.is_open]
    return _gathered(
        case,
        language,
        {"assurances": letter_facts.assurances_in_words(found, language)},
        {"assurances": [{"kind": each.kind, "text": each.text} for each in found]},
    )


def decision(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """The government's last decision: outcome, grounds with their articles, conditions."""
    case = letter_facts.case_of(dossier)
    taken = case.decisions.filter(phase=ExtraditionDecision.Phase.EXECUTIVE).last()
    outcome = taken.outcome if taken else ""
    agreed, refused = outcome in AGREED, outcome == Outcome.REFUSED
    conditions = [a for a in case.assurances.all() if a.state != Assurance.State.NOT_GIVEN]
    duty = getattr(case, "at_home", None) if refused else None
    values = {
        "decided_on": day_of(taken.decided_at, dossier, language) if taken else "",
        "decided_by": taken.body if taken else "",
        "granted": _yes(outcome == Outcome.GRANTED),
        "with_conditions": _yes(outcome == Outcome.GRANTED_WITH_CONDITIONS),
        "postponed": _yes(outcome == Outcome.POSTPONED),
        "refused": _yes(refused),
        "agreed": _yes(agreed),
        "renounced": _yes(case.speciality_renounced),
        "reasons_given": taken.reason if taken else "",
        "grounds": _grounds(taken.grounds if taken and refused else [], language),
        "conditions": letter_facts.assurances_in_words(conditions if agreed else [], language),
        "at_home": _yes(duty is not None),
        "duty": _provision(duty.instrument, duty.article, language) if duty else "",
    }
    said = {"outcome": outcome, "grounds": [g["ground"] for g in taken.grounds] if taken else []}
    return _gathered(case, language, values, said)


def surrender(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """When and where the person is handed over, by when at the latest, and the days in custody."""
    case = letter_facts.case_of(dossier)
    zone = case.requested_state.time_zone or dossier.owner.state.time_zone
    latest = (
        dossier.deadlines.filter(met_by_event=SURRENDERED, state=Deadline.State.RUNNING)
        .order_by("due_at")
        .last()
    )
    due = latest.due_at.astimezone(ZoneInfo(latest.zone)).date() if latest else None
    periods = list(case.custody_periods.all())
    days = custody.total(periods, now).days if periods else 0
    return _gathered(
        case,
        language,
        {
            "surrender_on": _moment(case.surrender_at, zone, language),
            "surrender_place": case.surrender_place,
            "take_over_by": in_words(due, language) if due else "",
            "custody_days": in_digits(str(days), language) if periods else "",
        },
        {
            "surrender_at": case.surrender_at.isoformat() if case.surrender_at else "",
            "surrender_place": case.surrender_place,
            "custody_days": days,
        },
    )


def transit(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """Leave of the State chosen, else of the one asked last, to take the person through."""
    case = letter_facts.case_of(dossier)
    found: list[Transit] = _chosen(about, "transit", list(case.transits.all()))
    if not found:
        sentence = _("Record first through which State the person is to be taken.")
        raise Invalid("no_transit", sentence, fields={"about": [sentence]})
    asked = found[-1]
    return _gathered(
        case,
        language,
        {
            "addressee_state": state_label(asked.state_id, language),
            "route": asked.route,
            "by_air": _yes(asked.by_air),
        },
        {"transit_state": asked.state_id, "route": asked.route, "by_air": asked.by_air},
        state=asked.state_id,
    )


def speciality(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """The consent chosen, else the one asked last: by us, or of us and then with its answer."""
    case = letter_facts.case_of(dossier)
    asked = case.speciality.exclude(kind=SpecialityEntry.Kind.EXTRADITED_FOR)
    found: list[SpecialityEntry] = _chosen(
        about, "consent", list(asked.select_related("family").order_by("asked_at", "pk"))
    )
    if not found:
        sentence = _("Record first that consent is asked.")
        raise Invalid("no_consent", sentence, fields={"about": [sentence]})
    entry = found[-1]
    third = state_label(entry.third_state_id, language) if entry.third_state_id else ""
    answer = SpecialityEntry.Answer
    return _gathered(
        case,
        language,
        {
            "surrendered_on": day_of(case.surrendered_at, dossier, language),
            "third_state": third,
            "consent_given": _yes(entry.answer == answer.GRANTED),
            "consent_refused": _yes(entry.answer == answer.REFUSED),
            "offence": f"{DASH}{letter_facts.family_in(entry.family, language)}",
            "acts": entry.description,
        },
        {
            "consent": entry.kind,
            "answer": entry.answer,
            "offence": entry.family_id,
            "third_state": entry.third_state_id or "",
        },
    )


# --- within -------------------------------------------------------------------------------------


def _gathered(
    case: ExtraditionCase,
    language: str,
    values: dict[str, str],
    data: JSON | None = None,
    *,
    tables: dict[str, list[dict[str, str]]] | None = None,
    state: str = "",
) -> Gathered:
    whom = letter_facts.addressee(case, state or letter_facts.other_side(case), language)
    return Gathered(
        values=letter_facts.common(case, language) | {"addressee": whom["name"]} | values,
        addressee=whom,
        tables=tables or {},
        data=letter_facts.data_of(case) | (data or {}),
    )


def _chosen(about: About, name: str, rows: list[Any]) -> list[Any]:
    """The one of these rows that the letter is about; all where none is named."""
    if not about.get(name):
        return rows
    found = [row for row in rows if row.pk == about[name]]
    if not found:
        sentence = _("Choose what belongs to this extradition.")
        raise Invalid("no_such_part", sentence, fields={"about": [sentence]})
    return found


def _yes(fact: bool) -> str:
    return "yes" if fact else ""


def _moment(instant: datetime | None, zone: str, language: str) -> str:
    """A day and time where it happens, with the zone by its name."""
    if instant is None:
        return ""
    there = instant.astimezone(ZoneInfo(zone or "UTC"))
    clock = in_digits(there.strftime("%H:%M"), language)
    return f"{in_words(there.date(), language)}, {clock} ({zone or 'UTC'})"


def _provision(code: str, article: str, language: str) -> str:
    """An article with the title of its instrument."""
    instrument = Instrument.objects.filter(code=code).first()
    parts = (article_in(article, language), instrument_title(instrument, language))
    return ", ".join(filter(None, parts))


def _grounds(found: list[dict[str, str]], language: str) -> str:
    """Each ground as the article that provides it, one a line."""
    said = [_provision(g["instrument"], g["article"], language) for g in found if g["article"]]
    return "\n".join(f"{DASH}{each}" for each in said)


def _with_the_move(name: str) -> OnSent:
    """Make the move of the case that the sending is, if the case is ready for it."""

    def told(
        dossier: Dossier, about: About, dispatch: LetterDispatch, user: User, now: datetime
    ) -> None:
        case = letter_facts.case_of(dossier)
        ready = [p for p in extradition.possibilities(case, user) if p.move.name == name]
        if ready and ready[0].possible:
            extradition.advance(
                case, name, user=user, now=now, at=dispatch.sent_at, channel=dispatch.channel
            )

    return told


# --- the kinds ----------------------------------------------------------------------------------


def _sent_in(statuses: frozenset[Status]) -> Callable[[Dossier], bool]:
    sent = Dossier.Direction.SENT
    return lambda dossier: dossier.direction == sent and dossier.status in statuses


def _received_in(statuses: frozenset[Status]) -> Callable[[Dossier], bool]:
    received = Dossier.Direction.RECEIVED
    return lambda dossier: dossier.direction == received and dossier.status in statuses


def _goes_on(dossier: Dossier) -> bool:
    return dossier.status not in ENDED


def _has_transits(dossier: Dossier) -> bool:
    return _goes_on(dossier) and Transit.objects.filter(extradition=dossier.pk).exists()


def _has_consents(dossier: Dossier) -> bool:
    asked = SpecialityEntry.objects.filter(extradition=dossier.pk)
    return asked.exclude(kind=SpecialityEntry.Kind.EXTRADITED_FOR).exists()


def _kind(
    gather: Gather,
    label: Text,
    offered: Callable[[Dossier], bool],
    *,
    four_eyes: bool = True,
    asks: dict[str, Text] | None = None,
    on_sent: OnSent | None = None,
) -> DraftKind:
    """A kind named after its gatherer and its texts."""
    return DraftKind(
        code=f"extradition.{gather.__name__}",
        label=label,
        texts=FOLDER,
        name=gather.__name__,
        gather=gather,
        matters=frozenset({"extradition"}),
        four_eyes=four_eyes,
        asks=asks or {},
        offered=offered,
        acts={
            "edit": extradition.RUN,
            "submit": extradition.RUN,
            "send": extradition.RUN,
            "approve": extradition.APPROVE,
        },
        on_sent=on_sent,
    )


FACTS = _("Describe the acts: what was done, when, where, and by whom.")
REMARKS = _("Remarks, if any.")
KINDS = (
    _kind(
        provisional_arrest,
        _("Request for provisional arrest"),
        _sent_in(BEFORE_THE_ARREST),
        asks={"facts": FACTS},
        on_sent=_with_the_move("request_arrest"),
    ),
    _kind(
        formal_request,
        _("Formal request for extradition"),
        _sent_in(BEFORE_THE_REQUEST),
        asks={"facts": FACTS, "remarks": REMARKS},
        on_sent=_with_the_move("send_formal_request"),
    ),
    _kind(
        assurance,
        _("Assurances: given or asked for"),
        _goes_on,
        asks={
            "assurances": _("Say what is assured, point by point."),
            "remarks": REMARKS,
        },
    ),
    _kind(
        decision,
        _("Decision on extradition"),
        _received_in(DECIDED),
        asks={
            "decision": _("Say what was decided, when and by whom."),
            "reasons": _("Give the reasons for the decision."),
        },
    ),
    _kind(
        surrender,
        _("Arrangements for the surrender"),
        lambda dossier: dossier.status in TO_BE_SURRENDERED,
        four_eyes=False,
        asks={
            "escort": _("Say who escorts the person, by which route, and how they are reached."),
            "health": _("What the escort must know of health and safety, if anything."),
            "property": _("What is handed over with the person, if anything."),
        },
    ),
    _kind(
        transit,
        _("Request for transit"),
        _has_transits,
        asks={
            "route": _("Say by which route, on which days and by which means."),
            "escort": _("Say who escorts the person and where custody is needed."),
            "enclosures": _("List what is enclosed, if anything."),
        },
    ),
    _kind(
        speciality,
        _("Speciality: consent asked, given or refused"),
        _has_consents,
        asks={
            "acts": _("Describe the acts: what was done, when and where."),
            "reasons": _("Reasons, if they are to be given."),
            "statement": _("The person's statement on record, and what is enclosed."),
        },
    ),
)


def declare_kinds() -> None:
    """Make the letters of extraditions known."""
    for kind in KINDS:
        declare(kind)
