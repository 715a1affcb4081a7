"""How much the sweep costs beside a bare insert: 10,000 reminders due among a million deadlines.

``measure(database_url)`` fills an empty PostgreSQL database once, then, in turns, times

- *bare*: ``INSERT INTO registry_reminder … SELECT`` of the 10,000 rows due, nothing else: no lock, no
  advance, nothing against a second run;
- *sweep*: the product's own ``record_due`` of the same rows;
- *again*: ``record_due`` once more, which must add nothing.

Each includes its commit, where foreign keys are checked. Between rounds both tables are put back as
they were and vacuumed. Run alone: ``python -m tests.performance.reminders postgres://…``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

DEADLINES = 1_000_000
DUE = 10_000
ROUNDS = 9
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def measure(
    database_url: str, *, deadlines: int = DEADLINES, due: int = DUE, rounds: int = ROUNDS
) -> list[dict[str, Any]]:
    """The measured ratios, each with its target and samples in milliseconds."""
    finished = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.performance.reminders",
            database_url,
            str(deadlines),
            str(due),
            str(rounds),
        ],
        env={**os.environ, "DATABASE_URL": database_url},
        check=True,
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(finished.stdout.splitlines()[-1])


def _measure_here(deadlines: int, due: int, rounds: int) -> list[dict[str, Any]]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from registry.models import Deadline

    call_command("migrate", verbosity=0)
    if Deadline.objects.count() != deadlines:
        _fill(deadlines, due)
    samples: dict[str, list[float]] = {"bare": [], "sweep": [], "again": []}
    for round_number in range(rounds + 1):
        turns = [_bare, _sweep] if round_number % 2 else [_sweep, _bare]
        for turn in turns:
            _put_back(connection)
            for name, milliseconds in turn(connection, due).items():
                if round_number:  # the first round only warms the caches
                    samples[name].append(milliseconds)
    _put_back(connection)
    return _table(samples, deadlines, due)


def _table(samples: dict[str, list[float]], deadlines: int, due: int) -> list[dict[str, Any]]:
    bare, sweep, again = (median(samples[name]) for name in ("bare", "sweep", "again"))
    sizes = {"deadlines": deadlines, "due": due, "rounds": len(samples["bare"])}
    milliseconds = {name: [round(value, 2) for value in values] for name, values in samples.items()}
    about = {"samples": sizes, "milliseconds": milliseconds, "at_most": True}
    return [
        {
            "name": "reminders: lock, record and advance, against a bare insert",
            "ratio": round(sweep / bare, 3),
            "target": 1.5,
            **about,
        },
        {
            "name": "reminders: a second run, against a bare insert",
            "ratio": round(again / bare, 4),
            "target": 0.25,
            **about,
        },
    ]


def _bare(connection: Any, due: int) -> dict[str, float]:
    with connection.cursor() as cursor:
        began = perf_counter()
        cursor.execute(
            """
            INSERT INTO registry_reminder
                (deadline_id, step, planned_at, recorded_at, state, attempts, last_error)
            SELECT deadline_id, step, at, %s, 'pending', 0, ''
            FROM registry_alarm WHERE at <= %s
            """,
            [NOW, NOW],
        )
        took = perf_counter() - began
        _must_be(due, cursor.rowcount)
    return {"bare": took * 1000}


def _sweep(connection: Any, due: int) -> dict[str, float]:
    from registry.reminders import record_due

    began = perf_counter()
    recorded = record_due(NOW, limit=due)
    took = perf_counter() - began
    _must_be(due, recorded)
    began = perf_counter()
    recorded = record_due(NOW, limit=due)
    took_again = perf_counter() - began
    _must_be(0, recorded)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_reminder")
        _must_be(due, cursor.fetchone()[0])
    return {"sweep": took * 1000, "again": took_again * 1000}


def _must_be(expected: int, found: int) -> None:
    if expected != found:
        raise AssertionError(f"expected {expected} reminders, found {found}")


def _put_back(connection: Any) -> None:
    """Both tables as they were before the round: no reminders, the same alarms due."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_reminder")
        cursor.execute(
            "INSERT INTO registry_alarm SELECT * FROM bench_alarm ON CONFLICT DO NOTHING"
        )
        cursor.execute("VACUUM ANALYZE registry_reminder, registry_alarm")


def _fill(deadlines: int, due: int) -> None:
    """One office with 20,000 dossiers and a million deadlines, every hundredth of them due.

    Each has the alarms of the whole schedule, eight million in all; the due ones lie scattered.
    """
    from django.db import connection

    from registry.dossiers import open_dossier
    from registry.models import Authority, State, User

    state = State.objects.create(code="BEL", kind="state", name="Belgium")
    office = Authority.objects.create(
        state=state, kind="central_authority", name="Bench", reference_prefix="BENCH"
    )
    person = User.objects.create_user("bench@example.org", None, name="Bench")
    first = open_dossier(
        kind="request",
        kind_mark="MLA",
        owner=office,
        responsible=person,
        direction="sent",
        counterpart=state,
        status="sent",
        now=NOW,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO registry_dossier (kind, reference, foreign_reference, title, owner_id,
                responsible_id, direction, counterpart_id, status, is_open, urgent,
                confidentiality, search_text, version, created_at, updated_at)
            SELECT kind, 'BENCH-' || n, '', '', owner_id, responsible_id, direction,
                counterpart_id, status, true, false, confidentiality, '', 1, created_at, updated_at
            FROM registry_dossier, generate_series(2, 20000) AS n WHERE id = %s
            """,
            [first.pk],
        )
        cursor.execute(
            """
            INSERT INTO registry_deadline (dossier_id, label, rule_code, instrument, article,
                rule_confidence, consequence, bound_party, met_by_event, started_from, started_at,
                due_at, zone, derivation, state, critical, created_at)
            SELECT %(first)s + n %% 20000, 'Acknowledgement expected', 'OFFICE-ACK', '', '', '', '',
                'theirs', 'mla.acknowledged', 'sending of the request', %(now)s,
                %(now)s + make_interval(days => 15 + n %% 300), 'Europe/Brussels', '{}', 'running',
                false, %(now)s
            FROM generate_series(1, %(deadlines)s) AS n
            """,
            {"first": first.pk, "now": NOW, "deadlines": deadlines},
        )
        cursor.execute(
            """
            INSERT INTO registry_alarm (deadline_id, step, at)
            SELECT planned.id, steps.step, anchor + make_interval(hours => steps.offset_hours)
            FROM (
                SELECT id, CASE WHEN row_number() OVER (ORDER BY id) %% %(every)s = 0
                    THEN %(now)s + interval '14 days' - make_interval(mins => (id %% 60)::int)
                    ELSE due_at END AS anchor
                FROM registry_deadline
            ) AS planned, registry_reminderstep AS steps
            WHERE steps.schedule = 1
            """,
            {"now": NOW, "every": deadlines // due},
        )
        cursor.execute(
            "CREATE TABLE bench_alarm AS SELECT * FROM registry_alarm WHERE at <= %s", [NOW]
        )
        cursor.execute("VACUUM ANALYZE")


def main(arguments: list[str]) -> None:
    database_url, *sizes = arguments
    os.environ["DATABASE_URL"] = database_url
    deadlines, due, rounds = [int(size) for size in sizes] or [DEADLINES, DUE, ROUNDS]
    print(json.dumps(_measure_here(deadlines, due, rounds)))


if __name__ == "__main__":
    main(sys.argv[1:])
