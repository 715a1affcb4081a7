"""Limitation: when a period entered from national law would run out, with all that it was computed from.

An aid and never a verdict: the day follows from what an officer entered, the inputs stand beside it,
and what treaties say of core crimes is told from ``cases/data/limitation_and_age.yaml`` with its source.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from cases.models import LimitationPeriod, Offence

DATA = Path(__file__).parent / "data" / "limitation_and_age.yaml"
Interruption = LimitationPeriod.Interruption


@dataclass(frozen=True)
class TreatyRule:
    """What a treaty says, with where it stands and how sure that is."""

    code: str
    title: str
    article: str
    note: str
    source: str
    as_of: str
    confidence: str
    families: frozenset[str] = frozenset()
    below: int = 0

    @property
    def is_verified(self) -> bool:
        return self.confidence == "verified"


@dataclass(frozen=True)
class Computed:
    """One period: the first day after which it would be over, or None, and why there is none.

    ``last_day`` is the last day of the period; ``over`` whether it lies before today.
    """

    period: LimitationPeriod
    runs_from: date | None
    last_day: date | None
    why_not: str
    over: bool


@dataclass(frozen=True)
class OfLimitation:
    """What can be said of one offence: treaties that exclude limitation, and periods computed."""

    offence: Offence
    excluded_by: tuple[TreatyRule, ...]
    periods: tuple[Computed, ...]


@lru_cache(maxsize=1)
def data() -> dict[str, tuple[TreatyRule, ...]]:
    loaded: dict[str, list[dict[str, Any]]] = yaml.safe_load(DATA.read_text(encoding="utf-8"))

    def rule(entry: dict[str, Any]) -> TreatyRule:
        told = dict(entry)
        families = frozenset(told.pop("families", ()))
        note = told.pop("says", None) or told.pop("note", "")
        return TreatyRule(**told, note=note, families=families)

    return {name: tuple(rule(entry) for entry in entries) for name, entries in loaded.items()}


def of_offence(offence: Offence, today: date) -> OfLimitation:
    """Reads ``offence.limitation_periods``, which a caller with many offences prefetches."""
    return OfLimitation(
        offence,
        tuple(r for r in data()["not_subject_to_limitation"] if offence.family_id in r.families),
        tuple(compute(period, offence, today) for period in offence.limitation_periods.all()),
    )


def compute(period: LimitationPeriod, offence: Offence, today: date) -> Computed:
    """The last day of a period on the inputs given.

    1. It runs from the day entered, else from the last (or only) day of the acts.
    2. Interrupted, it begins anew on the day of the interruption.
    3. Its last day is the day before the one with the same number, so many years and months later;
       days on which it stood still are added.
    """
    starts = period.runs_from or offence.acts_until or offence.acts_from
    if period.none_runs:
        return Computed(period, starts, None, _("No limitation under this law."), False)
    if starts is None:
        return Computed(
            period, None, None, _("Give the days of the acts or from when the period runs."), False
        )
    begins = starts
    if period.interruption == Interruption.RESTARTS and period.interrupted_on:
        begins = period.interrupted_on
    last = later(begins, (period.years or 0) * 12 + (period.months or 0)) - timedelta(days=1)
    if period.interruption == Interruption.SUSPENDED and period.suspended_days:
        last += timedelta(days=period.suspended_days)
    return Computed(period, begins, last, "", last < today)


def later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    month = day.month - 1 + months
    year = min(day.year + month // 12, date.max.year - 1)
    month = month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
