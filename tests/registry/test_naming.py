"""Naming people on a dossier, and sealing it."""

from __future__ import annotations

import pytest

from registry import naming
from registry.models import Dossier, TimelineEntry
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from tests.factories import AssistanceRequestFactory


@pytest.fixture
def sealed(office, drafter) -> Dossier:
    return AssistanceRequestFactory(owner=office, drafter=drafter, sealed=True).dossier


def test_a_second_officer_named_on_a_sealed_dossier_sees_it(sealed, drafter, approver, now):
    assert not Dossier.objects.visible_to(approver).filter(pk=sealed.pk).exists()
    naming.name_person(sealed, approver.pk, user=drafter, now=now)
    assert Dossier.objects.visible_to(approver).filter(pk=sealed.pk).exists()
    assert TimelineEntry.objects.filter(dossier=sealed, event="dossier.person_named").exists()


def test_nobody_of_another_state_can_be_named(sealed, drafter, stranger, now):
    with pytest.raises(Invalid):
        naming.name_person(sealed, stranger.pk, user=drafter, now=now)


def test_an_auditor_names_nobody(draft_dossier, auditor, approver, now):
    with pytest.raises(NotAllowed):
        naming.name_person(draft_dossier, approver.pk, user=auditor, now=now)


def test_a_dossier_once_sealed_is_gone_for_who_is_not_named(
    draft_dossier, approver, colleague, drafter, now
):
    naming.seal(draft_dossier, user=approver, now=now)
    visible = [
        Dossier.objects.visible_to(person).filter(pk=draft_dossier.pk).exists()
        for person in (approver, drafter, colleague)
    ]
    assert visible == [True, True, False]
    with pytest.raises(NotPossibleNow):
        naming.seal(draft_dossier, user=approver, now=now)


def test_a_drafter_does_not_seal(draft_dossier, drafter, now):
    with pytest.raises(NotAllowed):
        naming.seal(draft_dossier, user=drafter, now=now)


def test_the_page_names_and_seals(draft_dossier, signed_in, approver, colleague):
    page = f"/requests/{draft_dossier.reference}/"
    browser = signed_in(approver)
    assert colleague.name in browser.get(page).content.decode()
    browser.post(f"{page}people/", {"person": colleague.pk})
    browser.post(f"{page}seal/")
    draft_dossier.refresh_from_db()
    assert draft_dossier.is_sealed
    assert signed_in(colleague).get(page).status_code == 200
