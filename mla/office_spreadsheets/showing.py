"""A spreadsheet taken in, as pages and programs show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mla.models import SpreadsheetImport, SpreadsheetRow
from mla.office_spreadsheets import fields, importing
from mla.office_spreadsheets.problems import shown
from mla.office_spreadsheets.understanding import KEEP_AS_NOTE, Understanding

PAGE_SIZE = 50
ASKED = ("state_unknown", "status_unknown", "value_unknown", "responsible_unknown")
MOST_ASKED = 60


@dataclass(frozen=True)
class Column:
    """A column of the file: its heading, a few of its cells, and the field that it holds."""

    place: int
    heading: str
    sample: list[str]
    field: str


@dataclass(frozen=True)
class Question:
    """A value that is not understood, and what it may mean."""

    field: str
    label: str
    text: str
    rows: int
    nearest: list[tuple[str, str]]
    may_be_left: bool


def columns_of(taken_in: SpreadsheetImport) -> list[Column]:
    return [
        Column(
            place,
            heading or _("Column %(number)s") % {"number": place + 1},
            [row[place] for row in taken_in.sample if place < len(row) and row[place]][:3],
            taken_in.mapping.get(str(place), ""),
        )
        for place, heading in enumerate(taken_in.headings)
    ]


def questions_of(taken_in: SpreadsheetImport) -> list[Question]:
    """What the officer is asked, the most frequent first."""
    found = [
        Question(
            code,
            str(fields.label_of(code)),
            text,
            told["rows"],
            [(each["value"], each["label"]) for each in told["nearest"]],
            code in importing.MAY_BE_LEFT,
        )
        for problem in ASKED
        for code, values in taken_in.findings.get(problem, {}).items()
        for text, told in values.items()
    ]
    return sorted(found, key=lambda each: -each.rows)[:MOST_ASKED]


def options_of(
    taken_in: SpreadsheetImport, codes: set[str], now: datetime
) -> dict[str, list[tuple[str, str]]]:
    """What the values of these fields may mean."""
    if not codes:
        return {}
    understanding = Understanding(taken_in, now=now)
    return {code: understanding.options(code) for code in codes}


def days_are_ambiguous(taken_in: SpreadsheetImport) -> bool:
    return bool(taken_in.findings.get("day_ambiguous")) or bool(taken_in.choices.get("day_order"))


def lines_of(
    taken_in: SpreadsheetImport, state: str, after: int = 0, size: int = PAGE_SIZE
) -> tuple[list[dict[str, Any]], int | None]:
    """A page of the rows in a state, with what is wrong; and after which row the next begins."""
    headings = {
        code: ", ".join(taken_in.headings[place] for place in places)
        for code, places in fields.places(taken_in.mapping).items()
    }
    rows = list(
        taken_in.lines.filter(state=state, number__gt=after)
        .select_related("dossier")
        .order_by("number")[: size + 1]
    )
    lines = [_line(row, headings) for row in rows[:size]]
    return lines, rows[size - 1].number if len(rows) > size else None


def _line(row: SpreadsheetRow, headings: dict[str, str]) -> dict[str, Any]:
    return {
        "row": row.number,
        "state": row.state,
        "cells": row.cells,
        "reference": row.dossier.reference if row.dossier else None,
        "problems": [shown(each, headings) for each in row.problems],
    }


KEEP = KEEP_AS_NOTE
