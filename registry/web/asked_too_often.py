"""How often one address may ask what needs no sign-in: counted by the minute, in the cache."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def asked_too_often(request: HttpRequest, what: str, a_minute: int) -> bool:
    """Whether this address has asked for ``what`` more than so many times within a minute."""
    if settings.PRODUCTION and "HTTP_X_FORWARDED_FOR" in request.META:
        address = request.META["HTTP_X_FORWARDED_FOR"].split(",")[-1].strip()
    else:
        address = request.META.get("REMOTE_ADDR", "")
    key = f"{what}:" + hashlib.sha256(address.encode()).hexdigest()
    if cache.add(key, 1, timeout=60):
        return False
    try:
        return cache.incr(key) > a_minute
    except ValueError:
        return False
