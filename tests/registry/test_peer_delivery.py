"""The outbox to other installations: in order, until they answer, each message once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.utils import timezone

from registry import peer_delivery
from registry.models import PeerInstallation, PeerMessage
from tests.servers import free_port


class TheirServer:
    """The other side: answers with ``status`` and keeps what it was brought."""

    def __init__(self) -> None:
        self.port, self.status, self.heard = free_port(), 200, list[str]()

    @contextmanager
    def up(self) -> Iterator[None]:
        ours = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                ours.heard.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.send_response(ours.status)
                self.end_headers()
                self.wfile.write(b'{"detail": "Said by them."}')

            def log_message(self, *_words: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", self.port), Handler)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.fixture
def their_server() -> TheirServer:
    return TheirServer()


@pytest.fixture
def effects(monkeypatch) -> list[int]:
    """What deliveries caused, of a kind of message that tests declare."""
    done: list[int] = []
    monkeypatch.setattr(peer_delivery, "_KINDS", {})
    peer_delivery.declare(
        peer_delivery.MessageKind(
            "test",
            "/there/",
            "text/plain",
            lambda message: f"message {message.subject}".encode(),
            lambda message, now: done.append(message.subject),
        )
    )
    return done


@pytest.fixture
def peer(senegal, administrator, their_server, now) -> PeerInstallation:
    return PeerInstallation.objects.create(
        name="Dakar",
        state=senegal,
        address=f"http://127.0.0.1:{their_server.port}",
        public_key="key",
        fingerprint="f" * 64,
        accepted_by=administrator,
        accepted_at=now,
    )


@pytest.fixture
def queued(peer, effects, now):
    """``queued(7)`` leaves a message about 7 in the outbox."""

    def put(subject: int) -> PeerMessage:
        return peer_delivery.queue(peer, "test", subject=subject, user=None, now=now)

    return put


def pause_is_over() -> None:
    PeerMessage.objects.update(claimed_until=timezone.now())


def test_messages_arrive_in_their_order_and_cause_what_they_cause_once(
    queued, their_server, effects
):
    queued(1), queued(2)
    with their_server.up():
        assert peer_delivery.deliver_waiting() == 2
        assert peer_delivery.deliver_waiting() == 0
    assert their_server.heard == ["message 1", "message 2"]
    assert effects == [1, 2]


def test_a_server_that_is_down_gets_the_message_when_it_comes_back(queued, their_server, effects):
    message = queued(1)
    assert peer_delivery.deliver_waiting() == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("queued", 1)
    assert message.claimed_until > timezone.now()
    assert "refused" in message.last_error
    assert effects == []
    pause_is_over()
    with their_server.up():
        assert peer_delivery.deliver_waiting() == 1
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == ("delivered", 2, "")
    assert effects == [1]


def test_later_messages_wait_for_the_first_so_that_none_overtakes_it(queued, their_server):
    queued(1), queued(2)
    assert peer_delivery.deliver_waiting() == 0
    with their_server.up():
        assert peer_delivery.deliver_waiting() == 0, "the first one pauses"
        pause_is_over()
        assert peer_delivery.deliver_waiting() == 2
    assert their_server.heard == ["message 1", "message 2"]


@pytest.mark.parametrize(("status", "state"), [(400, "refused"), (403, "queued"), (503, "queued")])
def test_a_refusal_is_final_where_trying_again_cannot_help(
    queued, their_server, effects, status, state
):
    message = queued(1)
    their_server.status = status
    with their_server.up():
        peer_delivery.deliver_waiting()
    message.refresh_from_db()
    assert message.state == state
    assert message.last_error == f"{status}: Said by them."
    assert effects == []


def test_a_blocked_installation_gets_nothing(queued, peer, their_server, now):
    queued(1)
    PeerInstallation.objects.filter(pk=peer.pk).update(blocked_at=now)
    with their_server.up():
        assert peer_delivery.deliver_waiting() == 0
    assert their_server.heard == []


def test_in_production_nothing_goes_over_an_open_line(queued, their_server, settings):
    settings.PRODUCTION = True
    message = queued(1)
    with their_server.up():
        assert peer_delivery.deliver_waiting() == 0
    message.refresh_from_db()
    assert "https" in message.last_error
    assert their_server.heard == []
