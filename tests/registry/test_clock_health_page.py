"""The health of the clocks' machinery, and the warning on every page when it has fallen silent."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from registry import scheduler_silence
from registry.models import SweepRun
from registry.sweeps import RECORDING, SILENCE
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
WARNING = "The scheduler has been silent for ten minutes: reminders are not sent."


@pytest.fixture
def scanned():
    """``scanned(ago)`` says when due reminders were last looked for."""

    def note(ago: timedelta, **fields) -> None:
        at = timezone.now() - ago
        SweepRun.objects.update_or_create(
            name=RECORDING, defaults={"started_at": at, "finished_at": at, **fields}
        )
        scheduler_silence.remember(None)

    yield note
    scheduler_silence.remember(False)


def shown(client, name: str = "clock-health") -> str:
    response = client.get(reverse(name))
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_a_machinery_that_runs_is_said_to_be_well(scanned, drafter, signed_in):
    scanned(timedelta(seconds=5))
    page = shown(signed_in(drafter))
    assert "All is well" in page
    assert WARNING not in page


@pytest.mark.parametrize("who", ["drafter", "approver", "prosecutor", "administrator"])
def test_whoever_is_responsible_sees_the_silence_on_every_page(who, scanned, signed_in, request):
    scanned(SILENCE + timedelta(seconds=1))
    client = signed_in(request.getfixturevalue(who))
    assert WARNING in shown(client, "home")
    assert WARNING in shown(client, "deadlines")


def test_nobody_else_is_told(scanned, auditor, signed_in, client):
    scanned(SILENCE + timedelta(seconds=1))
    assert WARNING not in shown(signed_in(auditor), "home")
    assert WARNING not in shown(client, "home")


def test_the_silence_is_told_with_its_remedy(scanned, drafter, signed_in):
    scanned(SILENCE * 2)
    page = shown(signed_in(drafter))
    assert "nobody is being reminded" in page
    assert "Start the worker and the scheduler" in page


def test_the_warning_goes_when_the_scheduler_is_heard_again(scanned, drafter, signed_in):
    scanned(SILENCE * 2)
    client = signed_in(drafter)
    assert WARNING in shown(client, "home")
    scanned(timedelta())
    assert WARNING not in shown(client, "home")


def test_pages_do_not_ask_the_database_each_time(scanned, drafter, signed_in):
    scanned(timedelta())
    client = signed_in(drafter)
    shown(client, "home")
    with CaptureQueriesContext(connection) as queries:
        shown(client, "home")
    assert not [q for q in queries if "registry_sweeprun" in q["sql"]]


def test_what_a_failure_said_is_told_to_administrators_alone(
    scanned, drafter, administrator, signed_in
):
    scanned(timedelta(), last_error="SMTPError: nobody@example.org refused")
    assert "nobody@example.org" not in shown(signed_in(drafter))
    assert "failed the last time" in shown(signed_in(drafter))
    assert "nobody@example.org" in shown(signed_in(administrator))


def test_who_works_nowhere_sees_no_health(signed_in, db):
    assert signed_in(UserFactory()).get(reverse("clock-health")).status_code == 403


def test_the_number_of_queries_is_bounded(scanned, drafter, signed_in):
    scanned(timedelta())
    client = signed_in(drafter)
    with CaptureQueriesContext(connection) as queries:
        shown(client)
    assert len(queries) <= 18
