"""Where a request stands, for the prosecutor who asked for it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from mla import lifecycle, standing
from registry.models import NamedOnDossier, Role
from tests.factories import UserFactory


@pytest.fixture
def prosecutor(office):
    """Works in the office, and reads only what names them."""
    return UserFactory(email="asks@example.org", works_in=office, role=Role.PROSECUTOR)


def name_on(request, user):
    NamedOnDossier.objects.create(dossier=request.dossier, user=user, added_by=user)


def test_a_draft_tells_what_is_missing_and_that_we_have_it(start, office):
    told = standing.of(start())
    assert told.with_whom == str(office)
    assert any("facts" in sentence.lower() for sentence in told.missing)


def test_a_sent_request_is_with_them_and_tells_their_next_day(sent, senegal):
    told = standing.of(sent)
    assert "Ministry of Justice, Dakar" in told.with_whom
    assert told.due == sorted(told.due, key=lambda clock: clock.due_at)
    assert len(told.missing) == sent.measures.count()


def test_their_open_question_brings_it_back_to_us(sent, drafter, office, now):
    lifecycle.advance(
        sent, "record_question", user=drafter, now=now, question="Which branch of the bank?"
    )
    told = standing.of(sent)
    assert str(office) in told.with_whom
    assert any("Which branch of the bank?" in sentence for sentence in told.missing)


def test_the_prosecutor_named_reads_it_and_one_who_is_not_named_finds_nothing(
    sent, prosecutor, office, signed_in
):
    where = reverse("request-standing", args=[sent.dossier.reference])
    assert signed_in(prosecutor).get(where).status_code == 404
    name_on(sent, prosecutor)
    assert "Ministry of Justice, Dakar" in signed_in(prosecutor).get(where).content.decode()
    mine = signed_in(prosecutor).get(reverse("requests-standing")).content.decode()
    assert sent.dossier.reference in mine


def test_the_list_shows_only_what_names_the_person(sent, drafter, colleague):
    assert [row.pk for row, _where, _clock in standing.asked_by(drafter)] == [sent.pk]
    assert standing.asked_by(colleague) == []


def test_a_program_reads_it_and_none_of_a_received_request(
    sent, register_request, drafter, signed_in
):
    client = signed_in(drafter)
    told = client.get(f"/api/v1/requests/{sent.dossier.reference}/standing/").json()
    assert told["where"]
    assert told["due"][0]["label"]
    received = register_request().dossier.reference
    assert client.get(f"/api/v1/requests/{received}/standing/").status_code == 404
