"""The life of a request: who may move it, when, and what a move causes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from mla import drafting, lifecycle, statistics
from mla.models import AssistanceRequest, Status
from registry.access import MAY
from registry.models import Deadline, Letter
from registry.refusals import Invalid, NotAllowed, NotPossibleNow, Stale
from tests.factories import officer_of


def status_of(request):
    return AssistanceRequest.objects.get(pk=request.pk).dossier.status


def events_of(request):
    return list(request.dossier.timeline.values_list("event", flat=True))


def names(request, user):
    return {p.move.name: p.possible for p in lifecycle.possibilities(request, user)}


def test_an_incomplete_draft_cannot_be_submitted_and_is_told_what_is_missing(start, drafter, now):
    request = start()
    with pytest.raises(NotPossibleNow) as refused:
        lifecycle.advance(request, "submit", user=drafter, now=now)
    assert "UNTOC Art. 18(15)(b)" in str(refused.value.detail)
    assert status_of(request) == Status.DRAFT


def test_a_measure_without_its_particulars_holds_up_the_submission(complete, drafter, now):
    measure = complete.measures.get(kind="bank_financial_records")
    drafting.change_measure(
        complete, measure.pk, changes={"particulars": {"relevance": ""}}, user=drafter, now=now
    )
    with pytest.raises(NotPossibleNow, match="not_yet") as refused:
        lifecycle.advance(complete, "submit", user=drafter, now=now)
    assert "Relevance" in str(refused.value.detail)


def test_the_drafter_cannot_approve(complete, office, now):
    both = officer_of(office, roles=["drafting_officer", "approving_officer"])
    AssistanceRequest.objects.filter(pk=complete.pk).update(drafted_by=both)
    lifecycle.advance(complete, "submit", user=complete.dossier.responsible, now=now)
    with pytest.raises(NotPossibleNow, match="another approving officer"):
        lifecycle.advance(complete, "approve", user=both, now=now)
    assert status_of(complete) == Status.AWAITING_APPROVAL


def test_who_submitted_cannot_approve(complete, approver, now):
    lifecycle.advance(complete, "submit", user=approver, now=now)
    with pytest.raises(NotPossibleNow, match="another approving officer"):
        lifecycle.advance(complete, "approve", user=approver, now=now)


def test_who_edited_last_cannot_approve(complete, drafter, approver, now):
    drafting.save_draft(
        complete, user=approver, changes={"contact": "Me"}, expected_version=None, now=now
    )
    lifecycle.advance(complete, "submit", user=drafter, now=now)
    with pytest.raises(NotPossibleNow, match="another approving officer"):
        lifecycle.advance(complete, "approve", user=approver, now=now)


def test_the_database_itself_refuses_an_approval_by_the_drafter(complete, drafter):
    with pytest.raises(IntegrityError), transaction.atomic():
        AssistanceRequest.objects.filter(pk=complete.pk).update(approved_by=drafter)


def test_a_drafting_officer_may_not_approve(submitted, colleague, now):
    with pytest.raises(NotAllowed):
        lifecycle.advance(submitted, "approve", user=colleague, now=now)


def test_the_approval_orders_the_letter(submitted, approver, now):
    request = lifecycle.advance(submitted, "approve", user=approver, now=now)
    assert request.letter.state == Letter.State.ORDERED
    assert request.approved_by == approver


def test_a_request_without_its_letter_cannot_be_sent(submitted, drafter, approver, now):
    lifecycle.advance(submitted, "approve", user=approver, now=now)
    with pytest.raises(NotPossibleNow, match="still being made"):
        lifecycle.advance(submitted, "send", user=drafter, now=now, channel="post", sent_at=now)


def test_sending_starts_the_clocks(sent):
    assert sent.dossier.status == Status.SENT
    assert sent.dossier.deadlines.filter(state=Deadline.State.RUNNING).exists()


def test_a_letter_cannot_have_been_sent_tomorrow(approved, drafter, now):
    with pytest.raises(Invalid) as refused:
        lifecycle.advance(
            approved, "send", user=drafter, now=now, channel="post",
            sent_at=now + timedelta(days=1),
        )  # fmt: skip
    assert list(refused.value.fields) == ["sent_at"]
    assert status_of(approved) == Status.APPROVED


def test_a_move_says_what_it_needs(approved, drafter, now):
    with pytest.raises(Invalid) as refused:
        lifecycle.advance(approved, "send", user=drafter, now=now)
    assert set(refused.value.fields) == {"channel", "sent_at"}


def test_an_unknown_move_is_refused(complete, drafter, now):
    with pytest.raises(Invalid, match="unknown_move"):
        lifecycle.advance(complete, "burn", user=drafter, now=now)


def test_a_stale_copy_cannot_move_the_request(complete, drafter, now):
    with pytest.raises(Stale):
        lifecycle.advance(complete, "submit", user=drafter, now=now, expected_version=1)
    assert status_of(complete) == Status.DRAFT


def test_an_acknowledgement_keeps_their_reference_and_is_found_by_it(sent, drafter, now):
    lifecycle.advance(
        sent, "acknowledge", user=drafter, now=now, acknowledged_at=now,
        foreign_reference="DAK-77/2026",
    )  # fmt: skip
    assert sent.dossier.foreign_reference == "DAK-77/2026"
    assert "dak-77/2026" in sent.dossier.search_text


def test_a_returned_request_can_be_edited_again_and_its_letter_is_void(approved, approver, now):
    letter = approved.letter
    lifecycle.advance(approved, "return_to_draft", user=approver, now=now, reason="Add the bank.")
    letter.refresh_from_db()
    assert letter.state == Letter.State.VOID
    assert approved.dossier.status == Status.DRAFT
    assert approved.approved_by is None


def test_withdrawal_cancels_the_clocks_and_closes(sent, drafter, now):
    lifecycle.advance(sent, "withdraw", user=drafter, now=now, reason="No longer needed.")
    assert not sent.dossier.is_open
    assert not sent.dossier.deadlines.filter(state=Deadline.State.RUNNING).exists()


def test_a_withdrawn_request_moves_no_more(sent, drafter, now):
    lifecycle.advance(sent, "withdraw", user=drafter, now=now, reason="No longer needed.")
    assert names(sent, drafter) == {}
    with pytest.raises(NotPossibleNow, match="Withdrawn"):
        lifecycle.advance(sent, "acknowledge", user=drafter, now=now, acknowledged_at=now)


def test_an_executed_request_is_closed(sent, drafter, now):
    lifecycle.advance(sent, "record_execution", user=drafter, now=now)
    lifecycle.advance(sent, "close", user=drafter, now=now)
    assert (sent.dossier.status, sent.dossier.is_open) == (Status.CLOSED, False)


def test_who_only_reads_is_offered_nothing(submitted, auditor):
    assert names(submitted, auditor) == {}


def test_the_approver_is_offered_the_approval(submitted, approver):
    assert names(submitted, approver)["approve"] is True


def test_every_move_is_on_the_timeline(sent):
    moves = {move.event for move in lifecycle.MOVES.values()}
    assert [event for event in events_of(sent) if event in moves] == [
        "mla.submitted",
        "mla.approved",
        "mla.sent",
    ]


@pytest.mark.parametrize("move", lifecycle.MOVES.values(), ids=lambda move: move.name)
def test_every_move_starts_and_ends_at_a_status_and_takes_a_known_act(move):
    assert move.sources <= set(Status)
    assert move.target is None or move.target in Status
    assert move.act in MAY


def test_every_status_can_be_reached_and_only_the_last_ones_are_ends():
    reached, waiting = {Status.DRAFT}, [Status.DRAFT]
    while waiting:
        here = waiting.pop()
        for move in lifecycle.MOVES.values():
            if here in move.sources and move.target and move.target not in reached:
                reached.add(move.target)
                waiting.append(move.target)
    assert reached == set(Status)
    left = {source for move in lifecycle.MOVES.values() for source in move.sources}
    assert set(Status) - left <= lifecycle.ENDED


def test_a_closed_request_is_reopened_when_more_comes_and_the_figures_still_balance(
    sent, office, drafter, now
):
    lifecycle.advance(sent, "record_execution", user=drafter, now=now)
    lifecycle.advance(sent, "close", user=drafter, now=now)
    lifecycle.advance(sent, "reopen", user=drafter, now=now, reason="A second box came.")
    assert (sent.dossier.status, sent.dossier.is_open) == (Status.IN_EXECUTION, True)
    day = now.date()
    assert statistics.of_period(office, day, day, drafter).balanced


def test_their_question_stops_the_clocks_that_it_stops_until_we_answer(sent, drafter, now):
    lifecycle.advance(sent, "record_question", user=drafter, now=now, question="Which bank?")
    assert "record_question" not in names(sent, drafter)
    lifecycle.advance(sent, "record_our_answer", user=drafter, now=now, answered_at=now)
    assert [e for e in events_of(sent) if e.startswith("mla.information")] == [
        "mla.information_requested",
        "mla.information_received",
    ]


def test_a_postponement_of_theirs_has_a_day_on_which_we_ask_again(sent, drafter, now):
    day = now.date() + timedelta(days=60)
    lifecycle.advance(
        sent, "record_postponement", user=drafter, now=now, reason="Own trial.", until=day
    )
    clock = sent.dossier.deadlines.get(met_by_event="mla.resumed")
    lifecycle.advance(sent, "record_execution_begun", user=drafter, now=now)
    clock.refresh_from_db()
    assert clock.state == Deadline.State.MET


def test_the_diagram_of_the_life_is_current():
    call_command("lifecycle_diagram", "--check")
