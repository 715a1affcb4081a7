"""A rule or a calendar changes: what would move is proposed, and moves only when accepted."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from registry import recomputation
from registry.desk import desk_of
from registry.models import ClockSource, Deadline, Dossier, LocalDay, ProposedMove
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow
from registry.timeline_words import sentence
from tests.factories import DossierFactory, StateFactory
from tests.factories_clocks import STARTED, clock_of
from treaties.models import TimeLimit

pytestmark = pytest.mark.django_db
NOW = STARTED + timedelta(days=1)
LATER = STARTED + timedelta(days=2)


@pytest.fixture
def matter(office, drafter):
    return DossierFactory(owner=office, responsible=drafter)


@pytest.fixture
def working(matter):
    """Five working days of Senegal from Thursday 5 March: due on Thursday 12."""
    clock = clock_of(matter, unit="working_days", length="5", rule_code="")
    recomputation.recount(NOW)
    assert clock.due_at.date() == date(2026, 3, 12)
    return clock


def close_the_courts():
    LocalDay.objects.create(
        state=StateFactory(code="SEN"),
        first_day=date(2026, 3, 9),
        last_day=date(2026, 3, 10),
        label="Court recess",
    )


@pytest.fixture
def proposed(working):
    close_the_courts()
    recomputation.recount(LATER)
    return ProposedMove.objects.get()


def test_a_court_recess_proposes_where_a_clock_would_go_and_moves_nothing(working, proposed):
    assert proposed.old_due == working.due_at
    assert proposed.new_due == datetime(2026, 3, 16, 23, 59, 59, tzinfo=UTC)
    working.refresh_from_db()
    assert working.due_at.date() == date(2026, 3, 12)


def test_nothing_is_proposed_where_nothing_changed(working):
    recomputation.recount(LATER)
    assert not ProposedMove.objects.exists()


def test_another_states_calendar_concerns_no_clock_of_this_one(working, belgium):
    LocalDay.objects.create(
        state=belgium, first_day=date(2026, 3, 9), last_day=date(2026, 3, 9), label="Strike"
    )
    recomputation.recount(LATER)
    assert not ProposedMove.objects.exists()


def test_an_accepted_move_moves_the_clock_and_the_timeline_says_why(proposed, matter, drafter):
    recomputation.accept(proposed, user=drafter, now=LATER)
    clock = Deadline.objects.get()
    assert (clock.due_at, clock.alarms.exists()) == (proposed.new_due, True)
    with translation.override("en"):
        assert sentence(matter.timeline.order_by("sequence").last()) == (
            "Clock moved: Decision, from 12 March 2026, 23:59 to 16 March 2026, 23:59; "
            "the calendar of Senegal has changed"
        )


def test_a_kept_date_needs_a_reason_stays_and_is_not_asked_about_again(proposed, matter, drafter):
    with pytest.raises(Invalid, match="reason_missing"):
        recomputation.keep(proposed, reason=" ", user=drafter, now=LATER)
    recomputation.keep(proposed, reason="They confirmed the date.", user=drafter, now=LATER)
    assert matter.timeline.order_by("sequence").last().event == "deadline.kept"
    ClockSource.objects.update(fingerprint="")
    recomputation.recount(LATER)
    assert Deadline.objects.get().due_at == proposed.old_due
    assert not ProposedMove.objects.filter(state="open").exists()


@pytest.fixture
def kept(proposed, drafter):
    recomputation.keep(proposed, reason="They confirmed the date.", user=drafter, now=LATER)
    return proposed


def test_a_kept_date_stays_when_the_calendar_changes_again(kept):
    LocalDay.objects.create(
        state=StateFactory(code="SEN"),
        first_day=date(2026, 3, 11),
        last_day=date(2026, 3, 11),
        label="Flood",
    )
    recomputation.recount(LATER + timedelta(hours=1))
    assert Deadline.objects.get().due_at == kept.old_due
    assert not ProposedMove.objects.filter(state="open").exists()


def test_an_event_moves_a_kept_date_by_what_the_event_moves_and_no_more(kept, matter):
    from registry import deadlines

    for day, event in ((9, "mla.translation_asked"), (16, "mla.translation_given")):
        at = datetime(2026, 3, day, 12, tzinfo=UTC)
        deadlines.happened(matter, event, at=at, now=at)
    clock = Deadline.objects.get()
    counted = ProposedMove.objects.get().counted_due
    assert counted - kept.new_due == clock.due_at - kept.old_due > timedelta()
    with translation.override("en"):
        assert f"kept on {clock.due_at.day} March 2026" in clock.movement


def test_what_is_done_by_the_kept_date_is_done_in_time(working, drafter):
    from registry import deadlines

    LocalDay.objects.create(
        state=StateFactory(code="SEN"),
        first_day=date(2026, 3, 7),
        last_day=date(2026, 3, 7),
        label="Saturday worked",
        working=True,
    )
    recomputation.recount(LATER)
    move = ProposedMove.objects.get()
    assert move.new_due < move.old_due
    recomputation.keep(move, reason="Agreed with them.", user=drafter, now=LATER)
    done = move.old_due - timedelta(hours=1)
    deadlines.happened(working.dossier, "mla.executed", at=done, now=done)
    assert Deadline.objects.get().state == Deadline.State.MET


def test_a_released_date_is_asked_about_again(kept, drafter, signed_in):
    page = signed_in(drafter).get(reverse("clock", args=[kept.deadline_id]))
    release = reverse("moved-release", args=[kept.pk])
    assert release in page.content.decode()
    signed_in(drafter).post(release)
    again = ProposedMove.objects.get(state="open")
    assert (again.old_due, again.new_due) == (kept.old_due, kept.new_due)
    assert Deadline.objects.get().due_at == kept.old_due
    with pytest.raises(NotPossibleNow, match="not_kept"):
        recomputation.release(kept, user=drafter, now=LATER)


def test_only_one_decision_counts(proposed, drafter, colleague):
    recomputation.accept(proposed, user=drafter, now=LATER)
    with pytest.raises(NotPossibleNow, match="decided_already"):
        recomputation.keep(proposed, reason="No.", user=colleague, now=LATER)


def test_a_change_taken_back_takes_its_proposal_back(proposed):
    LocalDay.objects.all().delete()
    recomputation.recount(LATER)
    assert not ProposedMove.objects.filter(state="open").exists()


def test_what_happened_meanwhile_overtakes_a_proposal(proposed, matter):
    from registry import deadlines

    deadlines.happened(matter, "mla.executed", at=LATER, now=LATER)
    proposed.refresh_from_db()
    assert proposed.state == ProposedMove.State.OVERTAKEN


def test_a_batch_at_a_time_is_counted_anew_and_each_clock_once(matter, monkeypatch):
    monkeypatch.setattr(recomputation, "BATCH", 3)
    for _each in range(7):
        clock_of(matter, unit="working_days", length="5", rule_code="")
    recomputation.recount(NOW)
    close_the_courts()
    assert recomputation.look_for_changes(LATER) == 1
    assert [recomputation.recount_batch(LATER) for _each in range(4)] == [3, 3, 1, None]
    source = ClockSource.objects.get(kind="calendar", key="SEN")
    assert (source.looked_at, source.moved, source.percent) == (7, 7, 100)
    assert ProposedMove.objects.count() == 7


def test_a_batch_that_a_worker_has_claimed_is_left_to_it(working):
    close_the_courts()
    recomputation.look_for_changes(LATER)
    ClockSource.objects.update(claimed_until=LATER + timedelta(minutes=1))
    assert recomputation.recount_batch(LATER) is None
    assert recomputation.recount_batch(LATER + timedelta(minutes=2)) == 1


# --- rules of the register ------------------------------------------------------------------


@pytest.fixture
def limit(db):
    return TimeLimit.objects.create(
        code="TEST-60",
        kind="deadline",
        trigger="receipt of the request",
        length=60,
        unit="days",
        bound_party="requested",
        confidence="verified",
        extension_by="requested",
        extension_times=1,
        extension_length=30,
        extension_unit="days",
    )


def test_a_changed_rule_proposes_moves_for_its_open_clocks_only(limit, matter, drafter):
    clock = clock_of(matter)
    ended = clock_of(matter)
    Deadline.objects.filter(pk=ended.pk).update(state="cancelled", settled_at=NOW)
    recomputation.recount(NOW)
    TimeLimit.objects.update(length=90)
    recomputation.recount(LATER)
    move = ProposedMove.objects.get()
    assert (move.deadline_id, move.new_due.date()) == (clock.pk, date(2026, 6, 3))
    with translation.override("en"):
        assert recomputation.cause_in_words(move) == (
            "the rule TEST-60 of the register has changed"
        )
    recomputation.accept(move, user=drafter, now=LATER)
    assert Deadline.objects.get(pk=clock.pk).rule["length"] == "90"


def test_who_may_extend_is_taken_over_without_asking(limit, matter):
    clock = clock_of(matter)
    recomputation.recount(NOW)
    TimeLimit.objects.update(extension_by="")
    recomputation.recount(LATER)
    assert not ProposedMove.objects.exists()
    assert Deadline.objects.get(pk=clock.pk).rule["extension"]["by"] == ""


# --- who sees and decides -------------------------------------------------------------------


def test_a_sealed_clock_shows_only_to_those_named_on_it(proposed, drafter, colleague, stranger):
    Dossier.objects.update(confidentiality=Dossier.Confidentiality.SEALED)
    assert [m.pk for m in recomputation.moves_visible_to(drafter)] == [proposed.pk]
    assert not recomputation.moves_visible_to(colleague)
    assert desk_of(colleague, LATER).moved == []
    with pytest.raises(NotFound):
        recomputation.visible_move(colleague, proposed.pk)
    assert recomputation.accept_all(colleague, LATER) == 0


def test_an_auditor_sees_and_cannot_decide(proposed, auditor):
    assert list(recomputation.moves_visible_to(auditor)) == [proposed]
    assert not recomputation.moves_to_decide(auditor)
    with pytest.raises(NotAllowed):
        recomputation.accept(proposed, user=auditor, now=LATER)


def test_all_can_be_accepted_at_once(matter, drafter):
    for _each in range(3):
        clock_of(matter, unit="working_days", length="5", rule_code="")
    recomputation.recount(NOW)
    close_the_courts()
    recomputation.recount(LATER)
    assert len(desk_of(drafter, LATER).moved) == 3
    assert recomputation.accept_all(drafter, LATER) == 3
    assert set(Deadline.objects.values_list("due_at__date", flat=True)) == {date(2026, 3, 16)}


def test_the_page_lists_before_and_after_and_takes_both_decisions(proposed, drafter, client):
    client.force_login(drafter)
    page = client.get(reverse("moved")).content.decode()
    assert "12 March 2026" in page
    assert "16 March 2026" in page
    refused = client.post(reverse("moved-keep", args=[proposed.pk]), {"reason": ""})
    assert refused.status_code == 400
    assert client.post(reverse("moved-accept", args=[proposed.pk])).status_code == 302
    assert "Nothing to decide" in client.get(reverse("moved")).content.decode()


def test_the_page_says_nothing_of_what_is_sealed(proposed, colleague, client):
    Dossier.objects.update(confidentiality=Dossier.Confidentiality.SEALED)
    client.force_login(colleague)
    assert "Nothing to decide" in client.get(reverse("moved")).content.decode()
    for name in ("moved-accept", "moved-keep"):
        assert client.post(reverse(name, args=[proposed.pk])).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_twenty(
    matter, drafter, client, django_assert_max_num_queries
):
    for _each in range(20):
        clock_of(matter, unit="working_days", length="5", rule_code="")
    recomputation.recount(NOW)
    close_the_courts()
    recomputation.recount(LATER)
    client.force_login(drafter)
    client.get(reverse("moved"))
    with django_assert_max_num_queries(9):
        client.get(reverse("moved"))
