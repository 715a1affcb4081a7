"""The resolver on the real register: pairs and days checked by hand against the data."""

import pytest

from treaties.declaration_effects import EFFECTS

pytestmark = pytest.mark.django_db  # the register in memory is read from the test database

# requesting, requested, purpose, offence, day, instrument, applies, reason if not
BOUNDARIES = [
    # Germany: UNCAC ratified 2014-11-12, in force for it 2014-12-12; France since 2005-12-14
    ("FRA", "DEU", "mla", "corruption", "2014-12-11", "UNCAC", "bound_later"),
    ("FRA", "DEU", "mla", "corruption", "2014-12-12", "UNCAC", None),
    ("FRA", "DEU", "mla", "corruption", "2014-11-11", "UNCAC", "signed_only"),
    # UNCAC itself entered into force on 2005-12-14
    ("FRA", "SEN", "mla", "corruption", "2005-12-13", "UNCAC", "not_yet_in_force"),
    ("FRA", "ZAF", "mla", "corruption", "2005-12-14", "UNCAC", None),
    # Senegal: UNCAC ratified 2005-11-16, in force for it 2005-12-16
    ("FRA", "SEN", "mla", "corruption", "2005-12-15", "UNCAC", "bound_later"),
    ("FRA", "SEN", "mla", "corruption", "2005-12-16", "UNCAC", None),
    # Bhutan acceded again; in force for it 2023-10-27
    ("IND", "BTN", "mla", "corruption", "2023-10-26", "UNCAC", "bound_later"),
    ("IND", "BTN", "mla", "corruption", "2023-10-27", "UNCAC", None),
    # Germany: second protocol in force 2015-06-01
    ("FRA", "DEU", "mla", "other", "2015-05-31", "ETS182", "signed_only"),
    ("FRA", "DEU", "mla", "other", "2015-06-01", "ETS182", None),
    # Montenegro succeeded on 2006-10-23
    ("SRB", "MNE", "mla", "organised_crime", "2006-10-22", "UNTOC", "bound_later"),
    ("SRB", "MNE", "mla", "organised_crime", "2006-10-23", "UNTOC", None),
    # Rome Statute: Burundi left on 2017-10-27, the Philippines on 2019-03-17, Hungary on 2026-06-02
    ("ICC", "BDI", "surrender", "genocide", "2017-10-26", "ROME", None),
    ("ICC", "BDI", "surrender", "genocide", "2017-10-27", "ROME", "withdrawn"),
    ("ICC", "PHL", "mla", "crimes_against_humanity", "2019-03-16", "ROME", None),
    ("ICC", "PHL", "mla", "crimes_against_humanity", "2019-03-17", "ROME", "withdrawn"),
    ("HUN", "ICC", "mla", "war_crimes", "2026-06-01", "ROME", None),
    ("HUN", "ICC", "mla", "war_crimes", "2026-06-02", "ROME", "withdrawn"),
    ("ICC", "MYS", "mla", "war_crimes", "2019-04-10", "ROME", "ratified_not_in_force"),
    ("ICC", "MYS", "mla", "war_crimes", "2019-04-29", "ROME", "withdrawn"),
    ("ICC", "USA", "mla", "war_crimes", "2026-01-01", "ROME", "signed_only"),
    ("ICC", "CHN", "mla", "war_crimes", "2026-01-01", "ROME", "never_participated"),
    # Rome Statute in force 2002-07-01
    ("ICC", "FRA", "mla", "war_crimes", "2002-06-30", "ROME", "not_yet_in_force"),
    ("ICC", "FRA", "mla", "war_crimes", "2002-07-01", "ROME", None),
    # the Order: from 2017-05-22; the United Kingdom to the end of 2020
    ("FRA", "GBR", "mla", "other", "2017-05-21", "EIO-2014", "bound_later"),
    ("FRA", "GBR", "mla", "other", "2017-05-22", "EIO-2014", None),
    ("FRA", "GBR", "mla", "other", "2020-12-31", "EIO-2014", None),
    ("FRA", "GBR", "mla", "other", "2021-01-01", "EIO-2014", "withdrawn"),
    ("FRA", "DNK", "mla", "other", "2020-01-01", "EIO-2014", "never_participated"),
    ("FRA", "IRL", "mla", "other", "2020-01-01", "EIO-2014", "never_participated"),
    ("BEL", "HRV", "mla", "other", "2020-01-01", "EIO-2014", None),
    # the Ljubljana-The Hague Convention: signed, ratified once, not established as in force
    ("BEL", "SEN", "mla", "genocide", "2026-11-23", "LTH-2023", "signed_only"),
    ("BEL", "LVA", "mla", "genocide", "2026-11-23", "LTH-2023", "signed_only"),
    ("BEL", "USA", "mla", "genocide", "2026-11-23", "LTH-2023", "never_participated"),
    ("BEL", "SEN", "mla", "genocide", "2024-02-13", "LTH-2023", "never_participated"),
    # where the register holds no acts at all
    ("FRA", "DEU", "extradition", "other", "2020-01-01", "ETS98", "participation_unknown"),
    ("FRA", "DEU", "transfer_of_sentenced_persons", "", "2020-01-01", "ETS112",
     "participation_unknown"),
    ("SEN", "NGA", "mla", "other", "2020-01-01", "ECOWAS-MLA-1992", "participation_unknown"),
    ("BRA", "ARG", "extradition", "other", "2020-01-01", "OAS-EXT-1981", "participation_unknown"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("requesting", "requested", "purpose", "offence", "on", "code", "reason"), BOUNDARIES
)
def test_the_day_decides(ask, requesting, requested, purpose, offence, on, code, reason):
    answer = ask(requesting, requested, purpose, on, *filter(None, [offence]))
    assert answer.error is None
    found = answer.why_not(code)
    assert (found.reason if found else None) == reason
    assert (code in answer.codes) == (reason is None)


@pytest.mark.parametrize(
    ("requesting", "requested", "code"),
    [
        ("ZZZ", "FRA", "unknown_state"),
        ("FRA", "", "unknown_state"),
        ("FRA", "fr", "same_state"),
        ("FRA", "EUE", "not_a_state"),
        ("HKG", "FRA", "territory"),
        ("FRA", "GRL", "territory"),
        ("ICC", "IIIM", "no_state"),
    ],
)
def test_what_is_not_two_states_has_its_own_error(ask, requesting, requested, code):
    answer = ask(requesting, requested, "mla", "2020-01-01")
    assert (answer.error.code, answer.applicable) == (code, [])


def test_a_body_can_be_asked_until_the_last_day_of_its_mandate(ask):
    assert ask("FRA", "UNITAD", "mla", "2024-09-17").error is None
    assert ask("FRA", "UNITAD", "mla", "2024-09-18").error.code == "body_mandate_ended"
    assert ask("FRA", "UNITAD", "mla", "2017-09-20").error.code == "body_not_yet_established"


@pytest.mark.parametrize(
    ("purpose", "offence", "measure", "code"),
    [
        ("divorce", "corruption", "", "unknown_purpose"),
        ("mla", "jaywalking", "", "unknown_offence"),
        ("mla", "corruption", "telepathy", "unknown_measure"),
    ],
)
def test_an_unknown_word_is_an_error_that_lists_the_known_ones(
    ask, purpose, offence, measure, code
):
    answer = ask(
        "FRA", "DEU", purpose, "2020-01-01", offence, measures=(measure,) if measure else ()
    )
    assert answer.error.code == code
    assert (
        "mla" in answer.error.sentence
        or "corruption" in answer.error.sentence
        or "jit" in (answer.error.sentence)
    )


@pytest.mark.parametrize(
    ("purpose", "offence"),
    [
        ("MLA", "Corruption"),
        ("assistance", "bribery"),
        ("mutual_legal_assistance", "CORRUPTION"),
        ("Mutual legal assistance", "corruption"),
    ],
)
def test_usual_words_mean_the_same_question(ask, purpose, offence):
    plain = ask("FRA", "BRA", "mla", "2020-01-01", "corruption")
    assert ask("fr", "bra", purpose, "2020-01-01", offence).codes == plain.codes


def test_two_states_with_nothing_in_common_have_reciprocity_with_an_explanation(ask):
    answer = ask("BEL", "SEN", "mla", "2026-11-23", "crimes_against_humanity")
    assert answer.codes == ["COMITY"]
    assert answer.proposed.code == "COMITY"
    assert "Belgium" in answer.proposed.reasons[0]
    assert "Senegal" in answer.proposed.reasons[0]


def test_the_order_takes_the_place_of_the_older_conventions(ask):
    answer = ask("FRA", "DEU", "mla", "2017-05-22", "corruption")
    assert answer.codes[0] == "EIO-2014"
    assert answer.why_not("ETS30").reason == "displaced"
    assert answer.basis("EIO-2014").displaces == ["ETS30", "ETS182"]
    assert "ETS30" in ask("FRA", "DEU", "mla", "2017-05-21", "corruption").codes


def test_what_the_order_leaves_to_the_older_conventions_stays_theirs(ask):
    answer = ask("FRA", "DEU", "mla", "2020-01-01", measures=("jit",))
    assert answer.proposed.code == "ETS30"
    assert answer.basis("ETS30").displaced == "EIO-2014"
    assert answer.basis("ETS182").measures[0]["article"] == "20"
    both = ask("FRA", "DEU", "mla", "2020-01-01", measures=("jit", "search_and_seizure"))
    assert both.proposed.code == "EIO-2014"


def test_a_general_treaty_comes_before_the_convention_that_gives_way_to_it(ask):
    assert ask("FRA", "DEU", "mla", "2014-12-12", "corruption").codes == [
        "ETS30",
        "UNCAC",
        "UNTOC",
        "COMITY",
    ]


def test_the_convention_that_covers_the_offence_without_condition_comes_first(ask):
    codes = ask("BRA", "SEN", "mla", "2020-01-01", "money_laundering").codes
    assert codes[:3] == ["UNTOC", "UNCAC", "UN1988"]
    assert ask("BRA", "SEN", "mla", "2020-01-01", "corruption").codes[:2] == ["UNCAC", "UNTOC"]


def test_of_several_offences_those_covered_and_those_not_are_named(ask):
    basis = ask("BRA", "SEN", "mla", "2020-01-01", "corruption", "torture").basis("UNCAC")
    assert [o["code"] for o in basis.offences] == ["corruption"]
    assert basis.offences_not_covered == ["torture"]


def test_without_an_offence_every_instrument_that_binds_is_given_with_what_it_covers(ask):
    answer = ask("BEL", "SEN", "mla", "2026-01-01")
    assert {"UNCAC", "UNTOC", "UN1988", "CAT", "ICSFT"} <= set(answer.codes)
    assert [o["code"] for o in answer.basis("CAT").offences] == ["torture"]


def test_a_declaration_excludes_extradition_but_not_assistance(ask):
    excluded = ask("USA", "FRA", "extradition", "2020-01-01", "corruption")
    assert excluded.why_not("UNCAC").reason == "declaration_excludes_extradition"
    assert "UNCAC" in ask("USA", "FRA", "mla", "2020-01-01", "corruption").codes


def test_a_partner_excluded_by_declaration_is_excluded_in_both_directions(ask):
    for pair in (("AZE", "ARM"), ("ARM", "AZE")):
        answer = ask(*pair, "mla", "2020-01-01", "corruption")
        assert answer.why_not("UNCAC").reason == "excluded_partner"
        assert "UNTOC" in answer.codes
    assert "UNCAC" in ask("AZE", "FRA", "mla", "2020-01-01", "corruption").codes


def test_genocide_supports_an_extradition_that_rests_on_another_basis(ask):
    answer = ask("FRA", "DEU", "extradition", "2020-01-01", "genocide")
    assert answer.proposed.code == "ETS24"
    assert answer.basis("GENOCIDE").strength == "supporting"
    assert answer.codes.index("GENOCIDE") > answer.codes.index("ETS24")
    alone = ask("BRA", "MNG", "extradition", "2020-01-01", "genocide")
    assert alone.proposed.code == "COMITY"


def test_a_supplement_needs_its_parent(ask):
    answer = ask("CHL", "DEU", "mla", "2010-01-01", "other")
    assert answer.why_not("ETS182").reason == "signed_only"


def test_a_purpose_that_an_instrument_does_not_serve_is_the_reason(ask):
    answer = ask("FRA", "DEU", "mla", "2020-01-01", "genocide")
    assert answer.why_not("GENOCIDE").reason == "purpose_not_covered"
    assert answer.why_not("UNMT-MLA").reason == "not_a_treaty"
    assert answer.why_not("BILATERAL").reason == "no_bilateral_recorded"


def test_the_statute_serves_cooperation_with_the_court_only(ask):
    assert ask("FRA", "DEU", "mla", "2020-01-01").why_not("ROME").reason == "not_between_states"
    assert ask("FRA", "ICC", "mla", "2020-01-01").proposed.code == "ROME"
    assert ask("FRA", "ICC", "mla", "2020-01-01").why_not("UNTOC").reason == "not_a_state"
    wrong_way = ask("FRA", "ICC", "surrender", "2020-01-01")
    assert wrong_way.why_not("ROME").reason == "asked_by_the_other_side"


def test_electronic_evidence_opens_the_budapest_convention_to_any_offence(ask):
    measures = ("expedited_preservation",)
    with_it = ask("USA", "SEN", "mla", "2020-01-01", "corruption", measures=measures)
    assert with_it.codes[0] == "ETS185"
    without = ask("USA", "SEN", "mla", "2020-01-01", "corruption")
    assert without.why_not("ETS185").reason == "offence_not_covered"


def test_a_measure_that_an_instrument_does_not_name_is_no_bar(ask):
    basis = ask("USA", "SEN", "mla", "2020-01-01", "corruption", measures=("interception",)).basis(
        "UNCAC"
    )
    assert basis.measures[0]["provided"] is False


def test_an_answer_rests_on_unverified_facts_only_openly(ask):
    answer = ask("FRA", "DEU", "mla", "2020-01-01")
    assert answer.basis("EIO-2014").verified is False


def test_languages_and_authorities_of_the_requested_state_come_with_their_source(ask):
    basis = ask("EST", "LVA", "mla", "2015-01-01", "organised_crime").basis("UNTOC")
    assert {language["code"] for language in basis.languages} == {"en", "lv"}
    assert [a["designated_under"] for a in basis.authorities] == ["UNTOC", "UNTOC"]


def test_every_effect_in_the_register_that_closes_something_has_words(index):
    for rows in index.declarations.values():
        for row in rows:
            for effect in row.effects:
                if "extradition" in effect["code"]:
                    assert effect["code"] in EFFECTS
