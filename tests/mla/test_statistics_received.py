"""What we did with the requests received: counted, in time, with reasons, and measured by treaty."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from mla import lifecycle, statistics_received, triage
from treaties.figures import counted, figures_for

SINCE, UNTIL = date(2026, 1, 1), date(2026, 12, 31)


def of(office, user):
    return statistics_received.of_period(office, SINCE, UNTIL, user)


def advance(request, move, user, now, **data):
    return lifecycle.advance(request, move, user=user, now=now, **data)


@pytest.fixture
def refused(in_triage, drafter, approver, now):
    """Refused by the book: a ground with reasons, a consultation, reasons."""
    first, *others = (asked.ground.pk for asked in triage.grounds_of(in_triage).asked)
    answers = dict.fromkeys(others, ("no", "")) | {first: ("yes", "It is not as asked for.")}
    triage.answer_grounds(in_triage, answers, user=drafter, expected_version=None, now=now)
    advance(in_triage, "consult", drafter, now, note="They insist.")
    day = now + timedelta(days=4)
    return advance(in_triage, "refuse", approver, day, reason="It cannot be given.")


def test_a_refusal_by_the_book_is_reasoned_consulted_and_measured_for_its_treaty(
    refused, office, drafter
):
    found = of(office, drafter)
    for code in ("received_new", "received_refused", "received_refused_with_reasons",
                 "received_refused_after_consultation"):  # fmt: skip
        assert found.count(code) == 1, code
    assert found.days["received_refused"] == 4
    measured = {
        (f.instrument, f.code): (f.value, f.of)
        for f in counted(office, SINCE, UNTIL, None)
        if f.instrument
    }
    assert measured["UNTOC", "refusals_reasoned"] == (1, 1)
    assert all(not figure.instrument for figure in figures_for(office, SINCE, UNTIL, None))


def test_an_acknowledgement_is_in_time_or_late_by_its_clock(register_request, office, drafter, now):
    early, late, _overdue = register_request(), register_request(), register_request()
    advance(early, "acknowledge", drafter, now, acknowledged_at=now)
    then = now + timedelta(days=60)
    advance(late, "acknowledge", drafter, then, acknowledged_at=then)
    found = of(office, drafter)
    assert found.count("received_acknowledged") == 2
    assert found.count("received_acknowledged_due") == 3
    assert found.count("received_acknowledged_in_time") == 1
    assert found.days["received_acknowledged"] == 30


def test_what_is_not_due_by_the_end_of_the_period_is_not_late(received, office, drafter, now):
    today = now.date()
    found = statistics_received.of_period(office, SINCE, today, drafter)
    assert found.count("received_acknowledged_due") == 0
    assert found.count("received_open") == 1


def test_returned_and_referred_requests_are_counted(register_request, office, drafter, now):
    returned, referred = register_request(), register_request()
    advance(returned, "return_as_deficient", drafter, now, reason="No facts.")
    advance(referred, "refer", drafter, now, reason="Theirs.", referred_to="Federal Police")
    found = of(office, drafter)
    assert (found.count("received_returned"), found.count("received_referred")) == (1, 1)


def test_a_sealed_request_counts_for_those_on_it_alone(
    register_request, office, drafter, colleague
):
    register_request(sealed=True)
    assert of(office, drafter).count("received_new") == 1
    assert of(office, colleague).count("received_new") == 0
    assert of(office, None).count("received_new") == 0


def test_the_figures_cost_the_same_however_many(
    register_request, office, drafter, django_assert_num_queries
):
    register_request()
    of(office, drafter)
    with django_assert_num_queries(3):
        of(office, drafter)
    register_request()
    with django_assert_num_queries(3):
        of(office, drafter)


def test_the_page_and_the_list_behind_a_number_show_them(refused, drafter, signed_in):
    client, asked = signed_in(drafter), "?since=2026-01-01&until=2026-12-31"
    page = client.get(reverse("statistics") + asked).content.decode()
    where = reverse("statistics-received-list", args=["received_refused"])
    assert where in page
    assert refused.dossier.reference in client.get(where + asked).content.decode()
    assert client.get(reverse("statistics-received-list", args=["nothing"])).status_code == 404
    told = client.get("/api/v1/statistics/" + asked).json()
    assert told["received"]["received_refused"] == 1


def test_every_figure_that_an_obligation_names_is_one_that_is_counted(register):
    from mla.statistics_for_reports import OF_AN_INSTRUMENT
    from treaties.models import Obligation

    named = set(Obligation.objects.exclude(figure="").values_list("figure", flat=True))
    assert named
    assert named <= set(OF_AN_INSTRUMENT)
