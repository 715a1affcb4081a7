"""Kills what sweeps and sends, at random moments, and counts what reached the mailbox.

Run as a program by ``test_reminders_survive_death.py``, with the environment that a worker would
have; writes one line of JSON. Every round starts deadlines that are due at once, starts workers, and
kills them with SIGKILL. Before the first round nobody is killed; after the last, one worker is left
to finish.

``forks``: two processes that sweep without pause, as fast as they can, killed after a few
milliseconds: many rounds, so that every point of the code is hit. ``celery``: the product's own
worker and scheduler with its broker, killed with all their children.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import django

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 40


def main(way: str, rounds: int, each: int) -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    matter = open_a_matter()
    start_deadlines(matter, each)
    sweep_once()  # loads what sending needs, so that the processes to be killed begin at once
    chance = random.Random(os.environ.get("KILL_SEED"))
    kill_a_round = {"forks": round_of_forks, "celery": round_of_celery}[way]
    for _round in range(rounds):
        start_deadlines(matter, each)
        kill_a_round(chance)
    finish(way)
    sys.stdout.write(json.dumps(report(rounds)) + "\n")


def open_a_matter():
    from django.utils import timezone

    from registry.dossiers import open_dossier
    from registry.models import Authority, State, User

    state = State.objects.create(code="BEL", alpha2="BE", kind="state", name="Belgium")
    office = Authority.objects.create(
        state=state, kind="central_authority", name="Office", reference_prefix="KILL"
    )
    person = User.objects.create_user("officer@example.org", None, name="An officer")
    return open_dossier(
        kind="killed",
        kind_mark="K",
        owner=office,
        responsible=person,
        direction="sent",
        counterpart=state,
        status="sent",
        now=timezone.now(),
    )


def start_deadlines(matter, number: int) -> None:
    """Deadlines in hours that ended a minute ago: each reminds at once, and again in six hours."""
    from datetime import UTC, timedelta
    from decimal import Decimal

    from django.db import transaction
    from django.utils import timezone

    from registry.deadlines import start
    from registry.time_rules import Rule, Unit, due

    now = timezone.now()
    two_hours = Rule(length=Decimal(2), unit=Unit.HOURS, zone=UTC)
    ended = due(two_hours, now - timedelta(hours=2, minutes=1))
    with transaction.atomic():
        for n in range(number):
            start(
                matter,
                label=f"Deadline {n}",
                rule_code="",
                instrument="",
                article="",
                rule_confidence="",
                consequence="",
                bound_party="theirs",
                met_by_event="",
                started_from="test",
                started_at=now,
                zone="Europe/Brussels",
                due=ended,
                critical=False,
                now=now,
            )


def round_of_forks(chance: random.Random) -> None:
    from django.db import connections

    connections.close_all()
    workers = [fork_a_worker() for _each in range(2)]
    for worker in workers:
        time.sleep(chance.uniform(0.005, 0.15))
        os.kill(worker, signal.SIGKILL)
    for worker in workers:
        os.waitpid(worker, 0)


def fork_a_worker() -> int:
    """A process that sweeps until it is killed, in small batches so that much can be cut short."""
    child = os.fork()
    if child:
        return child
    try:
        while True:
            sweep_once()
    finally:
        os._exit(1)


def sweep_once() -> int:
    from django.utils import timezone

    from registry.reminder_delivery import deliver
    from registry.reminders import record_due

    return record_due(timezone.now(), limit=7) + deliver(timezone.now(), limit=5)


def round_of_celery(chance: random.Random) -> None:
    worker = start_celery()
    time.sleep(chance.uniform(1.0, 4.0))
    kill(worker)


def start_celery() -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "--quiet", "--app=config", "worker", "--beat",
         "--concurrency=2", "--without-gossip", "--without-mingle", "--without-heartbeat",
         "--loglevel=ERROR"],
        cwd=ROOT,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


def kill(worker: subprocess.Popen) -> None:
    """The worker, its scheduler and its children, at the same moment."""
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def finish(way: str) -> None:
    """Let one worker live until everything is sent, or patience ends."""
    worker = start_celery() if way == "celery" else None
    end = time.monotonic() + PATIENCE_SECONDS
    try:
        while left() and time.monotonic() < end:
            if worker is None:
                sweep_once()
            else:
                time.sleep(0.1)
    finally:
        if worker is not None:
            kill(worker)


def left() -> bool:
    from django.utils import timezone

    from registry.models import Alarm, Reminder

    due = Alarm.objects.filter(at__lte=timezone.now()).exists()
    return due or Reminder.objects.filter(state=Reminder.State.PENDING).exists()


def report(rounds: int) -> dict[str, object]:
    """Each deadline must have exactly one message in the mailbox."""
    from django.conf import settings

    from registry.models import Deadline, MailboxMessage, Reminder

    expected = set(Deadline.objects.values_list("pk", flat=True))
    ids = MailboxMessage.objects.values_list("message_id", flat=True)
    arrived = Counter(int(message_id.split("-")[1]) for message_id in ids)
    sendings = len(settings.SENDINGS.read_text().splitlines())
    return {
        "rounds": rounds,
        "expected": len(expected),
        "sent": len(arrived),
        "lost": len(expected - set(arrived)),
        "doubled": sum(number - 1 for number in arrived.values()),
        "sent_again_and_recognised": sendings - sum(arrived.values()),
        "states": dict(Counter(Reminder.objects.values_list("state", flat=True))),
    }


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
