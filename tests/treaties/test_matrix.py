"""One State against all others: the same answers as one by one, on the page, as files, by API."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from treaties.asking import Unclear
from treaties.legal_basis import Question, resolve
from treaties.legal_basis_matrix import one_against_all

ON = date(2026, 3, 2)


@pytest.mark.parametrize("purpose", ["mla", "extradition"])
def test_each_line_is_what_the_question_alone_is_answered(purpose, register):
    lines = one_against_all("BEL", purpose=purpose, on=ON)
    assert len(lines) > 180
    for line in lines[::9]:
        answer = resolve(Question("BEL", line.state.code, purpose, ON, (), ()))
        assert tuple(b.code for b in answer.applicable) == tuple(i.code for i in line.applicable)
        assert not answer.applicable or answer.applicable[0].article == line.article


def test_a_state_is_not_compared_with_itself(register):
    assert "BEL" not in [line.state.code for line in one_against_all("BEL", purpose="mla", on=ON)]


@pytest.mark.parametrize("state", ["ICC", "NOPE", ""])
def test_what_is_no_state_is_told(state, register):
    with pytest.raises(Unclear):
        one_against_all(state, purpose="mla", on=ON)


def test_the_page_narrows_and_exports(register, client):
    address = reverse("matrix") + "?state=BEL&purpose=mla&on=2026-03-02"
    page = client.get(address).content.decode()
    assert "Senegal" in page
    only = client.get(address + "&under=EIO-2014").content.decode()
    assert 'states/FRA/">' in only
    assert 'states/SEN/">' not in only
    rows = list(
        csv.reader(io.StringIO(client.get(address + "&form=csv").content.decode("utf-8-sig")))
    )
    lines = one_against_all("BEL", purpose="mla", on=ON)
    assert len(rows) == len(lines) + 1
    book = load_workbook(io.BytesIO(client.get(address + "&form=xlsx").content))
    assert book.active.max_row == len(lines) + 1


def test_an_unknown_state_is_told_on_the_page(register, client):
    page = client.get(reverse("matrix") + "?state=NOPE")
    assert page.status_code == 200
    assert "NOPE" in page.content.decode()


def test_the_page_costs_a_constant_number_of_queries(
    register, client, django_assert_max_num_queries
):
    address = reverse("matrix") + "?state=BEL"
    client.get(address)
    with django_assert_max_num_queries(6):
        client.get(address)


def test_programs_ask_for_it_too(register, drafter, signed_in):
    answer = signed_in(drafter).get("/api/v1/legal-basis/matrix/?state=be&on=2026-03-02").json()
    france = next(line for line in answer if line["state"] == "FRA")
    assert france["best"] == "EIO-2014"
    wrong = signed_in(drafter).get("/api/v1/legal-basis/matrix/?state=NOPE")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "state")
