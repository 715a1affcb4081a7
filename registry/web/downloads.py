"""Answers that are taken away as a file, the same for pages and API."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from registry.spreadsheets import CSV_TYPE, XLSX_TYPE, Sheet, as_csv, as_xlsx

TABLES: dict[str, tuple[str, Callable[[Sheet, str], bytes]]] = {
    "csv": (CSV_TYPE, lambda sheet, title: as_csv(sheet)),
    "xlsx": (XLSX_TYPE, lambda sheet, title: as_xlsx([sheet], title=title)),
}
"""The forms in which a table is taken away."""


def attachment(
    content: bytes, media_type: str, name: str, *, disposition: str = "attachment"
) -> HttpResponse:
    """A file to be saved under this name, or with ``inline`` to be looked at."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return answer


def table(sheet: Sheet, form: str, name: str, *, title: str = "") -> HttpResponse:
    """A table in one of ``TABLES``; the form is the ending of its name."""
    media_type, make = TABLES[form]
    return attachment(make(sheet, title), media_type, f"{name}.{form}")
