"""How much the sweep costs beside a bare insert: 10,000 reminders due among a million deadlines.

``measure(database_url)`` fills an empty PostgreSQL database once, then, in turns, times

- *bare*: ``INSERT INTO registry_reminder … SELECT`` of the 10,000 rows due, nothing else: no lock, no
  advance, nothing against a second run;
- *sweep*: the product's own ``record_due`` of the same rows, every second of which repeats daily and
  is planned for the next day in the same statement;
- *again*: ``record_due`` once more, which must add nothing.

Each includes its commit, where foreign keys are checked. Between rounds both tables are put back as
they were and vacuumed. How much memory the process grew by in all the sweeps is a ratio too.

The same runs on SQLite with 50,000 deadlines, all of whose work is done by this very process: there
the clock is its processor time, since what lasts two milliseconds says nothing on a busy machine.
Run alone: ``python -m tests.performance.reminders postgres://…``.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

DEADLINES = 1_000_000
DUE = 10_000
ROUNDS = 9
EMBEDDED = 50_000
EMBEDDED_DUE = 500
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def measure(
    database_url: str, *, deadlines: int = DEADLINES, due: int = DUE, rounds: int = ROUNDS
) -> list[dict[str, Any]]:
    """The measured ratios, each with its target and samples in milliseconds."""
    with tempfile.TemporaryDirectory() as place:
        embedded = f"sqlite:///{place}/embedded.sqlite3"
        return _measured(database_url, deadlines, due, rounds) + _measured(
            embedded, EMBEDDED, EMBEDDED_DUE, rounds
        )


def _measured(database_url: str, deadlines: int, due: int, rounds: int) -> list[dict[str, Any]]:
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
    embedded = connection.vendor == "sqlite"
    if Deadline.objects.count() != deadlines:
        _fill_embedded(deadlines, due) if embedded else _fill(deadlines, due)
    samples: dict[str, list[float]] = {"bare": [], "sweep": [], "again": []}
    for round_number in range(rounds + 1):
        turns = [_bare, _sweep] if round_number % 2 else [_sweep, _bare]
        for turn in turns:
            _put_back(connection)
            for name, milliseconds in turn(connection, due).items():
                if round_number:  # the first round only warms the caches
                    samples[name].append(milliseconds)
        if not round_number:
            memory = _memory()
    _put_back(connection)
    grown = _memory() / memory
    where = "on SQLite, " if embedded else ""
    return _table(samples, deadlines, due, grown, where)


def _memory() -> float:
    """The most memory that this process has held so far, in kilobytes."""
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _table(
    samples: dict[str, list[float]], deadlines: int, due: int, grown: float, where: str
) -> list[dict[str, Any]]:
    bare, sweep, again = (median(samples[name]) for name in ("bare", "sweep", "again"))
    sizes = {"deadlines": deadlines, "due": due, "rounds": len(samples["bare"])}
    milliseconds = {name: [round(value, 2) for value in values] for name, values in samples.items()}
    about = {"samples": sizes, "milliseconds": milliseconds, "at_most": True}
    return [
        {
            "name": f"reminders: {where}lock, record and advance, against a bare insert",
            "ratio": round(sweep / bare, 3),
            "target": 3,
            **about,
        },
        {
            "name": f"reminders: {where}a second run, against a bare insert",
            "ratio": round(again / bare, 4),
            "target": 0.25,
            **about,
        },
        {
            "name": f"reminders: {where}memory after all sweeps, against after the first",
            "ratio": round(grown, 4),
            "target": 1.1,
            "samples": sizes,
            "at_most": True,
        },
    ]


def _bare(connection: Any, due: int) -> dict[str, float]:
    with connection.cursor() as cursor:
        clock = _clock(connection)
        began = clock()
        cursor.execute(
            """
            INSERT INTO registry_reminder
                (deadline_id, step, planned_at, recorded_at, audience, escalate_hours, state)
            SELECT deadline_id, step, at, %s, audience, escalate_hours, 'pending'
            FROM registry_alarm WHERE at <= %s
            """,
            [NOW, NOW],
        )
        took = clock() - began
        _must_be(due, cursor.rowcount)
    return {"bare": took * 1000}


def _sweep(connection: Any, due: int) -> dict[str, float]:
    from registry.reminders import record_due

    clock = _clock(connection)
    began = clock()
    recorded = record_due(NOW, limit=due)
    took = clock() - began
    _must_be(due, recorded)
    began = clock()
    recorded = record_due(NOW, limit=due)
    took_again = clock() - began
    _must_be(0, recorded)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_reminder")
        _must_be(due, cursor.fetchone()[0])
    return {"sweep": took * 1000, "again": took_again * 1000}


def _clock(connection: Any) -> Callable[[], float]:
    return process_time if connection.vendor == "sqlite" else perf_counter


def _must_be(expected: int, found: int) -> None:
    if expected != found:
        raise AssertionError(f"expected {expected} reminders, found {found}")


def _put_back(connection: Any) -> None:
    """Both tables as they were before the round: no reminders, the same alarms due."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_reminder")
        cursor.execute(
            "INSERT INTO registry_alarm SELECT * FROM bench_alarm WHERE true"
            " ON CONFLICT (deadline_id, step) DO UPDATE SET at = excluded.at"
        )
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE registry_reminder, registry_alarm")
        else:  # else every second sweep pays for writing back what this made
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _fill(deadlines: int, due: int) -> None:
    """One office with 20,000 dossiers and a million deadlines, every hundredth of them due.

    Each has the alarms of the whole schedule, six million in all; the due ones lie scattered, and
    of every second of them only the daily step is left, which is due.
    """
    from django.db import connection

    from registry.models import Deadline, Dossier

    first = _first_dossier()
    with connection.cursor() as cursor:
        cursor.execute(
            _copies(Dossier, {"reference": "'BENCH-' || n"}, "generate_series(2, 20000)"),
            {"id": first.pk},
        )
        cursor.execute(
            _copies(
                Deadline,
                {
                    "dossier_id": f"{first.pk} + n %% 20000",
                    "due_at": "started_at + make_interval(days => 15 + n %% 300)",
                },
                f"generate_series(2, {deadlines})",
            ),
            {"id": _first_deadline(first).pk},
        )
        cursor.execute(
            """
            INSERT INTO registry_alarm
                (deadline_id, step, at, repeat_hours, audience, escalate_hours)
            SELECT planned.id, steps.step,
                CASE WHEN daily THEN %(now)s - make_interval(mins => (planned.id %% 60)::int)
                    ELSE anchor + make_interval(hours => steps.offset_hours) END,
                steps.repeat_hours, steps.audience, 0
            FROM (
                SELECT id, CASE WHEN row_number() OVER (ORDER BY id) %% %(every)s = 0
                    THEN %(now)s + interval '14 days' - make_interval(mins => (id %% 60)::int)
                    ELSE due_at END AS anchor,
                    row_number() OVER (ORDER BY id) %% (2 * %(every)s) = 0 AS daily
                FROM registry_deadline
            ) AS planned, registry_reminderstep AS steps
            WHERE steps.schedule = 1 AND (NOT daily OR steps.repeat_hours > 0)
            """,
            {"now": NOW, "every": deadlines // due},
        )
        cursor.execute(
            "CREATE TABLE bench_alarm AS SELECT * FROM registry_alarm WHERE at <= %s", [NOW]
        )
        cursor.execute("VACUUM ANALYZE")


def _copies(model: Any, changed: dict[str, str], numbers: str) -> str:
    """The statement that copies one row (``%(id)s``) once for each number ``n``, with changes."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = [changed.get(column, column) for column in columns]
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
        f" SELECT {', '.join(values)} FROM {model._meta.db_table}, {numbers} AS n"
        " WHERE id = %(id)s"
    )


def _first_deadline(dossier: Any) -> Any:
    from registry.models import Deadline

    return Deadline.objects.create(
        dossier=dossier,
        label="Acknowledgement expected",
        met_by_event="mla.acknowledged",
        bound_party="theirs",
        started_from="sending of the request",
        started_at=NOW,
        due_at=NOW + timedelta(days=16),
        zone="Europe/Brussels",
    )


def _first_dossier() -> Any:
    from registry.dossiers import open_dossier
    from registry.models import Authority, State, User

    state = State.objects.create(code="BEL", kind="state", name="Belgium")
    office = Authority.objects.create(
        state=state, kind="central_authority", name="Bench", reference_prefix="BENCH"
    )
    person = User.objects.create_user("bench@example.org", None, name="Bench")
    return open_dossier(
        kind="request",
        kind_mark="MLA",
        owner=office,
        responsible=person,
        direction="sent",
        counterpart=state,
        status="sent",
        now=NOW,
    )


def _fill_embedded(deadlines: int, due: int) -> None:
    """The same on SQLite, of one dossier."""
    from django.db import connection

    from registry.models import Alarm, Deadline, ReminderStep

    first = _first_dossier()
    made = [
        Deadline(
            dossier=first,
            label="Acknowledgement expected",
            met_by_event="mla.acknowledged",
            started_from="sending of the request",
            started_at=NOW,
            due_at=NOW + timedelta(days=15 + n % 300),
            zone="Europe/Brussels",
        )
        for n in range(deadlines)
    ]
    Deadline.objects.bulk_create(made, batch_size=2000)
    steps = list(ReminderStep.objects.filter(schedule=1))
    alarms = []
    for n, key in enumerate(Deadline.objects.order_by("pk").values_list("pk", flat=True)):
        is_due, repeats = n % (deadlines // due) == 0, n % (2 * deadlines // due) == 0
        anchor = NOW + timedelta(days=15 + n % 300) if not is_due else NOW + timedelta(days=14)
        for step in steps:
            at = anchor + timedelta(hours=step.offset_hours)
            if is_due and repeats:
                if not step.repeat_hours:
                    continue
                at = NOW - timedelta(minutes=n % 60)
            alarms.append(
                Alarm(deadline_id=key, step=step.step, at=at, repeat_hours=step.repeat_hours)
            )
    Alarm.objects.bulk_create(alarms, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_alarm AS SELECT * FROM registry_alarm WHERE at <= %s", [NOW]
        )
        cursor.execute("ANALYZE")


def main(arguments: list[str]) -> None:
    database_url, *sizes = arguments
    os.environ["DATABASE_URL"] = database_url
    deadlines, due, rounds = [int(size) for size in sizes] or [DEADLINES, DUE, ROUNDS]
    print(json.dumps(_measure_here(deadlines, due, rounds)))


if __name__ == "__main__":
    main(sys.argv[1:])
