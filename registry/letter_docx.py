"""A drafted letter as a Word file, for offices that must work on it there.

It is made from the same content as the PDF. It bears neither code nor seal: only the PDF made here
is the letter that can be verified.
"""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from registry import standard_texts
from registry.letter_words import END_OF_ISOLATE, ISOLATE, JSON, direction_of

FONTS = {"ar": "Noto Naskh Arabic", "zh": "Noto Serif CJK SC"}
DASH = "– "
LEFT_TO_RIGHT, RIGHT_TO_LEFT = "ltr", "rtl"


def docx_of(content: JSON) -> bytes:
    """The letter as DOCX. A second language follows the first."""
    words = standard_texts.frame(content["language"])
    document = docx.Document()
    document.core_properties.title = f"{content['columns'][0]['title']} – {content['reference']}"
    document.core_properties.language = content["language"]
    document.core_properties.author = content["sender"]["name"]
    _letterhead(document, content)
    for column in content["columns"]:
        _column(document, content, column)
    direction = words["direction"]
    _write(document, content["day_in_words"], direction, content["language"])
    office = content.get("office") or {}
    name = office.get("name") or content["sender"]["name"]
    for line in (*content["signatory"].values(), *office.get("signature", []), name):
        if line:
            _write(document, line, direction, content["language"])
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _letterhead(document: WordDocument, content: JSON) -> None:
    language = content["language"]
    words = standard_texts.frame(language)
    direction, labels = words["direction"], words["labels"]
    sender, addressee = content["sender"], content["addressee"]
    office = content.get("office") or {}
    _write(document, office.get("name") or sender["name"], direction, language, bold=True)
    for line in office.get("lines") or [" · ".join(sender["lines"])]:
        _write(document, line, direction, language)
    lines = [addressee["name"], *addressee["lines"], addressee["state"]]
    for line in (labels["to"], *filter(None, lines)):
        _write(document, line, direction, language)
    facts = {
        labels["date"]: content["day_in_words"],
        labels["our_reference"]: content["reference"],
        labels["your_reference"]: content["foreign_reference"],
        labels["subject"]: content["subject"],
    }
    for label, value in facts.items():
        if value:
            _write(document, f"{label}: {_isolated(value, direction)}", direction, language)


def _isolated(value: str, direction: str) -> str:
    return value if direction_of(value) == direction else f"{ISOLATE}{value}{END_OF_ISOLATE}"


def _column(document: WordDocument, content: JSON, column: JSON) -> None:
    language, direction = column["language"], column["direction"]
    _heading(document, column["title"], 1, direction, language)
    for paragraph in column["paragraphs"]:
        if not paragraph["text"].strip() and not paragraph.get("rows"):
            continue
        if paragraph["heading"]:
            _heading(document, paragraph["heading"], 2, direction, language)
        for line in paragraph["text"].splitlines():
            listed = line.startswith(DASH)
            style = "List Bullet" if listed else None
            _write(document, line.removeprefix(DASH), direction, language, style=style)
        if paragraph["translation"]:
            label = standard_texts.frame(language)["labels"]["translation"]
            _write(document, label, direction, language, bold=True)
            _write(document, paragraph["translation"], direction, language)
        if paragraph.get("rows"):
            _table(document, paragraph, direction, language)


def _table(document: WordDocument, paragraph: JSON, direction: str, language: str) -> None:
    table = document.add_table(rows=1, cols=len(paragraph["columns"]), style="Table Grid")
    if direction == RIGHT_TO_LEFT:
        table._tbl.tblPr.append(OxmlElement("w:bidiVisual"))
    for cells, row in [
        (table.rows[0].cells, paragraph["columns"]),
        *((table.add_row().cells, row) for row in paragraph["rows"]),
    ]:
        for cell, text in zip(cells, row, strict=True):
            _fill(cell.paragraphs[0], text, direction, language)


def _heading(document: WordDocument, text: str, level: int, direction: str, language: str) -> None:
    _fill(document.add_heading(level=level), text, direction, language)


def _write(
    document: WordDocument,
    text: str,
    direction: str,
    language: str,
    *,
    bold: bool = False,
    style: str | None = None,
) -> None:
    _fill(document.add_paragraph(style=style), text, direction, language, bold=bold)


def _fill(
    paragraph: Paragraph, text: str, direction: str, language: str, *, bold: bool = False
) -> None:
    run = paragraph.add_run(text)
    run.bold = bold or None
    run.font.size = Pt(11)
    if font := FONTS.get(language):
        run.font.name = font
        _fonts(run, font)
    if direction == RIGHT_TO_LEFT:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))


def _fonts(run: Run, font: str) -> None:
    """Word keeps a font of its own for each family of scripts."""
    fonts: Any = run._r.get_or_add_rPr().find(qn("w:rFonts"))
    for family in ("w:eastAsia", "w:cs"):
        fonts.set(qn(family), font)
