"""Requests that look like another, and requests given to another officer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from mla import duplicates, reassigning
from registry.models import NamedOnDossier, ReminderPreferences
from registry.refusals import Invalid, NotAllowed
from registry.reminder_schedule import anchor_of
from tests.factories_clocks import clock_of


def found(request, user):
    return [other.dossier.reference for other in duplicates.alike(request, user)]


def test_the_same_reference_of_the_other_side_is_told(register_request, drafter):
    first, second = register_request(), register_request(offences=())
    assert found(second, drafter) == [first.dossier.reference]


def test_the_same_person_and_offence_are_told(register_request, drafter):
    ndour = {"role": "suspect", "family_name": "Ndour"}
    first = register_request(person=ndour, foreign_reference="A 1")
    second = register_request(person=ndour, foreign_reference="A 2")
    register_request(person={"role": "suspect", "family_name": "Faye"}, foreign_reference="A 3")
    assert found(second, drafter) == [first.dossier.reference]


def test_a_sealed_one_is_told_to_nobody_who_may_not_see_it(register_request, drafter, colleague):
    register_request(sealed=True)
    second = register_request()
    assert found(second, colleague) == []
    assert len(found(second, drafter)) == 1


def test_the_page_warns(register_request, drafter, signed_in):
    first, second = register_request(), register_request()
    page = signed_in(drafter).get(reverse("request", args=[second.dossier.reference]))
    assert first.dossier.reference in page.content.decode()


def test_requests_change_hands_together(register_request, approver, colleague, now):
    both = [register_request(), register_request(sealed=False)]
    references = [request.dossier.reference for request in both]
    reassigning.reassign(references, colleague.pk, user=approver, now=now)
    for request in both:
        request.dossier.refresh_from_db()
        assert request.dossier.responsible == colleague
        assert NamedOnDossier.objects.filter(dossier=request.dossier, user=colleague).exists()
        assert request.dossier.timeline.filter(event="dossier.reassigned").exists()


def test_who_takes_over_is_reminded_on_the_days_of_their_own(
    register_request, approver, colleague, now
):
    ReminderPreferences.objects.create(user=colleague, extra_days=[20])
    dossier = register_request().dossier
    clock = clock_of(dossier, length="60", rule_code="", now=now)
    reassigning.reassign([dossier.reference], colleague.pk, user=approver, now=now)
    wanted = anchor_of(clock) - timedelta(days=20)
    assert wanted in clock.alarms.values_list("at", flat=True)


def test_one_that_is_not_seen_stops_all(register_request, approver, colleague, drafter, now):
    seen, sealed = register_request(), register_request(sealed=True)
    references = [seen.dossier.reference, sealed.dossier.reference]
    with pytest.raises(Invalid) as refused:
        reassigning.reassign(references, colleague.pk, user=approver, now=now)
    assert list(refused.value.fields) == ["references"]
    assert sealed.dossier.reference not in str(refused.value.fields)
    seen.dossier.refresh_from_db()
    assert seen.dossier.responsible == drafter


def test_a_drafting_officer_gives_nothing_away(register_request, drafter, colleague, now):
    with pytest.raises(NotAllowed):
        reassigning.reassign(
            [register_request().dossier.reference], colleague.pk, user=drafter, now=now
        )


def test_nobody_of_another_office_takes_over(register_request, approver, stranger, now):
    with pytest.raises(Invalid) as refused:
        reassigning.reassign(
            [register_request().dossier.reference], stranger.pk, user=approver, now=now
        )
    assert list(refused.value.fields) == ["to"]


def test_the_list_gives_the_chosen_ones_away(register_request, approver, colleague, signed_in):
    request = register_request()
    desk = signed_in(approver)
    assert 'name="references"' in desk.get(reverse("requests")).content.decode()
    form = {"references": [request.dossier.reference], "to": colleague.pk}
    assert desk.post(reverse("requests-reassign"), form).status_code == 302
    request.dossier.refresh_from_db()
    assert request.dossier.responsible == colleague
