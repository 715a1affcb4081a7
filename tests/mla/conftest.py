"""Requests at the stages of their life, reached as in life."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mla import drafting, intake, lifecycle, measures, triage
from mla.models import AssistanceRequest
from registry.letters import make_ordered


@pytest.fixture
def start(register, office, drafter, now):
    """Starts a request of the office; a test says only what is unusual in it."""

    def started(**unusual: Any) -> AssistanceRequest:
        wish = {
            "user": drafter,
            "owner": office,
            "requested_state": "SEN",
            "measures": ["taking_evidence", "bank_financial_records"],
            "offences": ["corruption"],
            "basis_code": "UNTOC",
            "now": now,
        }
        if unusual.get("urgent"):
            wish["urgency_reason"] = "The hearing is near."
            wish["answer_wanted_by"] = (now + timedelta(days=30)).date()
        return drafting.start_request(**wish | unusual)

    return started


@pytest.fixture
def complete(start, drafter, now) -> AssistanceRequest:
    """A draft in which nothing mandatory is missing."""
    request = start()
    for measure in request.measures.all():
        drafting.change_measure(
            request,
            measure.pk,
            changes={
                "description": "As follows.",
                "particulars": dict.fromkeys(
                    measure.kind.particulars.values_list("key", flat=True), "Known."
                ),
            },
            user=drafter,
            now=now,
        )
    texts = ("contact", "conducting_authority", "subject_and_nature", "facts", "purpose")
    return drafting.save_draft(
        request,
        user=drafter,
        changes=dict.fromkeys(texts, "It is so.")
        | {"addressee_text": "Ministry of Justice, Dakar"},
        expected_version=None,
        now=now,
    )


@pytest.fixture
def submitted(complete, drafter, now) -> AssistanceRequest:
    return lifecycle.advance(complete, "submit", user=drafter, now=now)


@pytest.fixture
def approved(submitted, approver, now) -> AssistanceRequest:
    """Approved, and its letter made."""
    request = lifecycle.advance(submitted, "approve", user=approver, now=now)
    make_ordered()
    return AssistanceRequest.objects.select_related("letter", "dossier").get(pk=request.pk)


@pytest.fixture
def sent(approved, drafter, now) -> AssistanceRequest:
    return lifecycle.advance(approved, "send", user=drafter, now=now, channel="post", sent_at=now)


@pytest.fixture
def register_request(register, office, drafter, now):
    """Registers a request from Senegal; a test says only what is unusual in it."""

    def registered(**unusual: Any) -> AssistanceRequest:
        wish = {
            "user": drafter,
            "owner": office,
            "requesting_state": "SEN",
            "received_at": now,
            "title": "Bank records of the company Teranga",
            "foreign_reference": "DAK/2026/77",
            "measures": ["bank_financial_records"],
            "offences": ["corruption"],
            "basis_code": "UNTOC",
            "now": now,
        }
        return intake.register_received(**wish | unusual)

    return registered


@pytest.fixture
def received(register_request) -> AssistanceRequest:
    return register_request()


@pytest.fixture
def in_triage(received, drafter, now) -> AssistanceRequest:
    return lifecycle.advance(received, "begin_triage", user=drafter, now=now)


@pytest.fixture
def judged(in_triage, drafter, now) -> AssistanceRequest:
    """In triage, with every ground of refusal answered: none applies."""
    grounds = triage.grounds_of(in_triage).asked
    return triage.answer_grounds(
        in_triage,
        {asked.ground.pk: ("no", "") for asked in grounds},
        user=drafter,
        expected_version=None,
        now=now,
    )


@pytest.fixture
def under_way(judged, drafter, now) -> AssistanceRequest:
    """Accepted, its measure assigned to the federal police, in execution."""
    lifecycle.advance(judged, "accept", user=drafter, now=now)
    for measure in judged.measures.all():
        measures.assign(judged, measure.pk, named="Federal Police", user=drafter, now=now)
    return lifecycle.advance(judged, "begin_execution", user=drafter, now=now)
