"""Calendars of two States side by side, and the days that offices mark: who may, what is refused."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry import local_days, state_directory
from registry.models import LocalDay, LocalDayChange
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from registry.side_by_side import Mark, side_by_side, span_of_clocks
from tests.factories import NOW, DeadlineFactory, DossierFactory, StateFactory

pytestmark = pytest.mark.django_db
MARCH = {"since": "2026-03-01", "until": "2026-03-31"}


@pytest.fixture(autouse=True)
def _the_states_are_read_afresh():
    state_directory.forget()


@pytest.fixture
def mark(office, approver):
    def do(**changed) -> LocalDay:
        values = {
            "state": office.state,
            "authority": office,
            "first_day": date(2026, 3, 12),
            "last_day": date(2026, 3, 13),
            "label": "Office moves",
            "working": False,
            "user": approver,
            "now": NOW,
        } | changed
        return local_days.add(**values)

    return do


def shown(client, **query) -> str:
    response = client.get(reverse("both-calendars"), MARCH | query)
    assert response.status_code == 200
    return unescape(response.content.decode())


# --- side by side --------------------------------------------------------------------------


def test_each_side_has_its_own_days(belgium, senegal, mark, office):
    mark()
    both = side_by_side([(belgium, office), (senegal, None)], date(2026, 3, 9), date(2026, 3, 15))
    ours, theirs = both.sides
    assert [day.mark for day in ours.days.values()] == [
        *[Mark.WORKED] * 3,
        *[Mark.HOLIDAY] * 2,
        *[Mark.WEEKEND] * 2,
    ]
    assert (ours.working, theirs.working, both.both_work) == (3, 5, 3)
    assert all(day.other_works for day in ours.named)


def test_a_saturday_marked_as_worked_is_worked(belgium, mark, office):
    saturday = date(2026, 3, 14)
    mark(first_day=saturday, last_day=saturday, label="Saturday worked", working=True)
    side = side_by_side([(belgium, office)], saturday, saturday).sides[0]
    assert side.days[saturday].mark == Mark.WORKED_BY_EXCEPTION
    assert side.days[saturday].name == "Saturday worked"


def test_the_days_of_one_authority_are_not_those_of_the_state(belgium, mark):
    mark()
    side = side_by_side([(belgium, None)], date(2026, 3, 12), date(2026, 3, 13)).sides[0]
    assert side.working == 2


def test_months_have_the_days_of_the_span_only(belgium):
    rows = side_by_side([(belgium, None)], date(2026, 2, 27), date(2026, 3, 2)).months
    numbers = [[day.day.day for day in days if day] for row in rows for _side, days in row.sides]
    assert numbers == [[27, 28], [1, 2]]


def test_the_span_of_a_dossier_is_that_of_its_clocks(office):
    dossier = DossierFactory(owner=office)
    assert span_of_clocks(dossier) is None
    DeadlineFactory(dossier=dossier)
    assert span_of_clocks(dossier) == (date(2026, 3, 2), date(2026, 4, 1))


# --- marking -------------------------------------------------------------------------------


def test_an_approving_officer_marks_the_days_of_their_office(mark):
    days = mark()
    assert LocalDay.objects.get() == days
    assert LocalDayChange.objects.get().values["label"] == "Office moves"


@pytest.mark.parametrize("who", ["drafter", "auditor", "stranger", "prosecutor"])
def test_others_may_not(who, mark, request):
    with pytest.raises(NotAllowed):
        mark(user=request.getfixturevalue(who))
    assert not LocalDay.objects.exists()


def test_a_whole_state_is_marked_by_an_administrator_alone(mark, approver, administrator):
    with pytest.raises(NotAllowed):
        mark(authority=None)
    assert mark(authority=None, user=administrator).authority is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"label": "  "}, "label"),
        ({"label": "x" * 161}, "label"),
        ({"first_day": None, "last_day": None}, "first_day"),
        ({"first_day": date(1999, 12, 31), "last_day": date(1999, 12, 31)}, "first_day"),
        ({"last_day": date(2026, 3, 11)}, "last_day"),
        ({"last_day": date(2027, 3, 13)}, "last_day"),
    ],
)
def test_what_cannot_be_is_refused_by_field(changed, field, mark):
    with pytest.raises(Invalid) as refused:
        mark(**changed)
    assert list(refused.value.fields) == [field]
    assert not LocalDayChange.objects.exists()


def test_an_authority_of_another_state_is_refused(mark, senegal, administrator):
    with pytest.raises(Invalid) as refused:
        mark(state=senegal, user=administrator)
    assert list(refused.value.fields) == ["authority"]


def test_the_same_days_twice_are_refused(mark):
    mark()
    with pytest.raises(Invalid):
        mark(label="Again")
    assert LocalDay.objects.count() == LocalDayChange.objects.count() == 1


def test_one_day_needs_no_last_day(mark):
    assert mark(last_day=None).last_day == date(2026, 3, 12)


def test_what_was_marked_can_be_undone_and_that_again(mark, approver):
    mark()
    local_days.undo(LocalDayChange.objects.get().pk, user=approver, now=NOW)
    assert not LocalDay.objects.exists()
    removal = LocalDayChange.objects.first()
    assert removal.action == LocalDayChange.Action.REMOVED
    local_days.undo(removal.pk, user=approver, now=NOW)
    assert LocalDay.objects.get().label == "Office moves"


def test_a_change_is_undone_once(mark, approver):
    mark()
    change = LocalDayChange.objects.get()
    local_days.undo(change.pk, user=approver, now=NOW)
    with pytest.raises(NotPossibleNow):
        local_days.undo(change.pk, user=approver, now=NOW)


def test_a_mark_taken_away_otherwise_is_not_undone_again(mark, approver):
    days = mark()
    added = LocalDayChange.objects.get()
    local_days.remove(days.pk, user=approver, now=NOW)
    with pytest.raises(NotPossibleNow):
        local_days.undo(added.pk, user=approver, now=NOW)
    added.refresh_from_db()
    assert not added.undone


def test_others_neither_take_away_nor_undo(mark, drafter):
    days = mark()
    with pytest.raises(NotAllowed):
        local_days.remove(days.pk, user=drafter, now=NOW)
    with pytest.raises(NotAllowed):
        local_days.undo(LocalDayChange.objects.get().pk, user=drafter, now=NOW)
    assert LocalDay.objects.exists()


# --- the page ------------------------------------------------------------------------------


def test_the_page_shows_both_states(drafter, signed_in, senegal):
    page = shown(signed_in(drafter), other="SEN", since="2026-04-01", until="2026-04-30")
    assert "working days in Belgium" in page
    assert "working days in Senegal" in page
    assert "Saturday 4 April 2026: Independence Day" in page
    assert "days on which both work" in page


def test_the_page_says_when_holidays_are_unknown(drafter, signed_in, db):
    StateFactory(code="XYZ", name="Atlantis", holiday_calendar="")
    assert "Nobody knows the public holidays of Atlantis" in shown(signed_in(drafter), other="XYZ")


def test_the_page_of_somebody_without_office_asks_for_a_state(signed_in, belgium):
    from tests.factories import UserFactory

    assert "Choose a State" in shown(signed_in(UserFactory()))


@pytest.mark.parametrize(
    "query",
    [
        {"since": "x"},
        {"since": "2026-05-01", "until": "2026-04-01"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"since": "", "until": "", "year": "0"},
        {"since": "", "until": "", "year": "20266"},
        {"one": "\x00", "other": "?"},
    ],
)
def test_nonsense_in_the_address_gives_a_page(query, drafter, signed_in):
    assert "Days off side by side" in shown(signed_in(drafter), **query)


def test_the_span_of_a_dossiers_clocks_is_shown_to_who_may_see_it(
    drafter, colleague, signed_in, office
):
    dossier = DossierFactory(owner=office, responsible=drafter, confidentiality="sealed")
    DeadlineFactory(dossier=dossier)
    page = shown(signed_in(drafter), dossier=dossier.reference)
    assert "2 March 2026 – 1 April 2026" in page
    assert "working days in Senegal" in page
    address = reverse("both-calendars")
    hidden = signed_in(colleague).get(address, {"dossier": dossier.reference})
    assert hidden.status_code == 404


def test_by_page_days_are_marked_taken_away_and_that_is_undone(approver, office, signed_in):
    client = signed_in(approver)
    body = {"place": f"office:{office.pk}", "first_day": "2026-03-12", "label": "Court recess"}
    assert client.post(reverse("local-day-mark"), body).status_code == 302
    days = LocalDay.objects.get()
    assert days.authority == office
    client.post(reverse("local-day-remove", args=[days.pk]))
    assert not LocalDay.objects.exists()
    client.post(reverse("local-day-undo", args=[LocalDayChange.objects.first().pk]))
    assert LocalDay.objects.get().label == "Court recess"


def test_a_form_that_comes_back_has_lost_nothing(approver, office, signed_in):
    body = {"place": f"office:{office.pk}", "first_day": "2026-03-12",
            "last_day": "2026-03-01", "label": "Kept in the form"}  # fmt: skip
    response = signed_in(approver).post(reverse("local-day-mark"), body)
    page = unescape(response.content.decode())
    assert response.status_code == 400
    assert "Kept in the form" in page
    assert "The last day lies before the first" in page


def test_who_may_not_mark_is_offered_no_form_and_refused(drafter, office, signed_in, mark):
    days = mark()
    client = signed_in(drafter)
    page = shown(client)
    assert "Office moves" in page
    assert "Mark days" not in page
    assert "Take away" not in page
    body = {"place": f"office:{office.pk}", "first_day": "2026-03-20", "label": "x"}
    assert client.post(reverse("local-day-mark"), body).status_code == 403
    assert client.post(reverse("local-day-remove", args=[days.pk])).status_code == 403
    assert LocalDay.objects.count() == 1


def test_another_offices_place_cannot_be_chosen(approver, other_office, signed_in):
    body = {"place": f"office:{other_office.pk}", "first_day": "2026-03-20", "label": "x"}
    assert signed_in(approver).post(reverse("local-day-mark"), body).status_code == 400
    assert not LocalDay.objects.exists()


def test_the_number_of_queries_does_not_grow(approver, signed_in, senegal, mark):
    client = signed_in(approver)
    shown(client, other="SEN")
    with CaptureQueriesContext(connection) as few:
        shown(client, other="SEN")
    for day in range(1, 20):
        mark(first_day=date(2026, 3, day), last_day=None, label=f"Day {day}")
    with CaptureQueriesContext(connection) as many:
        shown(client, other="SEN")
    assert len(many) == len(few) <= 13
