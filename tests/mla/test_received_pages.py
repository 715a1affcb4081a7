"""The pages of requests that came to us."""

from __future__ import annotations

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mla.models import AssistanceRequest
from tests.factories import AuthorityFactory

pytestmark = pytest.mark.usefixtures("register")
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
WISH = {
    "requesting_state": "SEN",
    "title": "Bank records of the company Teranga",
    "foreign_reference": "DAK/2026/77",
    "received_at": "2026-03-02T09:00",
    "channel": "email",
    "family_name": "Ndour",
}


def text_of(response) -> str:
    return unescape(response.content.decode())


@pytest.fixture
def desk(signed_in, drafter):
    return signed_in(drafter)


def page(name, request, *more):
    return reverse(name, args=[request.dossier.reference, *more])


def test_one_small_form_registers_a_request(desk, register, office):
    response = desk.post(
        reverse("request-register"), WISH | {"scan": SimpleUploadedFile("r.pdf", PDF)}
    )
    request = AssistanceRequest.objects.get()
    assert response.url == page("request", request)
    assert request.receipt.scan is not None
    assert request.dossier.persons.get().family_name == "Ndour"
    shown = text_of(desk.get(response.url))
    assert "Begin the triage" in shown
    assert "DAK/2026/77" in shown


def test_a_mistake_loses_nothing_that_was_typed(desk, register, office):
    response = desk.post(reverse("request-register"), WISH | {"received_at": "yesterday"})
    shown = text_of(response)
    assert response.status_code == 400
    assert 'href="#received_at"' in shown
    assert WISH["title"] in shown
    assert "Ndour" in shown
    assert not AssistanceRequest.objects.exists()


def test_who_registers_nothing_gets_no_form(signed_in, auditor):
    assert signed_in(auditor).get(reverse("request-register")).status_code == 403


def test_the_authorities_of_the_state_chosen_are_offered(desk, register, office, senegal):
    AuthorityFactory(state=senegal, name="Court of Dakar")
    answer = desk.get(reverse("request-register-authorities"), {"requesting_state": "SEN"})
    assert "Court of Dakar" in text_of(answer)


def test_the_list_has_a_tab_for_each_direction(desk, received, start):
    sent = start()
    shown = text_of(desk.get(reverse("requests"), {"direction": "received"}))
    assert received.dossier.reference in shown
    assert sent.dossier.reference not in shown
    shown = text_of(desk.get(reverse("requests"), {"direction": "sent"}))
    assert received.dossier.reference not in shown
    assert sent.dossier.reference in shown


def test_the_page_shows_what_can_be_done_and_why_not_yet(desk, in_triage):
    AssistanceRequest.objects.filter(pk=in_triage.pk).update(basis=None)
    shown = text_of(desk.get(page("request", in_triage)))
    assert "Accept for execution: not yet" in shown
    assert "Choose the legal basis first" in shown


def test_a_move_that_lacks_something_comes_back_with_its_form(desk, in_triage):
    response = desk.post(page("request-move", in_triage, "postpone"), {"reason": "Own trial."})
    shown = text_of(response)
    assert response.status_code == 400
    assert 'href="#until"' in shown
    assert "Own trial." in shown


def test_a_received_request_has_no_letter_of_ours(desk, received):
    assert desk.get(page("request-preview", received)).status_code == 404
    assert desk.get(page("request-draft-pdf", received)).status_code == 404


def test_what_it_says_can_be_completed(desk, received):
    shown = text_of(desk.get(page("request-edit", received)))
    assert "Request from Senegal" in shown
    assert "Preview the letter" not in shown


def test_a_sealed_received_request_leaves_no_trace(signed_in, colleague, register_request):
    sealed = register_request(sealed=True, title="The sealed matter")
    client = signed_in(colleague)
    assert client.get(page("request", sealed)).status_code == 404
    for query in ({}, {"direction": "received"}, {"q": "sealed matter"}):
        assert "The sealed matter" not in text_of(client.get(reverse("requests"), query))


def test_a_page_costs_the_same_with_more_measures(
    desk, register_request, django_assert_max_num_queries
):
    few = register_request()
    many = register_request(measures=["taking_evidence", "bank_financial_records"])
    desk.get(page("request", few))
    with django_assert_max_num_queries(45) as first:
        desk.get(page("request", few))
    with django_assert_max_num_queries(len(first)):
        desk.get(page("request", many))
