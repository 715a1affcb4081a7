"""Authorities whose record has aged: nobody has compared it with its source for too long."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from registry.models import Authority


def to_be_checked(now: datetime) -> QuerySet[Authority]:
    """Authorities never checked, or not for ``DIRECTORY_STALE_AFTER_DAYS`` calendar days."""
    limit = now - timedelta(days=settings.DIRECTORY_STALE_AFTER_DAYS)
    return Authority.objects.filter(Q(verified_at=None) | Q(verified_at__lt=limit))
