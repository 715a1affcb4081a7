"""A report's frozen content as pages and the PDF show it: days as days, codes as words.

Nothing is read but the content, so that a report shows the same for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from treaties.compliance import STATUSES
from treaties.models import Obligation


@dataclass(frozen=True)
class Exhibit:
    """A piece of evidence with the obligation for which it was given, numbered in the annex."""

    number: int
    obligation: str
    title: str
    file_name: str
    sha256: str
    note: str


def shown(content: dict[str, Any]) -> dict[str, Any]:
    """What templates need of a report: ``report`` and what was gathered from all its parts."""
    told = _with_days(content)
    exhibits = list(_exhibits(told))
    return {
        "report": told,
        "public": told["edition"] == "public",
        "statuses": STATUSES,
        "law": told["law"],
        "commitments": told["commitments"],
        "longest": max((g["tally"]["total"] for g in told["groups"]), default=0),
        "categories": _categories(told),
        "changed": [
            r | {"group": g["title"]} for g in told["groups"] for r in g["rows"] if r["changed"]
        ],
        "late": [
            r | {"group": g["title"]} for g in told["groups"] for r in g["rows"] if r["overdue"]
        ],
        "unverified": sum(not r["verified"] for g in told["groups"] for r in g["rows"]),
        "exhibits": exhibits,
    }


def rows_of(content: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every obligation with the group it stands in."""
    for group in content["groups"]:
        for row in group["rows"]:
            yield group, row


def article_words(row: dict[str, Any]) -> str:
    """Where the obligation stands: its article, or the document of a commitment."""
    if row["article"]:
        return _("Art. %(article)s") % {"article": row["article"]}
    return ", ".join(part for part in (row["document"], row["document_reference"]) if part)


def category_words(code: str) -> str:
    return str(Obligation.Category(code).label)


def _exhibits(content: dict[str, Any]) -> Iterator[Exhibit]:
    number = 0
    for _group, row in rows_of(content):
        for kept in (row["assessment"] or {}).get("evidence", ()):
            number += 1
            kept["number"] = number
            yield Exhibit(
                number,
                row["code"],
                kept["title"],
                kept["file_name"],
                kept["sha256"],
                kept["note"],
            )


def _categories(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The statuses of the binding obligations by category, in the order of the categories."""
    found: dict[str, dict[str, int]] = {}
    for group, row in rows_of(content):
        if group["binding"]:
            counts = found.setdefault(row["category"], dict.fromkeys(STATUSES, 0))
            counts[row["status"]] += 1
    return [
        {
            "label": str(category.label),
            "counts": found[category],
            "total": sum(found[category].values()),
        }
        for category in Obligation.Category
        if category in found
    ]


def _with_days(value: Any, name: str = "") -> Any:
    """A copy in which what is a day or an instant by its name is one."""
    if isinstance(value, dict):
        return {key: _with_days(below, key) for key, below in value.items()}
    if isinstance(value, list):
        return [_with_days(below, name) for below in value]
    if isinstance(value, str) and value:
        if name in ("since", "until", "due_on", "as_on", "date", "next_step_due"):
            return _day(value)
        if name.endswith("_at"):
            return _instant(value)
    return value


def _day(text: str) -> date | str:
    return parse_date(text) or text


def _instant(text: str) -> datetime | str:
    return parse_datetime(text) or text
