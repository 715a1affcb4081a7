"""What the list of requests costs beside a bare view, with 200,000 requests on PostgreSQL.

``measure(database_url)`` fills the database, starts the product's own server (Granian, one worker)
with a bare view beside the API (``request_list_urls.py``), and calls both in turns over kept-alive
connections from this machine:

- *throughput*: four callers at once; the API's answers a second over the bare view's;
- *p50*: one caller; the median time of the API over the bare view's;
- *page 1,000*: one caller; the median time of the page after 49,950 requests over that of page 1.

In each round the two come one after the other, in changing order; the ratio is the median of the
rounds' ratios. Run alone: ``python -m tests.performance.request_list postgres://…``.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
REQUESTS = 200_000
OFFICES = 8
BIG_OFFICE_SHARE = 5
"""Of ten requests, so many belong to the first office."""
CALLERS, CALLS, ROUNDS = 4, 240, 5
PAGE_SIZE = 50
FAR = 999 * PAGE_SIZE


def measure(database_url: str, quick: bool = False) -> list[dict[str, Any]]:
    """The measured ratios, each with its target, and the milliseconds behind them."""
    requests, calls, rounds = (20_000, 80, 3) if quick else (REQUESTS, CALLS, ROUNDS)
    cookie, far = _fill(requests)
    with _server(database_url) as port:
        api = _request("/api/v1/requests/", cookie)
        bare = _request("/bare/requests", cookie)
        page_1000 = _request(f"/api/v1/requests/?cursor={far}", cookie)
        for each in (api, bare, page_1000):
            _check(port, each)
            _one_caller(port, each, calls)
        throughput = _in_turns(
            rounds,
            lambda: _many_callers(port, api, calls),
            lambda: _many_callers(port, bare, calls),
        )
        p50 = _in_turns(
            rounds, lambda: _one_caller(port, api, calls), lambda: _one_caller(port, bare, calls)
        )
        pages = _in_turns(
            rounds,
            lambda: _one_caller(port, page_1000, calls),
            lambda: _one_caller(port, api, calls),
        )
    sizes = {"requests": requests, "rounds": rounds, "calls": calls}
    return [
        _result("list: throughput against a bare view", throughput, 0.6, sizes, at_most=False),
        _result("list: p50 against a bare view", p50, 1.5, sizes),
        _result("list: page 1,000 against page 1", pages, 1.2, sizes),
    ]


def _result(
    name: str, rounds: list[tuple[float, float]], target: float, sizes: Any, *, at_most: bool = True
) -> dict[str, Any]:
    ratio = median(ours / other for ours, other in rounds)
    unit = "a second" if not at_most else "milliseconds"
    return {
        "name": name,
        "ratio": round(ratio, 3),
        "target": target,
        "at_most": at_most,
        "samples": {
            **sizes,
            "unit": unit,
            "ours": [round(ours, 3) for ours, _other in rounds],
            "other": [round(other, 3) for _ours, other in rounds],
        },
    }


def _in_turns(
    rounds: int, ours: Callable[[], float], other: Callable[[], float]
) -> list[tuple[float, float]]:
    measured = []
    for number in range(rounds):
        if number % 2:
            second = other()
            measured.append((ours(), second))
        else:
            measured.append((ours(), other()))
    return measured


# --- calling ----------------------------------------------------------------------------


def _request(path: str, cookie: str) -> bytes:
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: localhost",
        "Accept: application/json",
        f"Cookie: sessionid={cookie}",
        "",
        "",
    ]
    return "\r\n".join(lines).encode()


class _Connection:
    """A kept-alive connection that costs this side as little as can be."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def call(self, request: bytes) -> bytes:
        self.socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.socket.recv(262_144)
        head, _gap, body = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        name = b"content-length: "
        size = int(next(x for x in head.lower().split(b"\r\n") if x.startswith(name))[len(name) :])
        while len(body) < size:
            body += self.socket.recv(262_144)
        return body


def _check(port: int, request: bytes) -> None:
    rows = json.loads(_Connection(port).call(request))["results"]
    if len(rows) != PAGE_SIZE:
        raise RuntimeError(f"{len(rows)} rows instead of {PAGE_SIZE}")


def _one_caller(port: int, request: bytes, calls: int) -> float:
    """The median time of an answer, in milliseconds."""
    connection, times = _Connection(port), []
    for _call in range(calls):
        start = time.perf_counter()
        connection.call(request)
        times.append((time.perf_counter() - start) * 1000)
    return median(times)


def _many_callers(port: int, request: bytes, calls: int) -> float:
    """Answers a second."""
    connections = [_Connection(port) for _caller in range(CALLERS)]

    def work(connection: _Connection) -> None:
        for _call in range(calls // CALLERS):
            connection.call(request)

    callers = [threading.Thread(target=work, args=(c,)) for c in connections]
    start = time.perf_counter()
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    return (calls // CALLERS) * CALLERS / (time.perf_counter() - start)


@contextmanager
def _server(database_url: str) -> Iterator[int]:
    from tests.servers import free_port, wait_for

    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface=wsgi", "--host=127.0.0.1", f"--port={port}",
        "--workers=1", "--blocking-threads=2", "--log-level=warning", "config.wsgi:application",
    ]  # fmt: skip
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "tests.performance.request_list_settings",
    }
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


# --- filling ----------------------------------------------------------------------------


def _fill(requests: int) -> tuple[str, str]:
    """Offices, officers and requests. Gives an officer's session and the cursor of page 1,000."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection

    from mla.matters import ROW, Cursor, Filters
    from registry.models import Authority, Dossier, Membership, State, User
    from treaties.models import Instrument

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE registry_state, registry_user, treaties_instrument CASCADE")
    states = [
        State.objects.create(code=f"S{n:02}", name=f"State {n}", kind="state") for n in range(40)
    ]
    Instrument.objects.create(
        code="TREATY", title="A treaty", short_title="Treaty", kind="regional"
    )
    for n in range(OFFICES):
        office = Authority.objects.create(
            state=states[n], kind="central_authority", name=f"Office {n}", reference_prefix=f"O{n}"
        )
        for m in range(5):
            user = User.objects.create_user(f"o{n}-{m}@example.org", None, name=f"Officer {n}-{m}")
            Membership.objects.create(user=user, authority=office, role="drafting_officer")
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, {"requests": requests, "offices": OFFICES,
                                       "share": BIG_OFFICE_SHARE})  # fmt: skip
        cursor.execute("VACUUM ANALYZE")
    officer = User.objects.get(email="o0-0@example.org")
    session = SessionStore()
    session[SESSION_KEY] = str(officer.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = officer.get_session_auth_hash()
    session.create()
    seen = Dossier.objects.visible_to(officer).filter(Filters().condition())
    far = min(FAR, seen.count() - 2 * PAGE_SIZE)
    row = seen.order_by("-updated_at", "-pk").values(*ROW)[far - 1]
    place = Cursor("-updated_at", row["updated_at"].isoformat(), row["pk"])
    return session.session_key, place.encode()


BEGINNING = datetime(2020, 1, 1, tzinfo=UTC).isoformat()
STATUSES = "'{draft,awaiting_approval,approved,sent,sent,acknowledged,executed,closed}'::text[]"
STATEMENTS = [
    # One request in a hundred is sealed, one in twenty urgent.
    f"""
    INSERT INTO registry_dossier (kind, reference, foreign_reference, title, owner_id,
        responsible_id, direction, counterpart_id, status, is_open, urgent,
        urgency_reason, urgent_until, confidentiality, search_text, version, created_at, updated_at)
    SELECT 'request', 'REF-' || lpad(i::text, 7, '0'), 'F-' || i,
        'Statement of a witness and bank records ' || i, office.id,
        (SELECT min(user_id) FROM registry_membership WHERE authority_id = office.id) + i %% 5,
        'sent', 'S' || lpad((10 + i %% 30)::text, 2, '0'), ({STATUSES})[1 + i %% 8], i %% 8 < 7,
        i %% 20 = 0, CASE WHEN i %% 20 = 0 THEN 'The hearing is near.' ELSE '' END,
        CASE WHEN i %% 20 = 0 THEN date '{BEGINNING}' + 30 END, CASE WHEN i %% 100 = 7 THEN 'sealed' ELSE 'ordinary' END,
        'ref-' || i || ' ' || md5(i::text), 1,
        timestamptz '{BEGINNING}' + i * interval '10 minutes',
        timestamptz '{BEGINNING}' + (i * 7919 %% %(requests)s) * interval '10 minutes'
    FROM generate_series(1, %(requests)s) AS i
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM registry_authority) AS office
        ON office.n = CASE WHEN i %% 10 < %(share)s THEN 0 ELSE i %% %(offices)s END
    """,
    """
    INSERT INTO registry_namedondossier (dossier_id, owner_id, user_id, added_by_id, added_at)
    SELECT id, owner_id, responsible_id, responsible_id, created_at FROM registry_dossier
    """,
    """
    INSERT INTO mla_assistancerequest (dossier_id, requesting_state_id, requested_state_id,
        addressee_text, basis_id, basis_answer, language, transmission, conducting_authority,
        contact, subject_and_nature, facts, purpose, special_procedure, confidentiality_asked,
        use_limitation, personal_data, urgency_reason, period_reason, reciprocity_assurance,
        other_information, further_contents, editing_session, drafted_by_id)
    SELECT dossier.id, office.state_id, counterpart_id, '', 'TREATY', '{}', 'en', 'post', '',
        '', '', repeat('What happened. ', 40), '', '', '', '', '', '', '', '', '', '{}', '{}',
        responsible_id
    FROM registry_dossier AS dossier JOIN registry_authority AS office ON office.id = owner_id
    """,
]


def main(database_url: str) -> None:
    import django

    os.environ["DATABASE_URL"] = database_url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(measure(database_url, quick="--quick" in sys.argv), indent=1))


if __name__ == "__main__":
    main(sys.argv[1])
