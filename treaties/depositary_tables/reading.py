"""A depositary's table as rows of texts, from CSV, HTML or XLSX.

Footnote marks (raised figures) are left out. Cells that span several rows or columns stand in each
of them, so that headings of two lines are read as one.
"""

from __future__ import annotations

import csv
import io
import itertools
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from registry.table_reading import (
    XLSX_BEGINS,
    decoded,
    delimiter_of,
    open_workbook,
    tidy,
    unreadable,
    value,
)

MOST_BYTES = 5_000_000
MOST_ROWS = 5_000
Rows = list[list[str]]


def rows_of(content: bytes, file_name: str = "") -> list[Rows]:
    """The tables of a file, each as rows. Raises Invalid (``file``)."""
    if len(content) > MOST_BYTES:
        raise unreadable(_("This file is larger than 5 MB. Send the table alone."))
    if not content.strip():
        raise unreadable(_("This file is empty. Choose another."))
    if content.startswith(XLSX_BEGINS):
        return _workbook(content)
    if content.startswith(b"%PDF") or b"\x00" in content[:2000]:
        raise unreadable(_("Tables are read from CSV, HTML and XLSX. Save it as one of them."))
    text = decoded(content)
    if "<t" in text[:200_000].lower() and ("<td" in text.lower() or "<th" in text.lower()):
        return _html(text)
    return [_csv(text)]


def _csv(text: str) -> Rows:
    found = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    try:
        return [[tidy(cell) for cell in row] for row in itertools.islice(found, MOST_ROWS)]
    except csv.Error:
        raise unreadable(_("This is no table that can be read. Save it again as CSV.")) from None


def _workbook(content: bytes) -> list[Rows]:
    book = open_workbook(io.BytesIO(content), read_only=False)
    tables = []
    for sheet in book.worksheets:
        for span in list(sheet.merged_cells.ranges):
            shown = sheet.cell(span.min_row, span.min_col).value
            sheet.unmerge_cells(str(span))
            for row in sheet.iter_rows(span.min_row, span.max_row, span.min_col, span.max_col):
                for cell in row:
                    cell.value = shown
        rows = sheet.iter_rows(values_only=True, max_row=MOST_ROWS)
        tables.append([[value(cell) for cell in row] for row in rows])
    return tables


class _Tables(HTMLParser):
    """Collects the cells of every table; figures raised above the line are footnotes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[tuple[str, int, int]]]] = []
        self._open: list[int] = []
        self._cell: list[str] | None = None
        self._spans = (1, 1)
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "table":
            self.tables.append([])
            self._open.append(len(self.tables) - 1)
        elif tag == "tr" and self._open:
            self._end_cell()
            self.tables[self._open[-1]].append([])
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            self._cell = []
            self._spans = (_span(given.get("rowspan", "")), _span(given.get("colspan", "")))
        elif tag in ("sup", "script", "style"):
            self._skipping += 1
        elif tag in ("br", "p", "div", "li") and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("sup", "script", "style"):
            self._skipping = max(0, self._skipping - 1)
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._skipping:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None or not self._open:
            return
        rows = self.tables[self._open[-1]]
        if not rows:
            rows.append([])
        rows[-1].append((tidy("".join(self._cell)), *self._spans))
        self._cell = None


def _span(given: str) -> int:
    return min(int(given), 100) if given.isdecimal() and int(given or 0) > 0 else 1


def _html(text: str) -> list[Rows]:
    parser = _Tables()
    parser.feed(text)
    parser.close()
    return [_spread(table) for table in parser.tables if table]


def _spread(table: list[list[tuple[str, int, int]]]) -> Rows:
    """Cells that span several rows or columns written into each of them."""
    grid: dict[tuple[int, int], str] = {}
    for number, row in enumerate(table[:MOST_ROWS]):
        place = 0
        for text, down, across in row:
            while (number, place) in grid:
                place += 1
            for below in range(down):
                for beside in range(across):
                    grid[number + below, place + beside] = text
            place += across
    if not grid:
        return []
    height = max(row for row, _column in grid) + 1
    width = max(column for _row, column in grid) + 1
    return [[grid.get((r, c), "") for c in range(width)] for r in range(min(height, MOST_ROWS))]
