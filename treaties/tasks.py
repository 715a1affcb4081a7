"""Celery's way to the sweeps of the law."""

from celery import shared_task
from django.utils import timezone

from registry import sweeps


@shared_task
def open_obligations_coming_due() -> None:
    from treaties.coming_due import open_what_comes_due

    sweeps.watched("open_obligations_coming_due", lambda: open_what_comes_due(timezone.now()))
