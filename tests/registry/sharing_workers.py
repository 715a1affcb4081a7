"""Two workers on one broker, and a backlog of reminders that they share.

Run as a program by ``test_reminders_survive_death.py``, with the environment that a worker would
have; writes one line of JSON. There is no scheduler: whatever is delivered was rung for, and a bell
that Redis carried is all that a worker goes by.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter

import django

from tests.registry import killable_servers, killing_workers

MATTERS = 60
DEADLINES_EACH = 10
"""Six hundred reminders: more than the five hundred for which one worker is called."""


def main() -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    matters = killing_workers.open_matters(MATTERS)
    workers = [killable_servers.lone_worker(f"machine{n}") for n in (1, 2)]
    for worker in workers:
        worker.start()
    try:
        pids = {worker.process.pid for worker in workers if worker.process}
        killable_servers.wait_until(lambda: called(pids))
        for _each in range(DEADLINES_EACH):
            killing_workers.start_deadlines(matters)
        record_and_ring()
        killing_workers.wait_for_the_rest(lambda: time.sleep(0.1))
    finally:
        for worker in workers:
            worker.kill()
    counts = killing_workers.report(1) | {"sent_by": sent_by()}
    sys.stdout.write(json.dumps(counts) + "\n")


def called(pids: set[int]) -> bool:
    """Ring, and say whether both workers have answered a bell by now."""
    from registry import bells
    from registry.models import SweepWorker

    bells.ring("deliver_reminders", times=2)
    time.sleep(0.2)
    heard = {
        int(name.rsplit(":", 1)[1]) for name in SweepWorker.objects.values_list("name", flat=True)
    }
    return pids <= heard


def record_and_ring() -> None:
    from django.utils import timezone

    from registry.reminders import record_and_ring

    record_and_ring(timezone.now())


def sent_by() -> list[int]:
    """How many messages each process sent."""
    from django.conf import settings

    lines = settings.SENDINGS.read_text().splitlines()
    return sorted(Counter(line.split()[0] for line in lines).values())


if __name__ == "__main__":
    main()
