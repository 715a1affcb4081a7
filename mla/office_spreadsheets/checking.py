"""Judging the rows of a spreadsheet before anything is written: ready, wrong, or known already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from mla.models import SpreadsheetImport, SpreadsheetRow
from mla.office_spreadsheets import fields
from mla.office_spreadsheets.matching import Matches
from mla.office_spreadsheets.problems import problem
from mla.office_spreadsheets.understanding import Row, Understanding
from registry.models import Dossier, User
from registry.search_text import fold

MOST_FINDINGS = 200
"""So many different values that are not understood are asked about, of each field."""
State = SpreadsheetRow.State


class Check:
    """The judgement of one spreadsheet's rows, batch by batch in their order."""

    def __init__(self, taken_in: SpreadsheetImport, *, now: datetime) -> None:
        self.taken_in = taken_in
        self.user: User = taken_in.taken_in_by
        self.understanding = Understanding(taken_in, now=now)
        self.findings: dict[str, Any] = taken_in.findings if taken_in.read_to else {}
        self.changed: list[SpreadsheetRow] = []
        self.seen: dict[str, int] = {}
        self.places = self.understanding.places.get("own_reference", [])
        if taken_in.kind == fields.REQUESTS and self.places:
            earlier = taken_in.lines.filter(number__lte=taken_in.read_to).order_by("number")
            for number, cells in earlier.values_list("number", "cells").iterator(2000):
                self._note_reference(number, cells)

    def judge(self, batch: list[SpreadsheetRow]) -> None:
        """Set the state and the problems of these rows; ``changed`` are those to be saved."""
        read = [self.understanding.read(line.number, line.cells) for line in batch]
        if self.taken_in.kind == fields.REQUESTS:
            known = known_already(self.taken_in, self.user, read)
        else:
            known = {}
            Matches(self.taken_in, self.user).find(read)
        self.changed = []
        for line, row in zip(batch, read, strict=True):
            state, problems = self._judged(line, row, known)
            if (state, problems) != (line.state, line.problems):
                line.state, line.problems = state, problems
                self.changed.append(line)
            for each in row.problems:
                self._found(each)

    def _judged(
        self, line: SpreadsheetRow, row: Row, known: dict[int, str]
    ) -> tuple[str, list[dict[str, Any]]]:
        earlier = None
        if self.taken_in.kind == fields.REQUESTS:
            earlier = self._note_reference(line.number, line.cells)
        if row.problems:
            return State.WRONG, row.problems
        if line.number in known:
            text = str(row.said.get("own_reference") or row.said.get("foreign_reference") or "")
            reference = known[line.number]
            told = problem("known_already", "own_reference", text, reference=reference)
            return State.DUPLICATE, [told]
        if earlier is not None:
            text = str(row.said.get("own_reference", ""))
            return State.DUPLICATE, [problem("twice_in_file", "own_reference", text, row=earlier)]
        return State.READY, []

    def _note_reference(self, number: int, cells: list[str]) -> int | None:
        """The row that bore the same own reference before, if one did."""
        text = fold(" ".join(cells[p] for p in self.places if p < len(cells)))
        if not text:
            return None
        first = self.seen.setdefault(text, number)
        return first if first != number else None

    def _found(self, told: dict[str, Any]) -> None:
        """Gather the different values of each field that were not understood."""
        values = self.findings.setdefault(told["code"], {}).setdefault(told["field"], {})
        text = told["text"]
        if text in values:
            values[text]["rows"] += 1
        elif len(values) < MOST_FINDINGS:
            values[text] = {"rows": 1, "nearest": told.get("nearest", [])}


def known_already(taken_in: SpreadsheetImport, user: User, rows: Iterable[Row]) -> dict[int, str]:
    """Rows whose request is here already, with its reference; three queries for all of them.

    By our reference or the former one, or by theirs and the State. Only among the dossiers that the
    person may see: a sealed one gives no sign of itself.
    """
    rows = list(rows)
    own = {row.said["own_reference"] for row in rows if row.said.get("own_reference")}
    theirs = {row.said["foreign_reference"] for row in rows if row.said.get("foreign_reference")}
    if not own and not theirs:
        return {}
    seen = Dossier.objects.visible_to(user).filter(owner=taken_in.owner_id, kind="request")
    found = seen.filter(
        Q(reference__in=own) | Q(former_reference__in=own) | Q(foreign_reference__in=theirs)
    ).values_list("reference", "former_reference", "foreign_reference", "counterpart_id")
    by_own: dict[str, str] = {}
    by_theirs: dict[tuple[str, str | None], str] = {}
    for reference, former, foreign, counterpart in found:
        by_own[reference] = reference
        if former:
            by_own[former] = reference
        if foreign:
            by_theirs[foreign, counterpart] = reference
    known = {}
    for row in rows:
        said = row.said
        match = by_own.get(said.get("own_reference", "")) or by_theirs.get(
            (said.get("foreign_reference", ""), said.get("state"))
        )
        if match:
            known[row.number] = match
    return known
