"""A report as files: PDF, XLSX, CSV and JSON, all from the same frozen content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from registry.documents import content_with
from registry.matter_kinds import status_label
from registry.spreadsheets import CSV_TYPE, XLSX_TYPE, Sheet, as_csv, as_xlsx
from treaties.compliance import STATUSES
from treaties.compliance_report.content import canonical
from treaties.compliance_report.showing import article_words, category_words, rows_of, shown
from treaties.models import ComplianceReport
from treaties.obligation_files import KIND


@dataclass(frozen=True)
class Download:
    """A form in which a report is taken away."""

    media_type: str
    make: Callable[[ComplianceReport], bytes]


def name_of(report: ComplianceReport, form: str) -> str:
    return f"{report.reference}.{form}"


def _pdf(report: ComplianceReport) -> bytes:
    return content_with(report.pdf_digest)


def _json(report: ComplianceReport) -> bytes:
    """The content itself: its SHA-256 is the digest that the report prints."""
    return canonical(_content(report))


def _csv(report: ComplianceReport) -> bytes:
    with translation.override(report.language):
        return as_csv(_obligations(shown(_content(report))))


def _xlsx(report: ComplianceReport) -> bytes:
    with translation.override(report.language):
        told = shown(_content(report))
        sheets = [
            _summary(told),
            _obligations(told),
            _laws(told),
            _evidence(told),
            _figures(told),
        ]
        return as_xlsx(sheets, title=report.reference)


FORMS: dict[str, Download] = {
    "pdf": Download("application/pdf", _pdf),
    "xlsx": Download(XLSX_TYPE, _xlsx),
    "csv": Download(CSV_TYPE, _csv),
    "json": Download("application/json", _json),
}


def _content(report: ComplianceReport) -> dict[str, Any]:
    if report.content is None:
        raise ValueError(f"{report.reference} is not made")
    return report.content


def _summary(told: dict[str, Any]) -> Sheet:
    def line(title: str, tally: dict[str, Any]) -> list[Any]:
        counts = [tally["counts"][status] for status in STATUSES]
        return [title, *counts, tally["total"], tally["overdue"]]

    rows = [line(_("Binding obligations"), told["law"]["now"])]
    if told["law"]["earlier"]:
        rows.append(line(_("Binding obligations, earlier"), told["law"]["earlier"]))
    rows.append(line(_("Political commitments"), told["commitments"]["now"]))
    rows += [line(group["title"], group["tally"]) for group in told["report"]["groups"]]
    statuses = [_status(status) for status in STATUSES]
    return Sheet(
        _("Summary"), [_("Instrument or theme"), *statuses, _("All"), _("Past their day")], rows
    )


def _obligations(told: dict[str, Any]) -> Sheet:
    columns = [
        _("Code"),
        _("Instrument or theme"),
        _("Binding"),
        _("Article"),
        _("Obligation"),
        _("Kind"),
        _("Period"),
        _("Due"),
        _("Past its day"),
        _("Assessment"),
        _("Earlier"),
        _("As on"),
        _("Explanation"),
        _("Laws and measures"),
        _("Evidence"),
        _("Verified"),
        _("Source"),
    ]
    inside = not told["public"]
    if inside:
        columns += [_("Responsible"), _("Next step"), _("Next step by"), _("Reference")]
    rows = []
    for group, row in rows_of(told["report"]):
        said = row["assessment"] or {}
        line = [
            row["code"],
            group["title"],
            _yes_no(group["binding"]),
            article_words(row),
            row["text"],
            category_words(row["category"]),
            row["period"],
            row["due_on"],
            _yes_no(row["overdue"]),
            _status(row["status"]),
            _status(row["earlier_status"]) if row["earlier_status"] else "",
            said.get("as_on"),
            said.get("explanation", ""),
            "\n".join(_law_words(law) for law in said.get("measures", ())),
            "\n".join(f"[{kept['number']}] {kept['title']}" for kept in said.get("evidence", ())),
            _yes_no(row["verified"]),
            f"{row['source']} ({row['as_of']})" if row["as_of"] else row["source"],
        ]
        if inside:
            line += [
                said.get("responsible", ""),
                said.get("next_step", ""),
                said.get("next_step_due"),
                row.get("reference", ""),
            ]
        rows.append(line)
    return Sheet(_("Obligations"), columns, rows)


def _laws(told: dict[str, Any]) -> Sheet:
    rows = [
        [row["code"], law["title"], law["article"], law["date"], law["note"]]
        for _group, row in rows_of(told["report"])
        for law in (row["assessment"] or {}).get("measures", ())
    ]
    columns = [_("Code"), _("Law or measure"), _("Article"), _("Date"), _("Note")]
    return Sheet(_("Laws and measures"), columns, rows)


def _evidence(told: dict[str, Any]) -> Sheet:
    rows = [
        [kept.number, kept.obligation, kept.title, kept.file_name, kept.note, kept.sha256]
        for kept in told["exhibits"]
    ]
    columns = [_("No."), _("Code"), _("Document"), _("File"), _("Note"), "SHA-256"]
    return Sheet(_("Evidence"), columns, rows)


def _figures(told: dict[str, Any]) -> Sheet:
    def number(said: dict[str, Any] | None) -> Any:
        if said is None:
            return ""
        if said["hidden"]:
            return _("hidden")
        if said["of"] is not None:
            return _("%(value)s of %(of)s") % said
        return said["value"]

    rows = [[f["label"], number(f), number(f["earlier"])] for f in told["report"]["figures"]]
    return Sheet(_("Figures"), [_("Figure"), _("In the period"), _("Earlier")], rows)


def _law_words(law: dict[str, Any]) -> str:
    return ", ".join(part for part in (law["title"], law["article"]) if part)


def _status(code: str) -> str:
    return str(status_label(KIND, code))


def _yes_no(value: bool) -> str:
    return _("yes") if value else _("no")
