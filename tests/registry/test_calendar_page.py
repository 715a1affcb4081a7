"""The calendar of deadlines: its days, its filters, who sees what, what it costs."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from registry import state_directory
from registry.deadline_calendar import MOST_IN_A_SPAN, first_weekday, span_of_month, span_of_week
from registry.models import Deadline, LocalDay, NamedOnDossier
from tests.factories import (
    NOW,
    AuthorityFactory,
    DeadlineFactory,
    DossierFactory,
    StateFactory,
    officer_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_states_are_read_afresh():
    """The names of States outlive a test."""
    state_directory.forget()


@pytest.fixture
def clock(office, drafter):
    """``clock("Label", day=11)`` is a deadline that ends in March 2026 in an office's matter."""

    def make(label: str = "A clock", *, day: int = 11, **fields) -> Deadline:
        matter = {
            name: fields.pop(name)
            for name in ("kind", "counterpart", "confidentiality", "responsible", "owner")
            if name in fields
        }
        matter = {"owner": office, "responsible": drafter} | matter
        dossier = fields.pop("dossier", None) or DossierFactory(**matter)
        due = fields.pop("due_at", datetime(2026, 3, day, 12, tzinfo=UTC))
        return DeadlineFactory(dossier=dossier, label=label, due_at=due, **fields)

    return make


def shown(client, **query) -> str:
    query.setdefault("on", "2026-03-02")
    response = client.get(reverse("deadline-calendar"), query)
    assert response.status_code == 200
    return unescape(response.content.decode())


def day_of(page: str, day: str) -> str:
    """What stands under one day of the table."""
    found = re.search(rf'data-day="{day}".*?</td>', page, re.DOTALL)
    assert found, day
    return found[0]


# --- days ----------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_a_deadline_stands_on_its_day_in_every_view(view, clock, drafter, signed_in):
    clock("Answer awaited", day=4)
    page = shown(signed_in(drafter), view=view, on="2026-03-02")
    if view == "list":
        assert "Wednesday 4 March 2026" in page
        assert "Answer awaited" in page
    else:
        assert "Answer awaited" in day_of(page, "2026-03-04")


def test_days_are_those_of_the_readers_zone_and_say_what_day_it_is_there(clock, drafter, signed_in):
    drafter.time_zone = "Europe/Brussels"
    drafter.save()
    end_of_10_march = datetime(2026, 3, 11, 2, 59, 59, tzinfo=UTC)
    clock("Surrender", due_at=end_of_10_march, zone="America/Argentina/Buenos_Aires")
    page = shown(signed_in(drafter))
    assert "Surrender" in day_of(page, "2026-03-11")
    assert "10 March 2026, 23:59 (Buenos Aires) there" in day_of(page, "2026-03-11")


def test_the_last_second_of_the_last_day_shown_is_in_and_the_next_is_not(clock, drafter, signed_in):
    clock("In", due_at=datetime(2026, 4, 5, 23, 59, 59, tzinfo=UTC))
    clock("Out", due_at=datetime(2026, 4, 6, tzinfo=UTC))
    page = shown(signed_in(drafter))
    assert "In</a>" in day_of(page, "2026-04-05")
    assert "Out</a>" not in page


def test_a_week_begins_as_it_does_where_the_officer_works(drafter, signed_in, db):
    assert first_weekday(drafter) == 0
    egypt = AuthorityFactory(state=StateFactory(code="EGY", alpha2="EG", name="Egypt"))
    assert first_weekday(officer_of(egypt)) == 5
    assert span_of_week(date(2026, 3, 2), 5) == (date(2026, 2, 28), date(2026, 3, 6))


@pytest.mark.parametrize("begins", range(7))
@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_is_shown_in_whole_weeks(month, begins):
    first, last = span_of_month(date(2026, month, 15), begins)
    assert first.weekday() == begins
    assert (last - first).days % 7 == 6
    assert first <= date(2026, month, 1)
    assert (first + timedelta(days=6)).month == month or first.month == month
    assert last >= date(2026, month, 28)
    assert (last - timedelta(days=6)).month == month


def test_a_full_day_shows_some_and_leads_to_all(clock, drafter, signed_in):
    for number in range(7):
        clock(f"Clock {number}", day=11)
    page = shown(signed_in(drafter))
    assert day_of(page, "2026-03-11").count('class="entry ') == 4
    assert "3 more" in day_of(page, "2026-03-11")
    everything = shown(signed_in(drafter), view="list", days="1", on="2026-03-11")
    assert everything.count('<li class="entry ') == 7


def test_more_than_a_calendar_can_show_is_said(clock, drafter, signed_in):
    dossier = clock().dossier
    Deadline.objects.bulk_create(
        DeadlineFactory.build(dossier=dossier, label="Many", due_at=NOW + timedelta(days=1))
        for _ in range(MOST_IN_A_SPAN)
    )
    page = shown(signed_in(drafter))
    assert "more deadlines than a calendar can show" in page


@pytest.mark.parametrize("on", ["2026-02-30", "nonsense", "9999-12-31", "0001-01-01", "\x00"])
def test_a_day_that_is_none_gives_today_and_a_sentence(on, drafter, signed_in):
    page = shown(signed_in(drafter), on=on)
    assert f"<h1>{date_format(timezone.localdate(), 'F Y')}</h1>" in page
    assert "notice--warn" in page


def test_from_the_last_of_a_long_month_one_comes_to_the_short_one(drafter, signed_in):
    page = shown(signed_in(drafter), on="2026-03-31")
    assert "on=2026-02-28" in page
    assert "on=2026-04-30" in page


def test_an_empty_span_says_how_to_go_on(drafter, signed_in):
    assert "No deadline ends in these days" in shown(signed_in(drafter))


# --- days off ------------------------------------------------------------------------------


def test_public_holidays_of_both_states_are_shown(clock, drafter, signed_in, senegal):
    page = shown(signed_in(drafter), on="2026-04-15", state="SEN")
    assert "Belgium: Easter Monday" in day_of(page, "2026-04-06")
    assert "Senegal: Easter Monday" in day_of(page, "2026-04-06")
    assert "Senegal: Independence Day" in day_of(page, "2026-04-04")


def test_without_the_other_state_only_ones_own_days_are_shown(drafter, signed_in, senegal):
    page = shown(signed_in(drafter), on="2026-04-15")
    assert "Belgium: Easter Monday" in page
    assert "Senegal: " not in page


def test_the_offices_own_days_are_shown(drafter, signed_in, office):
    LocalDay.objects.create(state=office.state, authority=office, first_day=date(2026, 3, 12),
                            last_day=date(2026, 3, 13), label="Office moves")  # fmt: skip
    page = shown(signed_in(drafter))
    assert "Belgium: Office moves" in day_of(page, "2026-03-12")
    assert "Office moves" in day_of(page, "2026-03-13")
    assert "Office moves" not in day_of(page, "2026-03-14")


def test_a_state_without_known_holidays_is_said_to_be_one(drafter, signed_in, db):
    StateFactory(code="XYZ", name="Atlantis", holiday_calendar="")
    assert "Nobody knows the public holidays of Atlantis" in shown(signed_in(drafter), state="XYZ")


# --- filters -------------------------------------------------------------------------------


def test_filters_leave_what_they_say(clock, drafter, colleague, signed_in, office, senegal):
    france = StateFactory(code="FRA")
    clock("Mine", bound_party="ours", critical=True)
    clock("Of a colleague", responsible=colleague, bound_party="theirs", counterpart=france)
    clock("An extradition", kind="extradition", bound_party="both", responsible=colleague)
    client = signed_in(drafter)

    def seen(**query) -> set[str]:
        page = shown(client, **query)
        return {x for x in ("Mine", "Of a colleague", "An extradition") if f"{x}</a>" in page}

    assert seen() == {"Mine", "Of a colleague", "An extradition"}
    assert seen(whose="mine") == {"Mine"}
    assert seen(whose="team") == {"Mine", "Of a colleague", "An extradition"}
    assert seen(bound="theirs") == {"Of a colleague", "An extradition"}
    assert seen(critical="on") == {"Mine"}
    assert seen(state="FRA") == {"Of a colleague"}
    assert seen(kind="request") == {"Mine", "Of a colleague"}
    assert seen(person=str(colleague.pk)) == {"Of a colleague", "An extradition"}
    assert seen(whose="nonsense", bound="x", state="?", kind="\x00", person="x") == seen()


def test_office_leaves_out_what_one_sees_only_by_being_named(
    clock, drafter, signed_in, stranger, other_office
):
    theirs = clock("Theirs", owner=other_office, responsible=stranger)
    NamedOnDossier.objects.create(dossier=theirs.dossier, user=drafter, added_by=stranger)
    assert "Theirs" in shown(signed_in(drafter))
    assert "Theirs" not in shown(signed_in(drafter), whose="office")


def test_what_is_settled_is_shown_when_asked_for(clock, drafter, signed_in):
    clock("Done", state=Deadline.State.MET, settled_at=NOW)
    assert "Done</a>" not in shown(signed_in(drafter))
    assert "Done</a>" in shown(signed_in(drafter), settled="on")


# --- who sees what -------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_a_sealed_matter_is_in_nobodys_calendar_but_theirs_who_are_named(
    view, clock, drafter, colleague, signed_in
):
    sealed = clock("The sealed clock", day=4, confidentiality="sealed")
    query = {"view": view, "on": "2026-03-02"}
    assert "The sealed clock" in shown(signed_in(drafter), **query)
    page = shown(signed_in(colleague), **query)
    assert "The sealed clock" not in page
    assert sealed.dossier.reference not in page
    assert "No deadline ends in these days" in page


def test_another_office_sees_nothing(clock, stranger, signed_in):
    clock("Ours")
    assert "Ours</a>" not in shown(signed_in(stranger))


def test_a_filter_by_person_shows_no_more_than_one_may_see(clock, drafter, stranger, signed_in):
    clock("Ours")
    assert "Ours</a>" not in shown(signed_in(stranger), person=str(drafter.pk))


def test_who_is_not_signed_in_is_asked_to(client, db):
    response = client.get(reverse("deadline-calendar"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


# --- cost ----------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow(clock, drafter, signed_in, senegal):
    client = signed_in(drafter)
    clock()
    shown(client, state="SEN")
    with CaptureQueriesContext(connection) as few:
        shown(client, state="SEN")
    for number in range(30):
        clock(f"Clock {number}", day=1 + number % 28)
    with CaptureQueriesContext(connection) as many:
        shown(client, state="SEN")
    assert len(many) == len(few) <= 13
