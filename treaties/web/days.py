"""The day of a question, as an address gives it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.refusals import Invalid
from treaties import asking
from treaties.asking import Unclear


def day_asked(request: HttpRequest) -> tuple[date, str]:
    """The day in ``?on=`` and, where it is none, today with the sentence that says so."""
    given = request.GET.get("on", "").strip()
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
