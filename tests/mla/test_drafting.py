"""Starting and writing a draft."""

from __future__ import annotations

import pytest

from mla import drafting


@pytest.fixture
def start(register, office, drafter, now):
    """Starts a request of the office; a test says only what is unusual in it."""

    def started(**unusual):
        wish = {
            "user": drafter,
            "owner": office,
            "requested_state": "SEN",
            "measures": ["taking_evidence", "bank_financial_records"],
            "offences": ["crimes_against_humanity"],
            "now": now,
        }
        return drafting.start_request(**wish | unusual)

    return started


def test_a_started_request_rests_on_the_proposed_basis(start):
    request = start()
    assert request.basis_id == request.basis_answer["proposed"]
    assert [m.kind_id for m in request.measures.all()] == [
        "taking_evidence",
        "bank_financial_records",
    ]
