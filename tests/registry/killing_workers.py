"""Kills what records, sends and answers, at random moments, and counts what reached the mailbox.

Run as a program by ``test_reminders_survive_death.py``, with the environment that a worker would
have; writes one line of JSON. Every round starts deadlines that are due at once and kills something
with SIGKILL. Before the first round nobody is killed; after the last, everybody is left to finish.

``forks``: two processes that sweep without pause, as fast as they can, killed after a few
milliseconds: many rounds, so that every point of the code is hit. ``everything``: the product's own
worker, two schedulers and web server with their broker, one or two of which are killed in each round
and started again; where ``KILL_SERVERS`` names a place, PostgreSQL and Redis of our own are killed
likewise. All the while a client presses the buttons of acknowledgement links. ``calm``: the same, and
nobody is killed: two schedulers at once do no harm.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import django

from tests.registry import killable_servers
from tests.servers import free_port

PATIENCE_SECONDS = 120
SECONDS_TO_ACKNOWLEDGE = 30
Result = TypeVar("Result")


def main(way: str, rounds: int, each: int) -> None:
    servers = own_servers()
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    chance = random.Random(os.environ.get("KILL_SEED"))
    matters = open_matters(2 * each)
    start_deadlines(chance.sample(matters, each))
    if way == "forks":
        sweep_once()  # loads what sending needs, so that the processes to be killed begin at once
        for _round in range(rounds):
            start_deadlines(chance.sample(matters, each))
            round_of_forks(chance)
        wait_for_the_rest(carry_out_now)
        counts = report(rounds)
    else:
        counts = rounds_of_everything(servers, matters, rounds, each, chance, kill=way != "calm")
    sys.stdout.write(json.dumps(counts) + "\n")
    for server in servers:
        server.kill()


def own_servers() -> list[killable_servers.Killable]:
    """PostgreSQL and Redis to be killed too; the environment then names them."""
    named = os.environ.get("KILL_SERVERS")
    if not named:
        return []
    place = Path(named)
    postgresql = killable_servers.KillablePostgreSQL(place / "postgresql")
    redis = killable_servers.KillableRedis(place / "redis")
    for server in (postgresql, redis):
        server.start()
    os.environ |= {"DATABASE_URL": postgresql.address, "REDIS_URL": redis.address}
    return [postgresql, redis]


def open_matters(number: int) -> list[Any]:
    """Matters that each have their own responsible officer, who gets messages of their own."""
    from django.utils import timezone

    from registry.dossiers import open_dossier
    from registry.models import Authority, State, User

    state = State.objects.create(code="BEL", alpha2="BE", kind="state", name="Belgium")
    office = Authority.objects.create(
        state=state, kind="central_authority", name="Office", reference_prefix="KILL"
    )
    return [
        open_dossier(
            kind="killed",
            kind_mark="K",
            owner=office,
            responsible=User.objects.create_user(f"officer{n}@example.org", None, name="Officer"),
            direction="sent",
            counterpart=state,
            status="sent",
            now=timezone.now(),
        )
        for n in range(number)
    ]


def start_deadlines(matters: list[Any]) -> None:
    """Deadlines in hours that ended a minute ago: each reminds at once, and again in six hours.

    Every second is critical and waits for nothing; the others may be told in one message.
    """
    patiently(lambda: _start_deadlines(matters))


def _start_deadlines(matters: list[Any]) -> None:
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
        for n, matter in enumerate(matters):
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
                critical=n % 2 == 0,
                now=now,
            )


def round_of_forks(chance: random.Random) -> None:
    from django.db import connections

    connections.close_all()
    workers = [fork_a_worker() for _each in range(2)]
    for worker in workers:
        time.sleep(chance.uniform(0.01, 0.4))
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
    """Every stage once, in small batches."""
    from django.utils import timezone

    from registry.reminder_addressing import address
    from registry.reminder_bundling import bundle
    from registry.reminder_delivery import deliver
    from registry.reminders import record_due

    now = timezone.now()
    done = record_due(now, limit=7) + address(now, limit=5) + bundle(now, limit=2)
    return done + deliver(now, limit=2)


def carry_out_now() -> None:
    from django.utils import timezone

    from registry.reminder_delivery import carry_out
    from registry.reminders import record_all_due

    record_all_due(timezone.now())
    carry_out(timezone.now())


def rounds_of_everything(
    servers: list[killable_servers.Killable],
    matters: list[Any],
    rounds: int,
    each: int,
    chance: random.Random,
    *,
    kill: bool,
) -> dict[str, object]:
    from django.conf import settings

    port = free_port()
    ours = [
        killable_servers.worker(),
        killable_servers.scheduler("scheduler", settings.VAR_DIR),
        killable_servers.scheduler("second scheduler", settings.VAR_DIR),
        killable_servers.web(port),
    ]
    client = Client(port)
    for program in ours:
        program.start()
    try:
        client.start()
        for _round in range(rounds):
            start_deadlines(chance.sample(matters, each))
            time.sleep(chance.uniform(0.1, 1.5))
            if kill:
                for victim in chance.sample([*ours, *servers], chance.choice((1, 1, 2))):
                    victim.kill_and_start_again(chance.uniform(0, 0.3))
        wait_for_the_rest(lambda: time.sleep(0.3))
        client.finish()
    finally:
        for program in ours:
            program.kill()
    killed = {program.name: program.kills for program in [*ours, *servers]}
    return patiently(lambda: report(rounds) | client.report()) | {"killed": killed}


class Client(threading.Thread):
    """Somebody on a phone who presses the button of every acknowledgement link, again and again."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port, self.over = port, threading.Event()
        self.answered: set[int] = set()

    def finish(self) -> None:
        """Press a little longer, now that everything lives and answers."""
        end = time.monotonic() + SECONDS_TO_ACKNOWLEDGE
        while time.monotonic() < end and not self.answered:
            time.sleep(0.3)
        self.over.set()
        self.join(timeout=30)

    def run(self) -> None:
        while not self.over.is_set():
            try:
                self.press_buttons()
            except Exception:  # whatever died meanwhile: press again later
                give_up_connection()
            self.over.wait(0.2)

    def press_buttons(self) -> None:
        import http.client

        from django.utils import timezone

        from registry.acknowledging import link_of_notice
        from registry.models import Notice

        waiting = Notice.objects.filter(
            channel="mail", state="sent", reminder__acknowledged_at__isnull=True
        )
        for notice in waiting.order_by("?")[:10]:
            path = "/a/" + link_of_notice(notice, timezone.now()).split("/a/", 1)[1]
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("POST", path)
                if connection.getresponse().status == 302:
                    self.answered.add(notice.reminder_id)
            finally:
                connection.close()

    def report(self) -> dict[str, object]:
        """Each acknowledgement that was answered must stand, with one entry on the timeline."""
        from registry.models import Reminder, TimelineEntry

        standing = set(
            Reminder.objects.filter(acknowledged_at__isnull=False).values_list("pk", flat=True)
        )
        data = TimelineEntry.objects.filter(event="reminder.acknowledged").values_list(
            "data", flat=True
        )
        entries = Counter(entry["reminder"] for entry in data)
        return {
            "acknowledged": len(standing),
            "acknowledgements_lost": len(self.answered - standing) + len(standing - set(entries)),
            "acknowledgements_doubled": sum(number - 1 for number in entries.values()),
        }


def patiently(work: Callable[[], Result]) -> Result:
    """Do it as soon as the database answers again."""
    from django.db import Error

    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return work()
        except Error:
            if time.monotonic() > end:
                raise
            give_up_connection()
            time.sleep(0.1)


def give_up_connection() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()


def wait_for_the_rest(meanwhile: Callable[[], object]) -> None:
    """Let everybody live until everything is sent, or patience ends."""
    end = time.monotonic() + PATIENCE_SECONDS
    while patiently(left) and time.monotonic() < end:
        meanwhile()


def left() -> bool:
    from django.utils import timezone

    from registry.models import Alarm, Message, Notice, Reminder

    return (
        Alarm.objects.filter(at__lte=timezone.now()).exists()
        or Reminder.objects.filter(state=Reminder.State.PENDING).exists()
        or Notice.objects.filter(state__in=["waiting", "taken"]).exists()
        or Message.objects.filter(state=Message.State.PENDING).exists()
    )


def report(rounds: int) -> dict[str, object]:
    """Each deadline must be told by exactly one message that the mailbox has."""
    from django.conf import settings

    from registry.models import Deadline, MailboxMessage, Message, Notice

    expected = set(Deadline.objects.values_list("pk", flat=True))
    ids = set(MailboxMessage.objects.values_list("message_id", flat=True))
    keys = [message_id.split("@")[0].removeprefix("<reminder-") for message_id in ids]
    told = Notice.objects.filter(message__key__in=keys, channel="mail")
    arrived = Counter(told.values_list("reminder__deadline", flat=True))
    sendings = len(settings.SENDINGS.read_text().splitlines())
    return {
        "rounds": rounds,
        "expected": len(expected),
        "sent": len(arrived),
        "lost": len(expected - set(arrived)),
        "doubled": sum(number - 1 for number in arrived.values()),
        "messages": len(ids),
        "sent_again_and_recognised": sendings - len(ids),
        "states": dict(Counter(Message.objects.values_list("state", flat=True))),
    }


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
