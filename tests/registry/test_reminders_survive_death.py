"""Real processes killed at random moments lose no reminder and double none.

``KILL_ROUNDS`` sets the number of rounds of the quick processes (20; several hundred for a long run),
``KILL_EVERYTHING_ROUNDS`` that of the product's own processes, which take seconds to start. The
suite's run on SQLite tries SQLite and the broker in files, its run on PostgreSQL tries PostgreSQL and
Redis, which are killed too.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
ROUNDS = os.environ.get("KILL_ROUNDS", "20")
EVERYTHING_ROUNDS = os.environ.get("KILL_EVERYTHING_ROUNDS", "6")


on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="tried by the suite's run on SQLite"
)
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="tried by the suite's run on PostgreSQL"
)


@pytest.fixture
def survive(tmp_path, capsys):
    """Run the rounds in a world of its own; give the counts, which are printed too."""

    def surviving(way: str, rounds: str = "", each: int = 0, **settings: str) -> dict:
        ours = {
            "VAR_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path / 'killed.sqlite3'}",
            "REDIS_URL": "",
            "DJANGO_SETTINGS_MODULE": "tests.registry.killing_settings",
            "REMINDER_LEASE_SECONDS": "1",
            "SWEEP_SECONDS": "0.3",
        }
        program = ["tests.registry.killing_workers", way, rounds, str(each)]
        if way == "shared":
            program = ["tests.registry.sharing_workers"]
        finished = subprocess.run(
            [sys.executable, "-m", *program],
            cwd=ROOT,
            env={**os.environ, **ours, **settings},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        counts = json.loads(finished.stdout.splitlines()[-1])
        with capsys.disabled():
            print(f"\n{way}: {json.dumps(counts)}")  # noqa: T201
        return counts

    return surviving


@pytest.fixture
def postgresql():
    """An empty database on the test server, dropped afterwards."""
    import psycopg

    server = os.environ.get("POSTGRESQL_TEST_URL")
    if not server:
        pytest.skip("POSTGRESQL_TEST_URL names no server")
    name = f"killed_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{server.rsplit('/', 1)[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def nothing_lost_nothing_doubled(counts: dict) -> bool:
    """At least one round's deadlines, each told once (what died as it was started may be there
    twice as a deadline, never as a message)."""
    assert (counts["lost"], counts["doubled"]) == (0, 0)
    assert counts["states"] == {"sent": counts["messages"]}
    return counts["sent"] == counts["expected"] > counts["rounds"]


def acknowledged_once(counts: dict) -> bool:
    lost, doubled = counts["acknowledgements_lost"], counts["acknowledgements_doubled"]
    return counts["acknowledged"] > 0 == lost == doubled


@on_sqlite
def test_processes_killed_on_sqlite_lose_and_double_nothing(survive):
    assert nothing_lost_nothing_doubled(survive("forks", ROUNDS, 6))


@pytest.mark.postgresql
@on_postgresql
def test_processes_killed_on_postgresql_lose_and_double_nothing(survive, postgresql):
    assert nothing_lost_nothing_doubled(survive("forks", ROUNDS, 6, DATABASE_URL=postgresql))


@on_sqlite
def test_worker_schedulers_and_web_killed_on_sqlite_lose_and_double_nothing(survive):
    counts = survive("everything", EVERYTHING_ROUNDS, 5)
    assert nothing_lost_nothing_doubled(counts)
    assert acknowledged_once(counts)


@on_sqlite
def test_two_schedulers_at_once_do_no_harm(survive):
    assert nothing_lost_nothing_doubled(survive("calm", "3", 5))


@pytest.mark.redis
@pytest.mark.postgresql
@on_postgresql
def test_worker_schedulers_web_redis_and_postgresql_killed_lose_and_double_nothing(survive):
    """The servers are our own: PostgreSQL with fsync, since it is killed like everything else."""
    from tests.servers import NotInstalled, newest_postgresql, temporary_directory

    try:
        newest_postgresql()
    except NotInstalled:
        pytest.skip("PostgreSQL is not installed")
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    with temporary_directory("killed") as place:
        Path(place).chmod(0o755)
        counts = survive("everything", EVERYTHING_ROUNDS, 5, KILL_SERVERS=place)
    assert nothing_lost_nothing_doubled(counts)
    assert acknowledged_once(counts)


@pytest.mark.redis
@pytest.mark.postgresql
@on_postgresql
def test_workers_on_several_machines_share_a_backlog_through_redis(survive, postgresql):
    from tests.servers import NotInstalled, redis_server

    try:
        with redis_server() as redis:
            servers = {"DATABASE_URL": postgresql, "REDIS_URL": redis}
            counts = survive("shared", **servers, REMINDER_LEASE_SECONDS="120")
    except NotInstalled:
        pytest.skip("redis-server is not installed")
    assert nothing_lost_nothing_doubled(counts)
    assert len(counts["sent_by"]) == 2
    assert sum(counts["sent_by"]) == counts["messages"]
