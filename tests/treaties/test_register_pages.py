"""The pages of a State and of an instrument: all that the register holds, and what one may see."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.models import LocalDay
from tests.factories import AssistanceRequestFactory
from treaties.participation_charts import bound_by_year, curve, world
from treaties.register import parties_of


def test_a_states_page_names_its_holidays_and_the_offices_own_days(register, client):
    LocalDay.objects.create(
        state_id="SEN", first_day=date(2026, 8, 3), last_day=date(2026, 8, 14), label="Court recess"
    )
    page = client.get(reverse("state", args=["SEN"]) + "?on=2026-03-02").content.decode()
    assert "Court recess" in page
    assert "Independence Day" in page
    assert "2027" in page


def test_open_matters_with_a_state_are_shown_to_who_may_see_them(
    office, drafter, stranger, signed_in, client
):
    request = AssistanceRequestFactory(owner=office, drafter=drafter, now=timezone.now())
    dossier = request.dossier
    page = reverse("state", args=[dossier.counterpart_id])
    assert dossier.reference in signed_in(drafter).get(page).content.decode()
    assert dossier.reference not in signed_in(stranger).get(page).content.decode()
    assert dossier.reference not in client.get(page).content.decode()
    dossier.confidentiality = "sealed"
    dossier.save()
    assert dossier.reference in signed_in(drafter).get(page).content.decode()


def test_the_instruments_page_shows_rule_chart_map_and_obligations(register, client):
    page = client.get(reverse("instrument", args=["UNTOC"]) + "?on=2026-03-02").content.decode()
    assert "30 days after its deposit" in page
    assert "States bound at the end of each year" in page
    assert "<circle" in page
    assert "What it obliges a State to do" in page


def test_the_chart_counts_who_is_bound_at_the_end_of_each_year(register):
    points = dict(bound_by_year("UNTOC", 2025))
    for year in (2003, 2010, 2025):
        on = date(year, 12, 31)
        assert points[year] == sum(p.bound for p in parties_of("UNTOC", on))
    assert 2002 not in points or points[2002] == 0


def test_a_chart_of_one_year_is_not_drawn():
    assert curve([(2026, 3)]) == ""


def test_the_map_has_a_dot_for_nearly_every_state(register):
    drawn = world(parties_of("UNTOC", date(2026, 3, 2)))
    assert drawn.count("<circle") > 180
    assert drawn.count("dot--bound") > 150


@pytest.mark.parametrize(("name", "code"), [("state", "BEL"), ("instrument", "UNCAC")])
def test_a_page_costs_a_constant_number_of_queries(
    name, code, register, client, django_assert_max_num_queries
):
    address = reverse(name, args=[code])
    client.get(address)
    with django_assert_max_num_queries(22):
        client.get(address)
