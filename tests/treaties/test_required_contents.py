"""The list of what a request must contain, completed where the data says so."""

import pytest

from treaties.required_contents import particulars, request_template

pytestmark = pytest.mark.usefixtures("register")


def test_an_instrument_with_a_list_gives_its_own_with_articles():
    template = request_template("UNCAC", "mla")
    assert template.article == "46(15)"
    assert template.item("purpose").article == "46(15)(f)"
    assert not any(item.borrowed_from for item in template.items)


def test_a_supplement_is_completed_by_its_parent():
    template = request_template("ETS182", "mla")
    assert template.item("special_procedure").article == "8"
    assert template.item("requesting_authority").article == "European MLA Convention, 14(1)(a)"
    assert template.item("requesting_authority").borrowed_from == ""


def test_reciprocity_borrows_a_list_and_says_so():
    template = request_template("COMITY", "mla")
    assert template.items[0].key == "reciprocity_assurance"
    assert template.item("purpose").borrowed_from == "UNTOC"
    assert template.item("purpose").confidence == "unverified"


def test_an_unknown_instrument_has_no_list():
    assert request_template("NONE", "mla") is None


def test_every_instrument_that_carries_assistance_has_a_list(index):
    for code, facts in index.instruments.items():
        served = facts.purposes.get("mla")
        if served and facts.kind != "model":
            assert request_template(code, "mla"), code


def test_a_measure_has_its_particulars_in_order():
    assert [p.key for p in particulars("taking_evidence")][:2] == [
        "witness_identity_and_status",
        "list_of_questions",
    ]
