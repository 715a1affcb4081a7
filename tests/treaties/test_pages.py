"""The register's pages are open to everybody, on any day asked."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "address",
    [
        "/states/",
        "/states/?q=sen",
        "/states/BEL/",
        "/states/BEL/?on=2001-02-29",
        "/instruments/",
        "/instruments/LTH-2023/",
        "/instruments/UNTOC/?on=2003-09-29&standing=bound",
        "/legal-basis/",
        "/legal-basis/?requesting=BEL&requested=SEN&purpose=mla&offence=torture",
        "/legal-basis/?requesting=BEL&requested=BEL",
        "/legal-basis/?requesting=X&requested=Y&purpose=nonsense&on=never",
    ],
)
def test_a_page_of_the_register_answers(client, register, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/states/ZZZ/", "/states/%00/", "/instruments/%00/"])
def test_what_the_register_does_not_hold_is_not_there(client, register, address):
    assert client.get(address).status_code == 404


def test_the_answer_names_the_instrument_and_the_days_it_binds(client, register):
    page = client.get("/legal-basis/?requesting=BEL&requested=SEN&offence=torture").content.decode()
    assert "Convention against Torture" in page
    assert "25 July 1999" in page


def test_a_page_costs_the_same_for_a_small_instrument_and_a_large_one(
    client, register, django_assert_max_num_queries
):
    client.get("/instruments/UNTOC/")
    for code in ("UNTOC", "LTH-2023"):
        with django_assert_max_num_queries(16):
            client.get(f"/instruments/{code}/")
