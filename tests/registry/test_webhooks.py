"""Webhooks: signed, told no more than they may be, never sent inside, disabled when nobody listens."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.urls import reverse
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from registry import webhooks
from registry.models import Dossier, Message, Notice, WebhookEndpoint
from registry.refusals import Invalid, NotAllowed
from registry.reminder_delivery import WAIT_BEFORE_RETRY, carry_out, deliver
from registry.reminders import record_all_due
from registry.sweeps import health
from tests.factories import NOW, DossierFactory, running_deadline

DAY = timedelta(days=1)
FIRST = NOW + 17 * DAY


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.EMAIL_BACKEND = "registry.demonstration_mailbox.MailboxBackend"


class Receiver:
    """A program that listens, on this machine."""

    def __init__(self):
        self.calls, self.status = [], 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls.append((dict(self.headers), body))
                self.send_response(receiver.status)
                self.send_header("Location", "http://169.254.169.254/")
                self.end_headers()

            def log_message(self, *arguments):
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/hook?a=b"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver(settings):
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def matter(office, drafter):
    return DossierFactory(owner=office, responsible=drafter)


def remind(matter, now=FIRST):
    running_deadline(matter)
    record_all_due(now)
    carry_out(now)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/hook",
        "http://localhost:8000/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://user:password@1.1.1.1/",
        "https://",
        "http://1.1.1.1:99999/",
        "http://1.1.1.1/a b",
        "http://1.1.1.1/\r\nX: y",
        "javascript:alert(1)",
    ],
)
def test_an_address_inside_the_network_or_of_another_kind_is_refused(drafter, address):
    with pytest.raises(Invalid) as refusal:
        webhooks.add(address, user=drafter, now=NOW)
    assert "address" in refusal.value.fields
    assert not WebhookEndpoint.objects.exists()


def test_an_address_that_moves_inside_later_is_not_called(drafter, matter, receiver, settings):
    webhooks.add(receiver.address, user=drafter, now=NOW)
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False
    remind(matter)
    assert not receiver.calls
    message = Message.objects.get(channel="webhook")
    assert (message.state, message.attempts) == ("failed", 1)


def test_a_call_is_signed_with_the_secret_that_was_shown_once(drafter, matter, receiver):
    _endpoint, secret = webhooks.add(receiver.address, user=drafter, now=NOW)
    assert secret.startswith("whsec_")
    running_deadline(matter)
    now = timezone.now().replace(microsecond=0)
    record_all_due(now)
    carry_out(now)
    headers, body = receiver.calls[0]
    content = Webhook(secret).verify(body, headers)
    assert content["type"] == "deadline.reminders"
    (told,) = content["data"]["reminders"]
    assert (told["reference"], told["confidential"]) == (matter.reference, False)
    assert headers["webhook-id"] == str(Message.objects.get(channel="webhook").key)


def test_of_a_sealed_matter_a_persons_program_hears_only_that_a_deadline_is_near(
    drafter, matter, receiver
):
    webhooks.add(receiver.address, user=drafter, now=NOW)
    Dossier.objects.update(confidentiality="sealed")
    remind(matter)
    body = receiver.calls[0][1].decode()
    (told,) = json.loads(body)["data"]["reminders"]
    assert told["label"] == "confidential deadline"
    for secret in (matter.reference, "Acknowledgement", "Brussels"):
        assert secret not in body


def test_an_offices_program_hears_of_its_matters_and_of_no_sealed_one(
    office, approver, matter, receiver
):
    webhooks.add(receiver.address, user=approver, authority=office, now=NOW)
    remind(matter)
    assert len(receiver.calls) == 1
    Dossier.objects.update(confidentiality="sealed")
    remind(matter)
    assert len(receiver.calls) == 1


def test_a_matter_sealed_after_its_call_was_made_ready_is_not_told(
    office, approver, matter, receiver
):
    webhooks.add(receiver.address, user=approver, authority=office, now=NOW)
    receiver.status = 500
    remind(matter)
    Dossier.objects.update(confidentiality="sealed")
    deliver(FIRST + WAIT_BEFORE_RETRY[0])
    assert len(receiver.calls) == 1
    assert Message.objects.get(channel="webhook").state == "dropped"


def test_a_call_that_fails_is_made_again_under_the_same_name(drafter, matter, receiver):
    webhooks.add(receiver.address, user=drafter, now=NOW)
    receiver.status = 503
    remind(matter)
    receiver.status = 204
    deliver(FIRST + WAIT_BEFORE_RETRY[0])
    first, second = (headers["webhook-id"] for headers, _body in receiver.calls)
    assert first == second
    assert Notice.objects.get(channel="webhook").state == "sent"


def test_a_redirect_is_not_followed(drafter, matter, receiver):
    webhooks.add(receiver.address, user=drafter, now=NOW)
    receiver.status = 302
    remind(matter)
    assert "answered 302" in Message.objects.get(channel="webhook").last_error


def test_after_repeated_failures_it_is_disabled_and_says_so(drafter, matter, receiver, signed_in):
    endpoint, _secret = webhooks.add(receiver.address, user=drafter, now=NOW)
    WebhookEndpoint.objects.update(failures=webhooks.DISABLE_AFTER - 1)
    receiver.status = 500
    remind(matter)
    endpoint.refresh_from_db()
    assert endpoint.disabled_at == FIRST
    remind(matter, FIRST + DAY)
    assert len(receiver.calls) == 1
    page = signed_in(drafter).get(reverse("my-reminders")).content.decode()
    assert "Disabled after failures" in page
    webhooks.enable(endpoint)
    receiver.status = 200
    remind(matter, FIRST + 2 * DAY)
    assert len(receiver.calls) == 2


def test_a_receiver_that_is_gone_is_not_called_again(drafter, matter, receiver):
    endpoint, _secret = webhooks.add(receiver.address, user=drafter, now=NOW)
    receiver.status = 410
    remind(matter)
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is not None


def test_a_persons_broken_webhook_does_not_make_the_machinery_unhealthy(drafter, matter, receiver):
    webhooks.add(receiver.address, user=drafter, now=NOW)
    receiver.status = 410
    remind(matter)
    found = health(FIRST)
    assert (found.failed, found.untold, found.errors) == (1, 0, {})


def test_the_page_adds_tries_and_removes(drafter, receiver, signed_in):
    browser = signed_in(drafter)
    page = browser.post(reverse("webhook-new"), {"address": receiver.address})
    endpoint = WebhookEndpoint.objects.get()
    assert webhooks.secret_of(endpoint) in page.content.decode()
    assert "whsec_" not in browser.get(reverse("my-reminders")).content.decode()
    browser.post(reverse("webhook-act", args=[endpoint.pk, "test"]))
    assert json.loads(receiver.calls[0][1])["type"] == "test"
    browser.post(reverse("webhook-act", args=[endpoint.pk, "remove"]))
    assert not WebhookEndpoint.objects.exists()


def test_nobody_touches_the_webhooks_of_others(drafter, colleague, receiver, signed_in):
    endpoint, _secret = webhooks.add(receiver.address, user=drafter, now=NOW)
    answer = signed_in(colleague).post(reverse("webhook-act", args=[endpoint.pk, "remove"]))
    assert answer.status_code == 404
    assert WebhookEndpoint.objects.exists()


def test_a_drafting_officer_may_not_connect_the_offices_program(drafter, office, receiver):
    with pytest.raises(NotAllowed):
        webhooks.add(receiver.address, user=drafter, authority=office, now=NOW)
