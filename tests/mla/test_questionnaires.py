"""Reviews' questionnaires are answered from what was published and counted, and packed in one file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from mla import evaluation_pack
from registry.models import Role
from registry.refusals import NotFound
from tests.factories import UserFactory
from treaties import assessments, obligation_files, questionnaires
from treaties.figures import figures_for
from treaties.models import Instrument, Obligation

SINCE, UNTIL = date(2026, 1, 1), date(2026, 3, 2)
PERIOD = "?since=2026-01-01&until=2026-03-02"


@pytest.fixture
def reporter(office):
    return UserFactory(works_in=office, role=Role.MINISTRY_REPORTER)


@pytest.fixture
def answered(register, office, reporter, now):
    """UNTOC's liability of legal persons, published."""
    other = UserFactory(works_in=office, role=Role.MINISTRY_REPORTER)
    file = obligation_files.open_file(
        office, Obligation.objects.get(pk="UNTOC-06"), 1, user=reporter, now=now
    )
    draft = assessments.begin(file, user=reporter, now=now)
    said = {
        "status": "met",
        "explanation": "By the Code.",
        "national_measures": [{"title": "Criminal Code", "article": "5", "date": None}],
    }
    assessments.save(draft, said, user=reporter, now=now)
    assessments.submit(draft, user=reporter, now=now)
    assessments.publish(draft, user=other, now=now)
    return file


def item(found, number):
    return next(i for i in found.items if i.number == number)


@pytest.mark.parametrize("code", list(questionnaires.known()))
def test_every_question_names_what_the_register_holds(code, register, office):
    known = set(Obligation.objects.values_list("pk", flat=True))
    figures = {f.code for f in figures_for(office, SINCE, UNTIL, None)}
    instruments = set(Instrument.objects.values_list("pk", flat=True))
    for asked in questionnaires.known()[code]["items"]:
        assert set(asked.get("obligations", ())) <= known
        assert set(asked.get("figures", ())) <= figures
        assert set(asked.get("instruments", ())) <= instruments
        assert set(asked.get("themes", ())) <= set(Obligation.Theme.values)
        assert set(asked.get("categories", ())) <= set(Obligation.Category.values)
        assert asked["question"].endswith("?")


def test_an_answer_is_what_was_published(answered, office, reporter):
    found = questionnaires.arrange(office, "UNTOC", SINCE, UNTIL, reporter)
    row = item(found, "10").rows[0]
    assert (row.status, row.assessment.explanation) == ("met", "By the Code.")
    assert item(found, "10").answered
    assert not item(found, "13").answered


def test_what_was_published_later_is_not_in_the_answer(answered, office, reporter):
    found = questionnaires.arrange(office, "UNTOC", SINCE, date(2026, 2, 1), reporter)
    assert not item(found, "10").answered


def test_the_table_has_a_line_for_each_answer_and_for_each_gap(answered, reporter, signed_in):
    answer = signed_in(reporter).get(
        reverse("questionnaire", args=["UNTOC"]) + PERIOD + "&form=csv"
    )
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    line = next(r for r in rows if r["Number"] == "10")
    assert (line["Answer"], line["Laws and measures"]) == ("Met", "Criminal Code, 5")
    assert {r["Number"] for r in rows} == {
        str(i["number"]) for i in questionnaires.known()["UNTOC"]["items"]
    }


def test_there_is_no_other_questionnaire(register, office, reporter, signed_in):
    with pytest.raises(NotFound):
        questionnaires.arrange(office, "NOPE", SINCE, UNTIL, reporter)
    assert signed_in(reporter).get(reverse("questionnaire", args=["NOPE"])).status_code == 404


def test_a_stranger_gets_the_answers_of_no_other_office(answered, stranger, signed_in):
    client = signed_in(stranger)
    for address in (reverse("questionnaire", args=["UNTOC"]), reverse("evaluation-pack")):
        assert b"By the Code." not in client.get(address + PERIOD).content


def test_the_pack_holds_everything_with_its_digests(answered, office, reporter):
    made = evaluation_pack.make(office, SINCE, UNTIL, user=reporter, now=timezone.now())
    with zipfile.ZipFile(io.BytesIO(made)) as pack:
        manifest = json.loads(pack.read("manifest.json"))
        names = set(pack.namelist()) - {"manifest.json"}
        assert set(manifest["files"]) == names
        for name, digest in manifest["files"].items():
            assert hashlib.sha256(pack.read(name)).hexdigest() == digest
    assert {f"questionnaires/{code}.xlsx" for code in questionnaires.known()} <= names
    assert "lists/refused.csv" in names


def test_the_pages_of_the_questionnaires_are_there(answered, reporter, signed_in):
    client = signed_in(reporter)
    assert b"Evaluation pack" in client.get(reverse("questionnaires")).content
    page = client.get(reverse("questionnaire", args=["UNTOC"]) + PERIOD).content
    assert b"By the Code." in page
    assert client.get(reverse("evaluation-pack") + PERIOD).content[:2] == b"PK"
