"""The calendar that programs subscribe to: its secret, what it holds, and what it never tells."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from registry import calendar_feed
from registry.models import CalendarAddress, Deadline, NamedOnDossier
from registry.refusals import Invalid
from registry.web.calendar_feed import QUESTIONS_A_MINUTE
from tests.factories import NOW, DeadlineFactory, DossierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet():
    cache.clear()


@pytest.fixture
def matter(office, drafter):
    return DossierFactory(owner=office, responsible=drafter, title="Bank records")


def subscribe(user, **fields) -> str:
    _address, secret = calendar_feed.make(user, "telephone", **{"now": NOW} | fields)
    return reverse("calendar-feed", args=[secret])


def events(client, address: str) -> list:
    response = client.get(address)
    assert response.status_code == 200
    return Calendar.from_ical(response.content).walk("VEVENT")


def in_days(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


# --- the secret ----------------------------------------------------------------------------


def test_only_a_digest_of_the_secret_is_kept(drafter):
    _address, secret = calendar_feed.make(drafter, "telephone", now=NOW)
    kept = CalendarAddress.objects.values().get()
    assert len(secret) > 40
    assert secret not in str(kept)


def test_an_unknown_secret_is_not_found(client, db):
    assert client.get(reverse("calendar-feed", args=["unknown"])).status_code == 404


def test_a_revoked_address_is_not_found(client, drafter):
    address = subscribe(drafter)
    assert client.get(address).status_code == 200
    assert calendar_feed.revoke(drafter, CalendarAddress.objects.get().pk, now=NOW)
    assert client.get(address).status_code == 404


def test_nobody_revokes_the_address_of_another(drafter, colleague, signed_in, client):
    address = subscribe(drafter)
    number = CalendarAddress.objects.get().pk
    signed_in(colleague).post(reverse("calendar-address-revoke", args=[number]))
    assert client.get(address).status_code == 200


def test_the_address_of_somebody_who_has_left_is_not_found(client, drafter):
    address = subscribe(drafter)
    drafter.is_active = False
    drafter.save()
    assert client.get(address).status_code == 404


def test_use_is_noted(client, drafter):
    client.get(subscribe(drafter))
    assert CalendarAddress.objects.get().last_used_at is not None


def test_who_asks_too_often_waits(client, drafter):
    address = subscribe(drafter)
    for _ in range(QUESTIONS_A_MINUTE):
        assert client.get(address).status_code == 200
    assert client.get(address).status_code == 429


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"name": " "}, "name"), ({"whose": "x"}, "whose"), ({"alarm_hours": 0}, "alarm_hours")],
)
def test_what_cannot_be_is_refused_by_field(changed, field, drafter):
    with pytest.raises(Invalid) as refused:
        calendar_feed.make(drafter, **{"name": "telephone", "now": NOW} | changed)
    assert list(refused.value.fields) == [field]


# --- what it holds -------------------------------------------------------------------------


def test_a_deadline_is_an_event_that_says_what_where_and_by_which_clock(client, matter, drafter):
    due = in_days(10).replace(hour=12, minute=30, second=0, microsecond=0)
    DeadlineFactory(dossier=matter, label="Answer", due_at=due, zone="Africa/Dakar", critical=True)
    (event,) = events(client, subscribe(drafter))
    assert str(event["summary"]) == f"Critical: Answer ({matter.reference})"
    assert event["dtstart"].dt == due
    assert "Bank records" in event["description"]
    assert "Africa/Dakar" in event["description"]
    assert event["uid"]


def test_a_last_day_that_is_the_same_everywhere_is_a_whole_day(client, matter, drafter):
    day = in_days(10).date()
    due = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)
    DeadlineFactory(dossier=matter, due_at=due, zone="UTC")
    (event,) = events(client, subscribe(drafter))
    assert event["dtstart"].dt == day
    assert isinstance(event["dtstart"].dt, date)


def test_a_last_day_that_ends_elsewhere_on_another_day_is_an_instant(client, matter, drafter):
    drafter.time_zone = "Europe/Brussels"
    drafter.save()
    day = in_days(10).date()
    due = datetime(day.year, day.month, day.day, 2, 59, 59, tzinfo=UTC)
    DeadlineFactory(dossier=matter, due_at=due, zone="America/Argentina/Buenos_Aires")
    (event,) = events(client, subscribe(drafter))
    assert event["dtstart"].dt == due


def test_it_rings_only_when_asked_to(client, matter, drafter):
    DeadlineFactory(dossier=matter, due_at=in_days(10))
    assert not events(client, subscribe(drafter))[0].walk("VALARM")
    (alarm,) = events(client, subscribe(drafter, alarm_hours=24))[0].walk("VALARM")
    assert alarm["trigger"].dt == timedelta(hours=-24)


def test_it_speaks_the_persons_language(client, matter, drafter):
    drafter.language = "fr"
    drafter.save()
    DeadlineFactory(dossier=matter, due_at=in_days(10))
    (event,) = events(client, subscribe(drafter))
    assert "Sénégal" in event["description"]


def test_what_is_met_leaves_the_calendar(client, matter, drafter):
    deadline = DeadlineFactory(dossier=matter, due_at=in_days(10))
    address = subscribe(drafter)
    assert len(events(client, address)) == 1
    Deadline.objects.filter(pk=deadline.pk).update(state="met", settled_at=NOW)
    assert events(client, address) == []


def test_mine_and_all_hold_what_they_say(client, matter, drafter, colleague, office):
    other = DossierFactory(owner=office, responsible=colleague)
    for dossier in (matter, other):
        DeadlineFactory(dossier=dossier, due_at=in_days(10))
    assert len(events(client, subscribe(drafter))) == 1
    assert len(events(client, subscribe(drafter, whose="all"))) == 2


def test_the_same_calendar_has_the_same_etag_and_is_not_sent_again(client, matter, drafter):
    DeadlineFactory(dossier=matter, due_at=in_days(10))
    address = subscribe(drafter)
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    DeadlineFactory(dossier=matter, due_at=in_days(11))
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


# --- what it never tells -------------------------------------------------------------------


def test_a_sealed_matter_is_a_confidential_deadline_and_nothing_else(client, office, drafter):
    sealed = DossierFactory(owner=office, responsible=drafter, confidentiality="sealed",
                            title="The sealed matter")  # fmt: skip
    DeadlineFactory(dossier=sealed, label="Arrest", due_at=in_days(10), zone="Africa/Dakar")
    address = subscribe(drafter, alarm_hours=3)
    content = client.get(address).content.decode()
    (event,) = events(client, address)
    assert str(event["summary"]) == "Confidential deadline"
    for word in (sealed.reference, "Arrest", "sealed", "Dakar", "Senegal", "SEN", "DESCRIPTION:The",
                 "URL"):  # fmt: skip
        assert word not in content


def test_a_sealed_matter_is_nothing_at_all_for_others(client, office, drafter, colleague):
    sealed = DossierFactory(owner=office, responsible=drafter, confidentiality="sealed")
    DeadlineFactory(dossier=sealed, due_at=in_days(10))
    assert events(client, subscribe(colleague, whose="all")) == []


def test_what_one_may_no_longer_see_leaves_the_calendar(client, other_office, prosecutor, stranger):
    theirs = DossierFactory(owner=other_office, responsible=stranger)
    DeadlineFactory(dossier=theirs, due_at=in_days(10))
    named = NamedOnDossier.objects.create(dossier=theirs, user=prosecutor, added_by=stranger)
    address = subscribe(prosecutor, whose="all")
    assert len(events(client, address)) == 1
    named.delete()
    assert events(client, address) == []


def test_the_number_of_queries_does_not_grow(client, matter, drafter):
    address = subscribe(drafter)
    DeadlineFactory(dossier=matter, due_at=in_days(1))
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for day in range(2, 30):
        DeadlineFactory(dossier=matter, due_at=in_days(day))
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= 7


# --- the account page and the API ----------------------------------------------------------


def test_the_account_page_makes_an_address_shows_it_once_and_revokes_it(drafter, signed_in, client):
    browser = signed_in(drafter)
    body = {"name": "My telephone", "whose": "mine", "alarm_hours": "24"}
    made = browser.post(reverse("calendar-address-new"), body).content.decode()
    address = made.split('<code class="key">')[1].split("</code>")[0]
    assert client.get(address).status_code == 200
    page = browser.get(reverse("account")).content.decode()
    assert "My telephone" in page
    assert address not in page
    number = CalendarAddress.objects.get().pk
    browser.post(reverse("calendar-address-revoke", args=[number]))
    assert client.get(address).status_code == 404


def test_a_form_that_is_wrong_comes_back(drafter, signed_in):
    answer = signed_in(drafter).post(
        reverse("calendar-address-new"), {"name": "", "whose": "mine", "alarm_hours": "999"}
    )
    assert answer.status_code == 400
    assert not CalendarAddress.objects.exists()
