"""Taking a waiting row for oneself: by conditional update, so that only one worker has it.

A worker that dies leaves a claim that runs out at ``claimed_until``; then the row waits again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Model, Q


def waiting(condition: Q, now: datetime) -> Q:
    """Rows of this condition that nobody is working on."""
    return condition & (Q(claimed_until__isnull=True) | Q(claimed_until__lte=now))


def claim_oldest(model: type[Model], condition: Q, *, until: datetime, **fresh: Any) -> Any | None:
    """The key of the oldest row of this condition, now ours; None where there is none.

    Counts the attempt; ``fresh`` are further fields to set.
    """
    rows = model._default_manager.filter(condition)
    while True:
        key = rows.order_by("id").values_list("pk", flat=True).first()
        if key is None:
            return None
        if rows.filter(pk=key).update(claimed_until=until, attempts=F("attempts") + 1, **fresh):
            return key
