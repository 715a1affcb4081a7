"""Numbers that a form brings, read without trusting them."""

from __future__ import annotations

from django.http import HttpRequest


def version_seen(request: HttpRequest) -> int | None:
    """The version that the form was filled in on; None where it names none."""
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def number_posted(given: str) -> int | None:
    """The number of a row, as a form names it; None for what no database has as a number."""
    return int(given) if given.isdecimal() and len(given) < 19 else None
