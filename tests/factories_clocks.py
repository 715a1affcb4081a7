"""Clocks that run by a rule, with the two sides of a matter."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from registry import clock_rules, deadlines
from registry.clock_rules import Side
from registry.models import Deadline, Dossier
from tests.factories import StateFactory

STARTED = datetime(2026, 3, 5, 12, tzinfo=UTC)
EXTENDABLE = {"by": "requested", "times": 1, "length": "30", "unit": "days", "article": "12(5)"}


def clock_of(
    dossier: Dossier, *, now: datetime = STARTED, rule_code: str = "TEST-60", **rule: Any
) -> Deadline:
    """A clock of 60 days that binds Senegal, started on 5 March 2026, so due on 4 May."""
    law = {
        "length": "60",
        "unit": "days",
        "bound": "requested",
        "trigger": "receipt of the request",
        "extension": EXTENDABLE,
        "suspended_by": ["mla.translation_asked"],
        "resumed_by": ["mla.translation_given"],
        **rule,
    }
    sides = {"requesting": Side(dossier.owner.state), "requested": Side(StateFactory(code="SEN"))}
    return deadlines.start_by_rule(
        dossier,
        clock_rules.kept(law, **sides),
        label="Decision",
        rule_code=rule_code,
        instrument="",
        article="12",
        rule_confidence="verified",
        consequence="",
        bound_party=Deadline.BoundParty.THEIRS,
        met_by_event="mla.executed",
        started_from="receipt",
        started_at=now,
        critical=False,
        now=now,
    )
