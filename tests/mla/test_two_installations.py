"""Two installations of the product complete a request between them, by nothing but their APIs.

Each is a real one: web server, worker and scheduler of its own, with its own database, files and key.
They start from what the suite's database holds already, so neither has to be migrated again.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as product_settings
from django.db import connection, transaction
from django.utils import timezone

from registry import access_tokens, installation_key, peers
from registry.models import Role
from tests.factories import UserFactory
from tests.servers import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="the installations copy the suite's SQLite database"
    ),
]
PATIENCE_SECONDS = 90


@pytest.fixture
def now():
    return timezone.now()


class Installation:
    """One side: its place on disk, its address, and the keys of its officers."""

    def __init__(self, place: Path) -> None:
        self.place, self.port = place, free_port()
        place.mkdir()
        self.address = f"http://127.0.0.1:{self.port}"
        self.key_file = str(place / "installation-key.pem")
        self.tokens: dict[str, str] = {}

    def let_in(self, user: Any) -> None:
        _token, text = access_tokens.create(user, "test", days=2, now=timezone.now())
        self.tokens[user.name] = text

    def keep_database(self) -> None:
        """What the suite's database holds at this moment becomes this installation's own."""
        connection.ensure_connection()
        (self.place / "own.sqlite3").write_bytes(connection.connection.serialize())

    @contextmanager
    def running(self) -> Iterator[None]:
        environment = {
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(self.place),
            "PORT": str(self.port),
            "PUBLIC_ADDRESS": self.address,
            "DATABASE_URL": f"sqlite:///{self.place / 'own.sqlite3'}",
            "SWEEP_SECONDS": "1",
            "WEB_WORKERS": "1",
            "WORKER_PROCESSES": "1",
        }
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            env=environment,
            cwd=product_settings.PROJECT_ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            assert any("Ctrl-C" in line for line in process.stdout), "it did not start"
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)

    def ask(self, who: str, method: str, path: str, **given: Any) -> tuple[int, Any]:
        asked = urllib.request.Request(  # noqa: S310
            f"{self.address}/api/v1/{path}",
            method=method,
            data=json.dumps(given).encode() if method != "GET" else None,
            headers={
                "Authorization": f"Bearer {self.tokens[who]}",
                "Content-Type": "application/json",
                "If-Match": "*",
            },
        )
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.load(refusal)

    def do(self, who: str, method: str, path: str, **given: Any) -> Any:
        status, told = self.ask(who, method, path, **given)
        assert status < 300, told
        return told

    def wait(self, who: str, path: str, until: Callable[[Any], bool]) -> Any:
        """Ask until the answer is as wanted: workers do their part meanwhile."""
        end = time.monotonic() + PATIENCE_SECONDS
        status, told = 0, None
        while time.monotonic() < end:
            status, told = self.ask(who, "GET", path)
            if status == 200 and until(told):
                return told
            time.sleep(0.3)
        raise AssertionError(f"{path} stayed {status} {told}")


@pytest.fixture
def two(complete, office, drafter, approver, administrator, other_office, settings, tmp_path):
    """Brussels, with a draft to which nothing is missing, and Dakar; each has accepted the other."""
    brussels, dakar = Installation(tmp_path / "brussels"), Installation(tmp_path / "dakar")
    settings.INSTALLATION_KEY_FILE = dakar.key_file
    their_key = installation_key.public_key()
    settings.INSTALLATION_KEY_FILE = brussels.key_file
    our_key, now = installation_key.public_key(), timezone.now()
    peer = peers.accept(name="Dakar", state="SEN", public_key=their_key, address=dakar.address,
                        user=administrator, now=now)  # fmt: skip
    for officer in (drafter, approver):
        brussels.let_in(officer)
    brussels.keep_database()
    with transaction.atomic():
        settings.INSTALLATION_KEY_FILE = dakar.key_file
        boss = UserFactory(name="Awa Admin", works_in=other_office, role=Role.ADMINISTRATOR)
        peers.accept(name="Brussels", state="BEL", public_key=our_key, address=brussels.address,
                     user=boss, now=now)  # fmt: skip
        dakar.let_in(
            UserFactory(name="Rama Registrar", works_in=other_office, role=Role.APPROVING_OFFICER)
        )
        dakar.keep_database()
        transaction.set_rollback(True)
    return brussels, dakar, peer.pk, complete.dossier.reference


def test_a_request_goes_over_is_executed_and_closed_between_two_installations(two):
    brussels, dakar, peer, ours = two
    drafter, approver, registrar = "Dina Drafter", "Aron Approver", "Rama Registrar"
    sent = f"requests/{ours}/"
    with brussels.running():
        brussels.do(drafter, "POST", f"{sent}moves/", move="submit")
        brussels.do(approver, "POST", f"{sent}moves/", move="approve")
        brussels.wait(drafter, sent, lambda r: r["letter_state"] == "made")
        brussels.do(drafter, "POST", f"{sent}package/", peer=peer)
        # Dakar is not up yet: the package stays in the outbox, and what is wrong is told.
        waiting = brussels.wait(
            drafter, f"{sent}package/", lambda p: p["sendings"][0]["last_error"]
        )
        assert waiting["sendings"][0]["state"] == "queued"
        assert brussels.do(drafter, "GET", sent)["status"] == "approved"

        with dakar.running():
            [arrived] = dakar.wait(registrar, "exchange/arrived/", lambda rows: len(rows) == 1)
            assert arrived["told"]["request"]["reference"] == ours
            brussels.wait(drafter, sent, lambda r: r["status"] == "sent")

            theirs = dakar.do(registrar, "POST", f"exchange/arrived/{arrived['id']}/taking-in/")
            received = f"requests/{theirs['reference']}/"
            at = timezone.now().isoformat()
            dakar.do(registrar, "POST", f"{received}moves/", move="acknowledge", acknowledged_at=at)
            told = brussels.wait(drafter, sent, lambda r: r["status"] == "acknowledged")
            assert told["foreign_reference"] == theirs["reference"]

            execute(dakar, registrar, received)
            brussels.wait(drafter, sent, lambda r: r["status"] == "executed")
        done = brussels.do(drafter, "POST", f"{sent}moves/", move="close")
    assert (done["status"], done["is_open"]) == ("closed", False)


def execute(dakar: Installation, who: str, received: str) -> None:
    """Judge it, carry out every measure, and transmit what came of it."""
    dakar.do(who, "POST", f"{received}moves/", move="begin_triage")
    asked = dakar.do(who, "GET", f"{received}refusal-grounds/")
    answers = [
        {"ground": ground["id"], "answer": "no"}
        for ground in asked
        if ground["effect"] in {"mandatory_refusal", "optional_refusal", "postponement"}
    ]
    dakar.do(who, "PUT", f"{received}refusal-grounds/", answers=answers)
    dakar.do(who, "POST", f"{received}moves/", move="accept")
    measures = dakar.do(who, "GET", f"{received}measures/")
    for measure in measures:
        one = f"{received}measures/{measure['id']}/"
        dakar.do(who, "PUT", f"{one}authority/", named="Division des investigations criminelles")
    dakar.do(who, "POST", f"{received}moves/", move="begin_execution")
    for measure in measures:
        dakar.do(who, "POST", f"{received}measures/{measure['id']}/moves/", move="execute")
    item = dakar.do(who, "POST", f"{received}items/", kind="record", description="Statement")
    dakar.do(who, "POST", f"{received}transmissions/", items=[item["id"]], channel="post",
             sent_at=timezone.now().isoformat())  # fmt: skip
    dakar.do(who, "POST", f"{received}moves/", move="record_execution")
