"""The page of one clock: what it says, what it takes, and who may."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from registry import clock_events
from registry.models import Deadline, Dossier
from tests.factories import DossierFactory
from tests.factories_clocks import clock_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def matter(office, drafter):
    return DossierFactory(owner=office, responsible=drafter)


@pytest.fixture
def clock(matter):
    return clock_of(matter, now=timezone.now() - timedelta(days=10))


@pytest.fixture
def page(client, drafter, clock):
    client.force_login(drafter)

    class Page:
        def get(self):
            return client.get(reverse("clock", args=[clock.pk])).content.decode()

        def post(self, act, **data):
            return client.post(reverse("clock-act", args=[clock.pk, act]), data)

        @property
        def state(self):
            return Deadline.objects.get(pk=clock.pk).state

    return Page()


def test_the_page_says_how_the_clock_was_counted(page):
    said = page.get()
    assert "60 days from receipt of the request" in said
    assert "by the requested side" in said


def test_a_clock_is_paused_and_goes_on_by_form(page):
    assert page.post("suspend", ground="awaiting translation").status_code == 302
    assert page.state == "suspended"
    assert "Paused since" in page.get()
    later = (timezone.localtime() + timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M")
    assert page.post("resume", at=later).status_code == 302
    assert page.state == "running"


def test_a_form_with_an_error_loses_nothing(page):
    answer = page.post("suspend", ground="awaiting translation", at="2099-01-01T10:00")
    said = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="awaiting translation"' in said
    assert "not later than now" in said


def test_an_extension_beyond_the_rule_is_refused_in_words(page):
    answer = page.post("extend", length="31", unit="days")
    assert answer.status_code == 409
    assert "at most 30 days" in answer.content.decode()
    assert page.post("extend", length="30", unit="days").status_code == 302


def test_a_date_is_corrected_by_form_and_the_old_entry_stays_readable(page, clock):
    row = clock.clock_events.get()
    at = (row.at - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    answer = page.post("correct", event=row.pk, at=at, reason="Typed wrongly.")
    assert answer.status_code == 302
    assert "<s>Started</s>" in page.get()


def test_a_clock_is_settled_by_hand(page):
    assert page.post("settle", met="no").status_code == 302
    assert page.state == "missed"
    assert "Pause" not in page.get()


def test_a_stale_page_is_refused(page, matter):
    assert page.post("suspend", ground="strike", version=str(matter.version + 5)).status_code == 412


def test_an_unknown_act_is_not_found(page):
    assert page.post("explode").status_code == 404


def test_an_auditor_reads_the_page_and_is_offered_nothing(client, auditor, clock):
    client.force_login(auditor)
    said = client.get(reverse("clock", args=[clock.pk])).content.decode()
    assert "60 days from" in said
    assert "Change this clock" not in said
    address = reverse("clock-act", args=[clock.pk, "suspend"])
    assert client.post(address, {"ground": "x"}).status_code == 403


def test_nobody_else_can_tell_that_a_sealed_clock_exists(client, colleague, stranger, clock):
    Dossier.objects.update(confidentiality=Dossier.Confidentiality.SEALED)
    for user in (colleague, stranger):
        client.force_login(user)
        assert client.get(reverse("clock", args=[clock.pk])).status_code == 404
        address = reverse("clock-act", args=[clock.pk, "suspend"])
        assert client.post(address, {"ground": "x"}).status_code == 404


def test_a_paused_clock_shows_its_ground_in_the_resume_form(page, clock, drafter):
    clock_events.suspend(clock, ground="court strike", user=drafter, now=timezone.now())
    assert '<option value="court strike"' in page.get()
