"""A request sent ahead of its original, and urgency: the clock, the form, the API."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mla import lifecycle, paper_follows, urgency
from registry.models import Deadline, Dossier
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from tests.factories import NOW, AssistanceRequestFactory, StateFactory
from treaties.models import Instrument

pytestmark = pytest.mark.usefixtures("register")
DAY = timedelta(days=1)


@pytest.fixture
def sent(office, drafter):
    """A request to Argentina under the Palermo Convention, sent ahead by electronic message."""
    request = AssistanceRequestFactory(
        owner=office,
        drafter=drafter,
        requested_state=StateFactory(code="ARG"),
        basis=Instrument.objects.get(pk="UNTOC"),
        status="sent",
    )
    request.sent_at = NOW
    return request


@pytest.fixture
def awaited(sent):
    paper_follows.start(sent, "electronic", NOW, None)
    return sent.dossier.deadlines.get()


def test_sending_ahead_starts_a_clock_of_ours_for_the_original(awaited):
    assert (awaited.rule_code, awaited.bound_party) == ("OFFICE-PAPER", Deadline.BoundParty.OURS)
    assert awaited.due_at.isoformat() == "2026-03-09T22:59:59+00:00"


def test_registering_the_original_meets_the_clock_as_of_the_day_it_was_sent(sent, awaited, drafter):
    paper_follows.register_original(
        sent, channel="post", sent_at=NOW + DAY, user=drafter, now=NOW + 9 * DAY
    )
    awaited.refresh_from_db()
    assert (awaited.state, awaited.settled_at) == (Deadline.State.MET, NOW + DAY)
    assert sent.dispatches.get().channel == "post"
    assert sent.dossier.timeline.filter(event="mla.original_sent").exists()


def test_a_channel_that_carries_the_original_itself_lets_nothing_follow(sent):
    with pytest.raises(Invalid) as refusal:
        paper_follows.start(sent, "post", NOW, None)
    assert list(refusal.value.fields) == ["original_follows"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"channel": "electronic"}, "channel"),
        ({"sent_at": NOW + 9 * DAY}, "sent_at"),
        ({"sent_at": NOW - DAY}, "sent_at"),
    ],
)
def test_an_original_needs_a_paper_channel_and_a_day_that_can_be(
    sent, awaited, drafter, fields, wrong
):
    given = {"channel": "post", "sent_at": NOW + DAY, **fields}
    with pytest.raises(Invalid) as refusal:
        paper_follows.register_original(sent, **given, user=drafter, now=NOW + 2 * DAY)
    assert list(refusal.value.fields) == [wrong]


def test_an_original_is_registered_once_and_by_who_may_send(sent, awaited, drafter, auditor):
    given = {"channel": "post", "sent_at": NOW + DAY, "now": NOW + 2 * DAY}
    with pytest.raises(NotAllowed):
        paper_follows.register_original(sent, **given, user=auditor)
    paper_follows.register_original(sent, **given, user=drafter)
    with pytest.raises(NotPossibleNow, match="no_original_awaited"):
        paper_follows.register_original(sent, **given, user=drafter)


def test_the_page_asks_for_the_original_and_takes_it(client, sent, awaited, drafter):
    client.force_login(drafter)
    page = client.get(reverse("request", args=[sent.dossier.reference]))
    assert "The original follows" in page.content.decode()
    address = reverse("request-original", args=[sent.dossier.reference])
    refused = client.post(address, {"channel": "post", "sent_at": "2026-02-30T10:00"})
    assert refused.status_code == 400
    taken = client.post(address, {"channel": "post", "sent_at": "2026-03-03T10:00"})
    assert taken.status_code == 302
    awaited.refresh_from_db()
    assert awaited.state == Deadline.State.MET


def test_an_urgent_request_says_why_and_by_when_before_it_is_submitted(office, drafter):
    request = AssistanceRequestFactory(owner=office, drafter=drafter, urgent=True)
    assert set(urgency.lacking(request)) == {"urgency_reason", "answer_wanted_by"}
    request.urgency_reason = "The hearing is near."
    request.answer_wanted_by = (NOW + 30 * DAY).date()
    assert not urgency.lacking(request)


def test_urgency_without_a_reason_stops_the_submission(office, drafter):
    request = AssistanceRequestFactory(owner=office, drafter=drafter, urgent=True)
    submit = next(p for p in lifecycle.possibilities(request, drafter) if p.move.name == "submit")
    assert "It is marked as urgent: say why." in [str(reason) for reason in submit.reasons]


def test_what_is_not_urgent_needs_neither(office, drafter):
    assert not urgency.lacking(AssistanceRequestFactory(owner=office, drafter=drafter))


def test_who_ticks_urgent_on_the_start_form_is_asked_why_and_by_when(
    register, office, drafter, signed_in
):
    page = signed_in(drafter)
    typed = {
        "requested_state": "SEN",
        "measures": ["taking_evidence"],
        "offences": ["corruption"],
        "title": "Accounts in Dakar",
        "urgent": "on",
    }
    refused = page.post(reverse("request-new"), typed)
    shown = refused.content.decode()
    assert refused.status_code == 400
    assert "say why" in shown
    assert "say by which day" in shown
    assert 'value="Accounts in Dakar"' in shown
    day = timezone.localdate() + timedelta(days=20)
    typed |= {"urgency_reason": "The hearing is near.", "answer_wanted_by": day.isoformat()}
    assert page.post(reverse("request-new"), typed).status_code == 302
    dossier = Dossier.objects.get(title="Accounts in Dakar")
    assert (dossier.urgency_reason, dossier.urgent_until) == ("The hearing is near.", day)


def test_an_urgent_draft_does_not_lose_its_reason_and_keeps_the_other_fields(
    office, drafter, signed_in
):
    request = AssistanceRequestFactory(owner=office, drafter=drafter)
    address = reverse("request-autosave", args=[request.dossier.reference])
    sent = {"version": "1", "urgent": "on", "facts": "Two villages."}
    answer = signed_in(drafter).post(address, sent).json()
    assert set(answer["errors"]) == {"urgent", "urgency_reason", "answer_wanted_by"}
    request.refresh_from_db()
    assert (request.facts, request.dossier.urgent) == ("Two villages.", False)
    day = (timezone.localdate() + timedelta(days=20)).isoformat()
    sent = {"urgent": "on", "urgency_reason": "It burns.", "answer_wanted_by": day}
    assert not signed_in(drafter).post(address, sent).json()["errors"]
    answer = signed_in(drafter).post(address, {"urgency_reason": ""}).json()
    assert set(answer["errors"]) == {"urgency_reason"}
    dossier = Dossier.objects.get(pk=request.dossier.pk)
    assert (dossier.urgent, dossier.urgency_reason) == (True, "It burns.")
