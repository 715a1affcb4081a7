"""What must hold whatever the question."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treaties.legal_basis import Question, resolve
from treaties.legal_basis_matrix import resolve_many
from treaties.models import Purpose
from treaties.participation import Act
from treaties.register_index import RegisterIndex

# The register in memory is read from the test database; what is asked of it there asks no engine.
pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

days = st.dates(date(1950, 1, 1), date(2030, 12, 31))
SYMMETRIC = [p for p in Purpose.values if p != Purpose.SURRENDER]


def _states(index: RegisterIndex) -> list[str]:
    return sorted(s.code for s in index.states.values() if s.kind == "state")


@pytest.fixture(scope="session")
def questions(index):
    states = _states(index)
    families = sorted(index.family_labels)
    measures = sorted(index.measure_labels)
    return st.builds(
        Question,
        st.sampled_from(states),
        st.sampled_from(states),
        st.sampled_from(SYMMETRIC),
        days,
        st.lists(st.sampled_from(families), max_size=2).map(tuple),
        st.lists(st.sampled_from(measures), max_size=2).map(tuple),
    ).filter(lambda q: q.requesting != q.requested)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_who_may_ask_whom_is_the_same_both_ways(index, questions, data):
    question = data.draw(questions)
    back = replace(question, requesting=question.requested, requested=question.requesting)
    assert resolve(question, index=index).codes == resolve(back, index=index).codes


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_every_instrument_is_answered_once_and_reciprocity_is_last(index, questions, data):
    answer = resolve(data.draw(questions), index=index)
    told = answer.codes + [u.code for u in answer.inapplicable]
    bilateral = ["BILATERAL"] if "BILATERAL" not in told else []
    assert sorted(told + bilateral) == sorted(index.instruments)
    assert answer.codes[-1] == "COMITY"
    assert all(u.reason and u.sentence for u in answer.inapplicable)


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_a_withdrawal_never_adds_a_basis_and_a_ratification_never_takes_one(index, questions, data):
    question = data.draw(questions)
    before = set(resolve(question, index=index).codes)
    code = data.draw(st.sampled_from(["UNTOC", "UNCAC", "CAT", "UN1988", "ICSFT", "ICPPED"]))
    key = (code, question.requested)
    when = data.draw(days)
    kept = index.acts.get(key, ())
    try:
        index._positions.clear()
        index.acts[key] = (*kept, Act("withdrawal", when, when))
        assert set(resolve(question, index=index).codes) <= before
        index._positions.clear()
        index.acts[key] = (*kept, Act("ratification", when, when))
        assert before <= set(resolve(question, index=index).codes)
    finally:
        index.acts[key] = kept
        index._positions.clear()


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_the_matrix_says_what_each_pair_alone_would_say(index, questions, data):
    question = replace(data.draw(questions), measures=())
    states = data.draw(
        st.lists(st.sampled_from(_states(index)), min_size=2, max_size=6, unique=True)
    )
    if data.draw(st.booleans()):
        states = list(dict.fromkeys(["AZE", "ARM", "LVA", "COD", "USA", *states]))
    for one, other, codes in resolve_many(
        states, purpose=question.purpose, on=question.on, offences=question.offences, index=index
    ):
        alone = resolve(replace(question, requesting=one, requested=other), index=index)
        assert list(codes) == alone.codes


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_an_instrument_appears_and_goes_only_on_a_recorded_day(index, questions, data):
    question = data.draw(questions)
    next_day = replace(question, on=question.on + timedelta(days=1))
    changed = set(resolve(question, index=index).codes) ^ set(resolve(next_day, index=index).codes)
    for code in changed:
        recorded = {index.instruments[code].footing.in_force_since}
        recorded |= {d.since for d in index.displacements}
        for state in (question.requesting, question.requested):
            for instrument in (code, index.instruments[code].parent or code, "EIO-2014"):
                for act in index.acts.get((instrument, state), ()):
                    recorded |= {act.date, act.entry_into_force}
        assert next_day.on in recorded
