"""Celery's way to the sweeps of the law."""

from celery import shared_task
from django.utils import timezone

from registry import sweeps


@shared_task
def open_obligations_coming_due() -> None:
    from treaties.coming_due import open_what_comes_due

    sweeps.watched("open_obligations_coming_due", lambda: open_what_comes_due(timezone.now()))


@shared_task
def make_reports() -> None:
    from treaties.compliance_report.making import make_ordered

    sweeps.watched("make_reports", make_ordered)


@shared_task
def order_scheduled_reports() -> None:
    from treaties.compliance_report.scheduling import order_what_is_due

    sweeps.watched("order_scheduled_reports", lambda: order_what_is_due(timezone.now()))
