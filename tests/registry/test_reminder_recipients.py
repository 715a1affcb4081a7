"""Who is told of a reminder, by which channel and when; acknowledging and escalation."""

from datetime import UTC, date, time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from registry.acknowledging import LINK_LASTS, acknowledge, link_of_message, link_of_notice
from registry.models import (
    Absence,
    Dossier,
    MailboxMessage,
    Message,
    NamedOnDossier,
    Notice,
    Reminder,
    ReminderPreferences,
    Supervision,
    TimelineEntry,
)
from registry.reminder_delivery import carry_out
from registry.reminders import rearm, record_all_due, record_due
from registry.time_rules import Rule, Unit, due
from registry.timeline import breaks
from tests.factories import NOW, DossierFactory, officer_of, running_deadline

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FIRST = NOW + 17 * DAY
"""Thirteen days before the end: the first step has passed."""


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.EMAIL_BACKEND = "registry.demonstration_mailbox.MailboxBackend"


@pytest.fixture
def matter(office, drafter):
    drafter.time_zone = "Europe/Brussels"
    drafter.save()
    return DossierFactory(owner=office, responsible=drafter)


def told(now, *, channel="mail"):
    """Record and deliver what is due; who was told by this channel, as what."""
    record_all_due(now)
    carry_out(now)
    rows = Notice.objects.filter(channel=channel, state="sent").order_by("id")
    return [(notice.recipient.email, notice.capacity) for notice in rows]


# --- who ------------------------------------------------------------------------------------


def test_before_the_end_the_responsible_officer_alone_is_told(matter, drafter, approver):
    running_deadline(matter)
    assert told(FIRST) == [(drafter.email, "responsible")]


def test_from_the_day_after_the_end_the_supervisor_is_told_too(matter, drafter, approver):
    running_deadline(matter)
    assert told(NOW + 31 * DAY) == [
        (drafter.email, "responsible"),
        (approver.email, "supervisor"),
    ]


def test_who_is_said_to_supervise_is_told_instead_of_all_approving_officers(
    matter, drafter, approver, office
):
    chief = officer_of(office, "approving_officer")
    Supervision.objects.create(authority=office, officer=drafter, supervisor=chief)
    running_deadline(matter)
    assert (approver.email, "supervisor") not in told(NOW + 31 * DAY)
    assert (chief.email, "supervisor") in told(NOW + 31 * DAY)


def test_during_an_absence_the_deputy_is_told(matter, drafter, colleague):
    day = FIRST.date()
    Absence.objects.create(user=drafter, first_day=day, last_day=day, deputy=colleague)
    running_deadline(matter)
    assert told(FIRST) == [(colleague.email, "deputy")]


def test_a_deputy_who_is_away_too_hands_on_to_theirs(matter, drafter, colleague, approver):
    day = FIRST.date()
    Absence.objects.create(user=drafter, first_day=day, last_day=day, deputy=colleague)
    Absence.objects.create(user=colleague, first_day=day, last_day=day, deputy=approver)
    running_deadline(matter)
    assert told(FIRST) == [(approver.email, "deputy")]


def test_two_people_away_who_stand_in_for_each_other_lose_nothing(matter, drafter, colleague):
    day = FIRST.date()
    Absence.objects.create(user=drafter, first_day=day, last_day=day, deputy=colleague)
    Absence.objects.create(user=colleague, first_day=day, last_day=day, deputy=drafter)
    running_deadline(matter)
    assert told(FIRST) == [(drafter.email, "responsible")]


def test_an_absence_ends_with_its_last_day_where_the_person_is(matter, drafter, colleague):
    drafter.time_zone = "Pacific/Auckland"
    drafter.save()
    at = FIRST.replace(hour=12)  # past midnight in Auckland
    Absence.objects.create(
        user=drafter, first_day=date(2026, 3, 1), last_day=at.date(), deputy=colleague
    )
    running_deadline(matter)
    assert told(at) == [(drafter.email, "responsible")]


def test_a_sealed_matter_is_told_to_nobody_who_is_not_named(matter, drafter, colleague, approver):
    Dossier.objects.update(confidentiality="sealed")
    day = FIRST.date()
    Absence.objects.create(user=drafter, first_day=day, last_day=day, deputy=colleague)
    running_deadline(matter)
    assert told(FIRST) == [(drafter.email, "responsible")]  # away, but the only one who may know


def test_of_a_sealed_matter_the_next_who_is_named_is_told(matter, drafter, colleague, prosecutor):
    Dossier.objects.update(confidentiality="sealed")
    NamedOnDossier.objects.create(dossier=matter, user=prosecutor, added_by=drafter)
    drafter.is_active = False
    drafter.save()
    running_deadline(matter)
    assert told(FIRST) == [(prosecutor.email, "next")]


def test_who_may_no_longer_see_when_the_message_is_made_is_replaced(matter, drafter, approver):
    ReminderPreferences.objects.create(user=drafter, digest=True, digest_hour=6)
    running_deadline(matter)
    assert told(FIRST) == []
    drafter.memberships.all().delete()
    NamedOnDossier.objects.filter(user=drafter).delete()
    assert told(FIRST + DAY) == [(approver.email, "next")]


# --- when -----------------------------------------------------------------------------------


def test_a_digest_comes_at_the_persons_hour_as_one_mail_in_order_of_due_date(matter, drafter):
    ReminderPreferences.objects.create(user=drafter, digest=True, digest_hour=9)
    running_deadline(matter, label="Second", due=NOW + 30 * DAY)
    running_deadline(matter, label="First", due=NOW + 29 * DAY)
    assert told(FIRST) == []  # 11 in Brussels: the next morning
    assert told(FIRST + 21 * HOUR) == []
    assert len(told(FIRST + 22 * HOUR)) == 2  # 8 in UTC, 9 in Brussels
    mail = MailboxMessage.objects.get()
    assert mail.subject == "2 deadlines"
    assert mail.body.index("1. First") < mail.body.index("2. Second")


def test_a_digest_does_not_hold_back_what_ends_before_it(matter, drafter):
    ReminderPreferences.objects.create(user=drafter, digest=True, digest_hour=9)
    running_deadline(matter, due=due(Rule(length=Decimal(5), unit=Unit.HOURS, zone=UTC), NOW))
    assert told(NOW + 4 * HOUR) == [(drafter.email, "responsible")]


def test_quiet_hours_delay_until_they_end(matter, drafter):
    ReminderPreferences.objects.create(user=drafter, quiet_from=time(10), quiet_until=time(13))
    running_deadline(matter)
    assert told(FIRST) == []
    assert told(FIRST + 2 * HOUR) == [(drafter.email, "responsible")]


def test_neither_digest_nor_quiet_hours_delay_the_critical(matter, drafter):
    ReminderPreferences.objects.create(
        user=drafter, digest=True, quiet_from=time(10), quiet_until=time(13)
    )
    running_deadline(matter, critical=True)
    assert told(FIRST) == [(drafter.email, "responsible")]


def test_in_the_application_it_shows_at_once(matter, drafter):
    ReminderPreferences.objects.create(user=drafter, digest=True)
    running_deadline(matter)
    assert told(FIRST, channel="application") == [(drafter.email, "responsible")]


def test_who_wants_no_mail_gets_none(matter, drafter):
    ReminderPreferences.objects.create(user=drafter, mail=False)
    running_deadline(matter)
    assert told(FIRST) == []
    assert told(FIRST, channel="application") == [(drafter.email, "responsible")]


def test_after_two_days_of_downtime_each_person_gets_one_mail_in_order(matter, drafter, approver):
    for n in range(12):
        running_deadline(matter, label=f"Nr {n:02}", due=NOW + 30 * DAY + n * HOUR, critical=n == 3)
    told(NOW + 30 * DAY)
    before = set(MailboxMessage.objects.values_list("pk", flat=True))
    record_all_due(NOW + 33 * DAY)
    carry_out(NOW + 33 * DAY)
    mails = MailboxMessage.objects.exclude(pk__in=before)
    assert sorted(mail.recipient for mail in mails) == sorted([drafter.email, approver.email])
    for mail in mails:
        assert mail.subject == "12 deadlines, 12 overdue"
        places = [mail.body.index(f"Nr {n:02}") for n in range(12)]
        assert places == sorted(places)


def test_while_more_is_to_be_addressed_a_message_waits_for_it(matter, drafter):
    running_deadline(matter, label="First")
    running_deadline(matter, label="Second")
    record_due(FIRST, limit=1)
    carry_out(FIRST)
    assert not MailboxMessage.objects.exists()
    record_due(FIRST, limit=1)
    carry_out(FIRST)
    assert MailboxMessage.objects.get().subject == "2 deadlines"


# --- suspended ------------------------------------------------------------------------------


def test_a_suspended_clock_says_every_week_that_it_is_still_paused_and_nothing_else(
    matter, drafter
):
    deadline = running_deadline(matter)
    deadline.state = "suspended"
    deadline.settled_at = None
    rearm(deadline, NOW)
    assert [(alarm.at - NOW, alarm.repeat_hours) for alarm in deadline.alarms.all()] == [
        (7 * DAY, 168)
    ]


# --- acknowledging --------------------------------------------------------------------------


@pytest.fixture
def critical(matter):
    """A critical deadline one week before its end: unacknowledged for 48 hours, it escalates."""
    deadline = running_deadline(matter, critical=True)
    now = NOW + 23 * DAY
    record_all_due(now)
    carry_out(now)
    return deadline, now


def test_a_reminder_that_nobody_acknowledges_is_told_to_the_supervisor(critical, approver):
    _deadline, now = critical
    assert (approver.email, "escalated") not in told(now + 47 * HOUR)
    assert (approver.email, "escalated") in told(now + 48 * HOUR)
    body = MailboxMessage.objects.get(recipient=approver.email).body
    assert "because nobody has acknowledged the reminder" in body


def test_an_acknowledged_reminder_does_not_escalate(critical, drafter, approver):
    _deadline, now = critical
    acknowledge(Reminder.objects.all(), drafter, now=now)
    assert (approver.email, "escalated") not in told(now + 48 * HOUR)


def test_acknowledging_is_kept_once_with_who_and_when_and_on_the_timeline(
    critical, drafter, matter
):
    _deadline, now = critical
    reminder = Reminder.objects.get()
    assert acknowledge([reminder], drafter, now=now) == 1
    assert acknowledge([reminder], drafter, now=now + HOUR) == 0
    reminder.refresh_from_db()
    assert (reminder.acknowledged_at, reminder.acknowledged_by) == (now, drafter)
    assert TimelineEntry.objects.filter(event="reminder.acknowledged").count() == 1
    assert not list(breaks(matter))


def test_acknowledging_does_not_make_an_open_draft_stale(critical, drafter, matter):
    version = Dossier.objects.get().version
    acknowledge(Reminder.objects.all(), drafter, now=NOW)
    assert Dossier.objects.get().version == version


@pytest.fixture
def link(critical, settings):
    settings.PUBLIC_ADDRESS = ""

    def address(link_of=link_of_message):
        from django.utils import timezone

        one = (
            Message.objects.get()
            if link_of is link_of_message
            else Notice.objects.filter(channel="mail").get()
        )
        return link_of(one, timezone.now())

    return address


def test_the_link_in_the_mail_is_the_link_that_acknowledges(critical):
    assert "/a/" in MailboxMessage.objects.get().body


@pytest.mark.parametrize("link_of", [link_of_message, link_of_notice])
def test_the_link_acknowledges_only_when_its_button_is_pressed(client, link, drafter, link_of):
    address = link(link_of)
    assert "I have taken note" in client.get(address).content.decode()
    assert Reminder.objects.get().acknowledged_at is None
    page = client.post(address, follow=True)
    assert "Acknowledged" in page.content.decode()
    assert Reminder.objects.get().acknowledged_by == drafter
    assert "I have taken note" not in client.get(address).content.decode()


def test_the_page_of_the_link_says_nothing_of_the_matter(client, link, matter, drafter):
    page = client.get(link()).content.decode()
    for secret in (matter.reference, "Acknowledgement", "Senegal", drafter.name, drafter.email):
        assert secret not in page


def test_the_link_signs_nobody_in(client, link):
    client.post(link())
    assert client.get(reverse("deadlines")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_link_that_was_changed_is_refused(client, link):
    assert client.get(link()[:-3] + "xx/").status_code == 404


def test_a_link_grows_old(client, critical, settings):
    settings.PUBLIC_ADDRESS = ""
    old = link_of_message(Message.objects.get(), NOW - 2 * LINK_LASTS)
    assert "too old" in client.post(old).content.decode()
    assert Reminder.objects.get().acknowledged_at is None


def test_a_link_of_somebody_who_may_no_longer_know_is_refused(client, link, drafter):
    address = link()
    drafter.is_active = False
    drafter.save()
    assert client.post(address).status_code == 404
