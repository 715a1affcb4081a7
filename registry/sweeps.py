"""Sweeps: short jobs that find their own work; and what is known of their health."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connections
from django.db.models import Count, Min
from django.utils import timezone

from registry.models import Alarm, Channel, Message, Notice, Reminder, SweepRun, SweepWorker

RECORDING = "record_due_reminders"
DELIVERING = "deliver_reminders"
SILENCE = timedelta(minutes=10)
"""Sweeps run every few seconds; after this long without one, somebody must look."""
FORGOTTEN_AFTER = timedelta(days=1)
"""A worker not heard of for so long is forgotten: it was stopped, or runs under another name."""
COUNT_UP_TO = 10_000


def watched(name: str, work: Callable[[], int]) -> int:
    """Run a sweep and keep when it ran, how much it handled, and what went wrong.

    The failure is kept and raised again: the worker logs it, and the next sweep tries again. A
    connection that broke (the database was restarted) is given up first: Celery keeps it for many
    tasks, all of which would fail.
    """
    _give_up_broken_connections()
    now = timezone.now()
    run, _new = SweepRun.objects.update_or_create(
        name=name, defaults={"started_at": now, "finished_at": None}
    )
    try:
        handled = work()
    except Exception as error:
        SweepRun.objects.filter(pk=run.pk).update(
            last_error=f"{timezone.now().isoformat()} {type(error).__name__}: {error}"[:500]
        )
        raise
    SweepRun.objects.filter(pk=run.pk).update(
        finished_at=timezone.now(), handled=handled, last_error=""
    )
    _note_worker(now)
    return handled


def _give_up_broken_connections() -> None:
    """Django's own closing would also end a connection that holds a transaction open."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def _note_worker(now: datetime) -> None:
    """This process is at work; whoever was not heard of for long is forgotten."""
    name = f"{socket.gethostname()}:{os.getpid()}"[:120]
    SweepWorker.objects.update_or_create(name=name, defaults={"last_seen": now})
    SweepWorker.objects.filter(last_seen__lt=now - FORGOTTEN_AFTER).delete()


@dataclass(frozen=True)
class Queue:
    """How much waits at one stage, by channel where the stage has channels.

    Stages: ``due`` (to be recorded), ``recorded`` (to be addressed), ``waiting`` (to be put into a
    message; ``later``: in a digest or after quiet hours), ``outbox`` (to be sent), ``retrying`` (to
    be sent again), ``failed``. ``oldest`` is how long the oldest of it waits.
    """

    stage: str
    channel: str
    count: int
    oldest: timedelta | None = None


@dataclass(frozen=True)
class Health:
    """How the clocks' machinery is. ``lag`` is how long the oldest alarm due has been waiting.

    ``untold`` are reminders about which nobody may be told; ``failed`` are messages given up.
    ``workers`` are the processes heard of within ``SILENCE``, by name. What a person's own webhook
    does not take is counted in ``queues`` but makes the machinery no less healthy.
    """

    healthy: bool
    silent: bool
    last_scan: datetime | None
    last_delivery: datetime | None
    lag: timedelta
    due: int
    pending: int
    retrying: int
    failed: int
    errors: dict[str, str]
    untold: int = 0
    queues: list[Queue] = field(default_factory=list)
    workers: dict[str, datetime] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        values = asdict(self)
        values["lag_seconds"] = values.pop("lag").total_seconds()
        for key in ("last_scan", "last_delivery"):
            values[key] = values[key].isoformat() if values[key] else None
        values["workers"] = {name: seen.isoformat() for name, seen in self.workers.items()}
        for queue in values["queues"]:
            oldest = queue.pop("oldest")
            queue["oldest_seconds"] = oldest.total_seconds() if oldest is not None else None
        return values


def health(now: datetime) -> Health:
    """The health of scan and delivery. Counts stop at 10,000: beyond, the number helps nobody."""
    runs = {run.name: run for run in SweepRun.objects.all()}
    scan, delivery = (_last_finished(runs.get(name)) for name in (RECORDING, DELIVERING))
    due = Alarm.objects.filter(at__lte=now)
    oldest = due.aggregate(oldest=Min("at"))["oldest"]
    silent = scan is None or now - scan > SILENCE
    errors = {run.name: run.last_error for run in runs.values() if run.last_error}
    lag = now - oldest if oldest else timedelta()
    queues = [
        Queue("due", "", _count(due), lag if oldest else None),
        *_recorded(now),
        *_notices(now),
        *_messages(now),
    ]
    failed = _sum(queues, "failed", (Channel.MAIL,))
    untold = _count(Reminder.objects.filter(state=Reminder.State.FAILED))
    stuck = any(
        queue.oldest is not None and queue.oldest > SILENCE
        for queue in queues
        if queue.stage in {"due", "recorded", "waiting", "outbox"}
    )
    seen = SweepWorker.objects.filter(last_seen__gte=now - SILENCE).order_by("name")
    return Health(
        healthy=not silent and not errors and not failed and not untold and not stuck,
        silent=silent,
        last_scan=scan,
        last_delivery=delivery,
        lag=lag,
        due=queues[0].count,
        pending=_sum(queues, "recorded") + _sum(queues, "waiting") + _sum(queues, "outbox"),
        retrying=_sum(queues, "retrying"),
        failed=_sum(queues, "failed"),
        errors=errors,
        untold=untold,
        queues=queues,
        workers=dict(seen.values_list("name", "last_seen")),
    )


def _recorded(now: datetime) -> list[Queue]:
    recorded = Reminder.objects.filter(state=Reminder.State.PENDING)
    oldest = recorded.aggregate(oldest=Min("recorded_at"))["oldest"]
    return [Queue("recorded", "", _count(recorded), now - oldest if oldest else None)]


def _notices(now: datetime) -> list[Queue]:
    waiting = Notice.objects.filter(state=Notice.State.WAITING).order_by()
    found: list[Queue] = []
    for stage, rows in (
        ("waiting", waiting.filter(send_at__lte=now)),
        ("later", waiting.filter(send_at__gt=now)),
    ):
        counted = rows.values("channel").annotate(number=Count("id"), oldest=Min("send_at"))
        found += [
            Queue(
                stage,
                row["channel"],
                row["number"],
                now - row["oldest"] if stage == "waiting" else None,
            )
            for row in counted.order_by("channel")
        ]
    return found


def _messages(now: datetime) -> list[Queue]:
    from registry.reminder_delivery import pending

    states = (
        ("outbox", pending(now)),
        ("retrying", Message.objects.filter(state=Message.State.PENDING, claimed_until__gt=now)),
        ("failed", Message.objects.filter(state=Message.State.FAILED)),
    )
    found: list[Queue] = []
    for stage, rows in states:
        counted = rows.order_by().values("channel")
        counted = counted.annotate(number=Count("id"), oldest=Min("created_at"))
        found += [
            Queue(stage, row["channel"], row["number"], now - row["oldest"])
            for row in counted.order_by("channel")
        ]
    return found


def _sum(queues: list[Queue], stage: str, channels: tuple[str, ...] = ()) -> int:
    return sum(
        queue.count
        for queue in queues
        if queue.stage == stage and (not channels or queue.channel in channels)
    )


def _last_finished(run: SweepRun | None) -> datetime | None:
    return (run.finished_at or run.started_at) if run else None


def _count(rows: Any) -> int:
    return rows[:COUNT_UP_TO].count()
