"""Whether the scheduler has fallen silent: asked by every page, so read once a minute a process."""

from __future__ import annotations

import time
from datetime import datetime

from registry.models import SweepRun
from registry.sweeps import RECORDING, SILENCE

HEARD_KEPT_SECONDS, SILENT_KEPT_SECONDS = 60.0, 10.0
_kept: tuple[float, bool] | None = None


def is_silent(now: datetime) -> bool:
    """Whether nobody has looked for due reminders for ``SILENCE``. At most one query a minute.

    A silence is asked about again sooner, so that the warning goes when the cause is mended.
    """
    global _kept
    clock = time.monotonic()
    if _kept is None or clock >= _kept[0]:
        heard = SweepRun.objects.filter(name=RECORDING, started_at__gt=now - SILENCE).exists()
        seconds = HEARD_KEPT_SECONDS if heard else SILENT_KEPT_SECONDS
        _kept = (clock + seconds, not heard)
    return _kept[1]


def remember(silent: bool | None) -> None:
    """Take this for known; with None, ask again at the next question."""
    global _kept
    _kept = None if silent is None else (float("inf"), silent)
