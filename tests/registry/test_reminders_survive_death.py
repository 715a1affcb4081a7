"""Real processes killed at random moments lose no reminder and double none.

``KILL_ROUNDS`` sets the number of rounds of the quick processes (20; several hundred for a long run),
``KILL_CELERY_ROUNDS`` that of Celery's, which take seconds to start. The suite's run on SQLite tries SQLite and the broker in files, its run on
PostgreSQL tries PostgreSQL and Redis.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
ROUNDS = os.environ.get("KILL_ROUNDS", "20")
CELERY_ROUNDS = os.environ.get("KILL_CELERY_ROUNDS", "2")


on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="tried by the suite's run on SQLite"
)
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="tried by the suite's run on PostgreSQL"
)


@pytest.fixture
def survive(tmp_path, capsys):
    """Run the rounds in a world of its own; give the counts, which are printed too."""

    def surviving(way: str, rounds: str, each: int, **settings: str) -> dict:
        ours = {
            "VAR_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path / 'killed.sqlite3'}",
            "REDIS_URL": "",
            "DJANGO_SETTINGS_MODULE": "tests.registry.killing_settings",
            "REMINDER_LEASE_SECONDS": "1",
            "SWEEP_SECONDS": "0.3",
        }
        finished = subprocess.run(
            [sys.executable, "-m", "tests.registry.killing_workers", way, rounds, str(each)],
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


def nothing_lost_nothing_doubled(counts: dict, rounds: str, each: int) -> bool:
    expected = (int(rounds) + 1) * each  # one round before the killing begins
    return (counts["expected"], counts["sent"], counts["lost"], counts["doubled"]) == (
        expected,
        expected,
        0,
        0,
    )


@on_sqlite
def test_processes_killed_on_sqlite_lose_and_double_nothing(survive):
    counts = survive("forks", ROUNDS, 6)
    assert nothing_lost_nothing_doubled(counts, ROUNDS, 6)
    assert counts["states"] == {"sent": counts["expected"]}


@pytest.mark.postgresql
@on_postgresql
def test_processes_killed_on_postgresql_lose_and_double_nothing(survive, postgresql):
    counts = survive("forks", ROUNDS, 6, DATABASE_URL=postgresql)
    assert nothing_lost_nothing_doubled(counts, ROUNDS, 6)


@on_sqlite
def test_celery_killed_with_the_broker_in_files_loses_and_doubles_nothing(survive):
    counts = survive("celery", CELERY_ROUNDS, 30)
    assert nothing_lost_nothing_doubled(counts, CELERY_ROUNDS, 30)


@pytest.mark.redis
@on_postgresql
def test_celery_killed_with_redis_loses_and_doubles_nothing(survive, postgresql):
    redis = os.environ.get("REDIS_TEST_URL")
    if not redis:
        pytest.skip("REDIS_TEST_URL names no server")
    counts = survive("celery", CELERY_ROUNDS, 30, REDIS_URL=redis, DATABASE_URL=postgresql)
    assert nothing_lost_nothing_doubled(counts, CELERY_ROUNDS, 30)
