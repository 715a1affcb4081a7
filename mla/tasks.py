"""Celery's way to the sweeps of requests."""

from celery import shared_task

from registry import sweeps


@shared_task
def work_on_spreadsheets() -> None:
    from mla.office_spreadsheets.working import work_on_waiting

    sweeps.watched("work_on_spreadsheets", work_on_waiting)
