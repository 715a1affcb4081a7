"""Tables that others made, read as rows of texts: CSV as people save it, and XLSX.

What every reader of tables needs is here; a reader with more to it (HTML, cells that span) builds on
it. Rows come one after the other, so that a register of fifty thousand rows needs no more memory
than one of fifty.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from registry.refusals import Invalid

XLSX_BEGINS = b"PK\x03\x04"
LARGEST_UNPACKED = 1_000_000_000
LONGEST_CELL = 32_767
WIDEST_ROW = 200
SAMPLE_BYTES = 65_536


def unreadable(sentence: str) -> Invalid:
    """The refusal of a file that is no table (``file``)."""
    return Invalid("unreadable_table", sentence, fields={"file": [sentence]})


def tidy(text: str) -> str:
    """A cell's text on one line, with plain spaces."""
    return " ".join(text.replace("\u00a0", " ").replace("\x00", "").split())


def value(cell: object) -> str:
    """What a cell of a workbook says, as text: days as 2026-03-05, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return tidy(str(cell))


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, else what Windows wrote in Western Europe."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    return content.decode(encoding_of(content), errors="replace")


def encoding_of(sample: bytes, *, whole: bool = True) -> str:
    """The encoding of a text from its beginning, or from the whole of it."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8-sig")().decode(sample, final=whole)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def delimiter_of(text: str) -> str:
    """What parts the cells of a CSV, from its first lines."""
    sample = "\n".join(text.splitlines()[:30])
    return max(("\t", ";", ","), key=sample.count)


def open_workbook(stream: IO[bytes], *, read_only: bool) -> Any:
    """A workbook with the values its formulas had. Raises Invalid (``file``)."""
    try:
        with ZipFile(stream) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise unreadable(_("This workbook is too large when unpacked. Save it as CSV."))
        stream.seek(0)
        return load_workbook(stream, data_only=True, read_only=read_only)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise unreadable(
            _("This is no workbook that can be read. Save it again as XLSX.")
        ) from None


@contextmanager
def sheets(stream: IO[bytes]) -> Iterator[list[tuple[str, Iterator[list[str]]]]]:
    """The sheets of a file (a CSV has one, without a name), each with its rows as they come.

    Numbers of rows are those of the file: empty rows are given too. Raises Invalid (``file``).
    """
    beginning = stream.read(SAMPLE_BYTES)
    stream.seek(0)
    if not beginning.strip():
        raise unreadable(_("This file is empty. Choose another."))
    if beginning.startswith(XLSX_BEGINS):
        book = open_workbook(stream, read_only=True)
        try:
            yield [(sheet.title, _rows_of_sheet(sheet)) for sheet in book.worksheets]
        finally:
            book.close()
        return
    encoding = encoding_of(beginning, whole=len(beginning) < SAMPLE_BYTES)
    if (encoding != "utf-16" and b"\x00" in beginning) or beginning.startswith(b"%PDF"):
        raise unreadable(_("Tables are read from CSV and XLSX. Save it as one of them."))
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    try:
        yield [("", _rows_of_csv(text))]
    finally:
        text.detach()


def _rows_of_sheet(sheet: Any) -> Iterator[list[str]]:
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # what a program wrote there may be wrong
    for row in sheet.iter_rows(values_only=True, max_col=WIDEST_ROW):
        yield _trimmed([value(cell)[:LONGEST_CELL] for cell in row])


def _rows_of_csv(text: io.TextIOWrapper) -> Iterator[list[str]]:
    lines = text.read(SAMPLE_BYTES // 4)
    text.seek(0)
    try:
        for row in csv.reader(text, delimiter=delimiter_of(lines)):
            yield _trimmed([tidy(cell)[:LONGEST_CELL] for cell in row[:WIDEST_ROW]])
    except csv.Error:
        sentence = _("This is no table that can be read. Save it again as CSV.")
        raise unreadable(sentence) from None


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row
