"""Numbers, days and moments that a form brings, read without trusting them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from registry.refusals import Invalid


def version_seen(request: HttpRequest) -> int | None:
    """The version that the form was filled in on; None where it names none."""
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def number_posted(given: str) -> int | None:
    """The number of a row, as a form names it; None for what no database has as a number."""
    return int(given) if given.isdecimal() and len(given) < 19 else None


def moment_posted(name: str, given: str) -> datetime:
    """A day and time as the person's clocks show it. Raises Invalid under the field's name."""
    try:
        naive = parse_datetime(given)
    except ValueError:
        naive = None
    if naive is None:
        sentence = _("This is not a day and time of the calendar. Write it like 2028-02-29 14:30.")
        raise Invalid("invalid_date", sentence, fields={name: [sentence]})
    return naive if timezone.is_aware(naive) else timezone.make_aware(naive)


def day_posted(name: str, given: str) -> date | None:
    """A day; None for nothing. Raises Invalid, by name."""
    if not given.strip():
        return None
    try:
        return date.fromisoformat(given.strip())
    except ValueError:
        sentence = _("This is not a day of the calendar. Write it like 2028-02-29.")
        raise Invalid("invalid_date", sentence, fields={name: [sentence]}) from None


def decimal_posted(name: str, given: str) -> Decimal | None:
    """A number up to 9999.9; None for nothing. Raises Invalid, by name."""
    if not given.strip():
        return None
    try:
        number = Decimal(given.strip().replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= Decimal("9999.9") or (number * 10) % 1:
        sentence = _("Write a number such as 30.")
        raise Invalid("invalid_number", sentence, fields={name: [sentence]})
    return number
