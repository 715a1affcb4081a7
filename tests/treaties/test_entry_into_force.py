"""Entry into force for a State follows from the instrument's own rule."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.models import Role
from tests.factories import UserFactory
from treaties.entry_into_force import binds_from, disagreements
from treaties.models import EntryIntoForceRule, Participation, RegisterChange
from treaties.register_editing import editing

DAYS = st.dates(min_value=date(1945, 1, 1), max_value=date(2090, 12, 31))
ROME = EntryIntoForceRule(length=60, unit="days", rounding="first_of_next_month")
EUROPE = EntryIntoForceRule(length=3, unit="months", rounding="first_of_next_month")


@pytest.fixture
def editor(office):
    return UserFactory(works_in=office, role=Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    ("rule", "deposit", "day"),
    [
        (EntryIntoForceRule(length=30, unit="days"), date(2004, 8, 11), date(2004, 9, 10)),
        (EntryIntoForceRule(length=90, unit="days"), date(1997, 8, 29), date(1997, 11, 27)),
        (EntryIntoForceRule(length=6, unit="months"), date(2023, 8, 31), date(2024, 2, 29)),
        (ROME, date(2015, 1, 2), date(2015, 4, 1)),
        (EUROPE, date(2025, 8, 28), date(2025, 12, 1)),
        (EUROPE, date(2025, 2, 1), date(2025, 6, 1)),
    ],
)
def test_the_day_follows_from_the_rule(rule, deposit, day):
    assert binds_from(rule, deposit, None) == day


def test_nobody_is_bound_before_the_instrument_is_in_force():
    rule = EntryIntoForceRule(length=30, unit="days")
    assert binds_from(rule, date(2001, 1, 1), date(2003, 9, 29)) == date(2003, 9, 29)


@given(DAYS, st.integers(0, 400))
def test_days_are_counted_one_by_one(deposit, length):
    day, slow = binds_from(EntryIntoForceRule(length=length, unit="days"), deposit, None), deposit
    for _number in range(length):
        slow += timedelta(days=1)
    assert day == slow


@given(DAYS, st.integers(0, 24))
def test_the_first_of_the_next_month_is_the_next_first(deposit, length):
    plain = binds_from(EntryIntoForceRule(length=length, unit="months"), deposit, None)
    day = binds_from(
        EntryIntoForceRule(length=length, unit="months", rounding="first_of_next_month"),
        deposit,
        None,
    )
    slow = plain + timedelta(days=1)
    while slow.day != 1:
        slow += timedelta(days=1)
    assert day == slow


@given(DAYS, DAYS, st.sampled_from([ROME, EUROPE]))
def test_who_deposits_later_is_not_bound_earlier(one, other, rule):
    first, second = sorted((one, other))
    assert binds_from(rule, first, None) <= binds_from(rule, second, None)


def test_nearly_all_recorded_days_are_those_that_the_rules_give(register):
    wrong = list(disagreements())
    consents = Participation.objects.filter(date__isnull=False).exclude(action="signature")
    assert len(wrong) < consents.count() / 100


def test_an_act_without_a_day_gets_the_one_of_the_rule_and_an_office_may_override_it(
    register, editor, now
):
    act = editing.add(
        "participation",
        {"instrument": "UNTOC", "state": "SSD", "action": "accession", "date": "2023-02-20",
         "source": "C.N.1"},
        reason="New.",
        user=editor,
        now=now,
    )  # fmt: skip
    assert (act.entry_into_force, act.entry_computed) == (date(2023, 3, 22), True)
    editing.change(
        "participation",
        str(act.pk),
        {"entry_into_force": "2023-04-01", "source": "C.N.2"},
        reason="The depositary said so.",
        seen=None,
        user=editor,
        now=now,
    )
    act.refresh_from_db()
    assert (act.entry_into_force, act.entry_computed) == (date(2023, 4, 1), False)
    assert RegisterChange.objects.first().reason == "The depositary said so."
