"""Celery's way to the sweeps of criminal matters."""

from celery import shared_task

from registry import sweeps


@shared_task
def match_persons() -> None:
    from cases import deconfliction

    sweeps.watched("match_persons", deconfliction.sweep)
