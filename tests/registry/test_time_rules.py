"""The arithmetic of time limits, against examples and against a slow oracle that only counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.calendars import Period, WorkingDays, public_holidays
from registry.refusals import Invalid
from registry.time_rules import NoFixedPeriod, Rounding, Rule, Unit, due, end_of, sentence
from tests.registry.slow_clock_oracle import SlowRule

BUENOS_AIRES = ZoneInfo("America/Argentina/Buenos_Aires")
BRUSSELS = ZoneInfo("Europe/Brussels")
BELGIUM = WorkingDays("Belgium", public=public_holidays("BE"))
SAUDI_ARABIA = WorkingDays("Saudi Arabia", weekend=frozenset({4, 5}), public=public_holidays("SA"))


def rule(length: str, unit: Unit, zone=UTC, **more) -> Rule:
    return Rule(length=Decimal(length), unit=unit, zone=zone, **more)


def last_day(length: str, unit: Unit, start: datetime, calendar=None, **more) -> date:
    calendars = {"": calendar} if calendar else {}
    return due(rule(length, unit, start.tzinfo, **more), start, calendars).last_day


def test_forty_days_from_an_arrest_late_in_the_evening_count_from_that_evening():
    arrest = datetime(2026, 3, 3, 23, 30, tzinfo=timezone(timedelta(hours=-3)))
    result = due(rule("40", Unit.DAYS, BUENOS_AIRES), arrest)
    assert result.at.isoformat() == "2026-04-12T23:59:59-03:00"


def test_the_same_instant_is_another_day_in_another_zone():
    arrest = datetime(2026, 3, 3, 23, 30, tzinfo=timezone(timedelta(hours=-3)))
    assert due(rule("40", Unit.DAYS, BRUSSELS), arrest).last_day == date(2026, 4, 13)


def test_the_first_day_counts_when_the_rule_says_so():
    start = datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert last_day("40", Unit.DAYS, start, first_day_counted=True) == date(2026, 4, 11)


def test_no_days_end_on_the_day_itself():
    start = datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert last_day("0", Unit.DAYS, start) == date(2026, 3, 3)
    assert last_day("0", Unit.DAYS, start, first_day_counted=True) == date(2026, 3, 3)


def test_hours_run_in_absolute_time_across_the_night_the_clocks_change():
    start = datetime(2026, 3, 28, 12, tzinfo=BRUSSELS)
    result = due(rule("24", Unit.HOURS, BRUSSELS), start)
    assert result.at.isoformat() == "2026-03-29T13:00:00+02:00"


def test_a_day_of_twenty_five_hours_ends_at_its_second_midnight():
    start = datetime(2026, 10, 24, 12, tzinfo=BRUSSELS)
    assert due(rule("1", Unit.DAYS, BRUSSELS), start).at.isoformat() == "2026-10-25T23:59:59+01:00"


def test_a_day_that_the_zone_skipped_ends_before_the_next_one_begins():
    apia = ZoneInfo("Pacific/Apia")
    assert end_of(date(2011, 12, 30), apia).isoformat() == "2011-12-29T23:59:59-10:00"


def test_an_hour_that_the_clocks_pass_twice_belongs_to_the_day():
    santiago = ZoneInfo("America/Santiago")
    assert end_of(date(2026, 4, 4), santiago).isoformat() == "2026-04-04T23:59:59-04:00"


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", "1", "2026-02-28"),
        ("2028-01-31", "1", "2028-02-29"),
        ("2026-08-31", "6", "2027-02-28"),
        ("2026-12-15", "1", "2027-01-15"),
    ],
)
def test_months_keep_the_day_or_take_the_last_of_the_month(start, months, end):
    begin = datetime.fromisoformat(f"{start}T12:00+00:00")
    assert last_day(months, Unit.MONTHS, begin) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("start", "years", "end"),
    [
        ("2024-02-29", "1", "2025-02-28"),
        ("2024-02-29", "4", "2028-02-29"),
        ("2022-11-09", "4.5", "2027-05-09"),
    ],
)
def test_years_survive_the_leap_day_and_halves(start, years, end):
    begin = datetime.fromisoformat(f"{start}T12:00+00:00")
    assert last_day(years, Unit.YEARS, begin) == date.fromisoformat(end)


def test_a_period_may_end_on_the_first_of_the_month_after():
    deposit = datetime(2025, 8, 28, 12, tzinfo=UTC)
    rounding = Rounding.FIRST_OF_NEXT_MONTH
    assert last_day("3", Unit.MONTHS, deposit, rounding=rounding) == date(2025, 12, 1)


def test_a_limit_that_rolls_ends_on_the_next_working_day():
    start = datetime(2026, 3, 3, 12, tzinfo=BRUSSELS)
    # Sunday 5 April 2026 is Easter; Easter Monday is a holiday in Belgium.
    assert last_day("33", Unit.DAYS, start, BELGIUM, rolls=True) == date(2026, 4, 7)


def test_a_limit_that_counts_backwards_rolls_to_the_working_day_before():
    hearing = datetime(2026, 4, 7, 9, tzinfo=BRUSSELS)
    assert last_day("1", Unit.DAYS, hearing, BELGIUM, rolls=True, backwards=True) == date(
        2026, 4, 3
    )


def test_friday_is_no_working_day_where_the_weekend_is_friday_and_saturday():
    thursday = datetime(2026, 6, 4, 12, tzinfo=UTC)
    assert last_day("1", Unit.WORKING_DAYS, thursday, SAUDI_ARABIA) == date(2026, 6, 7)


def test_an_office_can_close_on_a_working_day_and_work_on_a_holiday():
    office = WorkingDays(
        "Brussels court",
        public=public_holidays("BE"),
        periods=(
            Period(date(2026, 7, 1), date(2026, 8, 31), False, "Court recess"),
            Period(date(2026, 7, 21), date(2026, 7, 21), True, "Duty day"),
        ),
    )
    assert not office.is_working_day(date(2026, 7, 20))
    assert office.why_not(date(2026, 7, 20)) == "Court recess"
    assert office.is_working_day(date(2026, 7, 21))


def test_a_word_is_not_a_period():
    with pytest.raises(NoFixedPeriod):
        due(rule("0.3", Unit.YEARS), datetime(2026, 1, 1, tzinfo=UTC))


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(Invalid, match="zone_missing"):
        due(rule("1", Unit.DAYS), datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_limit_beyond_the_calendar_is_refused_and_names_the_field():
    with pytest.raises(Invalid) as refusal:
        due(rule("1", Unit.YEARS), datetime(9999, 6, 1, tzinfo=UTC))
    assert "from" in refusal.value.fields


def test_a_calendar_without_working_days_is_refused_instead_of_searched_for_ever():
    never = WorkingDays("Nowhere", weekend=frozenset(range(7)))
    with pytest.raises(Invalid, match="calendar_without_working_days"):
        last_day("3", Unit.WORKING_DAYS, datetime(2026, 1, 1, tzinfo=UTC), never)


def test_the_derivation_reads_as_a_sentence():
    arrest = datetime(2026, 3, 3, 23, 30, tzinfo=timezone(timedelta(hours=-3)))
    provisional_arrest = rule(
        "40", Unit.DAYS, BUENOS_AIRES, trigger="date of provisional arrest", article="16(4)"
    )
    with translation.override("en"):
        assert due(provisional_arrest, arrest).sentence() == (
            "40 days from date of provisional arrest on 3 March 2026 in "
            "America/Argentina/Buenos_Aires, Art. 16(4); ends Sunday 12 April 2026, does not roll"
        )


def test_the_derivation_says_why_a_limit_rolled():
    start = datetime(2026, 3, 3, 12, tzinfo=BRUSSELS)
    rolling = rule("33", Unit.DAYS, BRUSSELS, rolls=True, trigger="receipt of the request")
    with translation.override("en"):
        assert sentence(due(rolling, start, {"": BELGIUM}).derivation).endswith(
            "; would end Sunday 5 April 2026, no working day in Belgium (Easter Sunday); "
            "rolls to Tuesday 7 April 2026"
        )


# --- against an oracle that only counts (slow_clock_oracle.py) -------------------------------

ZONES = [
    "UTC",
    "Europe/Brussels",
    "America/Argentina/Buenos_Aires",
    "America/Santiago",
    "America/Havana",
    "Asia/Beirut",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Asia/Tehran",
    "America/St_Johns",
]
CALENDARS = [None, BELGIUM, SAUDI_ARABIA, WorkingDays("six days", weekend=frozenset({6}))]


@st.composite
def situations(draw):
    calendar = draw(st.sampled_from(CALENDARS))
    unit = draw(
        st.sampled_from([u for u in Unit if calendar is not None or u is not Unit.WORKING_DAYS])
    )
    longest = {Unit.HOURS: 200, Unit.MONTHS: 60, Unit.YEARS: 12}.get(unit, 400)
    length = Decimal(draw(st.integers(0, longest)))
    if unit is Unit.YEARS and draw(st.booleans()):
        length += Decimal("0.5")
    rounding = draw(st.sampled_from(Rounding)) if unit is Unit.MONTHS else Rounding.NONE
    chosen = Rule(
        length=length,
        unit=unit,
        zone=ZoneInfo(draw(st.sampled_from(ZONES))),
        first_day_counted=draw(st.booleans()),
        rolls=calendar is not None and draw(st.booleans()),
        backwards=draw(st.booleans()) and rounding is Rounding.NONE,
        rounding=rounding,
    )
    trigger = draw(
        st.datetimes(datetime(1995, 1, 1), datetime(2060, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
    )
    return chosen, trigger.replace(microsecond=0), calendar


@given(situations())
@settings(max_examples=300, deadline=None)
def test_the_engine_agrees_with_counting_by_hand(situation):
    chosen, trigger, calendar = situation
    found = due(chosen, trigger, {"": calendar} if calendar else {})
    assert found.at.astimezone(UTC) == SlowRule(chosen, calendar).due(trigger).astimezone(UTC)


@given(situations())
@settings(max_examples=100, deadline=None)
def test_a_longer_limit_never_ends_earlier(situation):
    chosen, trigger, calendar = situation
    calendars = {"": calendar} if calendar else {}
    longer = Rule(**{**chosen.__dict__, "length": chosen.length + 1})
    first, second = due(chosen, trigger, calendars).at, due(longer, trigger, calendars).at
    assert (second <= first) if chosen.backwards else (second >= first)


@given(situations())
@settings(max_examples=100, deadline=None)
def test_every_derivation_can_be_read(situation):
    chosen, trigger, calendar = situation
    found = due(chosen, trigger, {"": calendar} if calendar else {})
    assert str(found.last_day.year) in sentence(found.derivation)
