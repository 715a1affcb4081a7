"""Questions in a file: one a row, one answer a line, and no row stops the others.

The columns are ``case_id, requesting_iso3, requested_iso3, purpose, offence_family, as_of``, in any
order, separated by commas or semicolons; further columns are left aside, except ``measure``, which
is understood. Several offences in one cell are separated by ``|`` (or by ``;`` in a file whose
columns are separated by commas). A row that cannot be read gives an error in its line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any, TextIO

from django.utils.translation import gettext as _

from treaties import asking
from treaties.asking import Unclear
from treaties.legal_basis import resolve
from treaties.legal_basis_answers import Answer, Problem, Question
from treaties.register_index import RegisterIndex

COLUMNS = ("case_id", "requesting_iso3", "requested_iso3", "purpose", "offence_family", "as_of")

JSON = dict[str, Any]


class MissingColumns(ValueError):
    """The header of the file lacks columns; nothing of it was read."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(
            _("The file lacks: %(missing)s. Its first line names the columns: %(columns)s.")
            % {"missing": ", ".join(missing), "columns": ", ".join(COLUMNS)}
        )
        self.missing = missing


def answers(file: TextIO) -> Iterator[JSON]:
    """One object a row, in the order of the file. Raises MissingColumns before the first."""
    lines = (line.replace("\0", "") for line in file)
    header = next(lines, "").lstrip("\ufeff")
    delimiter = max(",;\t", key=header.count)
    names = [_column(name) for name in next(csv.reader([header], delimiter=delimiter), [])]
    if missing := [name for name in COLUMNS if name not in names]:
        raise MissingColumns(missing)
    return _rows(csv.reader(lines, delimiter=delimiter), names)


def _column(name: str) -> str:
    return re.sub(r"\W+", "_", name.strip().lower())


def _rows(reader: Any, names: list[str]) -> Iterator[JSON]:
    index = RegisterIndex.current()
    blank = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as unreadable:
            yield _line("", Answer(_NO_QUESTION, error=Problem("unreadable_row", str(unreadable))))
            continue
        if not cells:
            blank += 1  # said only if a row follows: a file may well end in empty lines
            continue
        for _each in range(blank):
            problem = Problem("empty_row", _("The line is empty."))
            yield _line("", Answer(_NO_QUESTION, error=problem))
        blank = 0
        row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        yield _line(row.get("case_id", ""), _answer(row, len(cells), len(names), index))


def _answer(row: dict[str, str], cells: int, columns: int, index: RegisterIndex) -> Answer:
    try:
        if absent := [name for name in COLUMNS if name not in row]:
            raise Unclear(
                "missing_value",
                _("The row has %(cells)s cells instead of %(columns)s: no %(missing)s.")
                % {"cells": cells, "columns": columns, "missing": ", ".join(absent)},
                absent[0],
            )
        for name in ("requesting_iso3", "requested_iso3", "purpose", "as_of"):
            if not row[name]:
                raise Unclear(
                    "missing_value", _("The row has no %(missing)s.") % {"missing": name}, name
                )
        question = Question(
            row["requesting_iso3"],
            row["requested_iso3"],
            row["purpose"],
            asking.day(row["as_of"]),
            _several(row["offence_family"]),
            _several(row.get("measure", "")),
        )
    except Unclear as unclear:
        return Answer(_NO_QUESTION, error=unclear.problem)
    return resolve(question, index=index)


def _several(cell: str) -> tuple[str, ...]:
    words = (word.strip() for word in re.split(r"[|;+]", cell))
    return tuple(word for word in words if word)


def _line(case_id: str, answer: Answer) -> JSON:
    return {
        "case_id": case_id,
        "applicable": answer.codes,
        "inapplicable": [
            {"code": u.code, "reason": u.reason, "sentence": u.sentence}
            for u in answer.inapplicable
        ],
        "error": {"code": answer.error.code, "message": answer.error.sentence}
        if answer.error
        else None,
    }


_NO_QUESTION: Any = None
