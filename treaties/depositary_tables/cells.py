"""A cell of a depositary's table: a day, and the mark that says what was done on it.

``25 Sep 2003 a`` is an accession, ``A`` an acceptance, ``AA`` an approval, ``d`` a succession, ``s`` a
signature that binds by itself. A mark may stand in brackets, and before a footnote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from registry import written_days

MARKS = {"a": "accession", "A": "acceptance", "AA": "approval", "d": "succession", "R": "ratification",
         "r": "ratification", "s": "signature"}  # fmt: skip
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
    found_day = written_days.read(text, written_days.DAY_FIRST)
    day, rest = found_day.day, found_day.rest
    if day is None:
        return Cell(None, readable=False)
    found = MARK.match(rest)
    mark = MARKS[found[1]] if found else ""
    rest = rest[found.end() :] if found else rest
    if not FOOTNOTE.fullmatch(rest):
        return Cell(day, mark, readable=False)
    return Cell(day, mark)
