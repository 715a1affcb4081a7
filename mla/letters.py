"""The request letter: what it says is gathered and frozen here, and made by the letter machine.

``letter_content`` gathers everything the letter says as plain data; ``preview_html`` and the PDF are
both made from such data alone, so what an officer approves is what is sent.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe

from cases.models import Offence, Person
from mla import kind_letters, letter_texts
from mla.models import AssistanceRequest, Measure
from mla.request_kinds import rules_of
from registry import draft_letter_rendering, letter_codes, letter_templates, letters
from registry.draft_letter_rendering import page_words, picture_of, scanned
from registry.letter_rendering import pdf_of
from registry.letter_words import (
    addressee_as_typed,
    in_digits,
    in_words,
    month_in_words,
    office_in_words,
)
from registry.models import Document, Letter, State, User
from registry.refusals import Invalid
from registry.state_directory import state_label
from registry.templatetags.letter_text import apart
from treaties.letter_facts import title_in
from treaties.models import Instrument, MeasureAvailability

KIND = "mla.request"
JSON = dict[str, Any]


# --- ordering ---------------------------------------------------------------------------------


def order_request_letter(request: AssistanceRequest, user: User, now: datetime) -> Letter:
    """Order the letter of an approved request in its language. The approving officer signs it."""
    content = letter_content(request, request.language, signatory=user, now=now)
    return letters.order(
        request.dossier,
        kind=rules_of(request).letter or KIND,
        language=request.language,
        content=content,
        user=user,
        now=now,
    )


def void_letter(request: AssistanceRequest, user: User, now: datetime) -> None:
    """Take the request's letter out of use, when the request goes back to the drafter."""
    if request.letter is not None:
        letters.void(request.letter, user=user, now=now)
        request.letter = None


# --- what the letter says ---------------------------------------------------------------------


def letter_content(
    request: AssistanceRequest,
    language: str,
    *,
    signatory: User | None = None,
    now: datetime,
) -> JSON:
    """Everything the letter says, as plain data. Raises Invalid (``language``) for one without text.

    Names of States, dates and designations are written as the language writes them; what officers
    typed stays as they typed it. A kind with a letter of its own says that one's standard text.
    """
    if kind_letters.has_own(request):
        return kind_letters.content(request, language, signatory=signatory, now=now)
    words = _wording(language)
    sender, dossier = request.dossier.owner, request.dossier
    day = now.astimezone(ZoneInfo(sender.time_zone or sender.state.time_zone)).date()
    return {
        "language": language,
        "direction": words["direction"],
        "reference": dossier.reference,
        "foreign_reference": dossier.foreign_reference,
        "title": dossier.title,
        "urgent": dossier.urgent,
        "day": day.isoformat(),
        "day_in_words": in_words(day, language),
        "sender": office_in_words(sender, language),
        "office": letter_templates.said(sender, language),
        "addressee": _addressee(request, language),
        "requesting_state": _state(request.requesting_state, language),
        "requested_state": _state(request.requested_state, language),
        "channel": words["channels"][request.transmission],
        "basis": _basis(request, language),
        "authority": request.conducting_authority,
        "contact": request.contact,
        "nature": request.subject_and_nature,
        "facts": request.facts,
        "offences": [_offence(o, language) for o in dossier.offences.select_related("family")],
        "persons": [_person(p, language, words) for p in dossier.persons.all()],
        "measures": _measures(request, language),
        "purpose": request.purpose,
        "special_procedure": request.special_procedure,
        "confidentiality": request.confidentiality_asked,
        "use_limitation": request.use_limitation,
        "personal_data": request.personal_data,
        "urgency": request.urgency_reason,
        "period": in_words(request.answer_wanted_by, language) if request.answer_wanted_by else "",
        "period_reason": request.period_reason,
        "other": [
            text
            for text in (request.other_information, *request.further_contents.values())
            if str(text).strip()
        ],
        "reciprocity": _reciprocity(request, words),
        "annexes": list(
            dossier.documents.filter(kind=Document.Kind.ANNEX, removed_at__isnull=True)
            .order_by("position", "pk")
            .values_list("title", flat=True)
        ),
        "signatory": {
            "name": signatory.name if signatory else "",
            "function": signatory.job_title if signatory else "",
        },
    }


def _wording(language: str) -> JSON:
    try:
        return letter_texts.wording(language)
    except KeyError:
        known = ", ".join(letter_texts.languages())
        sentence = f"There is no standard text of the letter in this language. Use one of: {known}."
        raise Invalid("unknown_language", sentence, fields={"language": [sentence]}) from None


def _state(state: State, language: str) -> JSON:
    formal = state.formal_name if language == "en" else ""
    return {"code": state.code, "name": state_label(state.code, language), "formal": formal}


def _addressee(request: AssistanceRequest, language: str) -> JSON:
    if request.addressee is not None and not request.addressee_text.strip():
        return office_in_words(request.addressee, language)
    state = state_label(request.requested_state_id, language)
    return addressee_as_typed(request.addressee_text, state)


def _basis(request: AssistanceRequest, language: str) -> JSON:
    basis = request.basis
    if basis is None or basis.kind == Instrument.Kind.COMITY:
        return {"reciprocity": True}
    chosen: JSON = next(
        (b for b in request.basis_answer.get("applicable", []) if b["code"] == basis.code), {}
    )
    since = [chosen.get("since_requesting"), chosen.get("since_requested")]
    return {
        "reciprocity": False,
        "code": basis.code,
        "title": title_in(basis.code, language) or basis.title,
        "own_title": not title_in(basis.code, language),
        "place": basis.place if language == "en" else "",
        "adopted": in_words(basis.adopted, language) if basis.adopted else "",
        "citation": basis.citation,
        "article": chosen.get("article") or "",
        "since": [in_words(date.fromisoformat(d), language) if d else "" for d in since],
    }


def _offence(offence: Offence, language: str) -> JSON:
    return {
        "code": offence.family_id,
        "family": offence.family.labels.get(language) or offence.family.label,
        "provision": offence.provision,
        "legal_text": offence.legal_text,
        "penalty": offence.penalty,
        "acts": ", ".join(part for part in (offence.time_of_acts, offence.place_of_acts) if part),
    }


def _person(person: Person, language: str, words: JSON) -> JSON:
    """A person as the letter names them: a protected one by alias and role alone."""
    role = words["roles"][person.role]
    if person.protected:
        return {"name": person.protected_alias, "role": role, "protected": True}
    born = _birth(person, language)
    return {
        "name": person.full_name,
        "original": person.name_in_original_script
        if person.name_in_original_script != person.full_name
        else "",
        "aliases": person.aliases,
        "role": role,
        "protected": False,
        "born": ", ".join(part for part in (born, person.birth_place) if part),
        "nationality": ", ".join(state_label(code, language) for code in person.nationalities),
        "location": person.location,
        "documents": person.identity_documents,
        "note": person.note,
    }


def _birth(person: Person, language: str) -> str:
    """A birth date as far as it is known."""
    if not person.birth_year:
        return ""
    if person.birth_month and person.birth_day:
        return in_words(date(person.birth_year, person.birth_month, person.birth_day), language)
    if person.birth_month:
        return month_in_words(date(person.birth_year, person.birth_month, 1), language)
    return in_digits(str(person.birth_year), language)


def _measures(request: AssistanceRequest, language: str) -> list[JSON]:
    measures = list(
        request.measures.select_related("kind").prefetch_related("kind__particulars").all()
    )
    articles = dict(
        MeasureAvailability.objects.filter(
            instrument=request.basis_id, measure__in=[m.kind_id for m in measures]
        ).values_list("measure", "article")
    )
    return [_measure(measure, articles.get(measure.kind_id, ""), language) for measure in measures]


def _measure(measure: Measure, article: str, language: str) -> JSON:
    given = [
        {
            "label": letter_texts.particular_label(particular.key, language),
            "text": measure.particulars[particular.key],
        }
        for particular in measure.kind.particulars.all()
        if str(measure.particulars.get(particular.key, "")).strip()
    ]
    return {
        "code": measure.kind_id,
        "kind": measure.kind.labels.get(language) or measure.kind.label,
        "article": article,
        "description": measure.description,
        "particulars": given,
    }


def _reciprocity(request: AssistanceRequest, words: JSON) -> str:
    """The assurance: as typed, or the standard one where the request rests on reciprocity."""
    if request.reciprocity_assurance.strip():
        return request.reciprocity_assurance
    if request.basis is not None and request.basis.kind == Instrument.Kind.COMITY:
        return _one_line(words["sentences"]["reciprocity_default"])
    return ""


# --- how it looks -----------------------------------------------------------------------------


def preview_html(request: AssistanceRequest, language: str, *, now: datetime) -> str:
    """The letter as it will look, marked as a draft and without a code."""
    return html_of(letter_content(request, language, now=now))


def draft_pdf(request: AssistanceRequest, language: str, *, now: datetime) -> bytes:
    """The draft as a PDF, marked as such."""
    return _pdf(preview_html(request, language, now=now), request.dossier.reference)


def made_pdf(letter: Letter) -> bytes:
    """The final letter, from its frozen content."""
    return _pdf(html_of(letter.content, code=letter.verification_code), letter.verification_code)


def html_of(content: JSON, *, code: str = "") -> str:
    """The HTML of a letter from its content; a draft where there is no code."""
    if "columns" in content:
        return draft_letter_rendering.html_of(content, code=code)
    language = content["language"]
    words = letter_texts.wording(language)
    sender, addressee = content["sender"]["name"], content["addressee"]["name"]
    address = f"{settings.PUBLIC_ADDRESS}{reverse('verification')}"
    office = content.get("office") or {}
    own = {
        "closing": office.get("closing") or words["sentences"]["closing"],
        "office_confidentiality": office.get("confidentiality", ""),
    }
    filled = {
        key: mark_safe(_filled(sentence, sender, addressee, content, address))  # noqa: S308
        for key, sentence in (words["sentences"] | own).items()
        if sentence
    }
    return render_to_string(
        "mla/letters/request.html",
        {
            "letter": content,
            "office": office,
            "pictures": letter_templates.pictures_of(office.get("template")),
            "words": words,
            "sentences": filled,
            "draft": not code,
            "code": letter_codes.grouped(code),
            "picture": picture_of(code) if code else "",
            "scanned": scanned(content["reference"], words["labels"]["our_reference"]),
            "page_words": page_words(words["labels"]["page"]),
            "numerals": "arabic-indic" if language == "ar" else "decimal",
        },
    )


def _filled(sentence: str, sender: str, addressee: str, content: JSON, address: str) -> str:
    """A standard sentence with its blanks filled, each set apart so that scripts do not mix."""
    values = {
        "sender": sender,
        "addressee": addressee,
        "our_reference": content["reference"],
        "their_reference": content["foreign_reference"],
        "articles": content["basis"].get("article") or "",
        "date": content.get("period") or "",
        "address": address,
    }

    def value(match: re.Match[str]) -> str:
        return apart(values.get(match[1], ""))

    return re.sub(r"\{(\w+)\}", value, escape(_one_line(sentence)))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _pdf(html: str, identifier: str) -> bytes:
    return pdf_of(html, stylesheets=(letter_texts.STYLE,), identifier=identifier)


def declare() -> None:
    """Make the request letter known to the letter machine."""
    letters.declare(
        letters.LetterKind(
            code=KIND,
            pdf=made_pdf,
            version=letter_texts.version,
            title=lambda letter: letter_texts.wording(letter.language)["title"],
            sealed=True,
        )
    )
