"""What happens to a running clock: pauses, extensions, corrections, and what the timeline says."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.utils import translation

from registry import clock_events, deadlines
from registry.models import Alarm, ClockEvent, Deadline, Dossier
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from registry.reminder_schedule import STILL_PAUSED
from registry.timeline_words import sentence
from tests.factories import NOW, DossierFactory, running_deadline
from tests.factories_clocks import clock_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def matter(office, drafter):
    return DossierFactory(owner=office, responsible=drafter)


@pytest.fixture
def clock(matter):
    return lambda **rule: clock_of(matter, **rule)


def on(day, month=3):
    return datetime(2026, month, day, 12, tzinfo=UTC)


def told(matter):
    with translation.override("en"):
        return [sentence(entry) for entry in matter.timeline.order_by("sequence")]


def test_a_pause_moves_the_due_day_and_the_clock_says_so_in_words(clock, drafter):
    deadline = clock()
    assert deadline.due_at == datetime(2026, 5, 4, 23, 59, 59, tzinfo=UTC)
    clock_events.suspend(deadline, ground="awaiting translation", user=drafter, now=on(10))
    assert (deadline.state, deadline.suspended_at) == ("suspended", on(10))
    clock_events.resume(deadline, user=drafter, now=on(2, month=4))
    assert deadline.due_at == datetime(2026, 5, 27, 23, 59, 59, tzinfo=UTC)
    with translation.override("en"):
        assert deadline.movement == "paused 23 days awaiting translation; due 4 May, now 27 May"


def test_a_paused_clock_says_since_when_and_what_is_left(clock, drafter):
    deadline = clock()
    clock_events.suspend(deadline, ground="awaiting translation", user=drafter, now=on(10))
    with translation.override("en"):
        assert deadline.movement == (
            "paused since 10 March awaiting translation; 55 days left when it goes on"
        )


def test_a_paused_clock_only_says_that_it_is_paused_and_reminds_again_when_it_goes_on(
    clock, drafter
):
    deadline = clock()
    clock_events.suspend(deadline, ground="awaiting translation", user=drafter, now=on(10))
    assert [alarm.step for alarm in Alarm.objects.filter(deadline=deadline)] == [STILL_PAUSED]
    clock_events.resume(deadline, user=drafter, now=on(20))
    assert deadline.alarms.order_by("at").first().at == datetime(2026, 4, 30, 8, tzinfo=UTC)


def test_the_timeline_says_from_when_to_when_a_clock_moved(clock, matter, drafter):
    deadline = clock()
    clock_events.suspend(deadline, ground="awaiting translation", user=drafter, now=on(10))
    clock_events.resume(deadline, user=drafter, now=on(20))
    assert told(matter)[-3:] == [
        "Clock paused: Decision; awaiting translation",
        "Clock goes on: Decision, due 14 May 2026, 23:59",
        "Clock moved: Decision, from 4 May 2026, 23:59 to 14 May 2026, 23:59",
    ]


def test_events_of_the_matter_pause_resume_and_meet_the_clock(clock, matter):
    deadline = clock()
    assert deadlines.happened(matter, "mla.translation_asked", at=on(10), now=on(11)) == 1
    deadline.refresh_from_db()
    assert deadline.state == Deadline.State.SUSPENDED
    assert deadlines.happened(matter, "mla.translation_asked", at=on(12), now=on(12)) == 0
    assert deadlines.happened(matter, "mla.translation_given", at=on(20), now=on(20)) == 1
    deadline.refresh_from_db()
    assert deadline.due_at.date().isoformat() == "2026-05-14"
    assert deadlines.happened(matter, "mla.executed", at=on(10, 5), now=on(11, 5)) == 1
    deadline.refresh_from_db()
    assert (deadline.state, deadline.settled_at) == (Deadline.State.MET, on(10, 5))


def test_what_meets_a_paused_clock_was_not_late(clock, matter, drafter):
    deadline = clock()
    clock_events.suspend(deadline, ground="awaiting translation", user=drafter, now=on(10))
    deadlines.happened(matter, "mla.executed", at=on(1, 8), now=on(1, 8))
    deadline.refresh_from_db()
    assert deadline.state == Deadline.State.MET


def test_an_event_does_not_end_the_pause_that_an_officer_made(clock, matter, drafter):
    deadline = clock()
    clock_events.suspend(deadline, ground="court strike", user=drafter, now=on(8))
    deadlines.happened(matter, "mla.translation_asked", at=on(10), now=on(10))
    deadlines.happened(matter, "mla.translation_given", at=on(12), now=on(12))
    deadline.refresh_from_db()
    assert deadline.state == Deadline.State.SUSPENDED
    clock_events.resume(deadline, user=drafter, now=on(18))
    assert deadline.due_at.date().isoformat() == "2026-05-14"


def test_an_extension_goes_as_far_as_the_rule_and_no_further(clock, drafter):
    deadline = clock()
    with pytest.raises(NotPossibleNow) as refusal:
        clock_events.extend(deadline, length=Decimal(31), unit="days", user=drafter, now=on(9))
    assert "at most 30 days" in str(refusal.value.detail)
    clock_events.extend(deadline, length=Decimal(30), unit="days", user=drafter, now=on(9))
    assert deadline.due_at.date().isoformat() == "2026-06-03"
    with translation.override("en"):
        assert deadline.movement == (
            "extended by 30 days by the requested side, Art. 12(5); due 4 May, now 3 June"
        )
    with pytest.raises(NotPossibleNow, match="not_extendable"):
        clock_events.extend(deadline, length=Decimal(1), unit="days", user=drafter, now=on(9))


def test_a_refused_extension_leaves_no_trace(clock, matter, drafter):
    deadline = clock(extension={})
    before = matter.timeline.count()
    with pytest.raises(NotPossibleNow, match="not_extendable"):
        clock_events.extend(deadline, length=Decimal(1), unit="days", user=drafter, now=on(9))
    assert matter.timeline.count() == before
    assert not ClockEvent.objects.filter(kind="extend").exists()


def test_a_date_set_by_hand_can_be_extended_to_another_day(matter, drafter):
    deadline = deadlines.set_by_hand(
        matter, label="Call", due_on=on(9).date(), user=drafter, now=NOW
    )
    clock_events.extend(deadline, until=on(19).date(), user=drafter, now=NOW + DAY)
    assert deadline.due_at.isoformat() == "2026-03-19T22:59:59+00:00"


def test_counting_afresh_forgets_the_pauses_before(clock, drafter):
    deadline = clock()
    clock_events.suspend(deadline, ground="awaiting translation", user=drafter, now=on(10))
    clock_events.restart(deadline, user=drafter, now=on(1, 4), reason="The request was amended.")
    assert deadline.state == Deadline.State.RUNNING
    assert deadline.due_at.date().isoformat() == "2026-05-31"


def test_a_corrected_start_moves_the_clock_and_keeps_what_was_written(clock, matter, drafter):
    deadline = clock()
    row = deadline.clock_events.get()
    clock_events.amend_event(
        row, at=on(7), reason="The receipt bears another date.", user=drafter, now=on(12)
    )
    deadline.refresh_from_db()
    assert (deadline.started_at, deadline.due_at.date().isoformat()) == (on(7), "2026-05-06")
    row.refresh_from_db()
    assert (row.at, row.replaced_by.at) == (on(5), on(7))
    assert told(matter)[-2:] == [
        "Clock corrected: Decision, “Started” was on 7 March 2026, 12:00 and not on "
        "5 March 2026, 12:00; The receipt bears another date.",
        "Clock moved: Decision, from 4 May 2026, 23:59 to 6 May 2026, 23:59",
    ]


def test_a_corrected_meeting_turns_a_missed_clock_into_one_that_was_met(clock, matter, drafter):
    deadline = clock()
    deadlines.happened(matter, "mla.executed", at=on(5, 5), now=on(5, 5))
    meeting = deadline.clock_events.get(kind="meet")
    clock_events.amend_event(
        meeting, at=on(4, 5), reason="It came a day before.", user=drafter, now=on(6, 5)
    )
    deadline.refresh_from_db()
    assert (deadline.state, deadline.settled_at) == (Deadline.State.MET, on(4, 5))


def test_a_meeting_that_was_none_is_withdrawn_and_the_clock_runs_again(clock, matter, drafter):
    deadline = clock()
    deadlines.happened(matter, "mla.executed", at=on(9), now=on(9))
    meeting = deadline.clock_events.get(kind="meet")
    clock_events.withdraw_event(meeting, reason="Another request.", user=drafter, now=on(10))
    deadline.refresh_from_db()
    assert (deadline.state, deadline.settled_at) == (Deadline.State.RUNNING, None)
    assert deadline.alarms.exists()


def test_a_correction_that_leaves_another_event_without_effect_is_refused(clock, drafter):
    deadline = clock()
    clock_events.suspend(deadline, ground="awaiting translation", user=drafter, now=on(10))
    clock_events.resume(deadline, user=drafter, now=on(12))
    pause = deadline.clock_events.get(kind="suspend")
    with pytest.raises(NotPossibleNow, match="leaves_an_event_without_effect"):
        clock_events.amend_event(
            pause, at=on(13), reason="Typed wrongly.", user=drafter, now=on(14)
        )


def test_a_corrected_entry_cannot_be_corrected_again(clock, drafter):
    row = clock().clock_events.get()
    clock_events.amend_event(row, at=on(7), reason="Another date.", user=drafter, now=on(12))
    with pytest.raises(NotPossibleNow, match="corrected_already"):
        clock_events.amend_event(row, at=on(8), reason="Another date.", user=drafter, now=on(12))


def test_an_auditor_can_do_nothing_to_a_clock(clock, auditor):
    deadline = clock()
    with pytest.raises(NotAllowed):
        clock_events.suspend(deadline, ground="x", user=auditor, now=on(9))
    with pytest.raises(NotAllowed):
        clock_events.extend(deadline, length=Decimal(1), unit="days", user=auditor, now=on(9))
    with pytest.raises(NotAllowed):
        clock_events.amend_event(
            deadline.clock_events.get(), at=on(6), reason="x", user=auditor, now=on(9)
        )


@pytest.mark.parametrize(
    ("ground", "at", "field"),
    [
        ("", None, "ground"),
        ("x" * 161, None, "ground"),
        ("strike", on(30), "at"),
        ("strike", on(1), "at"),
    ],
)
def test_a_pause_needs_a_ground_and_an_instant_of_the_clocks_run(clock, drafter, ground, at, field):
    with pytest.raises(Invalid) as refusal:
        clock_events.suspend(clock(), ground=ground, at=at, user=drafter, now=on(9))
    assert list(refusal.value.fields) == [field]


def test_a_pause_after_the_limit_ran_out_is_refused(clock, drafter):
    with pytest.raises(NotPossibleNow, match="ran_out"):
        clock_events.suspend(clock(), ground="strike", user=drafter, now=on(9, 6))


def test_working_days_lost_are_working_days_of_both_sides_where_both_calendars_rule(clock, drafter):
    deadline = clock(unit="working_days", length="3", calendar_of="both")
    assert deadline.other_calendar_state_id == "SEN"
    # Thursday 5 March: Friday, Monday, Tuesday.
    assert deadline.due_at.date().isoformat() == "2026-03-10"
    clock_events.suspend(deadline, ground="strike", user=drafter, now=on(6))
    clock_events.resume(deadline, user=drafter, now=on(9))
    assert deadline.due_at.date().isoformat() == "2026-03-11"


def test_the_database_refuses_a_pause_without_its_beginning(matter):
    deadline = running_deadline(matter)
    with pytest.raises(IntegrityError):
        Deadline.objects.filter(pk=deadline.pk).update(state=Deadline.State.SUSPENDED)


def test_a_matter_that_ends_cancels_its_paused_clocks_too(clock, matter, drafter):
    deadline = clock()
    clock_events.suspend(deadline, ground="strike", user=drafter, now=on(9))
    assert deadlines.cancel_all(Dossier.objects.get(pk=matter.pk), now=on(12)) == 1
    deadline.refresh_from_db()
    assert (deadline.state, deadline.suspended_at) == (Deadline.State.CANCELLED, None)
