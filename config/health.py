"""Whether the machinery runs, for those who watch it. Says nothing about any matter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from celery import current_app
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registry import sweeps
from registry.models import SweepRun


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database and the broker answer, 503 otherwise.

    ``sweeps`` says whether worker and scheduler have swept lately; a machine that has just started
    has not swept yet, so this alone does not make it unhealthy.
    """
    database, broker = answers(ask_database), answers(ask_broker)
    healthy = database and broker
    last = last_sweep() if database else None
    late = last is None or timezone.now() - last > sweeps.SILENCE
    return JsonResponse(
        {
            "status": "ok" if healthy else "failing",
            "database": "ok" if database else "failing",
            "broker": "ok" if broker else "failing",
            "sweeps": "late" if late else "ok",
            "last_sweep": last.isoformat(timespec="seconds") if last else None,
        },
        status=200 if healthy else 503,
    )


def answers(ask: Callable[[], None]) -> bool:
    """Whether asking raises nothing. The reason goes to nobody: it may name machines."""
    try:
        ask()
    except Exception:
        return False
    return True


def ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def ask_broker() -> None:
    if not settings.REDIS_URL:
        if not settings.BROKER_DIR.is_dir():
            raise FileNotFoundError
        return
    with current_app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)


def last_sweep() -> datetime | None:
    return (
        SweepRun.objects.filter(finished_at__isnull=False)
        .order_by("-finished_at")
        .values_list("finished_at", flat=True)
        .first()
    )
