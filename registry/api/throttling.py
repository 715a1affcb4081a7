"""How often one person may call: a count by the minute, generous for people and programs alike.

Each process counts for itself, in memory, so that counting costs nothing beside the answer. With
several processes a person gets as many times more: the limit keeps a program that has gone wild
from taking everything, it does not ration.
"""

from __future__ import annotations

import time
from threading import Lock
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

MINUTE = 60


class _Minute:
    """The calls of the minute that runs, by caller."""

    def __init__(self) -> None:
        self.lock, self.minute, self.calls = Lock(), 0, {}

    def count(self, who: str) -> int:
        minute = int(time.time()) // MINUTE
        with self.lock:
            if minute != self.minute:
                self.minute, self.calls = minute, {}
            self.calls[who] = self.calls.get(who, 0) + 1
            return self.calls[who]


this_minute = _Minute()


class PerPersonThrottle(BaseThrottle):
    """Counts people by who they are, and callers who have not signed in by their address."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.user and request.user.is_authenticated:
            return this_minute.count(f"person {request.user.pk}") <= settings.API_CALLS_PER_MINUTE
        caller = f"address {self.get_ident(request)}"
        return this_minute.count(caller) <= settings.API_ANONYMOUS_CALLS_PER_MINUTE

    def wait(self) -> float:
        return MINUTE - time.time() % MINUTE
