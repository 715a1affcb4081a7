"""A cell of a depositary's table: a day, and the mark that says what was done on it.

``25 Sep 2003 a`` is an accession, ``A`` an acceptance, ``AA`` an approval, ``d`` a succession, ``s`` a
signature that binds by itself. A mark may stand in brackets, and before a footnote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from registry.search_text import fold

MARKS = {"a": "accession", "A": "acceptance", "AA": "approval", "d": "succession", "R": "ratification",
         "r": "ratification", "s": "signature"}  # fmt: skip
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv januari",
            "february feb fevrier fevr fev februari",
            "march mar mars maart mrt",
            "april apr avril avr",
            "may mai mei",
            "june jun juin juni",
            "july jul juillet juil juli",
            "august aug aout augustus",
            "september sep sept septembre",
            "october oct octobre oktober okt",
            "november nov novembre",
            "december dec decembre",
        ),
        1,
    )
    for name in names.split()
}
ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2})?)?")
NUMBERS = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
WORDS = re.compile(r"^(\d{1,2})(?:er|st|nd|rd|th)?[\s.-]+([^\W\d_]+)\.?[\s.,-]+(\d{4})")
AMERICAN = re.compile(r"^([^\W\d_]+)\.?\s+(\d{1,2}),?\s+(\d{4})")
SERIAL = re.compile(r"^(\d{5})(?:\.0)?$")
MARK = re.compile(r"^\s*\(?\s*(AA|A|a|d|s|R|r)\s*\)?(?![^\W\d_])")
FOOTNOTE = re.compile(r"[\s,]*(\[[^\]]{1,12}\]|\(\d{1,2}\)|\*+|\d{1,2}(?:,\s*\d{1,2})*)?$")
NOTHING = {"", "-", "–", "—", "...", "n/a", "none"}


@dataclass(frozen=True)
class Cell:
    """What a cell says. ``day`` None and ``readable`` False: it says something that is not a day."""

    day: date | None
    mark: str = ""
    readable: bool = True


def read(text: str) -> Cell:
    """The day and the act that a cell tells of; an empty cell tells of nothing."""
    text = text.strip()
    if text.casefold() in NOTHING:
        return Cell(None)
    day, rest = _day(text)
    if day is None:
        return Cell(None, readable=False)
    found = MARK.match(rest)
    mark = MARKS[found[1]] if found else ""
    rest = rest[found.end() :] if found else rest
    if not FOOTNOTE.fullmatch(rest):
        return Cell(day, mark, readable=False)
    return Cell(day, mark)


def _day(text: str) -> tuple[date | None, str]:
    """The day with which a text begins, and what follows it."""
    if found := ISO.match(text):
        return _made(found[1], found[2], found[3]), text[found.end() :]
    if found := NUMBERS.match(text):
        return _made(found[3], found[2], found[1]), text[found.end() :]
    if found := WORDS.match(text):
        month = MONTHS.get(_plain(found[2]))
        return (_made(found[3], month, found[1]) if month else None), text[found.end() :]
    if found := AMERICAN.match(text):
        month = MONTHS.get(_plain(found[1]))
        return (_made(found[3], month, found[2]) if month else None), text[found.end() :]
    if found := SERIAL.match(text):
        # A day as a spreadsheet counts it, from 30 December 1899.
        return date(1899, 12, 30) + timedelta(days=int(found[1])), ""
    return None, text


def _made(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _plain(word: str) -> str:
    return fold(word)
