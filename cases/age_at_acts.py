"""How old a person was when the acts were done: a range, computed from what is known of both.

An aid and never a verdict. Birth data may be a year, a range or an estimate, and the acts may have
lasted years; then the age is a range too, and what it means for an age that a treaty knows is said
only as far as the range allows.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cases.deconfliction import CIRCA
from cases.limitation import TreatyRule, data
from cases.models import Offence, Person

BELOW, PERHAPS, NOT_BELOW = "below", "perhaps", "not_below"
SPAN = range(1, 9900)


@dataclass(frozen=True)
class Against:
    """The age against a threshold: ``below``, ``perhaps`` or ``not_below`` for the whole of the acts."""

    rule: TreatyRule
    result: str


@dataclass(frozen=True)
class AgeAtActs:
    """A person and an offence: youngest at its beginning, oldest at its end; None where unknown."""

    person: Person
    offence: Offence
    youngest: int | None
    oldest: int | None
    born_from: date | None
    born_until: date | None
    against: tuple[Against, ...]

    @property
    def may_have_been_a_minor(self) -> bool:
        return any(each.result != NOT_BELOW for each in self.against)


def ages(persons: Iterable[Person], offences: Iterable[Offence]) -> list[AgeAtActs]:
    """Of each person whose birth is known in clear, the age at each offence whose days are known."""
    known = [offence for offence in offences if offence.acts_from or offence.acts_until]
    return [
        age(person, offence)
        for person in persons
        if person.birth_year and person.role in CONCERNED
        for offence in known
    ]


CONCERNED = frozenset(
    {Person.Role.SUSPECT, Person.Role.ACCUSED, Person.Role.CONVICTED, Person.Role.VICTIM}
)


def age(person: Person, offence: Offence) -> AgeAtActs:
    born = born_between(person)
    begin, end = (
        offence.acts_from or offence.acts_until,
        offence.acts_until or offence.acts_from,
    )
    if born is None or begin is None or end is None:
        return AgeAtActs(person, offence, None, None, None, None, ())
    earliest, latest = born
    youngest, oldest = years_between(latest, begin), years_between(earliest, end)
    against = tuple(
        Against(rule, _against(rule.below, youngest, oldest)) for rule in data()["ages"]
    )
    return AgeAtActs(person, offence, youngest, oldest, earliest, latest, against)


def _against(below: int, youngest: int, oldest: int) -> str:
    if oldest < below:
        return BELOW
    return PERHAPS if youngest < below else NOT_BELOW


def born_between(person: Person) -> tuple[date, date] | None:
    """The first and the last day on which the person may have been born."""
    year, last_year = person.birth_year, person.birth_year_latest or person.birth_year
    if year is None or last_year is None:
        return None
    if person.birth_circa:
        year, last_year = year - CIRCA, last_year + CIRCA
    if year not in SPAN or last_year not in SPAN:
        return None
    month = person.birth_month
    if month is None or year != last_year:
        return date(year, 1, 1), date(last_year, 12, 31)
    longest = calendar.monthrange(year, month)[1]
    day = person.birth_day
    if day is None or day > longest:
        return date(year, month, 1), date(year, month, longest)
    return date(year, month, day), date(year, month, day)


def years_between(born: date, day: date) -> int:
    """Whole years of age on that day; born on 29 February, a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
