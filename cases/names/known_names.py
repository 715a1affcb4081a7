"""What is known of names that many share; read from data/known_names.txt, which says how."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cases.names.scripts import Word, words_of

SOURCE = Path(__file__).parent / "data" / "known_names.txt"


class Known(NamedTuple):
    """The lines in which a word stands, and the groups of lines that are one name."""

    lines: frozenset[int]
    groups: frozenset[str]


NOTHING = Known(frozenset(), frozenset())


@cache
def _all_known() -> dict[str, Known]:
    lines: dict[str, set[int]] = {}
    groups: dict[str, set[str]] = {}
    for number, line in enumerate(SOURCE.read_text(encoding="utf-8").splitlines()):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        group = words.pop(0) if words[0].startswith("@") else ""
        for spelling in words:
            for word in words_of(spelling):
                key = plain(word)
                lines.setdefault(key, set()).add(number)
                if group:
                    groups.setdefault(key, set()).add(group)
    return {
        key: Known(frozenset(found), frozenset(groups.get(key, ()))) for key, found in lines.items()
    }


def plain(word: Word) -> str:
    """The word as it is looked up: without accents."""
    decomposed = unicodedata.normalize("NFD", word.text)
    kept = "".join(
        c for c in decomposed if not unicodedata.combining(c) or word.script not in LETTERED
    )
    return unicodedata.normalize("NFC", kept)


LETTERED = frozenset({"Latin", "Greek", "Cyrillic"})
"""Scripts in which an accent makes no other name; elsewhere a mark may be a vowel."""


def known(word: Word) -> Known:
    """What is known of this word; nothing for most."""
    return _all_known().get(plain(word), NOTHING)


@cache
def _first_of_lines() -> dict[int, str]:
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    return {n: line.split()[line.startswith("@")] for n, line in enumerate(lines) if line.strip()}


def marks(word: Word) -> tuple[str, ...]:
    """What stands for the word in an index, whatever its spelling: its lines' first, its groups."""
    found = known(word)
    firsts = _first_of_lines()
    return (*sorted(firsts[line] for line in found.lines), *sorted(found.groups))


def opinion(one: Word, other: Word) -> str:
    """``same``, ``group`` (one name in two languages), ``different``, or nothing known."""
    here, there = known(one), known(other)
    if not here.lines or not there.lines:
        return ""
    if here.lines & there.lines:
        return "same"
    return "group" if here.groups & there.groups else "different"
