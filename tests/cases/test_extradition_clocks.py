"""No order of events loses a clock, and none that ran out slips by without a word."""

from __future__ import annotations

import contextlib
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import custody, extradition_law
from cases.extradition import MOVES, advance, possibilities
from cases.extradition_clocks import ARRESTED, limits_started_by, releases_due
from cases.models import ExtraditionCase
from cases.models import ExtraditionStatus as Status
from registry.models import Deadline
from registry.refusals import Refusal
from tests.cases.conftest import BRUSSELS

HOW_OFTEN = 2 if connection.vendor == "sqlite" else 1
"""The rules are the same on each engine: fewer examples show that the second keeps them too."""
ORDERS = st.lists(
    st.tuples(
        st.sampled_from(sorted(set(MOVES) - {"record_departure"})),
        st.integers(min_value=1, max_value=24 * 25),
    ),
    min_size=3,
    max_size=14,
)


def data_for(case: ExtraditionCase, name: str, at: datetime) -> dict[str, Any]:
    """Something sensible for everything that a move may need."""
    grounds = extradition_law.grounds_of_refusal(case)
    given: dict[str, Any] = {
        "at": at,
        "zone": BRUSSELS,
        "channel": "interpol",
        "reason": "As it went.",
        "outcome": "admissible",
        "outcome_at_home": "convicted",
        "grounds": [str(grounds[0].pk)] if grounds else [],
        "body": "The court",
        "return_by": at.date() + timedelta(days=60),
        "surrender_at": at + timedelta(days=10),
    }
    return {
        key: value for key, value in given.items() if key in MOVES[name].needs + MOVES[name].takes
    }


def told(case: ExtraditionCase) -> Counter:
    return Counter(case.dossier.timeline.values_list("event", flat=True))


def check(case: ExtraditionCase, now: datetime) -> None:
    """What must hold after every event, whatever came before."""
    clocks = list(case.dossier.deadlines.all())
    events = told(case)
    # 1. Every clock was announced, and every end of one is on the timeline.
    assert events["deadline.started"] == len(clocks)
    for state in ("met", "missed", "cancelled"):
        assert events[f"deadline.{state}"] == sum(c.state == state for c in clocks)
    # 2. No clock is past its due instant and settled as anything but missed, unless it was met or
    #    ended before it.
    for clock in clocks:
        if clock.settled_at and clock.settled_at > clock.due_at:
            assert clock.state == Deadline.State.MISSED, clock
    # 3. Who is arrested and waits for the formal request has both clocks of the arrest on record.
    if case.dossier.status == Status.ARRESTED:
        arrest = [c for c in clocks if c.met_by_event == "extradition.formal_request_received"
                  and c.started_at == case.arrested_at]  # fmt: skip
        assert {c.rule_code for c in arrest} == {
            limit.code for limit in limits_started_by(case, ARRESTED)
            if limit.met_by == "extradition.formal_request_received"
        }  # fmt: skip
        assert all(c.settled_at is None for c in arrest) or case.formal_request_received_at
    # 4. Held past a running clock's end: the page says so.
    late = [c for c in clocks if c.state == "running" and c.due_at < now
            and c.met_by_event == "extradition.formal_request_received"]  # fmt: skip
    if late and custody.is_held(case):
        assert {r.deadline.pk for r in releases_due(case, now)} >= {c.pk for c in late}
    # 5. A surrender date that stands has its clocks.
    if case.dossier.status == Status.SURRENDER_AGREED:
        assert any(c.started_at == case.surrender_at and c.settled_at is None for c in clocks)
    # 6. What has ended leaves nothing running.
    if not case.dossier.is_open:
        assert all(c.settled_at for c in clocks)


@pytest.mark.parametrize("direction", ["sent", "received"])
@settings(
    max_examples=10 * HOW_OFTEN, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(order=ORDERS)
def test_no_order_of_events_loses_a_clock(direction, order, opened, complete, first, second, now):
    case = complete(complete(opened(direction=direction), "provisional_arrest"))
    at = now
    for name, hours in order:
        at += timedelta(hours=hours)
        user = second if name == "send_formal_request" else first
        with contextlib.suppress(Refusal):
            advance(case, name, user=user, now=at, **data_for(case, name, at))
        case = ExtraditionCase.objects.select_related("dossier").get(pk=case.pk)
        check(case, at)


@settings(
    max_examples=7 * HOW_OFTEN, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(choices=st.lists(st.integers(min_value=0, max_value=50), min_size=6, max_size=16))
def test_no_walk_through_what_is_offered_loses_a_clock(choices, opened, complete, first, second,
                                                       now):  # fmt: skip
    case = complete(complete(opened(direction="received"), "provisional_arrest"))
    at = now
    for choice in choices:
        at += timedelta(hours=30)
        offered = [p.move.name for p in possibilities(case, second) if p.possible]
        offered = [name for name in offered if name not in {"withdraw", "close"}] or offered
        if not offered:
            break
        name = offered[choice % len(offered)]
        with contextlib.suppress(Refusal):
            advance(case, name, user=second, now=at, **data_for(case, name, at))
        case = ExtraditionCase.objects.select_related("dossier").get(pk=case.pk)
        check(case, at)


def test_a_clock_of_the_arrest_lives_through_a_late_record(opened, first, now):
    """An arrest recorded three weeks late: the first limit is overdue at once, not lost."""
    case = opened(direction="received")
    advance(case, "record_arrest", user=first, now=now, at=now - timedelta(days=21), zone=BRUSSELS)
    first_limit = case.dossier.deadlines.get(rule_code="ETS24-PA-18")
    assert first_limit.state == Deadline.State.RUNNING
    assert first_limit.due_at.date() == date(2026, 2, 27)
    assert [r.deadline.rule_code for r in releases_due(case, now)] == ["ETS24-PA-18"]
