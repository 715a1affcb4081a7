"""What a drafted letter says, as plain data; and from that data its HTML and PDF.

``content_of`` freezes everything: the PDF is made from its answer alone, so what an officer saw is
what is sent.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from registry import letter_codes, letter_templates, letters, standard_texts
from registry.letter_rendering import LETTER_STYLE, pdf_of
from registry.letter_words import JSON, addressee_as_typed, in_words, office_in_words
from registry.models import DraftLetter, DraftParagraph, Letter, User
from registry.templatetags.letter_text import apart

if TYPE_CHECKING:
    from registry.draft_letter_kinds import DraftKind

SKELETON = Path(__file__).parent / "templates" / "registry" / "letters" / "letter.html"


def declare(kind: DraftKind) -> None:
    """Make a kind known to the letter machine."""
    letters.declare(
        letters.LetterKind(
            code=kind.code,
            pdf=made_pdf,
            version=lambda language: version(kind, language),
            title=lambda letter: str(letter.content["columns"][0]["title"]),
            sealed=True,
        )
    )


def version(kind: DraftKind, language: str) -> str:
    """The digest of everything that shapes the letter: wording, frame, skeleton and style."""
    digest = hashlib.sha256()
    digest.update(kind.text(language).digest.encode())
    digest.update(standard_texts.frame_digest(language).encode())
    for path in (SKELETON, LETTER_STYLE):
        digest.update(path.read_bytes())
    return digest.hexdigest()


# --- what it says -----------------------------------------------------------------------------


def content_of(draft: DraftLetter, *, signatory: User | None = None, now: datetime) -> JSON:
    """Everything the letter says, as plain data."""
    dossier, language = draft.dossier, draft.language
    sender = dossier.owner
    day = now.astimezone(ZoneInfo(sender.time_zone or sender.state.time_zone)).date()
    gathered = draft.gathered[language]
    paragraphs = list(draft.paragraphs.all())
    languages = [language, *filter(None, [draft.second_language])]
    return {
        "kind": draft.kind,
        "language": language,
        "reference": dossier.reference,
        "foreign_reference": dossier.foreign_reference,
        "subject": dossier.title,
        "urgent": dossier.urgent,
        "day": day.isoformat(),
        "day_in_words": in_words(day, language),
        "sender": office_in_words(sender, language),
        "office": letter_templates.said(sender, language),
        "addressee": _addressee(draft, gathered["addressee"]),
        "columns": [_column(draft, each, paragraphs) for each in languages],
        "signatory": {
            "name": signatory.name if signatory else "",
            "function": signatory.job_title if signatory else "",
        },
        "data": gathered["data"],
    }


def _addressee(draft: DraftLetter, gathered: JSON) -> JSON:
    if draft.addressee_text.strip():
        return addressee_as_typed(draft.addressee_text, gathered.get("state", ""))
    return gathered


def _column(draft: DraftLetter, language: str, paragraphs: list[DraftParagraph]) -> JSON:
    from registry.draft_letter_kinds import kind_of

    text = kind_of(draft.kind).text(language)
    tables = draft.gathered[language]["tables"]
    layout: dict[str, tuple[str, Mapping[str, str]]] = {
        p.key: (p.table, p.columns) for p in text.paragraphs if p.table
    }
    return {
        "language": language,
        "direction": standard_texts.frame(language)["direction"],
        "title": text.title,
        "standard": {"version": text.version, "digest": text.digest},
        "paragraphs": [
            _paragraph(p, *layout.get(p.key, ("", {})), tables=tables)
            for p in paragraphs
            if p.language == language and not p.left_out
        ],
    }


def _paragraph(
    paragraph: DraftParagraph,
    table: str,
    columns: Mapping[str, str],
    *,
    tables: dict[str, list[JSON]],
) -> JSON:
    said: JSON = {
        "key": paragraph.key,
        "heading": paragraph.heading,
        "text": paragraph.shown,
        "translation": paragraph.translation,
        "translation_wanted": paragraph.original_language not in ("", paragraph.language),
    }
    if paragraph.shape == DraftParagraph.Shape.TABLE:
        rows = [[row.get(name, "") for name in columns] for row in tables.get(table, [])]
        said |= {"columns": list(columns.values()), "rows": rows}
    return said


# --- how it looks -----------------------------------------------------------------------------


def preview_html(draft: DraftLetter, *, now: datetime) -> str:
    """The letter as it will look, marked as a draft and without a code."""
    return html_of(content_of(draft, now=now))


def shown_html(draft: DraftLetter, *, now: datetime) -> str:
    """The final letter where there is one, else the draft."""
    if draft.letter is not None:
        return html_of(draft.letter.content, code=draft.letter.verification_code)
    return preview_html(draft, now=now)


def shown_content(draft: DraftLetter, *, now: datetime) -> JSON:
    """What the final letter says where there is one, else the draft."""
    return draft.letter.content if draft.letter is not None else content_of(draft, now=now)


def draft_pdf(draft: DraftLetter, *, now: datetime) -> bytes:
    """The draft as a PDF, marked as such."""
    return _pdf(preview_html(draft, now=now), f"{draft.dossier.reference}-{draft.pk}")


def made_pdf(letter: Letter) -> bytes:
    """The final letter, from its frozen content."""
    return _pdf(html_of(letter.content, code=letter.verification_code), letter.verification_code)


def html_of(content: JSON, *, code: str = "", pictures: Mapping[str, str] | None = None) -> str:
    """The HTML of a letter from its content; a draft where there is no code.

    ``pictures`` of the letterhead, where they are not those of the version in the content.
    """
    language = content["language"]
    office = content.get("office") or {}
    if pictures is None:
        pictures = letter_templates.pictures_of(office.get("template"))
    words = standard_texts.frame(language)
    address = f"{settings.PUBLIC_ADDRESS}{reverse('verification')}"
    columns = content["columns"]
    return render_to_string(
        "registry/letters/letter.html",
        {
            "letter": content,
            "office": office,
            "pictures": pictures,
            "columns": columns,
            "main": columns[0],
            "side_by_side": len(columns) > 1,
            "rows": list(zip_longest(*(_shown(column) for column in columns))),
            "words": words,
            "direction": words["direction"],
            "verify": _with_address(words["sentences"]["verify"], address),
            "draft": not code,
            "code": letter_codes.grouped(code),
            "picture": picture_of(code) if code else "",
            "scanned": scanned(content["reference"], words["labels"]["our_reference"]),
            "page_words": page_words(words["labels"]["page"]),
            "numerals": "arabic-indic" if language == "ar" else "decimal",
        },
    )


def _shown(column: JSON) -> list[JSON]:
    """The paragraphs of a column that say something, each with its language."""
    own = {"language": column["language"], "direction": column["direction"]}
    return [p | own for p in column["paragraphs"] if p["text"].strip() or p.get("rows")]


def _with_address(sentence: str, address: str) -> SafeString:
    before, after = escape(sentence).split("{address}")
    return mark_safe(f"{before}{apart(address)}{after}")  # noqa: S308 (escaped above)


def page_words(pattern: str) -> dict[str, str]:
    """The parts of "Page {page} of {pages}" around its two numbers."""
    before, between, after = re.split(r"\{page\}|\{pages\}", pattern)
    return {"before": before, "between": between, "after": after}


def picture_of(code: str) -> SafeString:
    """The code with its address, as an image that a telephone reads."""
    address = f"{settings.PUBLIC_ADDRESS}{reverse('verification-of', args=[code])}"
    image = segno.make(address, error="m")
    return mark_safe(image.svg_inline(scale=2, border=1, omitsize=True, title=address))  # noqa: S308


def scanned(reference: str, label: str) -> SafeString:
    """The reference as an image to be read by a scanner into the search box."""
    image = segno.make(reference, error="m", micro=False)
    title = f"{label} {reference}"
    return mark_safe(image.svg_inline(scale=2, border=1, omitsize=True, title=title))  # noqa: S308


def _pdf(html: str, identifier: str) -> bytes:
    headers: Any = "Column"
    return pdf_of(html, stylesheets=(LETTER_STYLE,), identifier=identifier, headers_of=headers)
