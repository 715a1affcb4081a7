"""What people and offices set: preferences, absences, supervision, schedules; notices and pages."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from registry import standing_in
from registry.models import (
    Absence,
    Audience,
    Dossier,
    NamedOnDossier,
    Notice,
    Rearming,
    Reminder,
    ReminderPreferences,
    ReminderSchedule,
    ReminderStep,
    Supervision,
)
from registry.notice_list import count_open, notice_page
from registry.refusals import Invalid, NotAllowed
from registry.reminder_delivery import carry_out
from registry.reminder_preferences import StepWanted, set_preferences, set_schedule
from registry.reminder_rearming import order, rearm_all
from registry.reminders import record_all_due
from tests.factories import NOW, DossierFactory, officer_of, running_deadline

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAYS = ReminderSchedule.DAYS


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.EMAIL_BACKEND = "registry.demonstration_mailbox.MailboxBackend"


@pytest.fixture
def matter(office, drafter):
    return DossierFactory(owner=office, responsible=drafter)


def prefer(user, **changed):
    usual = {
        "in_application": True,
        "mail": True,
        "webhook": True,
        "digest": False,
        "digest_hour": 8,
        "quiet_from": None,
        "quiet_until": None,
        "extra_days": [],
        "now": NOW,
    }
    return set_preferences(user, **(usual | changed))


# --- preferences ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"in_application": False, "mail": False}, "mail"),
        ({"digest_hour": 24}, "digest_hour"),
        ({"quiet_from": time(22)}, "quiet_until"),
        ({"quiet_from": time(22), "quiet_until": time(22)}, "quiet_until"),
        ({"extra_days": [0]}, "extra_days"),
        ({"extra_days": range(1, 12)}, "extra_days"),
    ],
)
def test_preferences_that_reach_nobody_or_make_no_sense_are_refused(drafter, changed, field):
    with pytest.raises(Invalid) as refusal:
        prefer(drafter, **changed)
    assert field in refusal.value.fields
    assert not ReminderPreferences.objects.exists()


def test_further_days_are_planned_for_the_deadlines_that_run(matter, drafter):
    deadline = running_deadline(matter)
    prefer(drafter, extra_days=[21, 14])
    rearm_all(NOW)
    at = [alarm.at - deadline.due_at for alarm in deadline.alarms.order_by("at")][:2]
    assert [-a.days for a in at] == [22, 15]  # 8 in the morning 21 and 14 days before; 14 only once


def test_further_days_of_one_person_concern_nobody_else(matter, drafter, colleague, office):
    other = running_deadline(DossierFactory(owner=office, responsible=colleague))
    prefer(drafter, extra_days=[21])
    rearm_all(NOW)
    assert other.alarms.count() == 6


# --- schedules ------------------------------------------------------------------------------


def test_an_office_reminds_by_its_own_schedule_and_running_deadlines_follow(
    matter, approver, office
):
    deadline = running_deadline(matter)
    set_schedule(office, DAYS, [StepWanted(-48), StepWanted(24)], user=approver, now=NOW)
    rearm_all(NOW)
    assert deadline.alarms.count() == 2
    assert running_deadline(matter).alarms.count() == 2
    set_schedule(office, DAYS, [], user=approver, now=NOW)
    rearm_all(NOW)
    assert deadline.alarms.count() == 6


def test_another_office_keeps_its_schedule(matter, approver, office, other_office):
    other = running_deadline(DossierFactory(owner=other_office))
    set_schedule(office, DAYS, [StepWanted(24)], user=approver, now=NOW)
    rearm_all(NOW)
    assert other.alarms.count() == 6


def test_planning_anew_loses_nothing_that_is_due_and_repeats_nothing_that_was_said(
    matter, approver, office
):
    said = running_deadline(matter, due=NOW + 10 * DAY)
    record_all_due(NOW + 7 * DAY)
    due = running_deadline(matter, due=NOW + 9 * DAY)
    now = NOW + 9 * DAY - HOUR
    assert Reminder.objects.filter(deadline=said).count() == 1
    order(now, authority=office)
    assert rearm_all(now) == 2
    record_all_due(now)
    assert Reminder.objects.filter(deadline=due).count() == 1
    assert rearm_all(now) == 0


def test_planning_anew_goes_on_where_a_worker_died(matter):
    for _each in range(3):
        running_deadline(matter)
    order(NOW)
    from registry.reminder_rearming import rearm_batch

    assert rearm_batch(NOW, limit=2) == 2
    assert Rearming.objects.get().done == 2
    assert rearm_all(NOW) == 1
    assert Rearming.objects.get().finished_at == NOW


@pytest.mark.parametrize(
    "steps",
    [
        [StepWanted(-24)],  # nothing at the end or after it
        [StepWanted(0), StepWanted(0)],
        [StepWanted(0, repeat_hours=1)],
        [StepWanted(24 * 366)],
        [StepWanted(hours) for hours in range(21)],
        [StepWanted(0, audience=9)],
        [StepWanted(0, escalate=10_000)],
    ],
)
def test_a_schedule_that_would_fail_the_office_is_refused(office, approver, steps):
    with pytest.raises(Invalid):
        set_schedule(office, DAYS, steps, user=approver, now=NOW)
    assert not ReminderStep.objects.filter(authority=office).exists()


def test_a_drafting_officer_may_not_set_the_schedule(office, drafter):
    with pytest.raises(NotAllowed):
        set_schedule(office, DAYS, [StepWanted(0)], user=drafter, now=NOW)


# --- absence, supervision -------------------------------------------------------------------


def test_only_a_colleague_can_stand_in(drafter, stranger):
    day = NOW.date()
    with pytest.raises(Invalid) as refusal:
        standing_in.be_absent(drafter, first_day=day, last_day=day, deputy=stranger, now=NOW)
    assert "deputy" in refusal.value.fields


def test_absences_do_not_overlap(drafter, colleague):
    day = NOW.date()
    standing_in.be_absent(drafter, first_day=day, last_day=day, deputy=colleague, now=NOW)
    with pytest.raises(Invalid):
        standing_in.be_absent(drafter, first_day=day, last_day=day + DAY, deputy=None, now=NOW)


def test_nobody_supervises_themselves_or_from_elsewhere(office, drafter, approver, stranger):
    for wrong in (drafter, stranger):
        with pytest.raises(Invalid):
            standing_in.set_supervisors(office, drafter.pk, [wrong.pk], user=approver)


# --- notices --------------------------------------------------------------------------------


@pytest.fixture
def told(matter):
    running_deadline(matter)
    record_all_due(NOW + 17 * DAY)
    carry_out(NOW + 17 * DAY)
    return Notice.objects.get(channel="application")


def test_the_bell_counts_what_is_to_be_acknowledged(told, drafter, signed_in):
    assert count_open(drafter) == 1
    browser = signed_in(drafter)
    page = browser.get(reverse("notices")).content.decode()
    assert "not acknowledged" in page
    assert "Acknowledgement" in page
    browser.post(reverse("notice-acknowledge", args=[told.pk]))
    assert count_open(drafter) == 0
    assert Reminder.objects.get().acknowledged_by == drafter
    assert (
        "acknowledged by Dina Drafter"
        in browser.get(reverse("notices") + "?which=all").content.decode()
    )


def test_a_later_reminder_takes_the_place_of_an_earlier_one(told, drafter, matter):
    record_all_due(NOW + 24 * DAY)
    carry_out(NOW + 24 * DAY)
    assert count_open(drafter) == 1
    assert Notice.objects.filter(channel="application").count() == 2


def test_nobody_acknowledges_what_others_were_told(told, colleague, signed_in):
    signed_in(colleague).post(reverse("notice-acknowledge", args=[told.pk]))
    assert Reminder.objects.get().acknowledged_at is None


def test_a_matter_that_the_person_may_no_longer_see_is_gone_from_count_and_list(
    told, drafter, signed_in, matter
):
    Dossier.objects.update(confidentiality="sealed")
    NamedOnDossier.objects.filter(user=drafter).delete()
    assert count_open(drafter) == 0
    page = signed_in(drafter).get(reverse("notices") + "?which=all").content.decode()
    assert matter.reference not in page


def test_notices_come_page_by_page_at_the_same_cost(matter, drafter, django_assert_num_queries):
    for _each in range(5):
        running_deadline(matter)
    record_all_due(NOW + 17 * DAY)
    carry_out(NOW + 17 * DAY)
    first = notice_page(drafter, size=3)
    with django_assert_num_queries(1):
        rest = notice_page(drafter, size=3, cursor=first.next)
    assert [len(first.rows), len(rest.rows), rest.next] == [3, 2, None]
    assert {n.pk for n in first.rows}.isdisjoint({n.pk for n in rest.rows})


# --- pages ----------------------------------------------------------------------------------


def test_the_page_of_my_reminders_saves_and_keeps_what_was_wrong(drafter, signed_in):
    browser = signed_in(drafter)
    form = {"in_application": "on", "digest": "on", "digest_hour": "7", "extra_days": "30, 21"}
    browser.post(reverse("my-reminders"), form | {"quiet_from": "22:00", "quiet_until": "06:30"})
    kept = ReminderPreferences.objects.get()
    assert (kept.mail, kept.digest_hour, kept.extra_days) == (False, 7, [30, 21])
    assert (kept.quiet_from, kept.quiet_until) == (time(22), time(6, 30))
    wrong = browser.post(reverse("my-reminders"), form | {"extra_days": "soon"})
    assert wrong.status_code == 400
    assert 'value="soon"' in wrong.content.decode()


def test_the_page_takes_an_absence_and_takes_it_back(drafter, colleague, signed_in):
    browser = signed_in(drafter)
    form = {"first_day": "2099-01-01", "last_day": "2099-01-05", "deputy": colleague.pk}
    browser.post(reverse("absence-new"), form)
    absence = Absence.objects.get()
    assert absence.deputy == colleague
    browser.post(reverse("absence-remove", args=[absence.pk]))
    assert not Absence.objects.exists()


def test_the_page_of_the_office_is_for_those_who_may_set_it(
    office, drafter, approver, administrator, stranger, signed_in
):
    page = reverse("office-reminders", args=[office.pk])
    found = {
        person.email: signed_in(person).get(page).status_code
        for person in (drafter, approver, administrator, stranger)
    }
    assert sorted(found.values()) == [200, 200, 404, 404]
    assert found[approver.email] == found[administrator.email] == 200


def test_the_page_of_the_office_saves_a_schedule_and_supervision(
    office, drafter, approver, signed_in
):
    browser = signed_in(approver)
    form = {
        "offset": ["5", "1", ""],
        "side": ["before", "after", "before"],
        "repeat": ["", "2", ""],
        "audience": [Audience.RESPONSIBLE, Audience.BOTH, Audience.RESPONSIBLE],
        "escalate": ["12", "", ""],
        "escalate_critical": ["", "", ""],
    }
    browser.post(reverse("office-schedule", args=[office.pk, DAYS]), form)
    steps = ReminderStep.objects.filter(authority=office)
    assert [
        (s.offset_hours, s.repeat_hours, s.audience, s.escalate_after_hours) for s in steps
    ] == [
        (-120, 0, Audience.RESPONSIBLE, 12),
        (24, 48, Audience.BOTH, None),
    ]
    form["offset"] = ["x", "1", ""]
    wrong = browser.post(reverse("office-schedule", args=[office.pk, DAYS]), form)
    assert wrong.status_code == 400
    assert 'value="x"' in wrong.content.decode()
    browser.post(reverse("office-schedule", args=[office.pk, DAYS]), {"everybodys": "1"})
    assert not ReminderStep.objects.filter(authority=office).exists()
    chief = officer_of(office, "approving_officer")
    browser.post(
        reverse("office-supervision", args=[office.pk]),
        {"officer": drafter.pk, "supervisors": [chief.pk]},
    )
    assert Supervision.objects.get().supervisor == chief
