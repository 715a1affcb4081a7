"""How often one person may call: a count by the minute, generous for people and programs alike."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

MINUTE = 60


class PerPersonThrottle(BaseThrottle):
    """Counts in the cache: one small number a person and minute, not a list of instants."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.user and request.user.is_authenticated:
            who, most = f"p{request.user.pk}", settings.API_CALLS_PER_MINUTE
        else:
            who, most = f"a{self.get_ident(request)}", settings.API_ANONYMOUS_CALLS_PER_MINUTE
        key = f"calls:{who}:{int(time.time()) // MINUTE}"
        if cache.add(key, 1, 2 * MINUTE):
            return most >= 1
        try:
            return cache.incr(key) <= most
        except ValueError:
            return True

    def wait(self) -> float:
        return MINUTE - time.time() % MINUTE
