"""Comparing names across scripts: what is the same, what is not, and how well on the whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.names import Verdict, compare
from cases.names.pairs_file import compared, measured

DATA = Path(__file__).parents[1] / "data"
LETTERS = st.text(alphabet="aeioubdhklmnrsty -.'äçšждияمحدعליםΓρ习金", max_size=24)


def verdict(one: str, other: str) -> Verdict:
    return compare(one, other).verdict


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohamed Bouazizi", "محمد البوعزيزي"),
        ("Chtcherbakov Iouri", "Юрий Щербаков"),
        ("Fatou N'Diaye", "Njie Fatou"),
        ("Abderrahmane Tiani", "عبد الرحمن تياني"),
        ("Papadopoulos, Georgios", "Γεώργιος Παπαδόπουλος"),
        ("Šarec Marjan", "Marjan Sarec"),
        ("陳偉", "陈伟"),
        ("Park Geun-hye", "박근혜"),
        ("Dr. Amit Kumar", "अमित कुमार"),
        ("יצחק כהן", "Yitzhak Cohen"),
    ],
)
def test_spellings_of_one_name_are_the_same_across_scripts(one, other):
    assert verdict(one, other) == Verdict.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jamal Haddad", "Jamil Haddad"),
        ("محمود عباس", "Mohamed Abbas"),
        ("Alexander Ivanov", "Александра Иванова"),
        ("Иван Петрович Сидоров", "Ivan Sergeyevich Sidorov"),
        ("Abdul Aziz al-Saud", "عبد الرحمن آل سعود"),
        ("Kim Jong-il", "김정은"),
    ],
)
def test_the_same_family_name_with_another_given_name_is_another_person(one, other):
    assert verdict(one, other) == Verdict.DIFFERENT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("J. Haddad", "Jamal Haddad"),
        ("Haddad", "Jamal Haddad"),
        ("Youssef Haddad", "Joseph Haddad"),
        ("Ivan Ivanov", "Ivan Ivanova"),
        ("Hassan Ali", "Ahmed Hassan Ali"),
        ("王伟", "汪玮"),
    ],
)
def test_what_cannot_be_sure_is_possible_and_says_why(one, other):
    found = compare(one, other)
    assert found.verdict == Verdict.POSSIBLE
    assert found.reasons


@given(LETTERS, LETTERS)
@settings(max_examples=300, deadline=None)
def test_the_order_of_the_two_names_does_not_matter(one, other):
    here, there = compare(one, other), compare(other, one)
    assert here.score == pytest.approx(there.score, abs=0.001)
    assert 0 <= here.score <= 1


@given(LETTERS.filter(lambda name: any(c.isalpha() for c in name)))
@settings(max_examples=100, deadline=None)
def test_a_name_is_the_same_as_itself(name):
    assert verdict(name, name) == Verdict.SAME


def test_recall_and_precision_on_names_never_tuned_on():
    with (DATA / "name_pairs_held_out.csv").open(encoding="utf-8", newline="") as file:
        measure = measured(compared(file))
    assert measure.all.pairs >= 500
    assert len(measure.by_scripts) >= 6
    precision, recall, _f1 = measure.all.rates()
    assert precision is not None
    assert precision >= 0.98
    assert recall is not None
    assert recall >= 0.94
