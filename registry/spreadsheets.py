"""Tables as files: CSV and XLSX.

Nothing that somebody typed becomes a formula: a text that a spreadsheet would calculate is written
as text. Days and numbers stay days and numbers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.utils.translation import get_language_bidi
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
MOST_CHARACTERS = 32_767
"""What a cell of a spreadsheet can hold."""
CALCULATED = ("=", "+", "-", "@", "\t", "\r")
NARROWEST, WIDEST = 18, 60


@dataclass(frozen=True)
class Sheet:
    """A table: the headings of its columns and its rows, each as long as the headings."""

    title: str
    columns: Sequence[Any]
    rows: Iterable[Sequence[Any]]


def as_csv(sheet: Sheet) -> bytes:
    """The table as CSV: UTF-8 with a byte-order mark, without which spreadsheets mistake letters."""
    lines = [_csv_line([str(column) for column in sheet.columns])]
    lines += [_csv_line([_csv_value(value) for value in row]) for row in sheet.rows]
    return ("\ufeff" + "".join(lines)).encode()


def as_xlsx(sheets: Iterable[Sheet], *, title: str = "") -> bytes:
    """The tables as one workbook: headings stay in view, columns fit, and can be filtered."""
    book = Workbook()
    book.remove(book.active)
    book.properties.title = title
    taken: set[str] = set()
    for sheet in sheets:
        page = book.create_sheet(_sheet_name(sheet.title, taken))
        page.sheet_view.rightToLeft = get_language_bidi()
        widths = [len(str(column)) for column in sheet.columns]
        page.append([str(column) for column in sheet.columns])
        for cell in page[1]:
            cell.font = Font(bold=True, color="FFFFFF")
            cell.fill = PatternFill("solid", fgColor="0F4C5C")
            cell.alignment = Alignment(vertical="center", wrap_text=True)
        for number, row in enumerate(sheet.rows, 2):
            for place, value in enumerate(row, 1):
                shown = _xlsx_value(value)
                cell = page.cell(number, place, shown)
                if isinstance(shown, str):
                    cell.data_type = "s"
                cell.alignment = Alignment(vertical="top", wrap_text=True)
                longest = max((len(line) for line in str(shown or "").splitlines()), default=0)
                widths[place - 1] = max(widths[place - 1], longest)
        for place, width in enumerate(widths, 1):
            page.column_dimensions[get_column_letter(place)].width = min(width + 3, WIDEST)
        page.freeze_panes = "A2"
        page.auto_filter.ref = page.dimensions
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def write_csv(out: IO[bytes], sheet: Sheet) -> None:
    """The table as ``as_csv`` writes it, row by row: flat in memory however long it is."""
    out.write(("\ufeff" + _csv_line([str(column) for column in sheet.columns])).encode())
    for row in sheet.rows:
        out.write(_csv_line([_csv_value(value) for value in row]).encode())


def write_xlsx(out: IO[bytes], sheet: Sheet) -> None:
    """The table as a workbook, row by row: flat in memory however long it is.

    The widths of its columns follow the headings, since the rows are not known beforehand.
    """
    book = Workbook(write_only=True)
    book.properties.title = sheet.title
    page = book.create_sheet(_sheet_name(sheet.title, set()))
    page.sheet_view.rightToLeft = get_language_bidi()
    page.freeze_panes = "A2"
    for place, column in enumerate(sheet.columns, 1):
        width = max(len(str(column)) + 4, NARROWEST)
        page.column_dimensions[get_column_letter(place)].width = min(width, WIDEST)
    headings = []
    for column in sheet.columns:
        cell = WriteOnlyCell(page, str(column))
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="0F4C5C")
        headings.append(cell)
    page.append(headings)
    for row in sheet.rows:
        page.append([_plain_cell(page, _xlsx_value(value)) for value in row])
    book.save(out)


def _plain_cell(page: Any, value: Any) -> Any:
    """The value; a text as a cell that is text whatever it begins with."""
    if not isinstance(value, str) or not value.startswith("="):
        return value
    cell = WriteOnlyCell(page, value)
    cell.data_type = "s"
    return cell


def _csv_line(values: Sequence[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()


def _csv_value(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = str(value).replace("\x00", "")
        return f"'{text}" if text.startswith(CALCULATED) else text
    return value


def _xlsx_value(value: Any) -> Any:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", str(value))[:MOST_CHARACTERS]


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that a workbook takes: 31 characters, none of them special, each name once."""
    name = re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:31] or "1"
    number = 2
    while name.casefold() in taken:
        mark = f" {number}"
        name, number = name[: 31 - len(mark)] + mark, number + 1
    taken.add(name.casefold())
    return name
