"""The rule that a deadline keeps: plain data, so that the clock knows tomorrow what it knew today.

A kept rule has the limit as the register had it (length, unit, whose calendar and zone, how far it
may be extended, what pauses it) and the two ``sides`` of the matter, from which calendar and zone
follow. A clock that no rule makes keeps the instant that somebody named (``until``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from registry.calendars import WorkingInBoth, working_days_of
from registry.models import Authority, State
from registry.running_clock import FREELY, NOT_EXTENDABLE, Allowance, FixedEnd
from registry.time_rules import Calendar, Rounding, Rule, Unit

REQUESTING, REQUESTED, BOTH, BOUND = "requesting", "requested", "both", "bound"
COUNTED_BY = "whose"
"""The key under which the engine is given the calendar of a kept rule."""


@dataclass(frozen=True)
class Side:
    """One side of a matter: its State, and the office that acts where it is known."""

    state: State
    authority: Authority | None = None

    @property
    def zone(self) -> str:
        """The zone in which its days are counted: its office's where known, else its State's."""
        return (self.authority.time_zone if self.authority else "") or self.state.time_zone

    def as_json(self) -> dict[str, Any]:
        office = self.authority.pk if self.authority else None
        return {"state": self.state.pk, "authority": office, "zone": self.zone}


@dataclass(frozen=True)
class Place:
    """Whose working days count: a State's, or those of one of its offices."""

    state: str
    authority: int | None = None


def kept(limit: Mapping[str, Any], *, requesting: Side, requested: Side) -> dict[str, Any]:
    """The rule to keep: what the limit says, with the sides of the matter."""
    sides = {REQUESTING: requesting.as_json(), REQUESTED: requested.as_json()}
    return {**limit, "sides": sides}


def fixed(until: datetime, zone: str) -> dict[str, Any]:
    """The rule of a clock that ends at an instant that somebody named; it can be moved freely."""
    return {"until": until.isoformat(), "zone": zone, "extension": {"by": "anyone"}}


def of_derivation(derivation: Mapping[str, Any]) -> dict[str, Any]:
    """The rule of which a derivation tells, as far as it does: without extension or sides."""
    return {
        "length": derivation["length"],
        "unit": derivation["unit"],
        "zone": derivation["zone"],
        "first_day_counted": derivation["first_day_counted"],
        "rolls": derivation["rolls"],
        "rounding": derivation["rounding"],
        "backwards": derivation["direction"] == "before",
        "trigger": derivation["trigger"],
        "counted_from": derivation["counted_from"],
        "article": derivation["article"],
    }


def side_meant(rule: Mapping[str, Any], whose: str) -> str:
    """The side that *bound* stands for. A limit that binds both counts where the request goes."""
    if whose != BOUND:
        return whose
    return REQUESTING if rule.get("bound") == REQUESTING else REQUESTED


def zone_of(rule: Mapping[str, Any]) -> str:
    """The zone in which the days of a rule begin and end; empty where the rule does not tell."""
    side = side_meant(rule, rule.get("zone_of") or BOUND)
    sides = rule.get("sides") or {}
    return str((sides.get(side) or {}).get("zone") or rule.get("zone") or "")


def places_of(rule: Mapping[str, Any]) -> list[Place]:
    """Whose working days a rule counts by, one place or two; none where it does not tell."""
    whose = side_meant(rule, rule.get("calendar_of") or BOUND)
    names = (REQUESTING, REQUESTED) if whose == BOTH else (whose,)
    sides = rule.get("sides") or {}
    known = (sides.get(name) for name in names)
    return [Place(side["state"], side.get("authority")) for side in known if side]


def engine_rule(rule: Mapping[str, Any], zone: tzinfo) -> Rule | FixedEnd:
    """The kept rule as the engine needs it."""
    if "until" in rule:
        return FixedEnd(datetime.fromisoformat(rule["until"]), zone)
    return Rule(
        length=Decimal(rule["length"]),
        unit=Unit(rule["unit"]),
        zone=zone,
        first_day_counted=rule.get("first_day_counted", False),
        rolls=rule.get("rolls", False),
        calendar=COUNTED_BY,
        backwards=rule.get("backwards", False),
        rounding=Rounding(rule.get("rounding", "")),
        trigger=rule.get("trigger", ""),
        counted_from=rule.get("counted_from", ""),
        article=rule.get("article", ""),
    )


def allowance_of(rule: Mapping[str, Any]) -> Allowance:
    """How far a kept rule may be extended."""
    extension = rule.get("extension") or {}
    if not extension.get("by"):
        return NOT_EXTENDABLE
    if extension["by"] == FREELY.by:
        return FREELY
    length, unit = extension.get("length"), extension.get("unit")
    return Allowance(
        by=extension["by"],
        times=extension.get("times"),
        length=Decimal(length) if length and unit else None,
        unit=Unit(unit) if length and unit else None,
        article=extension.get("article", ""),
    )


def calendars_for(places: list[Place]) -> dict[str, Calendar]:
    """The calendar of a kept rule, under the engine's key. Two queries a place at most."""
    days = [_working_days(place) for place in places[:2]]
    if not days:
        return {}
    return {COUNTED_BY: WorkingInBoth(*days) if len(days) == 2 else days[0]}


def _working_days(place: Place) -> Any:
    state = State.objects.get(pk=place.state)
    office = Authority.objects.filter(pk=place.authority).first() if place.authority else None
    return working_days_of(state, office)


def needs_calendar(rule: Mapping[str, Any]) -> bool:
    """Whether working days play a part in the rule."""
    extension = rule.get("extension") or {}
    return (
        bool(rule.get("rolls"))
        or rule.get("unit") == Unit.WORKING_DAYS
        or extension.get("unit") == Unit.WORKING_DAYS
    )
