"""The engine of running clocks, by examples and against an oracle that lives through every day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.calendars import WorkingDays, WorkingInBoth, public_holidays
from registry.clock_words import movement, sentence
from registry.refusals import Invalid
from registry.running_clock import (
    FREELY,
    NOT_EXTENDABLE,
    Allowance,
    ClockEvent,
    ClockState,
    EventKind,
    FixedEnd,
    run,
)
from registry.time_rules import Rounding, Rule, Unit, due, end_of
from tests.registry.slow_clock_oracle import SlowClock, days_it_ran

BRUSSELS = ZoneInfo("Europe/Brussels")
BELGIUM = WorkingDays("Belgium", public=public_holidays("BE"))
SAUDI_ARABIA = WorkingDays("Saudi Arabia", weekend=frozenset({4, 5}), public=public_holidays("SA"))
START, SUSPEND, RESUME = EventKind.START, EventKind.SUSPEND, EventKind.RESUME
EXTEND, RESTART, MEET, STOP = EventKind.EXTEND, EventKind.RESTART, EventKind.MEET, EventKind.STOP


def rule(length: str, unit: Unit = Unit.DAYS, zone=BRUSSELS, **more) -> Rule:
    return Rule(length=Decimal(length), unit=unit, zone=zone, **more)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


def clock(chosen, *events, calendar=None, allowance=NOT_EXTENDABLE):
    calendars = {"": calendar} if calendar else {}
    return run(chosen, events, calendars, allowance=allowance)


STARTED = ClockEvent(START, at("2026-03-05T12:00"))


def paused(first: str, last: str, ground: str = "awaiting translation") -> list[ClockEvent]:
    return [
        ClockEvent(SUSPEND, at(first), ground=ground),
        ClockEvent(RESUME, at(last), ground=ground),
    ]


def test_a_clock_without_events_but_its_start_is_due_as_the_rule_says():
    found = clock(rule("60"), STARTED)
    assert found.due == due(rule("60"), STARTED.at).at
    assert "run" not in found.derivation


def test_a_pause_moves_the_due_day_by_the_days_it_lasted():
    found = clock(rule("60"), STARTED, *paused("2026-03-10T09:00", "2026-04-02T17:00"))
    assert found.last_day == date(2026, 5, 27)
    with translation.override("en"):
        assert movement(found.derivation) == (
            "paused 23 days awaiting translation; due 4 May, now 27 May"
        )


def test_the_whole_sentence_tells_the_rule_and_what_moved_it():
    chosen = rule("60", trigger="receipt of the request", article="12(3)")
    found = clock(chosen, STARTED, *paused("2026-03-10T09:00", "2026-04-02T17:00"))
    with translation.override("en"):
        assert sentence(found.derivation) == (
            "60 days from receipt of the request on 5 March 2026 in Europe/Brussels, Art. 12(3); "
            "ends Monday 4 May 2026, does not roll; "
            "paused 23 days awaiting translation; due 4 May, now 27 May"
        )


def test_overlapping_pauses_on_two_grounds_count_once():
    two = [
        *paused("2026-03-10T09:00", "2026-03-20T09:00"),
        *paused("2026-03-15T09:00", "2026-03-25T09:00", "court strike"),
    ]
    found = clock(rule("60"), STARTED, *two)
    assert found.last_day == date(2026, 5, 19)
    assert found.pauses[0].grounds == ("awaiting translation", "court strike")


def test_a_pause_within_a_day_moves_a_limit_in_hours_and_none_in_days():
    short = paused("2026-03-05T13:00", "2026-03-05T15:30")
    assert clock(rule("60"), STARTED, *short).last_day == date(2026, 5, 4)
    found = clock(rule("24", Unit.HOURS), STARTED, *short)
    assert found.due == at("2026-03-06T14:30")


def test_a_pause_in_hours_is_exact_across_the_night_the_clocks_change():
    started = ClockEvent(START, at("2026-03-28T12:00"))
    # From 20:00 to 08:00 are eleven hours when the clocks go forward.
    found = clock(rule("24", Unit.HOURS), started, *paused("2026-03-28T20:00", "2026-03-29T08:00"))
    assert found.due == at("2026-03-30T00:00")


def test_a_pause_counts_working_days_where_the_rule_does():
    started = ClockEvent(START, at("2026-03-30T09:00"))
    # Good Friday is worked in Belgium; Easter Monday, 6 April, is not.
    lost = paused("2026-04-02T10:00", "2026-04-07T10:00")
    found = clock(rule("5", Unit.WORKING_DAYS), started, *lost, calendar=BELGIUM)
    assert found.pauses[0].lost == 2
    assert found.last_day == date(2026, 4, 9)


def test_an_open_pause_says_since_when_and_what_remains():
    found = clock(rule("60"), STARTED, paused("2026-03-10T09:00", "2026-03-11T09:00")[0])
    assert found.state is ClockState.SUSPENDED
    assert (found.suspended_since, found.remaining) == (at("2026-03-10T09:00"), 55)
    with translation.override("en"):
        assert movement(found.derivation) == (
            "paused since 10 March awaiting translation; 55 days left when it goes on"
        )


def test_what_remains_is_what_there_is_after_the_pause():
    opened, closed = paused("2026-03-10T09:00", "2026-07-01T09:00")
    remaining = clock(rule("60"), STARTED, opened).remaining
    found = clock(rule("60"), STARTED, opened, closed)
    assert found.last_day == date(2026, 7, 1) + timedelta(days=int(remaining))


def test_a_limit_paused_on_its_last_day_is_not_over_before_it_goes_on():
    started = ClockEvent(START, at("2026-03-05T09:00"))
    # Due on Friday 6 March; paused that day, going on on Sunday.
    lost = paused("2026-03-06T10:00", "2026-03-08T10:00")
    found = clock(rule("1", Unit.WORKING_DAYS), started, *lost, calendar=BELGIUM)
    assert found.last_day == date(2026, 3, 8)


def test_a_pause_after_the_limit_ran_out_moves_nothing():
    found = clock(rule("10"), STARTED, *paused("2026-03-20T09:00", "2026-03-25T09:00"))
    assert found.last_day == date(2026, 3, 15)
    assert not found.pauses[0].counted


def test_rolling_comes_after_pauses():
    # 30 days end on Saturday 4 April; a day's pause makes that Easter Sunday, Tuesday is worked.
    chosen = rule("30", rolls=True)
    found = clock(
        chosen, STARTED, *paused("2026-03-10T09:00", "2026-03-11T09:00"), calendar=BELGIUM
    )
    assert found.last_day == date(2026, 4, 7)


def test_counting_afresh_begins_at_its_instant():
    again = ClockEvent(RESTART, at("2026-04-01T08:00"))
    found = clock(rule("60"), STARTED, *paused("2026-03-10T09:00", "2026-03-20T09:00"), again)
    assert (found.last_day, found.pauses) == (date(2026, 5, 31), ())
    with translation.override("en"):
        assert movement(found.derivation) == ("counted afresh from 1 April; due 4 May, now 31 May")


ONE_MONTH = Allowance(by="requested", times=1, length=Decimal(1), unit=Unit.MONTHS)


def extended(when: str, length: str = "1", unit: Unit = Unit.MONTHS, **more) -> ClockEvent:
    return ClockEvent(EXTEND, at(when), length=Decimal(length), unit=unit, **more)


def test_an_extension_within_the_allowance_lengthens_the_limit():
    found = clock(rule("60"), STARTED, extended("2026-03-20T09:00"), allowance=ONE_MONTH)
    assert found.last_day == date(2026, 6, 4)


@pytest.mark.parametrize(
    ("events", "allowance"),
    [
        ([extended("2026-03-20T09:00")], NOT_EXTENDABLE),
        ([extended("2026-03-20T09:00", "2")], ONE_MONTH),
        ([extended("2026-03-20T09:00", by="requesting")], ONE_MONTH),
        ([ClockEvent(EXTEND, at("2026-03-20T09:00"), until=date(2026, 5, 1))], FREELY),
    ],
)
def test_an_extension_beyond_the_allowance_has_no_effect_and_says_why(events, allowance):
    found = clock(rule("60"), STARTED, *events, allowance=allowance)
    assert found.last_day == date(2026, 5, 4)
    assert str(found.refused[0].why)


def test_a_second_extension_is_refused_where_the_rule_allows_one():
    twice = extended("2026-03-20T09:00"), extended("2026-04-20T09:00")
    found = clock(rule("60"), STARTED, *twice, allowance=ONE_MONTH)
    assert (len(found.extensions), len(found.refused)) == (1, 1)


def test_a_date_that_was_named_moves_with_pauses_and_extensions():
    named = FixedEnd(end_of(date(2026, 5, 4), BRUSSELS), BRUSSELS)
    until = ClockEvent(EXTEND, at("2026-03-07T09:00"), until=date(2026, 5, 10))
    found = clock(
        named, STARTED, until, *paused("2026-03-10T09:00", "2026-03-12T09:00"), allowance=FREELY
    )
    assert found.last_day == date(2026, 5, 12)


@pytest.mark.parametrize(("day", "state"), [("2026-05-04", "met"), ("2026-05-05", "missed")])
def test_what_meets_a_clock_after_its_last_day_leaves_it_missed(day, state):
    found = clock(rule("60"), STARTED, ClockEvent(MEET, at(f"{day}T10:00")))
    assert (found.state, found.settled_at) == (state, at(f"{day}T10:00"))


def test_what_comes_after_the_end_changes_nothing():
    stopped = ClockEvent(STOP, at("2026-03-09T09:00"))
    found = clock(rule("60"), STARTED, stopped, *paused("2026-03-10T09:00", "2026-03-20T09:00"))
    assert (found.state, found.last_day) == (ClockState.STOPPED, date(2026, 5, 4))
    assert len(found.refused) == 2


def test_a_clock_that_runs_from_a_day_to_come_can_be_met_before_it():
    found = clock(rule("15"), STARTED, ClockEvent(MEET, at("2026-03-02T09:00")))
    assert found.state is ClockState.MET


def test_a_lead_time_stays_where_it_is_whatever_is_paused():
    chosen = rule("50", backwards=True)
    found = clock(chosen, STARTED, *paused("2026-01-10T09:00", "2026-01-12T09:00"))
    assert found.last_day == date(2026, 1, 14)


def test_a_day_counts_in_both_calendars_only_where_it_is_worked_in_both():
    both = WorkingInBoth(BELGIUM, SAUDI_ARABIA)
    started = ClockEvent(START, datetime(2026, 6, 3, 9, tzinfo=UTC))
    # Thursday; then Friday and Saturday off in one, Saturday and Sunday in the other.
    found = clock(rule("2", Unit.WORKING_DAYS, UTC), started, calendar=both)
    assert found.last_day == date(2026, 6, 8)


def test_an_event_without_a_zone_is_refused():
    with pytest.raises(Invalid, match="zone_missing"):
        clock(rule("1"), ClockEvent(START, datetime(2026, 1, 1)))  # noqa: DTZ001


def test_an_end_beyond_the_calendar_is_refused():
    with pytest.raises(Invalid, match="date_out_of_range"):
        clock(
            rule("1"),
            ClockEvent(START, datetime(9999, 12, 20, tzinfo=UTC)),
            extended("9999-12-20T09:00"),
            allowance=FREELY,
        )


# --- against an oracle that lives through every day ------------------------------------------

ZONES = [
    "UTC",
    "Europe/Brussels",
    "America/Santiago",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/St_Johns",
]
CALENDARS = [BELGIUM, SAUDI_ARABIA, WorkingInBoth(BELGIUM, SAUDI_ARABIA)]
GROUNDS = ["awaiting translation", "court strike", "while execution is postponed"]


@st.composite
def rules(draw, units=tuple(Unit)):
    unit = draw(st.sampled_from(units))
    longest = {Unit.HOURS: 120, Unit.MONTHS: 8, Unit.YEARS: 2}.get(unit, 60)
    rounding = draw(st.sampled_from(Rounding)) if unit is Unit.MONTHS else Rounding.NONE
    return Rule(
        length=Decimal(draw(st.integers(0, longest))),
        unit=unit,
        zone=ZoneInfo(draw(st.sampled_from(ZONES))),
        first_day_counted=draw(st.booleans()),
        rolls=draw(st.booleans()),
        rounding=rounding,
    )


def instants(span_days):
    """Around leap days, changes of the clocks and ends of years, on a quarter of an hour."""
    first = st.sampled_from(
        [
            datetime(2024, 2, 20, tzinfo=UTC),
            datetime(2026, 3, 20, tzinfo=UTC),
            datetime(2026, 10, 20, tzinfo=UTC),
            datetime(2027, 12, 15, tzinfo=UTC),
            datetime(2011, 12, 20, tzinfo=UTC),
        ]
    )
    return first, st.integers(0, span_days * 96 - 1).map(lambda n: timedelta(minutes=15) * n)


@st.composite
def lives(draw, kinds=tuple(EventKind), units=tuple(Unit), most=8):
    """A rule, a start and random events about it, in random order."""
    chosen = draw(rules(units))
    firsts, offsets = instants(100)
    first = draw(firsts)
    events = [
        ClockEvent(
            START, first + draw(offsets) / 10 // timedelta(minutes=15) * timedelta(minutes=15)
        )
    ]
    extensions = [Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS, Unit.YEARS]
    if chosen.unit is Unit.HOURS:
        extensions.append(Unit.HOURS)
    others = [kind for kind in kinds if kind is not START]
    for number in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from(others))
        more = {}
        if kind in {SUSPEND, RESUME}:
            more["ground"] = draw(st.sampled_from([*GROUNDS, ""] if kind is RESUME else GROUNDS))
        if kind is EXTEND and draw(st.booleans()):
            more["until"] = (first + timedelta(days=draw(st.integers(0, 200)))).date()
        elif kind is EXTEND:
            more["unit"] = draw(st.sampled_from(extensions))
            more["length"] = Decimal(draw(st.integers(1, 12)))
        more["by"] = draw(st.sampled_from(["", "requested", "court"])) if kind is EXTEND else ""
        events.append(ClockEvent(kind, first + draw(offsets), number=number + 1, **more))
    return chosen, draw(st.permutations(events)), draw(st.sampled_from(CALENDARS))


ALLOWANCES = [
    NOT_EXTENDABLE,
    FREELY,
    Allowance(by="requested", times=2),
    Allowance(by="requested", length=Decimal(10), unit=Unit.DAYS),
    Allowance(by="court", times=1, length=Decimal(5), unit=Unit.WORKING_DAYS),
]


@given(lives(), st.sampled_from(ALLOWANCES))
@settings(max_examples=500, deadline=None)
def test_the_engine_agrees_with_living_through_every_day(life, allowance):
    chosen, events, calendar = life
    found = run(chosen, events, {"": calendar}, allowance=allowance)
    lived = SlowClock(chosen, events, calendar, allowance).live()
    assert (found.state, found.settled_at) == (lived.state, lived.settled_at)
    assert found.due.astimezone(UTC) == lived.due.astimezone(UTC)
    assert len(found.extensions) == lived.used


@given(lives(kinds=(SUSPEND, RESUME, EXTEND, MEET)), st.sampled_from(ALLOWANCES))
@settings(max_examples=150, deadline=None)
def test_a_named_date_agrees_with_living_through_every_day(life, allowance):
    chosen, events, _calendar = life
    start = next(event for event in events if event.kind is START)
    last = start.at.astimezone(chosen.zone).date() + timedelta(days=int(chosen.length))
    events = [event for event in events if event.unit not in {Unit.WORKING_DAYS, Unit.HOURS}]
    named = FixedEnd(end_of(last, chosen.zone), chosen.zone)
    allowed = allowance if allowance.unit is not Unit.WORKING_DAYS else FREELY
    found = run(named, events, allowance=allowed)
    lived = SlowClock(named, events, None, allowed).live()
    assert found.state == lived.state
    assert found.due.astimezone(UTC) == lived.due.astimezone(UTC)


@given(lives(kinds=(SUSPEND, RESUME), units=(Unit.DAYS, Unit.WORKING_DAYS)))
@settings(max_examples=300, deadline=None)
def test_a_limit_in_days_ends_when_the_clock_has_run_so_many(life):
    chosen, events, calendar = life
    chosen = Rule(**{**chosen.__dict__, "rolls": False, "length": max(chosen.length, Decimal(1))})
    # An open pause has no end: all grounds end at last, after every other event.
    start = next(event for event in events if event.kind is START)
    last = max(event.at for event in events) + timedelta(days=1)
    started = [
        event for event in events if event.at >= start.at and (event.ground or event is start)
    ]
    closed = [*started, *(ClockEvent(RESUME, last, ground=ground) for ground in GROUNDS)]
    found = run(chosen, closed, {"": calendar})
    if all(pause.counted for pause in found.pauses):
        # By the instant: a zone that skipped a day (Apia, 30 December 2011) has no such last day.
        last_day = days_it_ran(chosen, closed, calendar)
        assert found.due == end_of(last_day, chosen.zone)


@given(lives(), st.sampled_from(ALLOWANCES), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_in_which_events_are_given_does_not_matter(life, allowance, chance):
    chosen, events, calendar = life
    shuffled = list(events)
    chance.shuffle(shuffled)
    one, other = (run(chosen, e, {"": calendar}, allowance=allowance) for e in (events, shuffled))
    assert (one.due, one.state, one.derivation) == (other.due, other.state, other.derivation)


@given(lives(kinds=(SUSPEND, RESUME)))
@settings(max_examples=150, deadline=None)
def test_no_pause_ever_makes_a_limit_end_earlier(life):
    chosen, events, calendar = life
    bare = [event for event in events if event.kind is START]
    assert run(chosen, events, {"": calendar}).due >= run(chosen, bare, {"": calendar}).due


@given(lives(), st.sampled_from(ALLOWANCES))
@settings(max_examples=150, deadline=None)
def test_every_life_can_be_read(life, allowance):
    chosen, events, calendar = life
    found = run(chosen, events, {"": calendar}, allowance=allowance)
    assert sentence(found.derivation)
    if found.due != found.first_due or found.suspended_since:
        assert movement(found.derivation)
