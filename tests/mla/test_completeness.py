"""What a request must still say, and what requires it."""

from __future__ import annotations

import pytest

from mla import completeness, drafting


@pytest.fixture
def request_to_senegal(register, office, drafter, now):
    return drafting.start_request(
        user=drafter,
        owner=office,
        requested_state="SEN",
        measures=["service_of_documents"],
        offences=["corruption"],
        basis_code="UNTOC",
        now=now,
    )


def items(request):
    return {item.key: item for item in completeness.checklist(request).items}


def test_each_item_names_its_article(request_to_senegal):
    assert items(request_to_senegal)["requesting_authority"].article == "UNTOC Art. 18(15)(a)"


def test_the_facts_are_not_needed_when_only_service_is_asked(request_to_senegal):
    assert items(request_to_senegal)["facts_summary"].state == "not_needed"
