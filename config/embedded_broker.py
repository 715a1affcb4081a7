"""The broker in files, for one machine without Redis: a message is there whole or not at all.

Kombu's own writes a message in place, so that a worker polling at that very moment takes an empty
file, cannot read it and ends; and its table of queues is empty for a moment while it is first
written. Here a message is written aside and put into its folder by renaming, which is one step; what
is unreadable all the same is stepped over, for the broker is only a bell.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Any, TypeVar

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

Read = TypeVar("Read")
ATTEMPTS, PAUSE_SECONDS = 50, 0.01


class Channel(filesystem.Channel):
    # The two classes above name this argument differently; whoever calls gives it by its place.
    def _put(self, queue: str, message: Any, **options: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        mark = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}"
        aside = folder / f"{mark}.written-aside"
        aside.write_bytes(dumps(message).encode())
        os.replace(aside, folder / f"{mark}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        try:
            return super()._get(queue)
        except ValueError:
            raise Empty from None

    def get_table(self, exchange: str) -> Any:
        return _until_readable(lambda: super(Channel, self).get_table(exchange))

    def _queue_bind(self, exchange: str, routing_key: Any, pattern: Any, queue: Any) -> None:
        _until_readable(
            lambda: super(Channel, self)._queue_bind(exchange, routing_key, pattern, queue)
        )


class Transport(filesystem.Transport):
    Channel = Channel


def _until_readable(read: Callable[[], Read]) -> Read:
    """Read what another process is just writing; gives up with its ValueError after half a second."""
    for _attempt in range(ATTEMPTS - 1):
        try:
            return read()
        except ValueError:
            time.sleep(PAUSE_SECONDS)
    return read()


def use_it() -> None:
    """Let ``filesystem://`` mean this broker in this process."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
