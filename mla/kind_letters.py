"""The letter in which a kind goes that is no ordinary request: from that kind's standard text.

A supplementary request and spontaneous information have standard texts of their own
(``mla/request_letters.py``). Their paragraphs of the officer's own words are what the officer wrote
in the draft: ``OWN_WORDS`` says where. The rest (approval, PDF, sealing, verification) is as for a
request's letter.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from cases.models import Person
from mla import letter_facts, letter_texts
from mla.models import AssistanceRequest
from mla.request_kinds import conditions_of, particular_of, rules_of
from registry import letter_templates, standard_texts
from registry.deadlines import zone_of
from registry.draft_letter_kinds import DraftKind, kind_of
from registry.letter_words import JSON, in_words, office_in_words
from registry.models import User


def has_own(request: AssistanceRequest) -> bool:
    """Whether the request goes in another letter than that of an ordinary request."""
    return bool(rules_of(request).letter)


def content(
    request: AssistanceRequest, language: str, *, signatory: User | None = None, now: datetime
) -> JSON:
    """Everything the letter says, as ``registry.draft_letter_rendering`` shows it. Raises Invalid
    (``language``) for a language without standard text."""
    kind = kind_of(rules_of(request).letter)
    dossier = request.dossier
    gathered = kind.gather(dossier, {}, language, now)
    day = now.astimezone(ZoneInfo(zone_of(dossier.owner))).date()
    return {
        "kind": kind.code,
        "language": language,
        "reference": dossier.reference,
        "foreign_reference": dossier.foreign_reference,
        "subject": dossier.title,
        "urgent": dossier.urgent,
        "day": day.isoformat(),
        "day_in_words": in_words(day, language),
        "sender": office_in_words(dossier.owner, language),
        "office": letter_templates.said(dossier.owner, language),
        "addressee": gathered.addressee,
        "columns": [_column(request, kind, language, gathered.values)],
        "signatory": {
            "name": signatory.name if signatory else "",
            "function": signatory.job_title if signatory else "",
        },
        "data": gathered.data,
    }


def _column(
    request: AssistanceRequest, kind: DraftKind, language: str, values: dict[str, str]
) -> JSON:
    text = kind.text(language)
    return {
        "language": language,
        "direction": standard_texts.frame(language)["direction"],
        "title": text.title,
        "standard": {"version": text.version, "digest": text.digest},
        "paragraphs": [
            {
                "key": paragraph.key,
                "heading": paragraph.heading,
                "text": (
                    OWN_WORDS[kind.code][paragraph.key](request, language)
                    if paragraph.own_words
                    else standard_texts.filled(paragraph.text, values, language)
                ),
                "translation": "",
                "translation_wanted": False,
            }
            for paragraph in text.paragraphs_for(values)
        ],
    }


def _reasons(request: AssistanceRequest, language: str) -> str:
    """Why more is needed: what is new of the facts, and the purpose."""
    parts = [request.purpose.strip()]
    if request.follows is not None and request.facts.strip() != request.follows.facts.strip():
        parts.append(request.facts.strip())
    return "\n\n".join(part for part in parts if part)


def _further_assistance(request: AssistanceRequest, language: str) -> str:
    """The measures with what is said of each, and the persons whom the earlier request did not name."""
    lines = []
    for measure in request.measures.select_related("kind").prefetch_related("kind__particulars"):
        name = measure.kind.labels.get(language) or measure.kind.label
        lines += [f"{letter_facts.DASH}{name}", measure.description.strip()]
        lines += [
            f"{letter_texts.particular_label(each.key, language)}: {given}"
            for each in measure.kind.particulars.all()
            if (given := str(measure.particulars.get(each.key, "")).strip())
        ]
    lines = [line for line in lines if line]
    known = {person.name_for_letters for person in _persons_before(request)}
    new = [
        person.name_for_letters
        for person in request.dossier.persons.all()
        if person.name_for_letters and person.name_for_letters not in known
    ]
    return "\n".join([*lines, *(f"{letter_facts.DASH}{name}" for name in new)])


def _persons_before(request: AssistanceRequest) -> list[Person]:
    return list(request.follows.dossier.persons.all()) if request.follows else []


def _information(request: AssistanceRequest, language: str) -> str:
    parts = [request.facts.strip(), particular_of(request, "information_and_source")]
    return "\n\n".join(part for part in parts if part)


def _conditions(request: AssistanceRequest, language: str) -> str:
    return conditions_of(request)


OWN_WORDS: dict[str, dict[str, Callable[[AssistanceRequest, str], str]]] = {
    "mla.supplementary_request": {
        "reasons": _reasons,
        "further_assistance": _further_assistance,
    },
    "mla.spontaneous_information": {"information": _information, "conditions": _conditions},
}
"""Where the paragraphs of the officer's own words are written in the draft."""
