"""What is beside a request: enquiries, informal contacts, drafts for comment, spontaneous information."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mla import drafting, kind_letters, lifecycle, statistics
from mla.models import AssistanceRequest, InformalStatus, ReceivedStatus, RequestKind, Status
from mla.starting_from import related_to, start_from
from registry.letters import make_ordered
from registry.refusals import Invalid, NotPossibleNow
from tests.mla.test_request_kinds import fresh, offered


@pytest.fixture
def enquiry(start):
    return start(kind="enquiry", measures=(), offences=(), basis_code=None)


@pytest.fixture
def asked(enquiry, drafter, now):
    return lifecycle.advance(
        enquiry, "record_contact", user=drafter, now=now, means="telephone", sent_at=now
    )


def test_an_enquiry_goes_out_without_approval_letter_or_clock(asked):
    assert fresh(asked).dossier.status == InformalStatus.SENT
    assert fresh(asked).letter_id is None
    assert not asked.dossier.deadlines.exists()


def test_an_enquiry_knows_no_approval(enquiry, drafter, approver):
    assert offered(enquiry, drafter) == {"record_contact", "withdraw"}
    assert "submit" not in offered(enquiry, approver)


def test_the_day_on_which_an_answer_is_wanted_becomes_a_clock_that_the_answer_meets(
    enquiry, drafter, now
):
    day = now.date() + timedelta(days=10)
    drafting.save_draft(
        enquiry, user=drafter, changes={"answer_wanted_by": day}, expected_version=None, now=now
    )
    lifecycle.advance(enquiry, "record_contact", user=drafter, now=now, means="email", sent_at=now)
    assert enquiry.dossier.deadlines.filter(settled_at=None).count() == 1
    lifecycle.advance(
        enquiry, "record_reply", user=drafter, now=now, answered_at=now, answer="Yes."
    )
    assert not enquiry.dossier.deadlines.filter(settled_at=None).exists()


def test_an_enquiry_becomes_a_request_in_one_step_and_both_name_the_other(asked, drafter, now):
    request = start_from(asked, "convert", user=drafter, now=now)
    assert (request.kind, request.dossier.status) == (RequestKind.REQUEST, Status.DRAFT)
    closed = fresh(asked)
    assert (closed.dossier.status, closed.dossier.is_open) == (InformalStatus.CLOSED, False)
    assert closed.closed_at == now
    assert [each.request.pk for each in related_to(request, drafter)] == [asked.pk]
    assert [each.request.pk for each in related_to(closed, drafter)] == [request.pk]


def test_a_request_is_not_converted(sent, drafter, now):
    with pytest.raises(NotPossibleNow):
        start_from(sent, "convert", user=drafter, now=now)


def test_an_enquiry_received_is_answered_and_closed_without_triage(register_request, drafter, now):
    request = register_request(kind="enquiry", measures=(), offences=(), basis_code=None)
    assert not request.dossier.deadlines.exists()
    assert offered(request, drafter) == {"record_our_reply", "conclude"}
    lifecycle.advance(
        request, "record_our_reply", user=drafter, now=now, answered_at=now, answer="Yes."
    )
    lifecycle.advance(request, "conclude", user=drafter, now=now)
    assert fresh(request).dossier.is_open is False


def test_the_request_that_came_of_an_enquiry_is_registered_with_it_and_closes_it(
    register_request, drafter
):
    enquiry = register_request(kind="enquiry", measures=(), offences=(), basis_code=None)
    request = register_request(follows=enquiry)
    assert request.follows_id == enquiry.pk
    assert fresh(enquiry).dossier.status == ReceivedStatus.CLOSED


def test_a_matter_follows_none_of_another_state(register_request, asked, now):
    with pytest.raises(Invalid) as refused:
        register_request(requesting_state="ARG", follows=asked, basis_code=None)
    assert list(refused.value.fields) == ["follows"]


def test_what_is_no_request_is_counted_apart(asked, sent, office, drafter, now):
    found = statistics.of_period(office, now.date(), now.date(), drafter)
    assert found.count("new") == 1
    assert found.balanced
    assert (found.by_kind["enquiry"].sent, found.by_kind["request"].sent) == (1, 1)


def test_the_ground_of_a_refusal_is_counted(sent, office, drafter, now):
    lifecycle.advance(sent, "record_refusal", user=drafter, now=now, reason="No.")
    found = statistics.of_period(office, now.date(), now.date(), drafter)
    assert found.by_ground == {"": 1}


# --- spontaneous information ------------------------------------------------------------


@pytest.fixture
def information(start, drafter, now):
    request = start(kind="spontaneous", measures=())
    measure = request.measures.get()
    drafting.change_measure(
        request,
        measure.pk,
        changes={
            "description": "As follows.",
            "particulars": {
                "information_and_source": "A ledger names the payments.",
                "conditions_of_use": "Not as evidence without our consent.",
            },
        },
        user=drafter,
        now=now,
    )
    texts = ("contact", "conducting_authority", "subject_and_nature", "facts", "purpose")
    return drafting.save_draft(
        request,
        user=drafter,
        changes=dict.fromkeys(texts, "It is so.") | {"addressee_text": "Ministry of Justice"},
        expected_version=None,
        now=now,
    )


def test_information_goes_in_its_own_letter_with_its_conditions(information, now):
    content = kind_letters.content(information, "en", now=now)
    said = {p["key"]: p["text"] for p in content["columns"][0]["paragraphs"]}
    assert "A ledger names the payments." in said["information"]
    assert said["conditions"] == "Not as evidence without our consent."


def test_information_is_approved_and_sent_and_awaits_no_answer(information, drafter, approver, now):
    lifecycle.advance(information, "submit", user=drafter, now=now)
    lifecycle.advance(information, "approve", user=approver, now=now)
    make_ordered()
    made = fresh(information)
    assert made.letter.kind == "mla.spontaneous_information"
    lifecycle.advance(made, "send", user=drafter, now=now, channel="post", sent_at=now)
    assert not made.dossier.deadlines.exists()
    assert offered(made, drafter) == {"acknowledge", "record_use", "conclude"}
    lifecycle.advance(made, "conclude", user=drafter, now=now)
    assert fresh(made).dossier.status == Status.CLOSED


@pytest.fixture
def informed(register_request) -> AssistanceRequest:
    return register_request(kind="spontaneous", measures=(), conditions="For this case alone.")


def test_information_that_came_is_used_only_by_who_considered_its_conditions(
    informed, drafter, now
):
    with pytest.raises(Invalid) as refused:
        lifecycle.advance(informed, "record_use", user=drafter, now=now, used_for="A search.")
    assert list(refused.value.fields) == ["considered"]
    lifecycle.advance(
        informed, "record_use", user=drafter, now=now, used_for="A search.", considered="yes"
    )
    assert informed.dossier.timeline.filter(event="mla.information_used").count() == 1


def test_information_that_came_starts_no_clock_and_can_be_declined(informed, drafter, now):
    assert not informed.dossier.deadlines.exists()
    assert {"decline_conditions", "conclude", "acknowledge"} <= offered(informed, drafter)
    assert "begin_triage" not in offered(informed, drafter)


def test_information_without_conditions_is_used_at_once(register_request, drafter, now):
    informed = register_request(kind="spontaneous", measures=())
    lifecycle.advance(informed, "record_use", user=drafter, now=now, used_for="A search.")
    assert "decline_conditions" not in offered(informed, drafter)
