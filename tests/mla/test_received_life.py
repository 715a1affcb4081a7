"""The life of a request that came to us: registered, decided, executed or not, closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from mla import drafting, intake, lifecycle, lifecycle_received, measures
from mla.models import AssistanceRequest, InformationRequest, Receipt, ReceivedStatus
from registry import draft_letters
from registry.access import MAY
from registry.models import Deadline, Dossier
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from tests.factories import AuthorityFactory

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def advance(request, *moves, user, now, **data):
    for move in moves:
        lifecycle.advance(request, move, user=user, now=now, **data)
    return request


def offered(request, user):
    return {p.move.name: p.possible for p in lifecycle.possibilities(request, user)}


def running(request):
    return {
        (d.rule_code, d.bound_party)
        for d in request.dossier.deadlines.filter(state=Deadline.State.RUNNING)
    }


# --- registering ------------------------------------------------------------------------


def test_a_received_request_has_the_sides_exchanged_and_a_number_of_its_own_series(received):
    assert received.dossier.reference == "BE-CA-MLA-R-2026-00001"
    assert received.dossier.direction == Dossier.Direction.RECEIVED
    assert (received.requesting_state_id, received.requested_state_id) == ("SEN", "BEL")
    assert received.dossier.counterpart_id == "SEN"
    assert received.dossier.status == ReceivedStatus.REGISTERED


def test_the_series_of_both_directions_do_not_mix(start, register_request):
    assert start().dossier.reference.endswith("MLA-2026-00001")
    assert register_request().dossier.reference.endswith("MLA-R-2026-00001")
    assert register_request().dossier.reference.endswith("MLA-R-2026-00002")


def test_state_subject_and_day_are_enough(register_request):
    request = register_request(measures=(), offences=(), basis_code=None, foreign_reference="")
    assert request.receipt.registered_at
    assert request.dossier.title


def test_the_legal_basis_is_resolved_with_the_sides_exchanged(received):
    question = received.basis_answer["question"]
    assert (question["requesting"], question["requested"]) == ("SEN", "BEL")
    assert received.basis_id == "UNTOC"


def test_the_scan_is_kept_as_a_received_document(register_request):
    request = register_request(scan=intake.Scan("request.pdf", PDF))
    assert request.receipt.scan.kind == "received"
    assert request.receipt.scan.dossier_id == request.pk


def test_a_scan_that_cannot_be_taken_registers_nothing(register_request):
    with pytest.raises(Invalid) as refused:
        register_request(scan=intake.Scan("request.pdf", b"MZ a program"))
    assert list(refused.value.fields) == ["scan"]
    assert not Dossier.objects.exists()


def test_the_person_named_is_found_by_search(register_request):
    request = register_request(person={"role": "suspect", "family_name": "Ndour"})
    assert "ndour" in request.dossier.search_text
    assert "dak/2026/77" in request.dossier.search_text


def test_every_mistake_is_told_at_once(register_request, now):
    with pytest.raises(Invalid) as refused:
        register_request(title="", received_at=now + timedelta(days=1), urgent=True)
    assert set(refused.value.fields) == {
        "title",
        "received_at",
        "urgency_reason",
        "answer_wanted_by",
    }


def test_an_authority_of_another_state_is_refused(register_request, office):
    with pytest.raises(Invalid) as refused:
        register_request(requesting_authority=office.pk)
    assert list(refused.value.fields) == ["requesting_authority"]


def test_an_authority_of_the_requesting_state_is_taken(register_request, senegal):
    theirs = AuthorityFactory(state=senegal, name="Court of Dakar")
    assert register_request(requesting_authority=theirs.pk).receipt.requesting_authority == theirs


def test_who_works_elsewhere_registers_nothing_here(register_request, stranger):
    with pytest.raises(NotAllowed):
        register_request(user=stranger)


def test_an_auditor_registers_nothing(register_request, auditor):
    with pytest.raises(NotAllowed):
        register_request(user=auditor)


# --- clocks -----------------------------------------------------------------------------


def test_the_receipt_starts_clocks_that_bind_us(received):
    assert ("OFFICE-RECEIVED-ACK", "ours") in running(received)
    assert not any(rule == "OFFICE-ACK" for rule, _party in running(received))


def test_the_day_on_which_they_want_the_answer_binds_us(register_request):
    request = register_request(answer_wanted_by="2026-03-20")
    wanted = request.dossier.deadlines.get(rule_code="")
    assert wanted.bound_party == Deadline.BoundParty.OURS
    assert wanted.zone == "Europe/Brussels"


def test_our_acknowledgement_meets_its_clock(received, drafter, now):
    advance(received, "acknowledge", user=drafter, now=now, acknowledged_at=now)
    clock = received.dossier.deadlines.get(rule_code="OFFICE-RECEIVED-ACK")
    assert clock.state == Deadline.State.MET
    assert received.dossier.status == ReceivedStatus.REGISTERED
    assert "acknowledge" not in offered(received, drafter)


def test_an_acknowledgement_before_the_receipt_is_refused(received, drafter, now):
    with pytest.raises(Invalid) as refused:
        advance(
            received,
            "acknowledge",
            user=drafter,
            now=now,
            acknowledged_at=now - timedelta(days=1),
        )
    assert list(refused.value.fields) == ["acknowledged_at"]


def test_another_basis_exchanges_the_clocks_of_law_and_keeps_those_of_the_office(
    register_request, drafter, now
):
    request = register_request(requesting_state="FRA", basis_code="EIO-2014")
    assert ("EIO-ACK", "ours") in running(request)
    drafting.choose_basis(request, "UNTOC", user=drafter, expected_version=None, now=now)
    codes = {rule for rule, _party in running(request)}
    assert not any(code.startswith("EIO") for code in codes)
    assert "OFFICE-RECEIVED-ACK" in codes


# --- the life ---------------------------------------------------------------------------


def test_from_registration_to_closing(under_way, drafter, now):
    measure = under_way.measures.get()
    measures.move_measure(under_way, measure.pk, "execute", user=drafter, now=now)
    advance(under_way, "record_execution", "close", user=drafter, now=now)
    assert under_way.dossier.status == ReceivedStatus.CLOSED
    assert not under_way.dossier.is_open
    assert not running(under_way)


def test_every_move_is_on_the_timeline_with_who(judged, drafter, now):
    in_triage = judged
    advance(in_triage, "accept", user=drafter, now=now)
    entries = in_triage.dossier.timeline.values_list("event", "actor")
    assert ("mla.received", drafter.pk) in entries
    assert ("mla.triage_begun", drafter.pk) in entries
    assert ("mla.accepted", drafter.pk) in entries


def test_without_a_legal_basis_nothing_is_accepted_and_the_reason_is_shown(
    register_request, drafter, now
):
    request = register_request()
    AssistanceRequest.objects.filter(pk=request.pk).update(basis=None)
    request.refresh_from_db()
    advance(request, "begin_triage", user=drafter, now=now)
    with pytest.raises(NotPossibleNow, match="Choose the legal basis first"):
        advance(request, "accept", user=drafter, now=now)
    assert offered(request, drafter)["accept"] is False


def test_a_question_is_asked_once_and_answered(in_triage, drafter, now):
    advance(in_triage, "ask_information", user=drafter, now=now, question="Which account?")
    assert "ask_information" not in offered(in_triage, drafter)
    with pytest.raises(NotPossibleNow):
        advance(in_triage, "ask_information", user=drafter, now=now, question="Again?")
    later = now + timedelta(days=3)
    advance(
        in_triage,
        "record_information",
        user=drafter,
        now=later,
        answered_at=later,
        answer="Account 12.",
    )
    question = InformationRequest.objects.get()
    assert (question.answer, question.answered_at) == ("Account 12.", later)
    assert "ask_information" in offered(in_triage, drafter)


def test_a_question_stops_the_clocks_that_it_stops(in_triage, drafter, now):
    advance(in_triage, "ask_information", user=drafter, now=now, question="Which account?")
    clocks = in_triage.dossier.deadlines
    decision = clocks.get(rule_code="OFFICE-RECEIVED-DECISION")
    assert decision.state == Deadline.State.SUSPENDED
    assert clocks.get(rule_code="OFFICE-RECEIVED-ACK").state == Deadline.State.RUNNING
    later = now + timedelta(days=5)
    advance(in_triage, "record_information", user=drafter, now=later, answered_at=later)
    due_before = decision.due_at
    decision.refresh_from_db()
    assert decision.state == Deadline.State.RUNNING
    assert decision.due_at >= due_before + timedelta(days=4)


def test_the_database_itself_keeps_one_question_open(in_triage, drafter, now):
    advance(in_triage, "ask_information", user=drafter, now=now, question="Which account?")
    with pytest.raises(IntegrityError), transaction.atomic():
        InformationRequest.objects.create(
            request=in_triage, asked_by_us=True, question="x", asked_at=now, recorded_by=drafter
        )


def test_an_answer_told_by_the_minute_of_the_question_is_no_earlier_than_it(
    in_triage, drafter, now
):
    asked = now.replace(second=40)
    advance(in_triage, "ask_information", user=drafter, now=asked, question="Which account?")
    advance(
        in_triage,
        "record_information",
        user=drafter,
        now=asked + timedelta(seconds=10),
        answered_at=asked.replace(second=0, microsecond=0),
    )
    assert InformationRequest.objects.get().answered_at == asked


def test_an_answer_from_before_the_question_is_refused(in_triage, drafter, now):
    advance(in_triage, "ask_information", user=drafter, now=now, question="Which account?")
    with pytest.raises(Invalid) as refused:
        advance(
            in_triage,
            "record_information",
            user=drafter,
            now=now,
            answered_at=now - timedelta(days=1),
        )
    assert list(refused.value.fields) == ["answered_at"]


def test_a_return_as_deficient_is_reasoned_and_counted(in_triage, drafter, now):
    with pytest.raises(Invalid):
        advance(in_triage, "return_as_deficient", user=drafter, now=now)
    advance(in_triage, "return_as_deficient", user=drafter, now=now, reason="No facts.")
    assert in_triage.dossier.status == ReceivedStatus.RETURNED
    assert in_triage.receipt.times_returned == 1
    advance(in_triage, "reopen", user=drafter, now=now, reason="They completed it.")
    assert in_triage.dossier.status == ReceivedStatus.IN_TRIAGE
    advance(in_triage, "return_as_deficient", user=drafter, now=now, reason="Still no facts.")
    assert in_triage.receipt.times_returned == 2


def test_a_postponement_has_a_day_and_its_clock(in_triage, drafter, now):
    until = date(2026, 6, 1)
    with pytest.raises(Invalid) as refused:
        advance(in_triage, "postpone", user=drafter, now=now, reason="Own proceedings.")
    assert "until" in refused.value.fields
    advance(in_triage, "postpone", user=drafter, now=now, reason="Own trial.", until=until)
    assert in_triage.receipt.postponed_until == until
    assert in_triage.dossier.deadlines.filter(met_by_event="mla.resumed").exists()
    assert "resume_execution" not in offered(in_triage, drafter)
    advance(in_triage, "resume_triage", user=drafter, now=now)
    assert in_triage.dossier.status == ReceivedStatus.IN_TRIAGE
    assert in_triage.receipt.postponed_until is None


def test_an_execution_postponed_is_taken_up_where_it_was(under_way, drafter, now):
    in_triage = under_way
    advance(
        in_triage, "postpone", user=drafter, now=now, reason="Own trial.", until=date(2026, 6, 1)
    )
    assert "resume_triage" not in offered(in_triage, drafter)
    advance(in_triage, "resume_execution", user=drafter, now=now)
    assert in_triage.dossier.status == ReceivedStatus.IN_EXECUTION
    assert in_triage.receipt.outcome == Receipt.Outcome.ACCEPTED


def refer(request, user, now, **data):
    return advance(
        request,
        "refer",
        user=user,
        now=now,
        referred_to="Federal Police, financial unit",
        reason="The accounts are theirs to seek.",
        **data,
    )


def waiting_for_that_authority(request):
    return request.dossier.deadlines.get(met_by_event="mla.referral_answered")


def test_a_referral_starts_the_clock_of_the_answer_as_the_office_has_it(in_triage, drafter, now):
    clock = waiting_for_that_authority(refer(in_triage, drafter, now))
    assert clock.rule_code == "OFFICE-REFERRAL"
    assert clock.bound_party == Deadline.BoundParty.OURS


def test_the_day_given_for_the_answer_counts_and_the_answer_meets_it(in_triage, drafter, now):
    refer(in_triage, drafter, now, wanted_by=date(2026, 3, 20))
    assert waiting_for_that_authority(in_triage).due_at.date() == date(2026, 3, 20)
    assert offered(in_triage, drafter)["record_referral_answer"]
    later = now + timedelta(days=3)
    advance(
        in_triage,
        "record_referral_answer",
        user=drafter,
        now=later,
        answered_at=later,
        answer="They take it up as 12/2026.",
    )
    assert waiting_for_that_authority(in_triage).state == Deadline.State.MET
    assert in_triage.dossier.status == ReceivedStatus.REFERRED
    assert "record_referral_answer" not in offered(in_triage, drafter)


def test_a_referral_with_a_day_past_changes_nothing(in_triage, drafter, now):
    with pytest.raises(Invalid) as refused:
        refer(in_triage, drafter, now, wanted_by=date(2026, 1, 1))
    assert list(refused.value.fields) == ["wanted_by"]
    in_triage.dossier.refresh_from_db()
    assert in_triage.dossier.status == ReceivedStatus.IN_TRIAGE


def test_the_transfer_letter_goes_to_that_authority_with_the_reasons(in_triage, drafter, now):
    refer(in_triage, drafter, now, wanted_by=date(2026, 3, 20))
    letter = draft_letters.start(
        in_triage.dossier, "mla.referral", language="en", user=drafter, now=now
    )
    said = " ".join(paragraph.shown for paragraph in letter.paragraphs.all())
    for part in ("Federal Police, financial unit", "The accounts are theirs", "20 March 2026"):
        assert part in said


def test_a_referral_says_to_whom(in_triage, drafter, now):
    advance(
        in_triage,
        "refer",
        user=drafter,
        now=now,
        referred_to="Federal Police, financial unit",
        reason="It asks for police information only.",
    )
    assert in_triage.dossier.status == ReceivedStatus.REFERRED
    assert in_triage.receipt.referred_to == "Federal Police, financial unit"


def test_only_an_approving_officer_refuses(in_triage, drafter, now):
    assert "refuse" not in offered(in_triage, drafter)
    with pytest.raises(NotAllowed):
        advance(in_triage, "refuse", user=drafter, now=now, reason="No.")


def test_the_database_itself_refuses_a_refusal_without_reasons(received, drafter, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.filter(pk=received.pk).update(
            outcome="refused", decided_at=now, decided_by=drafter
        )


def test_the_database_itself_refuses_a_postponement_without_a_day(received, drafter, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.filter(pk=received.pk).update(
            outcome="postponed", outcome_reason="x", decided_at=now, decided_by=drafter
        )


def test_what_they_withdraw_ends_with_its_clocks(received, drafter, now):
    advance(received, "record_withdrawal", user=drafter, now=now, reason="Settled.")
    assert received.dossier.status == ReceivedStatus.WITHDRAWN
    assert not running(received)


def test_a_received_request_knows_no_move_of_a_sent_one(received, drafter, now):
    with pytest.raises(Invalid, match="unknown_move"):
        advance(received, "submit", user=drafter, now=now)


def test_what_it_says_is_completed_while_it_is_in_hand(in_triage, drafter, now):
    drafting.save_draft(
        in_triage,
        user=drafter,
        changes={"facts": "As they write.", "answer_wanted_by": "2026-01-01"},
        expected_version=None,
        now=now,
    )
    assert in_triage.facts == "As they write."
    advance(in_triage, "record_withdrawal", user=drafter, now=now, reason="Settled.")
    with pytest.raises(NotPossibleNow, match="Withdrawn"):
        drafting.save_draft(
            in_triage, user=drafter, changes={"facts": "x"}, expected_version=None, now=now
        )


@pytest.mark.parametrize("move", lifecycle_received.MOVES.values(), ids=lambda move: move.name)
def test_every_move_starts_and_ends_at_a_status_and_takes_a_known_act(move):
    assert move.sources <= set(ReceivedStatus)
    assert move.target is None or move.target in ReceivedStatus
    assert move.act in MAY


def test_every_status_can_be_reached():
    reached, waiting = {ReceivedStatus.REGISTERED}, [ReceivedStatus.REGISTERED]
    while waiting:
        here = waiting.pop()
        for move in lifecycle_received.MOVES.values():
            if here in move.sources and move.target and move.target not in reached:
                reached.add(move.target)
                waiting.append(move.target)
    assert reached == set(ReceivedStatus)
