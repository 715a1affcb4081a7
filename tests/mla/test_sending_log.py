"""The sending log: everything that left, by channel; what came back and went again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from mla import results, sending_log
from mla.models import Package
from registry.models import PeerInstallation, PeerMessage
from registry.refusals import Invalid, NotAllowed, NotPossibleNow

HOUR = timedelta(hours=1)


@pytest.fixture
def later(now):
    return now + HOUR


@pytest.fixture
def again(sent, drafter, later):
    """Records a further sending; a test says only what is unusual in it."""

    def sending(**unusual):
        wish = {"channel": "diplomatic", "sent_at": later, "user": drafter, "now": later}
        return sending_log.send_again(sent, **wish | unusual)

    return sending


def test_what_came_back_is_sent_again_and_both_stand_in_the_log(sent, again, drafter, later):
    [first] = sending_log.sendings_of(sent)
    common = {"user": drafter, "now": later}
    sending_log.record_outcome(sent, first.number, arrived=False, at=later, note="Moved", **common)
    again(tracking_number="RR 7")

    second, first = sending_log.sendings_of(sent)
    assert (first.channel, first.came_back_at, first.note) == ("post", later, "Moved")
    assert (second.channel, second.tracking_number, second.who) == (
        "diplomatic", "RR 7", drafter.name,
    )  # fmt: skip
    events = list(sent.dossier.timeline.values_list("event", flat=True))[-2:]
    assert events == ["mla.sending_came_back", "mla.sent_again"]


def test_the_first_sending_stays_the_one_from_which_clocks_run(sent, again, now):
    due = list(sent.dossier.deadlines.values_list("due_at", flat=True))
    again()
    sent.refresh_from_db()
    assert sent.sent_at == now
    assert list(sent.dossier.deadlines.values_list("due_at", flat=True)) == due


def test_what_became_of_a_sending_is_recorded_once(sent, drafter, later):
    [first] = sending_log.sendings_of(sent)
    common = {"user": drafter, "now": later}
    with pytest.raises(Invalid):
        sending_log.record_outcome(sent, first.number, arrived=True, at=later - 2 * HOUR, **common)
    sending_log.record_outcome(sent, first.number, arrived=True, at=later, **common)
    with pytest.raises(NotPossibleNow):
        sending_log.record_outcome(sent, first.number, arrived=False, at=later, **common)


def test_only_what_was_sent_is_sent_again_and_only_by_who_may(
    approved, again, sent, auditor, now, later
):
    with pytest.raises(NotAllowed):
        again(user=auditor)
    for wrong in ({"channel": "pigeon"}, {"sent_at": later + HOUR}, {"sent_at": now - HOUR}):
        with pytest.raises(Invalid):
            again(**wrong)


def test_a_request_that_was_not_sent_has_nothing_to_send_again(approved, drafter, now):
    with pytest.raises(NotPossibleNow):
        sending_log.send_again(approved, channel="post", sent_at=now, user=drafter, now=now)


def test_results_and_packages_on_their_way_are_in_the_log(
    sent, drafter, administrator, senegal, now
):
    item = results.add_item(
        sent, {"kind": "record", "description": "Exhibit"}, user=drafter, now=now
    )
    results.transmit(sent, [item.pk], channel="post", sent_at=now, user=drafter, now=now)
    peer = PeerInstallation.objects.create(
        name="Dakar", state=senegal, address="http://there.example", public_key="k",
        fingerprint="f" * 64, accepted_by=administrator, accepted_at=now,
    )  # fmt: skip
    package = Package.objects.create(
        identifier="0b3f7c1e-52a5-4c58-9a3c-6d1f3f0f7b11", request=sent, letter=sent.letter,
        ordered_by=drafter, ordered_at=now,
    )  # fmt: skip
    PeerMessage.objects.create(
        identifier=package.identifier, peer=peer, kind="package", subject=package.pk,
        attempts=3, last_error="refused", ordered_by=drafter, ordered_at=now + HOUR,
    )  # fmt: skip

    package_sending, *others = sending_log.sendings_of(sent)

    assert (package_sending.waiting, package_sending.tries) == (True, 3)
    assert package_sending.error == "refused"
    assert {str(each.what) for each in others} == {"Results", "The request"}
    assert [code for code, _label in sending_log.channels_in(others)] == ["post"]


def test_the_page_records_and_keeps_what_was_typed(sent, drafter, colleague, auditor, signed_in):
    browser = signed_in(drafter)
    page = reverse("request-sendings", args=[sent.dossier.reference])
    assert page in browser.get(reverse("request", args=[sent.dossier.reference])).text
    wrong = {
        "then": "send-again",
        "channel": "post",
        "sent_at": "2001-01-01T10:00",
        "note": "Kept.",
    }
    refused = browser.post(page, wrong)
    assert refused.status_code == 422 or refused.status_code == 400
    assert "Kept." in refused.text
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    proof = SimpleUploadedFile("receipt.txt", b"Handed over.")
    assert browser.post(page, wrong | {"sent_at": at, "proof": proof}).status_code == 302
    shown = browser.get(page).text
    assert "Proof of sending" in shown
    number = sending_log.sendings_of(sent)[0].number
    assert browser.post(page, {"then": "arrived", "part": number, "at": at}).status_code == 302
    assert "Arrived" in browser.get(page).text
    assert "send-again" not in signed_in(auditor).get(page).text
    assert signed_in(auditor).post(page, wrong | {"sent_at": at}).status_code == 403


def test_the_same_by_api(sent, drafter, signed_in):
    browser = signed_in(drafter)
    log = f"/api/v1/requests/{sent.dossier.reference}/sendings/"
    [first] = browser.get(log).json()
    at = timezone.now().isoformat()
    asked = {"channel": "electronic", "sent_at": at}
    headers = {"If-Match": "*"}
    made = browser.post(log, asked, "application/json", headers=headers)
    assert [each["channel"] for each in made.json()] == ["electronic", "post"]
    outcome = f"{log}{first['id']}/outcome/"
    told = browser.put(outcome, {"arrived": True, "at": at}, "application/json", headers=headers)
    assert told.json()[-1]["arrived_at"] is not None
