"""How a letter writes days, numbers, States and offices in its language."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from registry.models import Authority
from registry.state_directory import state_label

JSON = dict[str, Any]
DATES_AS_IN = {"en": "en_GB", "pt": "pt_PT", "zh": "zh_Hans"}
"""Whose way of writing dates a language follows, where it has several."""
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
RIGHT_TO_LEFT = frozenset({"ar"})
FROM_THE_LEFT, FROM_THE_RIGHT = frozenset({"L"}), frozenset({"R", "AL"})
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"
"""Around a name or number within a sentence, so that scripts do not mix; seen by nobody."""


def in_words(day: date, language: str) -> str:
    """A day as a letter in this language writes it."""
    return in_digits(format_date(day, format="long", locale=locale_of(language)), language)


def month_in_words(day: date, language: str) -> str:
    """The month and year of a day."""
    return in_digits(format_date(day, format="MMMM y", locale=locale_of(language)), language)


def size_in_words(size: int, language: str) -> str:
    """The size of a file, given in bytes, as the language writes numbers."""
    amount, unit = size / 1024, "kB"
    if amount >= 1024:
        amount, unit = amount / 1024, "MB"
    written = format_decimal(max(round(amount, 1), 0.1), locale=locale_of(language))
    return f"{in_digits(written, language)} {unit}"


def locale_of(language: str) -> Locale:
    return Locale.parse(DATES_AS_IN.get(language, language))


def in_digits(text: str, language: str) -> str:
    """Numbers in the digits that letters of the language are written with."""
    return text.translate(ARABIC_DIGITS) if language == "ar" else text


def direction_of(text: str) -> str:
    """The direction of the first letter that has one; left to right where none has."""
    for character in text:
        strength = unicodedata.bidirectional(character)
        if strength in FROM_THE_LEFT:
            return "ltr"
        if strength in FROM_THE_RIGHT:
            return "rtl"
    return "ltr"


def isolated(value: str, language: str) -> str:
    """A value to stand within a sentence, set apart where its script runs the other way; one that
    sets parts of its own apart already stays as it is."""
    if ISOLATE in value:
        return value
    other = FROM_THE_LEFT if language in RIGHT_TO_LEFT else FROM_THE_RIGHT
    if any(unicodedata.bidirectional(c) in other for c in value):
        return f"{ISOLATE}{value}{END_OF_ISOLATE}"
    return value


def office_in_words(authority: Authority, language: str) -> JSON:
    """An office as letters show it: designation, State, the lines of its address, how to reach it."""
    names = {authority.state.name, state_label(authority.state_id, language)}
    lines = [line.strip() for line in authority.postal_address.splitlines() if line.strip()]
    lines = [line for line in lines if line not in names]
    if authority.city and not any(authority.city in line for line in lines):
        lines.append(authority.city)
    return {
        "name": authority.name_in(language),
        "own_name": authority.name,
        "state": state_label(authority.state_id, language),
        "formal_state": authority.state.formal_name if language == "en" else "",
        "city": authority.city,
        "lines": lines,
        "email": authority.email,
        "telephone": authority.telephone,
    }


def addressee_as_typed(text: str, state: str) -> JSON:
    """An addressee that an officer wrote: the designation in the first line, then the address."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return {
        "name": lines[0] if lines else "",
        "state": state,
        "formal_state": "",
        "city": "",
        "lines": lines[1:],
        "email": "",
        "telephone": "",
    }


def contact_of(authority: Authority) -> str:
    """How an office is reached, in one line."""
    return ", ".join(part for part in (authority.email, authority.telephone) if part)
