"""The clocks that the register sets running, for any kind of matter, sent or received."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from registry import clock_rules, deadlines
from registry.clock_rules import BOTH, REQUESTED, REQUESTING, Side
from registry.models import Deadline, Dossier, User
from registry.time_rules import NoFixedPeriod, Unit, plain
from treaties.models import Instrument, TimeLimit
from treaties.time_limits import started_by, why_no_period

__all__ = ["Side", "bound_party", "bound_side", "law_of", "start_for", "start_limit"]

REQUESTING_SIDE = frozenset({"requesting", "issuing", "observing", "sentencing"})
BOTH_SIDES = frozenset({"both"})


def bound_side(limit: TimeLimit) -> str:
    """Which side a limit binds: ``requesting``, ``requested`` or ``both``."""
    if limit.bound_party in BOTH_SIDES:
        return BOTH
    return REQUESTING if limit.bound_party in REQUESTING_SIDE else REQUESTED


def bound_party(limit: TimeLimit, *, ours: str) -> str:
    """Whom a limit binds, seen from our side (``requesting`` or ``requested``)."""
    side = bound_side(limit)
    if side == BOTH:
        return Deadline.BoundParty.BOTH
    return Deadline.BoundParty.OURS if side == ours else Deadline.BoundParty.THEIRS


def law_of(limit: TimeLimit, *, counted_from: str = "") -> dict[str, Any]:
    """What a limit says, as a clock keeps it. Raises NoFixedPeriod where it has no period."""
    if limit.length is None or limit.unit not in set(Unit):
        raise NoFixedPeriod("no_fixed_period", why_no_period(limit))
    unit = Unit.WORKING_DAYS if counts_working_days(limit) else Unit(limit.unit)
    return {
        "length": plain(limit.length) if limit.length is not None else "",
        "unit": unit.value,
        "first_day_counted": limit.first_day_counted,
        "rolls": limit.rolls_to_working_day,
        "rounding": limit.rounding,
        "backwards": limit.kind == TimeLimit.Kind.LEAD_TIME,
        "trigger": limit.trigger,
        "counted_from": counted_from if counted_from != limit.trigger else "",
        "article": limit.article,
        "calendar_of": limit.calendar_of,
        "zone_of": limit.zone_of,
        "bound": bound_side(limit),
        "extension": {
            "by": limit.extension_by,
            "times": limit.extension_times,
            "length": plain(limit.extension_length) if limit.extension_length else "",
            "unit": limit.extension_unit,
            "article": limit.extension_article,
        },
        "suspended_by": limit.suspended_by,
        "resumed_by": limit.resumed_by,
    }


def counts_working_days(limit: TimeLimit) -> bool:
    return limit.unit == Unit.DAYS and limit.day_count == Unit.WORKING_DAYS


def start_for(
    dossier: Dossier,
    event: str,
    basis: Instrument | None,
    *,
    at: datetime,
    requesting: Side,
    requested: Side,
    ours: str,
    now: datetime,
    actor: User | None = None,
    counted_from: str = "",
    met_by: str = "",
) -> list[Deadline]:
    """Start every limit of the register whose ``starts_on`` is this event.

    Those of the legal basis and of the treaty that it supplements, and the office's own norms.
    ``ours`` is the side we are on (``requesting`` for what we send, ``requested`` for what we
    received). ``counted_from`` names the event where it stands for another (the sending, for a
    receipt that only the other side sees); ``met_by`` is the event that meets a limit for which
    the register names none. Whoever calls holds the dossier.
    """
    return [
        start_limit(
            dossier,
            limit,
            at=at,
            requesting=requesting,
            requested=requested,
            ours=ours,
            now=now,
            actor=actor,
            counted_from=counted_from,
            met_by=met_by,
        )
        for limit in started_by(event, basis)
    ]


def start_limit(
    dossier: Dossier,
    limit: TimeLimit,
    *,
    at: datetime,
    requesting: Side,
    requested: Side,
    ours: str,
    now: datetime,
    actor: User | None = None,
    counted_from: str = "",
    met_by: str = "",
) -> Deadline:
    """Start one limit of the register. Raises NoFixedPeriod where it has no period."""
    rule = clock_rules.kept(
        law_of(limit, counted_from=counted_from), requesting=requesting, requested=requested
    )
    return deadlines.start_by_rule(
        dossier,
        rule,
        label=limit.label or limit.consequence or limit.code,
        rule_code=limit.code,
        instrument=limit.instrument_id or "",
        article=limit.article,
        rule_confidence=limit.confidence,
        consequence=limit.consequence,
        bound_party=bound_party(limit, ours=ours),
        met_by_event=limit.met_by or met_by,
        started_from=counted_from or limit.trigger,
        started_at=at,
        critical=limit.critical,
        now=now,
        actor=actor,
    )


def laws(codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What the limits with these codes say now; those without a period are left out. One query."""
    found = TimeLimit.objects.filter(pk__in=list(codes), length__isnull=False, unit__in=list(Unit))
    return {limit.code: law_of(limit) for limit in found}
