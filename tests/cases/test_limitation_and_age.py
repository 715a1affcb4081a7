"""Limitation and age at the time of the acts: computed from what was entered, never a verdict."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import age_at_acts, case_file_parts, case_files, limitation
from cases.models import LimitationPeriod, Offence, Person
from registry.refusals import Invalid

TODAY = date(2026, 3, 2)


def offence(first: date | None = date(2010, 5, 3), last: date | None = date(2010, 5, 9)) -> Offence:
    return Offence(family_id="corruption", acts_from=first, acts_until=last)


def last_day(of: Offence, **period) -> date | None:
    return limitation.compute(LimitationPeriod(source="Art. 21", **period), of, TODAY).last_day


def test_a_period_runs_from_the_last_day_of_the_acts_and_ends_the_day_before_its_anniversary():
    assert last_day(offence(), years=15) == date(2025, 5, 8)
    assert last_day(offence(last=date(2012, 2, 29)), years=1) == date(2013, 2, 27)


def test_an_interruption_starts_it_anew_and_a_suspension_adds_its_days():
    anew = {"interruption": "restarts", "interrupted_on": date(2020, 1, 1)}
    assert last_day(offence(), years=15, **anew) == date(2034, 12, 31)
    assert last_day(offence(), years=15, interruption="suspended", suspended_days=30) == date(
        2025, 6, 7
    )


def test_without_a_day_to_run_from_nothing_is_computed_and_it_says_so():
    computed = limitation.compute(LimitationPeriod(years=5), offence(None, None), TODAY)
    assert (computed.last_day, computed.over) == (None, False)
    assert "days of the acts" in computed.why_not


def test_core_crimes_are_told_with_treaty_article_source_and_certainty():
    rules = limitation.data()["not_subject_to_limitation"]
    told = {rule.code for rule in rules if "genocide" in rule.families}
    assert {"UN-1968", "ROME", "LTH-2023"} <= told
    assert all(rule.source and rule.as_of for rule in rules)
    assert not next(rule for rule in rules if rule.code == "LTH-2023").is_verified


def test_an_age_is_a_range_where_the_birth_is_known_in_part():
    acts = offence(date(2024, 5, 3), date(2024, 5, 9))
    exact = age_at_acts.age(Person(birth_year=2006, birth_month=5, birth_day=5), acts)
    assert (exact.youngest, exact.oldest) == (17, 18)
    year = age_at_acts.age(Person(birth_year=2005), acts)
    assert (year.youngest, year.oldest) == (18, 19)
    guessed = age_at_acts.age(Person(birth_year=2005, birth_circa=True), acts)
    assert guessed.may_have_been_a_minor
    assert not year.may_have_been_a_minor
    child = age_at_acts.age(Person(birth_year=2010), acts)
    assert {each.result for each in child.against} == {"below"}


@settings(max_examples=25, deadline=None)
@given(st.dates(date(1940, 1, 1), date(2010, 1, 1)), st.dates(date(2010, 1, 2), date(2030, 1, 1)))
def test_knowing_less_of_a_birth_never_narrows_the_age(born, day):
    acts = offence(day, day)
    person = Person(birth_year=born.year, birth_month=born.month, birth_day=born.day)
    exact = age_at_acts.age(person, acts)
    vague = age_at_acts.age(Person(birth_year=born.year), acts)
    assert vague.youngest <= exact.youngest == exact.oldest <= vague.oldest


@pytest.fixture
def case(prosecution, first, now):
    return case_files.open_case_file(user=first, owner=prosecution, title="Case", now=now)


def test_a_period_names_its_source_and_an_offence_of_the_case(case, opened, first, now):
    elsewhere = opened().dossier.offences.get()
    by = {"user": first, "now": now}
    given_ = {"offence": elsewhere.pk, "country": "BEL", "years": "5", "source": ""}
    with pytest.raises(Invalid) as refused:
        case_file_parts.add(case, "limitation", given_, **by)
    assert list(refused.value.fields) == ["source"]
    with pytest.raises(Invalid) as refused:
        case_file_parts.add(case, "limitation", given_ | {"source": "Art. 21"}, **by)
    assert list(refused.value.fields) == ["offence"]


def test_the_page_shows_the_day_its_inputs_and_that_it_is_an_aid(case, first, signed_in, now):
    by = {"user": first, "now": now}
    made = case_file_parts.add(
        case, "offences",
        {"family": "war_crimes", "acts_from": "2010-05-03", "acts_until": "2010-05-09"}, **by,
    )  # fmt: skip
    case_file_parts.add(
        case, "limitation",
        {"offence": made.pk, "country": "BEL", "years": "15", "source": "Art. 21 PTCP"}, **by,
    )  # fmt: skip
    case_file_parts.add(
        case, "persons", {"role": "suspect", "family_name": "Young", "birth_year": "1993"}, **by
    )
    address = reverse("case-file", args=[case.dossier.reference])
    shown = signed_in(first).get(address).content.decode()
    for said in ("8 May 2025", "Art. 21 PTCP", "no verdict", "1968", "16 to 17 years",
                 "perhaps a minor", "unverified"):  # fmt: skip
        assert said in shown
