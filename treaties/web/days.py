"""The day of a question, as an address gives it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.refusals import Invalid
from treaties import asking
from treaties.asking import Unclear
from treaties.compliance_report.ordering import EARLIEST

LATEST = date(9000, 12, 31)
"""Beyond it no day can be brought into another zone."""


def day_asked(request: HttpRequest) -> tuple[date, str]:
    """The day in ``?on=`` and, where it is none, today with the sentence that says so."""
    return day_of_query(request.GET)


def day_of_query(query: Mapping[str, Any]) -> tuple[date, str]:
    given = str(query.get("on", "")).strip()
    if not given:
        return timezone.localdate(), ""
    try:
        return asking.day(given, "on"), ""
    except Unclear as unclear:
        return timezone.localdate(), unclear.problem.sentence


def day_typed(given: str, name: str) -> date | None:
    """The day in a field of a form, None for an empty one. Raises Invalid under the field's name."""
    if not given.strip():
        return None
    try:
        found = date.fromisoformat(given.strip())
        if found.isoformat() != given.strip():  # Python reads other ways of writing days too
            raise ValueError
        return found
    except ValueError:
        sentence = _("Write the day like 2026-02-28.")
        raise Invalid("invalid_date", sentence, fields={name: [sentence]}) from None


def period_asked(given: Mapping[str, str], today: date) -> tuple[date, date]:
    """The days in ``since`` and ``until``: this year so far where they are not given.

    Raises Invalid under the field that is wrong.
    """
    since = day_typed(given.get("since", ""), "since") or date(today.year, 1, 1)
    until = day_typed(given.get("until", ""), "until") or today
    if until < since or not since >= EARLIEST or until > LATEST:
        sentence = _("The period ends before it begins, or is no period of our time.")
        raise Invalid("invalid_period", sentence, fields={"until": [sentence]})
    return since, until


def period_shown(given: Mapping[str, str], today: date) -> tuple[date, date, str]:
    """As ``period_asked``; for what is wrong, this year so far with the sentence that says so."""
    try:
        return *period_asked(given, today), ""
    except Invalid as wrong:
        said = next(iter(wrong.by_field().values()))
        return date(today.year, 1, 1), today, said[0]
