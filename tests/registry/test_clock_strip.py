"""All clocks of a dossier on one line of time."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.template.loader import render_to_string

from registry.clock_strip import WIDTH, strip_of
from tests.factories import NOW, DeadlineFactory, DossierFactory, StateFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def dossier(office, drafter):
    return DossierFactory(owner=office, responsible=drafter)


def strip(dossier, now=NOW):
    return strip_of(dossier, dossier.deadlines.all(), now=now)


def drawn(dossier, now=NOW) -> str:
    context = {"strip": strip(dossier, now), "dossier": dossier}
    return unescape(render_to_string("registry/parts/clock_strip.html", context))


def test_a_dossier_without_clocks_has_no_strip(dossier):
    assert strip(dossier) is None
    assert drawn(dossier).strip() == ""


def test_start_now_and_end_are_in_order_and_within_the_line(dossier):
    DeadlineFactory(dossier=dossier, due_at=NOW + 30 * DAY)
    shown = strip(dossier, NOW + 10 * DAY)
    (row,) = shown.rows
    assert 0 < row.running.start < shown.now < row.due < WIDTH
    assert row.running.start + row.running.width == row.due
    assert not row.late
    assert row.overdue is None


def test_what_is_overdue_is_drawn_from_its_end_to_now(dossier):
    DeadlineFactory(dossier=dossier, started_at=NOW - 9 * DAY, due_at=NOW - 3 * DAY)
    shown = strip(dossier)
    (row,) = shown.rows
    assert row.late
    assert (row.overdue.start, row.overdue.start + row.overdue.width) == (row.due, shown.now)


def test_pauses_are_drawn_where_they_were_and_the_first_end_beside_the_present(dossier):
    run = {
        "pauses": [{"from": (NOW + 2 * DAY).isoformat(), "to": (NOW + 7 * DAY).isoformat()}],
        "first_due": (NOW + 20 * DAY).isoformat(),
    }
    DeadlineFactory(dossier=dossier, due_at=NOW + 25 * DAY, derivation={"run": run})
    (row,) = strip(dossier).rows
    (pause,) = row.pauses
    assert row.running.start < pause.start < pause.start + pause.width < row.first_due < row.due


def test_a_clock_that_is_paused_now_is_hatched_up_to_now_and_not_late(dossier):
    DeadlineFactory(dossier=dossier, started_at=NOW - 9 * DAY, due_at=NOW - DAY,
                    state="suspended", suspended_at=NOW - 5 * DAY)  # fmt: skip
    shown = strip(dossier)
    (row,) = shown.rows
    assert row.pauses[0].start + row.pauses[0].width == shown.now
    assert not row.late


def test_cancelled_clocks_are_left_out(dossier):
    DeadlineFactory(dossier=dossier, state="cancelled", settled_at=NOW)
    assert strip(dossier) is None


def test_the_days_off_of_both_states_are_in_it(dossier):
    DeadlineFactory(dossier=dossier, due_at=NOW + 60 * DAY)
    ours, theirs = strip(dossier).days_off
    assert (ours.state, theirs.state) == ("Belgium", "Senegal")
    assert "Easter Monday" in [name for _day, name, _place in ours.days]
    assert "Independence Day" in [name for _day, name, _place in theirs.days]


def test_unknown_holidays_are_said_to_be_so(office, drafter):
    unknown = StateFactory(code="XYZ", name="Atlantis", holiday_calendar="")
    dossier = DossierFactory(owner=office, responsible=drafter, counterpart=unknown)
    DeadlineFactory(dossier=dossier)
    assert "Days off: Atlantis: public holidays unknown" in " ".join(drawn(dossier).split())


def test_the_words_say_what_is_drawn(dossier):
    DeadlineFactory(dossier=dossier, label="Answer", started_at=NOW - 9 * DAY, due_at=NOW - DAY)
    words = " ".join(drawn(dossier).split("<details>")[1].split())
    assert "Answer: from 21 February 2026, 10:00 (UTC) to 1 March 2026, 10:00 (UTC)" in words
    assert "Running" in words
    assert "late" in words


def test_a_line_of_many_years_has_no_days_off_and_few_months(dossier):
    DeadlineFactory(dossier=dossier, due_at=NOW + 4000 * DAY)
    shown = strip(dossier)
    assert shown.days_off == []
    assert len(shown.months) < 15


def test_the_number_of_queries_does_not_grow(dossier, django_assert_num_queries):
    for days in range(1, 12):
        DeadlineFactory(dossier=dossier, due_at=NOW + days * DAY)
    clocks = list(dossier.deadlines.all())
    assert dossier.owner.state
    assert dossier.counterpart
    with django_assert_num_queries(2):
        strip_of(dossier, clocks, now=NOW)
