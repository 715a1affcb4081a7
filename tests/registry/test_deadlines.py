"""Clocks of a dossier: who may set them, what settles them, who sees them."""

from datetime import date, timedelta

import pytest

from registry.deadline_list import deadlines_visible_to
from registry.deadlines import cancel_all, set_by_hand, settle, settle_by_hand
from registry.models import Alarm, Deadline, Dossier, Reminder
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from registry.reminders import record_due
from tests.factories import NOW, DossierFactory, running_deadline

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def matter(office, drafter):
    return DossierFactory(owner=office, responsible=drafter)


def events(matter):
    return list(matter.timeline.values_list("event", flat=True))


def test_a_started_clock_runs_with_an_alarm_and_stands_on_the_timeline(matter):
    deadline = running_deadline(matter, due=NOW + 30 * DAY)
    assert deadline.state == Deadline.State.RUNNING
    # Fourteen days before the morning of the last day, in Brussels.
    assert deadline.alarms.first().at.isoformat() == "2026-03-18T06:00:00+00:00"
    assert events(matter)[-1] == "deadline.started"


def test_the_event_that_was_awaited_meets_the_deadline(matter):
    deadline = running_deadline(matter)
    assert settle(matter, "mla.acknowledged", met=True, now=NOW + DAY) == 1
    deadline.refresh_from_db()
    assert (deadline.state, deadline.settled_at) == (Deadline.State.MET, NOW + DAY)
    assert events(matter)[-1] == "deadline.met"


def test_another_event_leaves_it_running_deadline(matter):
    deadline = running_deadline(matter)
    assert settle(matter, "mla.executed", met=True, now=NOW + DAY) == 0
    deadline.refresh_from_db()
    assert deadline.state == Deadline.State.RUNNING


def test_an_event_that_came_too_late_leaves_the_deadline_missed(matter):
    deadline = running_deadline(matter, due=NOW + DAY)
    settle(matter, "mla.acknowledged", met=True, now=NOW + 3 * DAY)
    deadline.refresh_from_db()
    assert deadline.state == Deadline.State.MISSED


def test_an_event_recorded_late_but_come_in_time_meets_the_deadline(matter):
    deadline = running_deadline(matter, due=NOW + 2 * DAY)
    settle(matter, "mla.acknowledged", met=True, now=NOW + 5 * DAY, at=NOW + DAY)
    deadline.refresh_from_db()
    assert (deadline.state, deadline.settled_at) == (Deadline.State.MET, NOW + DAY)


def test_a_settled_deadline_gives_no_more_reminders(matter):
    deadline = running_deadline(matter)
    record_due(NOW + 28 * DAY)
    settle(matter, "mla.acknowledged", met=True, now=NOW + 28 * DAY)
    assert not Alarm.objects.filter(deadline=deadline).exists()
    assert Reminder.objects.get().state == Reminder.State.DROPPED


def test_ending_the_matter_cancels_what_runs(matter):
    running_deadline(matter), running_deadline(matter, met_by_event="mla.executed")
    assert cancel_all(matter, now=NOW + DAY) == 2
    assert set(matter.deadlines.values_list("state", flat=True)) == {Deadline.State.CANCELLED}
    assert events(matter)[-2:] == ["deadline.cancelled"] * 2


def test_a_deadline_set_by_hand_ends_with_its_day_in_the_zone_of_the_office(matter, drafter):
    deadline = set_by_hand(
        matter, label="Call the court", due_on=date(2026, 4, 1), user=drafter, now=NOW
    )
    assert deadline.due_at.isoformat() == "2026-04-01T21:59:59+00:00"
    assert matter.version == 2


@pytest.mark.parametrize(
    ("label", "due_on", "field"),
    [
        ("", date(2026, 4, 1), "label"),
        ("x" * 241, date(2026, 4, 1), "label"),
        ("Call", date(2026, 3, 1), "due_on"),
        ("Call", date(2926, 3, 3), "due_on"),
    ],
)
def test_a_deadline_set_by_hand_needs_a_name_and_a_day_to_come(
    matter, drafter, label, due_on, field
):
    with pytest.raises(Invalid) as refusal:
        set_by_hand(matter, label=label, due_on=due_on, user=drafter, now=NOW)
    assert list(refusal.value.fields) == [field]


def test_an_auditor_cannot_set_or_settle_a_deadline(matter, auditor):
    with pytest.raises(NotAllowed):
        set_by_hand(matter, label="Call", due_on=date(2026, 4, 1), user=auditor, now=NOW)
    with pytest.raises(NotAllowed):
        settle_by_hand(running_deadline(matter), met=True, user=auditor, now=NOW)


def test_a_deadline_is_settled_by_hand_once(matter, drafter):
    deadline = running_deadline(matter)
    assert settle_by_hand(deadline, met=True, user=drafter, now=NOW).state == Deadline.State.MET
    with pytest.raises(NotPossibleNow):
        settle_by_hand(deadline, met=True, user=drafter, now=NOW)


# --- who sees them --------------------------------------------------------------------------


def labels(page):
    return [row["label"] for row in page.rows]


def test_another_authority_sees_nothing(matter, stranger):
    running_deadline(matter)
    assert deadlines_visible_to(stranger, now=NOW).rows == []


def test_a_sealed_matter_shows_only_to_those_named_on_it(matter, drafter, colleague):
    running_deadline(matter)
    Dossier.objects.update(confidentiality=Dossier.Confidentiality.SEALED)
    assert deadlines_visible_to(colleague, now=NOW).rows == []
    assert len(deadlines_visible_to(drafter, now=NOW).rows) == 1


def test_overdue_deadlines_stay_and_come_first(matter, drafter):
    running_deadline(matter, label="later", due=NOW + 9 * DAY)
    running_deadline(matter, label="overdue", due=NOW - DAY)
    page = deadlines_visible_to(drafter, now=NOW)
    assert [(row["label"], row["overdue"]) for row in page.rows] == [
        ("overdue", True),
        ("later", False),
    ]
    assert labels(deadlines_visible_to(drafter, now=NOW, which="missed")) == ["overdue"]
    assert labels(deadlines_visible_to(drafter, now=NOW, which="to_come")) == ["later"]


def test_pages_follow_each_other_and_lead_back(matter, drafter):
    for n in range(7):
        running_deadline(matter, label=str(n), due=NOW + (1 + n // 3) * DAY)
    first = deadlines_visible_to(drafter, now=NOW, size=3)
    second = deadlines_visible_to(drafter, now=NOW, size=3, cursor=first.next)
    third = deadlines_visible_to(drafter, now=NOW, size=3, cursor=second.next)
    assert labels(first) + labels(second) + labels(third) == list("0123456")
    assert (first.previous, third.next) == (None, None)
    assert labels(deadlines_visible_to(drafter, now=NOW, size=3, cursor=third.previous)) == list(
        "345"
    )


@pytest.mark.parametrize("cursor", ["nonsense", "bnVsbA==", "WzEsMiwzXQ==", "é"])
def test_a_cursor_that_is_none_is_refused(drafter, cursor):
    with pytest.raises(Invalid):
        deadlines_visible_to(drafter, now=NOW, cursor=cursor)


def test_the_list_costs_the_same_for_three_and_for_thirty(
    matter, drafter, django_assert_max_num_queries
):
    for _each in range(30):
        running_deadline(matter)
    # Memberships; the office's dossiers; the dossiers on which the person is named.
    with django_assert_max_num_queries(4):
        deadlines_visible_to(drafter, now=NOW)
