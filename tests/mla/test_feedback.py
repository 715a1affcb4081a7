"""One minute on usefulness after closing: told in the system, or by a short text; and counted."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from mla import feedback, intake, lifecycle
from mla.models import Feedback
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from tests.factories import officer_of

SINCE, UNTIL = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture
def closed(sent, drafter, now):
    lifecycle.advance(sent, "record_execution", user=drafter, now=now)
    return lifecycle.advance(sent, "close", user=drafter, now=now)


@pytest.fixture
def theirs(sent, other_office, now):
    """Our request as the other side registered it in this installation."""

    def registered(**unusual):
        wish = {
            "user": officer_of(other_office),
            "owner": other_office,
            "requesting_state": "BEL",
            "received_at": now,
            "title": "Bank records",
            "foreign_reference": sent.dossier.reference,
            "now": now,
        }
        return intake.register_received(**wish | unusual)

    return registered


def give(request, user, now, **unusual):
    wish = {"usefulness": "decisive", "note": "Charges were brought."}
    return feedback.give(request, user=user, now=now, **wish | unusual)


def test_it_is_given_once_and_only_on_a_closed_request_of_ours(sent, received, drafter, now):
    for request in (sent, received):
        with pytest.raises(NotPossibleNow):
            give(request, drafter, now)
    lifecycle.advance(sent, "record_execution", user=drafter, now=now)
    lifecycle.advance(sent, "close", user=drafter, now=now)
    give(sent, drafter, now)
    with pytest.raises(NotPossibleNow):
        give(sent, drafter, now)


def test_it_goes_to_the_dossier_of_the_other_side_in_this_installation(
    closed, theirs, drafter, other_office, now
):
    dossier = theirs().dossier
    said = give(closed, drafter, now)
    assert (said.told_dossier, said.told_on) == (dossier, now.date())
    assert dossier.timeline.filter(event="mla.feedback_received", actor=None).exists()
    ours, of_ours = feedback.counts(other_office, SINCE, UNTIL, officer_of(other_office))
    assert (dict(ours), dict(of_ours)) == ({}, {"decisive": 1})


@pytest.mark.parametrize("unusual", [{"sealed": True}, {"foreign_reference": "Another"}])
def test_what_is_sealed_there_or_is_another_request_is_not_told(
    closed, theirs, drafter, now, unusual
):
    theirs(**unusual)
    said = give(closed, drafter, now)
    assert said.told_dossier is None
    assert said.told_on is None


def test_a_letter_is_told_on_a_day(closed, drafter, now):
    give(closed, drafter, now)
    with pytest.raises(Invalid):
        feedback.note_telling(closed, on="2199-01-01", user=drafter, now=now)
    assert feedback.note_telling(closed, on="2026-03-02", user=drafter, now=now).told_on
    with pytest.raises(NotPossibleNow):
        feedback.note_telling(closed, on="2026-03-02", user=drafter, now=now)


def test_it_counts_for_those_who_see_the_request(closed, drafter, office, colleague, now):
    give(closed, drafter, now)
    assert feedback.counts(office, SINCE, UNTIL, colleague)[0] == {"decisive": 1}
    closed.dossier.confidentiality = "sealed"
    closed.dossier.save()
    assert feedback.counts(office, SINCE, UNTIL, colleague)[0] == {}
    assert feedback.counts(office, SINCE, UNTIL, None)[0] == {}


def test_an_auditor_says_nothing(closed, auditor, now):
    with pytest.raises(NotAllowed):
        give(closed, auditor, now)


def test_the_page_takes_it_and_shows_the_text_to_send(closed, drafter, signed_in):
    client = signed_in(drafter)
    where = reverse("request-feedback", args=[closed.dossier.reference])
    assert where in client.get(reverse("request", args=[closed.dossier.reference])).content.decode()
    form = {"version": closed.dossier.version, "note": "Charges were brought."}
    assert client.post(where, form).status_code == 400
    page = client.post(where, form | {"usefulness": "useful"}, follow=True).content.decode()
    assert "Ministry of Justice, Dakar" in page
    assert "Charges were brought." in page
    assert Feedback.objects.get().usefulness == "useful"
    told = client.get(f"/api/v1/requests/{closed.dossier.reference}/feedback/").json()
    assert (told["usefulness"], told["told_here"]) == ("useful", False)
