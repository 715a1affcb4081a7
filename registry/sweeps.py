"""Sweeps: short jobs that find their own work; and what is known of their health."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min
from django.utils import timezone

from registry.models import Alarm, Reminder, SweepRun
from registry.reminder_delivery import pending

RECORDING = "record_due_reminders"
DELIVERING = "deliver_reminders"
SILENCE = timedelta(minutes=10)
"""Sweeps run every few seconds; after this long without one, somebody must look."""


def watched(name: str, work: Callable[[], int]) -> int:
    """Run a sweep and keep when it ran, how much it handled, and what went wrong.

    The failure is kept and raised again: the worker logs it, and the next sweep tries again.
    """
    run, _new = SweepRun.objects.update_or_create(
        name=name, defaults={"started_at": timezone.now(), "finished_at": None}
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
    return handled


@dataclass(frozen=True)
class Health:
    """How the clocks' machinery is. ``lag`` is how long the oldest alarm due has been waiting."""

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

    def as_json(self) -> dict[str, Any]:
        values = asdict(self)
        values["lag_seconds"] = values.pop("lag").total_seconds()
        for key in ("last_scan", "last_delivery"):
            values[key] = values[key].isoformat() if values[key] else None
        return values


def health(now: datetime) -> Health:
    """The health of scan and delivery. Counts stop at 10,000: beyond, the number helps nobody."""
    runs = {run.name: run for run in SweepRun.objects.all()}
    scan, delivery = (_last_finished(runs.get(name)) for name in (RECORDING, DELIVERING))
    oldest = Alarm.objects.filter(at__lte=now).aggregate(oldest=Min("at"))["oldest"]
    silent = scan is None or now - scan > SILENCE
    failed = _count(Reminder.objects.filter(state=Reminder.State.FAILED))
    errors = {run.name: run.last_error for run in runs.values() if run.last_error}
    lag = now - oldest if oldest else timedelta()
    return Health(
        healthy=not silent and not errors and not failed and lag < SILENCE,
        silent=silent,
        last_scan=scan,
        last_delivery=delivery,
        lag=lag,
        due=_count(Alarm.objects.filter(at__lte=now)),
        pending=_count(pending(now)),
        retrying=_count(
            Reminder.objects.filter(state=Reminder.State.PENDING, claimed_until__gt=now)
        ),
        failed=failed,
        errors=errors,
    )


def _last_finished(run: SweepRun | None) -> datetime | None:
    return (run.finished_at or run.started_at) if run else None


def _count(rows: Any) -> int:
    return rows[:10_000].count()
