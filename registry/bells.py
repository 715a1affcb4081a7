"""Ringing for a sweep as soon as there is work for it.

The broker is a bell and the database the truth: the sweeps find their work themselves on schedule,
and a bell only makes it sooner. So a broker that is down never breaks the request that rings.
"""

from __future__ import annotations

import logging

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 1
AT_MOST_ONCE = {
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_connect_timeout": PATIENCE_SECONDS,
    "socket_timeout": PATIENCE_SECONDS,
}
STALE_AFTER_SECONDS = 60
"""A bell heard later than this has nothing to add to the schedule."""


def ring(task_name: str, times: int = 1) -> None:
    """Ask for a sweep after the transaction is committed: ``deliver_reminders``, for example.

    Rung several times, it calls as many workers where there are that many.
    """
    name = task_name if "." in task_name else f"registry.tasks.{task_name}"
    transaction.on_commit(lambda: _ring(name, times), robust=True)


def _ring(name: str, times: int) -> None:
    try:
        with current_app.connection_for_write(
            connect_timeout=PATIENCE_SECONDS, transport_options=AT_MOST_ONCE
        ) as connection:
            for _each in range(times):
                current_app.send_task(
                    name,
                    connection=connection,
                    retry=False,
                    ignore_result=True,
                    expires=STALE_AFTER_SECONDS,
                )
    except Exception as error:  # whatever is wrong with the broker is not the caller's concern
        log.warning("the bell for %s did not ring: %s", name, error)
