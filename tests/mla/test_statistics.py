"""What became of the requests sent: counted, balanced, each number with its list."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mla import statistics
from mla.models import AssistanceRequest
from registry import timeline
from tests.factories import AssistanceRequestFactory, LetterFactory
from treaties import small_numbers

SINCE, UNTIL = date(2026, 1, 1), date(2026, 2, 28)
PERIOD = "?since=2026-01-01&until=2026-02-28"


def at(month, day, year=2026):
    return datetime(year, month, day, 12, tzinfo=UTC)


@pytest.fixture
def sent(register, office, drafter, approver):
    """``sent(instant, ended=…, refused=…)`` makes a request with the timeline of its life."""

    def make(sent_at, *, ended=None, refused=None, executed=None, acknowledged=None, reason="Why."):
        made = AssistanceRequestFactory(owner=office, drafter=drafter, now=sent_at)
        letter = LetterFactory(dossier=made.dossier)
        AssistanceRequest.objects.filter(pk=made.pk).update(
            basis="UNTOC",
            approved_by=approver,
            approved_at=sent_at,
            letter=letter,
            sent_at=sent_at,
            acknowledged_at=acknowledged,
            closed_at=ended,
        )
        said = {"sent_at": sent_at.isoformat()}
        timeline.record(made.dossier, "mla.sent", actor=drafter, at=sent_at, **said)
        for event, when in (("mla.refused", refused), ("mla.executed", executed)):
            if when:
                timeline.record(made.dossier, event, actor=drafter, at=when, reason=reason)
        if ended:
            timeline.record(made.dossier, "mla.closed", actor=drafter, at=ended)
        return made

    return make


def figures(office, user):
    return statistics.of_period(office, SINCE, UNTIL, user)


def test_stock_and_flow_balance(sent, office, drafter):
    sent(at(12, 1, 2025))
    sent(at(12, 2, 2025), ended=at(1, 5))
    sent(at(12, 3, 2025), ended=at(12, 20, 2025))
    sent(at(1, 10))
    sent(at(1, 11), ended=at(2, 1))
    sent(at(1, 12), ended=at(3, 1))
    sent(at(3, 5))
    found = figures(office, drafter)
    assert [found.count(c) for c in ("carried", "new", "ended", "open")] == [2, 3, 2, 3]
    assert found.balanced


def test_a_record_that_contradicts_its_timeline_breaks_the_table_by_name(
    sent, office, drafter, signed_in
):
    sent(at(1, 10))
    broken = sent(at(1, 11))
    AssistanceRequest.objects.filter(pk=broken.pk).update(closed_at=at(2, 1))
    found = figures(office, drafter)
    assert [m.reference for m in found.breaks] == [broken.dossier.reference]
    page = signed_in(drafter).get(reverse("statistics") + PERIOD).content.decode()
    assert "does not balance" in page
    assert broken.dossier.reference in page


def test_answers_and_medians(sent, office, drafter):
    sent(at(1, 1), refused=at(1, 11), acknowledged=at(1, 4))
    sent(at(1, 1), refused=at(1, 21), acknowledged=at(1, 6), reason=" ")
    sent(at(1, 1), executed=at(2, 10), acknowledged=at(1, 8))
    found = figures(office, drafter)
    assert (found.count("refused"), found.count("refused_with_reasons")) == (2, 1)
    assert found.days == {"acknowledged": 5, "executed": 40, "refused": 15}


def test_open_requests_are_told_by_age(sent, office, drafter):
    for days, code in (
        (5, "under_30"),
        (40, "30_to_89"),
        (100, "90_to_179"),
        (400, "365_and_more"),
    ):
        made = sent(at(2, 28) - timedelta(days=days))
        assert made.dossier.reference in [
            m.reference for m in figures(office, drafter).matters[code]
        ]


def test_what_one_may_not_see_is_not_counted(sent, office, drafter, colleague, stranger, signed_in):
    made = sent(at(1, 10))
    made.dossier.confidentiality = "sealed"
    made.dossier.save()
    assert figures(office, drafter).count("new") == 1
    assert figures(office, colleague).count("new") == 0
    assert figures(office, None).count("new") == 0
    for person in (colleague, stranger):
        page = signed_in(person).get(reverse("statistics-list", args=["new"]) + PERIOD)
        assert made.dossier.reference.encode() not in page.content


def test_the_pack_lists_nothing_that_one_may_not_see(sent, office, drafter, colleague, signed_in):
    made = sent(at(1, 10))
    made.dossier.confidentiality = "sealed"
    made.dossier.save()
    for person, listed in ((drafter, True), (colleague, False)):
        pack = signed_in(person).get(reverse("evaluation-pack") + PERIOD).content
        with zipfile.ZipFile(io.BytesIO(pack)) as files:
            found = [made.dossier.reference.encode() in files.read(n) for n in files.namelist()]
        assert any(found) is listed


def test_every_number_opens_its_list(sent, office, drafter, signed_in):
    made = sent(at(1, 10))
    client = signed_in(drafter)
    page = client.get(reverse("statistics") + PERIOD).content.decode()
    assert reverse("statistics-list", args=["new"]) in page
    listed = client.get(reverse("statistics-list", args=["new"]) + PERIOD).content.decode()
    assert made.dossier.reference in listed
    assert client.get(reverse("statistics-list", args=["nonsense"])).status_code == 404


def test_the_list_goes_on_after_a_page(sent, office, drafter, signed_in, monkeypatch):
    monkeypatch.setattr("mla.web.statistics.ON_A_PAGE", 2)
    made = [sent(at(1, day)) for day in (10, 11, 12)]
    client = signed_in(drafter)
    first = client.get(reverse("statistics-list", args=["new"]) + PERIOD)
    second = client.get(reverse("statistics-list", args=["new"]) + "?" + first.context["next"])
    assert [r.pk for r in second.context["rows"]] == [made[2].pk]


def test_the_file_holds_the_figures(sent, office, drafter, signed_in):
    sent(at(1, 10))
    answer = signed_in(drafter).get(reverse("statistics") + PERIOD + "&form=csv")
    rows = dict(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows["Sent in the period"] == "1"


def test_the_figures_cost_the_same_however_many(sent, office, drafter, django_assert_num_queries):
    sent(at(1, 10))
    figures(office, drafter)
    with django_assert_num_queries(5):
        figures(office, drafter)
    for day in range(11, 16):
        sent(at(1, day))
    with django_assert_num_queries(5):
        figures(office, drafter)


# --- small numbers --------------------------------------------------------------------------

PARTS = st.dictionaries(st.text(max_size=3), st.integers(0, 40), max_size=8)


@given(PARTS)
def test_no_small_number_is_told(parts):
    told, total = small_numbers.told(parts)
    assert all(number is None or not 0 < number < 5 for number in [*told.values(), total])


@given(PARTS)
def test_no_hidden_part_can_be_worked_out_from_the_others(parts):
    told, total = small_numbers.told(parts)
    hidden = [key for key, number in told.items() if number is None]
    assert total is None or len(hidden) != 1


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_share_never_tells_a_small_part_nor_a_small_rest(part, rest):
    value, of = small_numbers.share_told(part, part + rest)
    if value is not None:
        assert not small_numbers.is_small(value)
        assert not small_numbers.is_small(of - value)
