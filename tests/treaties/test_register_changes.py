"""What an office records changes the answer at once: a treaty of its own, a ratification."""

from datetime import date

import pytest

from treaties.legal_basis import Question, resolve
from treaties.models import CoveredPurpose, Instrument, Participation

pytestmark = pytest.mark.usefixtures("register")

ON = date(2026, 6, 1)


def _bind(instrument: str, state: str, since: date) -> None:
    Participation.objects.update_or_create(
        instrument_id=instrument,
        state_id=state,
        action=Participation.Action.RATIFICATION,
        defaults={"date": since, "entry_into_force": since},
    )


@pytest.fixture
def convention_in_force():
    """The Ljubljana-The Hague Convention, had it entered into force for Latvia and the DR Congo."""
    convention = Instrument.objects.get(code="LTH-2023")
    convention.in_force, convention.in_force_since = "yes", date(2025, 12, 1)
    convention.save()
    for state in ("LVA", "COD"):
        _bind("LTH-2023", state, date(2025, 12, 1))


def _ask(*offences: str, purpose: str = "mla", states: tuple[str, str] = ("LVA", "COD")):
    return resolve(Question(*states, purpose, ON, offences))


def test_the_convention_is_proposed_for_core_crimes_once_in_force(convention_in_force):
    answer = _ask("crimes_against_humanity")
    assert answer.proposed.code == "LTH-2023"
    assert answer.proposed.offences[0]["article"] == "5"
    assert {"code": "lv"}.items() <= _ask("genocide", states=("COD", "LVA")).proposed.languages[
        0
    ].items()


def test_an_annex_crime_is_covered_where_both_have_accepted_the_annex(convention_in_force):
    assert "LTH-2023" in _ask("torture").codes


def test_an_annex_crime_is_not_covered_where_one_has_not_accepted_the_annex(convention_in_force):
    refused = _ask("enforced_disappearance").why_not("LTH-2023")
    assert refused.reason == "annex_not_accepted"
    assert "Latvia" in refused.sentence
    assert "Congo" not in refused.sentence


def test_with_several_offences_the_annex_crime_not_accepted_is_named_as_not_covered(
    convention_in_force,
):
    basis = _ask("genocide", "enforced_disappearance").basis("LTH-2023")
    assert basis.offences_not_covered == ["enforced_disappearance"]


def test_a_bilateral_treaty_recorded_by_the_office_comes_before_universal_conventions():
    treaty = Instrument.objects.create(
        code="BEL-SEN-2020",
        title="Treaty between Belgium and Senegal",
        short_title="Belgium-Senegal treaty",
        kind="bilateral",
        offence_scope="any",
        rank=20,
        source="The office",
    )
    CoveredPurpose.objects.create(
        instrument=treaty, purpose="mla", article="1", source="The office"
    )
    for state in ("BEL", "SEN"):
        _bind(treaty.code, state, date(2020, 1, 1))
    answer = _ask("corruption", states=("BEL", "SEN"))
    assert answer.codes[:2] == ["BEL-SEN-2020", "UNCAC"]
    assert answer.why_not("BILATERAL") is None


def test_a_question_costs_one_query_when_the_register_is_remembered(django_assert_num_queries):
    _ask("corruption")
    with django_assert_num_queries(1):
        _ask("corruption")
