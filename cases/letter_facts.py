"""What letters about an extradition have in common: the parties, the person, what is asked for."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from cases import extradition_law
from cases.models import Assurance, ExtraditionCase, Person
from registry.data_files import read_yaml
from registry.letter_words import (
    JSON,
    addressee_as_typed,
    contact_of,
    in_digits,
    in_words,
    isolated,
    month_in_words,
    office_in_words,
)
from registry.models import Authority, Dossier
from registry.state_directory import state_label
from treaties.letter_facts import DASH, article_in, instrument_title
from treaties.models import Designation, Instrument

WORDS = Path(__file__).parent / "data" / "letter_words.yaml"


@lru_cache(maxsize=1)
def _all_words() -> dict[str, JSON]:
    loaded: dict[str, JSON] = read_yaml(WORDS)
    return loaded


def words(language: str) -> JSON:
    """The words of a language; English where there are none."""
    return _all_words().get(language) or _all_words()["en"]


def case_of(dossier: Dossier) -> ExtraditionCase:
    """The extradition that a dossier is the jacket of."""
    found = ExtraditionCase.objects.select_related(
        "basis", "person", "requesting_state", "requested_state"
    ).get(pk=dossier.pk)
    found.dossier = dossier
    return found


def common(case: ExtraditionCase, language: str) -> dict[str, str]:
    """The values that the standard text of any letter about an extradition may use."""
    dossier, sender = case.dossier, case.dossier.owner
    return {
        "sender": sender.name_in(language),
        "our_reference": dossier.reference,
        "their_reference": dossier.foreign_reference,
        "requesting_state": state_label(case.requesting_state_id, language),
        "requested_state": state_label(case.requested_state_id, language),
        "we_request": "yes" if case.we_request else "",
        "person": case.person.name_for_letters,
        "person_details": person_in_words(case.person, language),
        "convicted": "yes" if case.convicted else "",
        "offences": offences(case, language),
        "facts": case.facts,
        "notice": case.notice,
        "basis": instrument_title(case.basis, language),
        "basis_article": "",
        "supplements": _supplements(case, language),
        "contact": contact_of(sender),
    }


# --- the other side -------------------------------------------------------------------------


def addressee(case: ExtraditionCase, state: str, language: str) -> JSON:
    """Who is written to in a State: whom it designated for extradition under the instruments that
    govern, else its competent authorities in words, for the officer to complete."""
    order = extradition_law.instruments_of(case)
    designated = Designation.objects.filter(
        instrument__in=order, authority__state=state, function=extradition_law.EXTRADITION
    ).select_related("authority__state")
    found: list[Authority] = [
        d.authority for d in sorted(designated, key=lambda d: order.index(d.instrument_id))
    ]
    if found:
        return office_in_words(found[0], language)
    named = state_label(state, language)
    return addressee_as_typed(words(language)["competent"].replace("{state}", named), named)


def other_side(case: ExtraditionCase) -> str:
    return case.requested_state_id if case.we_request else case.requesting_state_id


# --- the person -----------------------------------------------------------------------------


def person_in_words(person: Person, language: str) -> str:
    """What a letter says of the person, one a line; of a protected one the alias and no more."""
    known = words(language)["person"]
    if person.protected:
        return "\n".join(
            [said(known["name"], person.name_for_letters, language), f"{DASH}{known['protected']}"]
        )
    own = person.name_in_original_script
    facts = {
        "name": person.full_name,
        "original": own if own != person.full_name else "",
        "aliases": person.aliases,
        "born": ", ".join(filter(None, (_birth(person, language), person.birth_place))),
        "nationality": ", ".join(state_label(code, language) for code in person.nationalities),
        "whereabouts": " ".join(person.location.split()),
    }
    return "\n".join(said(known[key], value, language) for key, value in facts.items() if value)


def said(label: str, value: str, language: str) -> str:
    """A line of a list: what it is, and what it says."""
    pattern: str = words(language)["pair"]
    apart = isolated(" ".join(value.split()), language)
    return DASH + pattern.replace("{label}", label).replace("{value}", apart)


def _birth(person: Person, language: str) -> str:
    """A birth date as far as it is known."""
    year, month, day = person.birth_year, person.birth_month, person.birth_day
    if not year:
        return ""
    if month and day:
        return in_words(date(year, month, day), language)
    if month:
        return month_in_words(date(year, month, 1), language)
    return in_digits(str(year), language)


# --- law ------------------------------------------------------------------------------------


def offences(case: ExtraditionCase, language: str) -> str:
    """The offences, one a line, each with its provision, penalty, time and place of the acts."""
    lines = []
    for offence in case.dossier.offences.select_related("family"):
        details = (
            offence.provision,
            offence.penalty,
            offence.time_of_acts,
            offence.place_of_acts,
        )
        named = family_in(offence.family, language)
        more = isolated("; ".join(filter(None, details)), language)
        lines.append(f"{DASH}{named} ({more})" if more else f"{DASH}{named}")
    return "\n".join(lines)


def family_in(family: Any, language: str) -> str:
    """An offence as the language names it."""
    return str(family.labels.get(language) or family.label)


def _supplements(case: ExtraditionCase, language: str) -> str:
    codes = list(case.basis_answer.get("supplements", []))
    found = Instrument.objects.in_bulk(codes)
    return "\n".join(
        f"{DASH}{instrument_title(found[code], language)}" for code in codes if code in found
    )


def contents(case: ExtraditionCase, request_type: str, language: str) -> list[dict[str, str]]:
    """What the instrument requires of this type of request and is there, as rows of a table."""
    known: dict[str, str] = words(language)["contents"]
    given = [
        line
        for line in extradition_law.checklist(case, request_type).lines
        if line.given is not None
    ]
    return [
        {
            "number": in_digits(str(number), language),
            "title": known.get(line.item.key, line.label),
            "article": article_in(line.item.article, language),
            "where": _where(line.given),
        }
        for number, line in enumerate(given, start=1)
    ]


def _where(given: Any) -> str:
    document = given.document.title if given.document else ""
    return "; ".join(filter(None, (" ".join(given.text.split()), document)))


def article_of(case: ExtraditionCase, request_type: str, language: str) -> str:
    """The article under which a request of this type is made; empty where it is not established."""
    template = extradition_law.checklist(case, request_type).template
    return article_in(template.article, language) if template else ""


def assurances_in_words(found: list[Assurance], language: str) -> str:
    """Assurances, one a line: the kind, and the wording agreed."""
    known = words(language)["assurances"]
    return "\n".join(said(known[each.kind], each.text, language) for each in found)


def data_of(case: ExtraditionCase) -> JSON:
    """What a receiving system reads of the extradition that a letter is about."""
    return {
        "our_reference": case.dossier.reference,
        "their_reference": case.dossier.foreign_reference,
        "requesting_state": case.requesting_state_id,
        "requested_state": case.requested_state_id,
        "basis": case.basis_id or "",
        "person": case.person.name_for_letters,
        "offences": list(case.dossier.offences.values_list("family", flat=True)),
    }
