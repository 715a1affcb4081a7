"""Status tables and authorities, as pages and the API show them."""

from datetime import date

import pytest

from treaties import register as selectors

pytestmark = pytest.mark.usefixtures("register")


def test_a_status_table_tells_how_each_state_stands_on_the_day():
    parties = {p.state.code: p for p in selectors.parties_of("ROME", date(2026, 6, 2))}
    assert parties["FRA"].bound
    assert parties["HUN"].standing == "withdrawn"
    assert parties["USA"].standing == "signed_only"
    assert parties["HUN"].withdrawal.entry_into_force == date(2026, 6, 2)
    assert parties["FRA"].deposit.action == "ratification"


def test_a_state_page_lists_what_it_takes_part_in():
    held = {p.instrument.code: p for p in selectors.instruments_of_state("SEN", date(2026, 1, 1))}
    assert held["UNCAC"].since == date(2005, 12, 16)
    assert held["LTH-2023"].standing == "signed_only"
    assert "ETS30" not in held


def test_counts_agree_with_the_tables():
    on = date(2026, 1, 1)
    assert selectors.number_bound(on)["UNCAC"] == len(selectors.bound_states("UNCAC", on))


def test_authorities_are_found_by_instrument_and_function():
    names = [d.name for d in selectors.authorities_for("LVA", "LTH-2023", "mla")]
    assert names == ["Ministry of Justice", "Prosecutor General's Office"]
    assert {d.instrument for d in selectors.authorities_for("LVA")} == {
        "UNTOC",
        "ETS24",
        "LTH-2023",
    }


def test_a_status_table_costs_one_query(django_assert_num_queries):
    selectors.parties_of("UNCAC", date(2026, 1, 1))
    with django_assert_num_queries(1):
        selectors.parties_of("UNCAC", date(2026, 1, 1))
