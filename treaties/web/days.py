"""The day of a question, as an address gives it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils import timezone

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
