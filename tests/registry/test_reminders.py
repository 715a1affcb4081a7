"""Reminders: what falls due is recorded once, delivered once, and says no more than it may."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from hypothesis import given
from hypothesis import strategies as st

from registry.deadlines import settle
from registry.models import (
    Alarm,
    Deadline,
    Dossier,
    MailboxMessage,
    Message,
    NamedOnDossier,
    Notice,
    Reminder,
    ReminderSchedule,
    ReminderStep,
)
from registry.reminder_delivery import WAIT_BEFORE_RETRY, carry_out, deliver, try_failed_again
from registry.reminder_schedule import Step, load_steps, planned
from registry.reminders import record_due
from registry.sweeps import health, watched
from registry.time_rules import Due
from tests.factories import NOW, DossierFactory, running_deadline

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MAILBOX = "registry.demonstration_mailbox.MailboxBackend"


class DeafServer(BaseEmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError("nobody answers")


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.EMAIL_BACKEND = MAILBOX


@pytest.fixture
def responsible(drafter):
    """The responsible officer, who works in Brussels."""
    drafter.time_zone = "Europe/Brussels"
    drafter.save()
    return drafter


@pytest.fixture
def matter(office, responsible):
    return DossierFactory(owner=office, responsible=responsible)


def steps_recorded():
    return list(Reminder.objects.order_by("id").values_list("step", flat=True))


# --- the schedule ---------------------------------------------------------------------------


def test_the_schedule_is_loaded_with_the_tables_and_kept_as_the_office_changed_it(db):
    days = ReminderStep.objects.filter(schedule=ReminderSchedule.DAYS)
    assert [step.offset_hours // 24 for step in days] == [-14, -7, -3, -1, 0, 1]
    assert [step.repeat_hours for step in days] == [0, 0, 0, 0, 0, 24]
    days.exclude(step=0).delete()
    assert load_steps() == 0


def test_a_limit_in_hours_reminds_by_hours(matter):
    due_at = NOW + 30 * HOUR
    deadline = running_deadline(matter, due=Due(due_at, due_at.date(), {"unit": "hours"}))
    assert deadline.alarms.first().at == due_at - 24 * HOUR


def test_a_short_deadline_leaves_out_the_steps_already_past(matter):
    alarm = running_deadline(matter, due=NOW + 5 * DAY).alarms.first()
    assert alarm.at == datetime(2026, 3, 4, 7, tzinfo=UTC)  # three days before, at 8


def test_a_deadline_that_starts_overdue_reminds_at_once(matter):
    running_deadline(matter, due=NOW - 2 * DAY)
    assert record_due(NOW) == 1
    assert steps_recorded() == [5]


offsets = st.lists(st.integers(-500, 500), min_size=1, max_size=10, unique=True).map(sorted)


@given(offsets, st.integers(-600, 600), st.booleans())
def test_a_plan_has_every_step_to_come_and_at_most_one_that_is_past(hours, start, overdue):
    steps = [Step(n, h * HOUR) for n, h in enumerate(hours)]
    now = NOW + start * HOUR
    plan = [
        (each.step.number, each.at)
        for each in planned(steps, NOW, now if overdue else now + HOUR, now)
    ]
    to_come = [n for n, h in enumerate(hours) if h > start]
    latest_passed = [n for n, h in enumerate(hours) if h <= start][-1:] if overdue else []
    assert [step for step, _at in plan] == latest_passed + to_come
    assert all(at >= now for _step, at in plan)


# --- recording ------------------------------------------------------------------------------


def test_what_is_due_is_recorded_once(matter):
    running_deadline(matter)
    assert record_due(NOW + 17 * DAY) == 1
    assert record_due(NOW + 17 * DAY) == 0
    assert steps_recorded() == [0]


def test_nothing_is_recorded_before_its_time(matter):
    running_deadline(matter)
    assert record_due(NOW + 15 * DAY) == 0


def test_after_an_outage_one_reminder_stands_for_those_that_were_missed(matter):
    running_deadline(matter)
    assert record_due(NOW + 28 * DAY) == 1
    assert steps_recorded() == [2]
    assert Alarm.objects.first().step == 3


def test_the_last_step_comes_again_every_day_until_the_deadline_is_settled(matter):
    running_deadline(matter)
    for day in range(3):
        assert record_due(NOW + (31 + day) * DAY) == 1
        assert record_due(NOW + (31 + day) * DAY) == 0
    settle(matter, "mla.acknowledged", met=True, now=NOW + 34 * DAY)
    assert record_due(NOW + 40 * DAY) == 0
    assert not Alarm.objects.exists()


def test_after_an_outage_a_daily_step_is_recorded_once_for_its_latest_day_and_goes_on(matter):
    deadline = running_deadline(matter)
    record_due(NOW + 31 * DAY)
    assert record_due(NOW + 60 * DAY) == 1
    latest = Reminder.objects.latest("planned_at").planned_at
    assert NOW + 59 * DAY < latest <= NOW + 60 * DAY
    assert deadline.alarms.get().at == latest + DAY


def test_a_deadline_that_starts_long_overdue_keeps_to_the_hours_of_its_schedule(matter):
    deadline = running_deadline(matter, due=NOW - 10 * DAY)
    record_due(NOW)
    alarm = deadline.alarms.get()
    assert NOW < alarm.at <= NOW + DAY
    assert alarm.at.minute == alarm.at.second == 0


def test_a_batch_takes_the_earliest_first(matter):
    late = running_deadline(matter, due=NOW + 20 * DAY)
    early = running_deadline(matter, due=NOW + 10 * DAY)
    assert record_due(NOW + 9 * DAY, limit=1) == 1
    assert Reminder.objects.get().deadline_id == early.pk != late.pk


@pytest.mark.parametrize("hours", [0, 20, 400, 410, 500, 700, 719, 721, 800, 2000])
def test_whenever_the_sweep_comes_the_latest_step_passed_is_recorded(matter, hours):
    deadline, now = running_deadline(matter), NOW + hours * HOUR
    passed = [alarm.step for alarm in deadline.alarms.all() if alarm.at <= now]
    record_due(now)
    assert steps_recorded() == passed[-1:]
    assert not deadline.alarms.filter(at__lte=now).exists()


def test_a_reminder_that_already_stands_stops_nobody_elses(matter):
    twice = running_deadline(matter, label="twice")
    running_deadline(matter, label="once")
    now = NOW + 17 * DAY
    at = twice.alarms.get(step=0).at
    Reminder.objects.create(deadline=twice, step=0, planned_at=at, recorded_at=now)
    assert record_due(now) == 1
    assert Reminder.objects.count() == 2
    assert not Alarm.objects.filter(at__lte=now).exists()


# --- delivering -----------------------------------------------------------------------------


@pytest.fixture
def pending(matter):
    running_deadline(matter)
    record_due(NOW + 17 * DAY)
    return Reminder.objects.get()


def test_a_reminder_is_sent_once_to_the_responsible_officer(pending, responsible):
    now = NOW + 17 * DAY
    assert carry_out(now) == 1
    assert carry_out(now) == 0
    message = MailboxMessage.objects.get()
    assert message.recipients == [responsible.email]
    mail_notice = Notice.objects.get(channel="mail")
    assert (mail_notice.state, mail_notice.recipient) == ("sent", responsible)
    assert Message.objects.get().sent_at == now


def test_the_message_says_what_until_when_and_where(pending, matter):
    carry_out(NOW + 17 * DAY)
    message = MailboxMessage.objects.get()
    assert message.subject == f"Acknowledgement: 13 days left ({matter.reference})"
    assert "Wednesday 1 April 2026, 12:00 (Europe/Brussels)" in message.body


def test_a_sealed_matter_says_only_that_a_confidential_deadline_is_near(pending, matter):
    Dossier.objects.update(confidentiality=Dossier.Confidentiality.SEALED)
    Deadline.objects.update(zone="Africa/Dakar")
    carry_out(NOW + 17 * DAY)
    message = MailboxMessage.objects.get()
    assert message.subject == "Confidential deadline: 13 days left"
    for secret in (matter.reference, "Sen", "Dakar", "Acknowledgement"):
        assert secret not in message.subject + message.body


def test_a_worker_that_dies_after_sending_gives_no_second_message(pending):
    now = NOW + 17 * DAY
    carry_out(now)
    Message.objects.update(state="pending", claimed_until=now, sent_at=None)
    Notice.objects.filter(channel="mail").update(state="taken")
    assert carry_out(now + DAY) == 1
    assert MailboxMessage.objects.count() == 1


def test_what_another_worker_holds_is_not_taken_before_its_lease_ends(pending, settings):
    now = NOW + 17 * DAY
    settings.EMAIL_BACKEND = f"{__name__}.DeafServer"
    carry_out(now)
    lease = timedelta(seconds=settings.REMINDER_LEASE_SECONDS)
    Message.objects.update(claimed_until=now + lease)
    assert deliver(now) == 0
    assert deliver(now + lease) == 1


def test_a_settled_deadline_is_looked_at_again_before_sending(pending, matter):
    Deadline.objects.update(state="met", settled_at=NOW)
    carry_out(NOW + 17 * DAY)
    pending.refresh_from_db()
    assert pending.state == Reminder.State.DROPPED
    assert not MailboxMessage.objects.exists()


def test_a_deadline_settled_while_its_message_waits_for_another_attempt_is_not_sent(
    pending, settings
):
    settings.EMAIL_BACKEND = f"{__name__}.DeafServer"
    carry_out(NOW + 17 * DAY)
    Deadline.objects.update(state="met", settled_at=NOW)
    settings.EMAIL_BACKEND = MAILBOX
    assert carry_out(NOW + 18 * DAY) == 1
    assert Message.objects.get().state == Message.State.DROPPED
    assert not MailboxMessage.objects.exists()


def test_of_two_that_wait_only_the_later_is_sent(pending, matter):
    record_due(NOW + 24 * DAY)
    carry_out(NOW + 24 * DAY)
    assert MailboxMessage.objects.count() == 1
    pending.refresh_from_db()
    assert pending.state == Reminder.State.DROPPED


def test_settling_drops_what_was_not_sent(pending, matter):
    settle(matter, "mla.acknowledged", met=True, now=NOW + 17 * DAY)
    assert carry_out(NOW + 17 * DAY) == 0
    assert not Notice.objects.exists()


def test_a_failure_is_tried_again_later_and_later_and_then_stands_with_its_reason(
    pending, settings
):
    settings.EMAIL_BACKEND = f"{__name__}.DeafServer"
    now = NOW + 17 * DAY
    carry_out(now)
    for wait in WAIT_BEFORE_RETRY:
        assert deliver(now + wait - timedelta(seconds=1)) == 0
        now += wait
        assert deliver(now) == 1
    message = Message.objects.get()
    assert message.state == Message.State.FAILED
    assert message.last_error == "ConnectionRefusedError: nobody answers"
    assert health(now).failed == 1
    settings.EMAIL_BACKEND = MAILBOX
    assert try_failed_again() == 1
    assert deliver(now) == 1
    assert MailboxMessage.objects.count() == 1


@pytest.mark.parametrize("closed", [True, False])
def test_a_reminder_about_which_nobody_may_be_told_fails_visibly(
    pending, matter, responsible, closed
):
    if closed:
        responsible.is_active = False
        responsible.save()
    else:
        responsible.memberships.all().delete()
        NamedOnDossier.objects.filter(user=responsible).delete()
    carry_out(NOW + 17 * DAY)
    pending.refresh_from_db()
    assert pending.state == Reminder.State.FAILED
    assert pending.last_error
    assert health(NOW).untold == 1
    assert not MailboxMessage.objects.exists()


def test_the_message_is_in_the_recipients_language(pending, responsible):
    responsible.language = "fr"
    responsible.save()
    carry_out(NOW + 17 * DAY)
    assert "avril 2026" in MailboxMessage.objects.get().body


def test_mail_other_than_reminders_reaches_the_mailbox_too(db):
    mail.get_connection(MAILBOX).send_messages([mail.EmailMessage("Hello", "You", to=["a@b.org"])])
    assert MailboxMessage.objects.get().subject == "Hello"


# --- the health of the machinery ------------------------------------------------------------


def test_a_machinery_that_never_ran_is_not_healthy(db):
    assert not health(NOW).healthy


def test_health_tells_lag_and_failures(matter):
    running_deadline(matter)
    watched("record_due_reminders", lambda: 0)
    scanned = health(NOW).last_scan
    found = health(scanned + timedelta(minutes=11))
    assert found.silent
    late = Alarm.objects.first().at + 2 * HOUR
    assert health(late).lag == 2 * HOUR
    assert health(late).due == 1


def test_a_sweep_that_failed_is_remembered_with_its_reason(db):
    def broken():
        raise ValueError("no schedule")

    with pytest.raises(ValueError, match="no schedule"):
        watched("record_due_reminders", broken)
    assert "no schedule" in health(NOW).errors["record_due_reminders"]
