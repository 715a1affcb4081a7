"""Days as people write them: 2026-03-05, 5.3.2026, 05/03/26, 5 марта 2026, ٥ مارس ٢٠٢٦, 2026年3月5日.

Figures of any script are read; names of months in the languages of ``LANGUAGES``. 05/03/2026 is one
day in Paris and another in Washington: such a text is told with both its readings, unless the caller
knows in which order the office writes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from babel import Locale

from registry.search_text import fold

LANGUAGES = ("en", "fr", "es", "nl", "de", "pt", "it", "ru", "sl", "ar", "ar_LB", "ar_DZ", "ar_MA")
"""Whose months are known. Languages in which the same word is another month are left out."""
FURTHER_MONTHS = {
    "sept": 9, "fevr": 2, "janv": 1, "juil": 7, "avr": 4, "aout": 8, "mrt": 3, "okt": 10,
}  # fmt: skip
DAY_FIRST, MONTH_FIRST = "dmy", "mdy"
ISO = re.compile(r"^(\d{4})\s?[-./]\s?(\d{1,2})\s?[-./]\s?(\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2})?)?")
HAN = re.compile(r"^(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日?")
MONGOLIAN = re.compile(r"^(\d{4})\s+оны?\s+(\d{1,2})(?:\s*-?\s*р)?\s+сарын?\s+(\d{1,2})")
NUMBERS = re.compile(r"^(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
WORDS = re.compile(
    r"^(\d{1,2})(?:er|st|nd|rd|th|[.ºª])?[\s.-]+(?:de\s+)?([^\W\d_]+(?: الثاني| الأول| الاول)?)\.?"
    r"[\s.,-]+(?:de\s+)?(\d{4})"
)
AMERICAN = re.compile(r"^([^\W\d_]+)\.?\s+(\d{1,2}),?\s+(\d{4})")
MONTH_AND_YEAR = re.compile(r"^(?:(\d{1,2})[./-]|([^\W\d_]+)\.?\s+(?:de\s+)?)(\d{4})$")
SERIAL = re.compile(r"^(\d{5})(?:\.0)?$")


@dataclass(frozen=True)
class Reading:
    """The day with which a text begins, what follows it, and the other day that it may mean."""

    day: date | None
    rest: str = ""
    other: date | None = None


def read(text: str, order: str = "") -> Reading:
    """The day that a text begins with. ``order`` says which figure comes first where that matters:
    ``DAY_FIRST``, ``MONTH_FIRST``, or nothing where it is not known."""
    text = plain_figures(text.strip())
    for pattern in (ISO, HAN, MONGOLIAN):
        if found := pattern.match(text):
            return Reading(made(found[1], found[2], found[3]), text[found.end() :])
    if found := NUMBERS.match(text):
        return _of_figures(found, text[found.end() :], order)
    if found := WORDS.match(text):
        month = month_named(found[2])
        return Reading(made(found[3], month, found[1]) if month else None, text[found.end() :])
    if found := AMERICAN.match(text):
        month = month_named(found[1])
        return Reading(made(found[3], month, found[2]) if month else None, text[found.end() :])
    if found := SERIAL.match(text):
        # A day as a spreadsheet counts it, from 30 December 1899.
        return Reading(date(1899, 12, 30) + timedelta(days=int(found[1])))
    return Reading(None, text)


def order_told(text: str) -> str:
    """Which order a text proves: its one figure is no month. Empty where it proves none."""
    found = NUMBERS.match(plain_figures(text.strip()))
    if not found or found[2] == ".":
        return ""
    first, second = int(found[1]), int(found[3])
    if first > 12 >= second:
        return DAY_FIRST
    return MONTH_FIRST if second > 12 >= first else ""


def in_part(text: str) -> tuple[int | None, int | None]:
    """Year and month of a text that names no day: 1975, 03/1975, март 1975. None where it does not."""
    text = plain_figures(text.strip())
    if re.fullmatch(r"\d{4}", text):
        return int(text), None
    if found := MONTH_AND_YEAR.match(text):
        month = int(found[1]) if found[1] else month_named(found[2])
        if month and 1 <= month <= 12:
            return int(found[3]), month
    return None, None


def plain_figures(text: str) -> str:
    """The text with the figures of every script as 0 to 9."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)


def month_named(word: str) -> int | None:
    return _months().get(fold(word).rstrip("."))


def made(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _of_figures(found: re.Match[str], rest: str, order: str) -> Reading:
    """5.3.2026 is day first everywhere; with strokes it depends on who writes."""
    year = int(found[4])
    if len(found[4]) == 2:
        year += 2000 if year < 50 else 1900
    day_first = made(year, found[3], found[1])
    month_first = made(year, found[1], found[3])
    if found[2] == "." or order == DAY_FIRST:
        return Reading(day_first, rest)
    if order == MONTH_FIRST:
        return Reading(month_first, rest)
    if day_first and month_first and day_first != month_first:
        return Reading(day_first, rest, month_first)
    return Reading(day_first or month_first, rest)


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    known = dict(FURTHER_MONTHS)
    for language in LANGUAGES:
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    known.setdefault(fold(name).rstrip("."), number)
    return known
