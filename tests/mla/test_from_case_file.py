"""A request started from a case file carries persons, offences and facts, and is linked to it."""

from __future__ import annotations

from html import unescape

import pytest

from cases import case_file_parts, case_files
from cases.models import ProtectedIdentity
from mla.models import AssistanceRequest


@pytest.fixture
def case(register, office, drafter, now):
    case = case_files.open_case_file(
        user=drafter, owner=office, title="The Kelem case", summary="What happened.", now=now
    )
    for part, given in (
        ("offences", {"family": "torture", "provision": "Article 136", "acts_from": "2024-05-03"}),
        ("persons", {"role": "suspect", "family_name": "Tarrin", "birth_year": "1981"}),
        ("persons", {"role": "witness", "family_name": "Unmistakovic", "protected_alias": "W-2"}),
        ("persons", {"role": "victim", "family_name": "Notasked"}),
    ):
        case_file_parts.add(case, part, given, user=drafter, now=now)
    return case


def test_what_is_ticked_comes_along_and_the_request_is_linked(case, drafter, signed_in):
    browser = signed_in(drafter)
    reference = case.dossier.reference
    form = browser.get(f"/requests/new/?case_file={reference}&offences=torture")
    assert "W-2" in unescape(form.content.decode())
    suspect, witness, _victim = case.dossier.persons.all()
    answer = browser.post("/requests/new/", {
        "case_file": reference, "requested_state": "SEN", "measures": ["taking_evidence"],
        "offences": ["torture", "corruption"], "persons": [suspect.pk, witness.pk],
    })  # fmt: skip
    assert answer.status_code == 302
    request = AssistanceRequest.objects.get()
    assert request.facts == "What happened."
    assert [str(p) for p in request.dossier.persons.all()] == ["Tarrin", "W-2"]
    kept = ProtectedIdentity.objects.get(person__dossier=request.dossier)
    assert kept.opened() == {"family_name": "Unmistakovic"}
    offences = dict(request.dossier.offences.values_list("family", "provision"))
    assert offences == {"torture": "Article 136", "corruption": ""}
    assert case.linked.get().dossier == request.dossier


def test_of_a_case_file_that_one_may_not_see_nothing_comes_along(case, colleague, signed_in):
    case.dossier.confidentiality = "sealed"
    case.dossier.save()
    address = f"/requests/new/?case_file={case.dossier.reference}"
    shown = signed_in(colleague).get(address).content.decode()
    assert "Tarrin" not in shown
    assert "from-case" not in shown
