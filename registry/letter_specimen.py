"""A letter about nothing, to see an office's template by: real wording, its blanks left open."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from registry import draft_letter_kinds, letter_templates, standard_texts
from registry.letter_words import addressee_as_typed, in_words, office_in_words
from registry.models import Authority
from registry.standard_texts import StandardParagraph, StandardText
from registry.state_directory import state_label

JSON = dict[str, Any]
OPEN = "…"
SPECIMEN_DAY = date(2026, 1, 5)
SHOWN = 4
"""Paragraphs of the standard text that are shown before the closing."""


def content_for(authority: Authority, language: str, office: JSON) -> JSON:
    """What a letter of this office would say, with these words of its template."""
    sender = office_in_words(authority, language)
    values: dict[str, str] = defaultdict(lambda: OPEN)
    values |= {"sender": office.get("name") or sender["name"], "addressee": OPEN}
    reference = f"{authority.reference_prefix or OPEN}-0000"
    text = _text_in(language)
    paragraphs = [
        {
            "key": paragraph.key,
            "heading": paragraph.heading,
            "text": standard_texts.filled(paragraph.text, values, language) or OPEN,
            "translation": "",
            "translation_wanted": False,
        }
        for paragraph in letter_templates.with_office_paragraphs(_some(text), office)
    ]
    column = {
        "language": language,
        "direction": standard_texts.frame(language)["direction"],
        "title": text.title,
        "paragraphs": paragraphs,
    }
    return {
        "language": language,
        "reference": reference,
        "foreign_reference": "",
        "subject": OPEN,
        "urgent": False,
        "day_in_words": in_words(SPECIMEN_DAY, language),
        "sender": sender,
        "office": office,
        "addressee": addressee_as_typed(OPEN, state_label(authority.state_id, language)),
        "columns": [column],
        "signatory": {"name": OPEN, "function": ""},
    }


def _text_in(language: str) -> StandardText:
    """The wording of the first kind of letter that is written in the language."""
    kind = next(k for k in draft_letter_kinds.kinds() if language in k.languages())
    return kind.text(language)


def _some(text: StandardText) -> list[StandardParagraph]:
    every = text.paragraphs_for(defaultdict(lambda: OPEN))
    closing = [p for p in every if p.key == letter_templates.CLOSING]
    before = [p for p in every if not p.table and p.key != letter_templates.CLOSING]
    return [*before[:SHOWN], *closing]
