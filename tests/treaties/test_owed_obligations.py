"""What a State owes on a day, and when it comes due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaties.models import Obligation
from treaties.owed_obligations import add_months, owed_by

DAYS = st.dates(date(1950, 1, 1), date(2090, 1, 1))


@pytest.fixture(autouse=True)
def _register(register):
    """The register as it is shipped."""


def due(state, code, on):
    return [o.due_on for o in owed_by(state, on) if o.obligation.pk == code]


def test_what_is_due_on_entry_into_force_is_due_on_the_first_day_of_being_bound():
    assert due("BEL", "UNTOC-06", date(2026, 1, 1)) == [date(2004, 9, 10)]


def test_what_is_due_on_deposit_is_due_on_the_day_of_the_deposit():
    assert due("BEL", "UNTOC-01", date(2026, 1, 1)) == [date(2004, 8, 11)]


def test_a_report_returns_after_its_years_with_the_last_one_due_and_the_next():
    assert due("BEL", "CAT-09", date(2026, 1, 1)) == [date(2024, 7, 25), date(2028, 7, 25)]


def test_the_first_report_alone_is_owed_before_it_is_due():
    assert due("BEL", "CAT-09", date(2000, 7, 24)) == [date(2000, 7, 25)]


def test_a_signatory_prepares_and_nothing_has_a_day():
    owed = owed_by("BEL", date(2026, 1, 1), instrument="LTH-2023")
    assert len(owed) == 37
    assert {(o.preparing, o.due_on) for o in owed} == {(True, None)}


def test_who_deposited_owes_what_is_due_on_deposit_before_being_bound():
    assert due("LVA", "LTH-16", date(2026, 1, 1)) == [date(2025, 8, 28)]


def test_before_joining_a_state_owes_nothing_under_an_instrument():
    assert owed_by("BEL", date(1999, 1, 1), instrument="UNTOC") == []


def test_after_leaving_a_state_owes_nothing_under_an_instrument():
    before, after = date(2017, 10, 26), date(2017, 10, 28)
    assert owed_by("BDI", before, instrument="ROME")
    assert owed_by("BDI", after, instrument="ROME") == []


def test_political_commitments_stand_apart_from_the_law():
    apart = [o for o in owed_by("BEL", date(2026, 1, 1)) if not o.obligation.binding]
    assert len(apart) > 15
    assert {o.obligation.instrument_id for o in apart} == {None}
    assert all(o.obligation.theme for o in apart)


def test_a_commitment_of_one_state_is_owed_by_no_other():
    Obligation.objects.create(
        code="UPR-BEL-4-1.1",
        only_state_id="BEL",
        theme="universal_periodic_review",
        text="Ratify it.",
        category="reporting",
        kind="one_off",
        due_from="own_date",
    )
    on = date(2026, 1, 1)
    assert due("BEL", "UPR-BEL-4-1.1", on) == [None]
    assert due("SEN", "UPR-BEL-4-1.1", on) == []


def test_an_unknown_state_is_refused():
    with pytest.raises(KeyError):
        owed_by("XXX", date(2026, 1, 1))


@given(DAYS, st.integers(0, 600))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(st.dates(date(2000, 7, 25), date(2060, 1, 1)))
def test_of_a_returning_report_one_day_has_passed_and_one_is_to_come(on):
    last, coming = due("BEL", "CAT-09", on)
    assert last <= on < coming
    assert coming == add_months(last, 48)
