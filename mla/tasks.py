"""Celery's way to the sweeps of requests."""

from celery import shared_task

from registry import sweeps


@shared_task
def work_on_spreadsheets() -> None:
    from mla.office_spreadsheets.working import work_on_waiting

    sweeps.watched("work_on_spreadsheets", work_on_waiting)


@shared_task
def make_packages() -> None:
    from mla.packages.sending import make_ordered

    sweeps.watched("make_packages", make_ordered)


@shared_task
def report_to_peers() -> None:
    from mla.packages.reporting import report_changes

    sweeps.watched("report_to_peers", report_changes)
