"""Celery's way to the sweeps. Each finds its own work, so a lost or a doubled message costs nothing."""

from celery import shared_task
from django.utils import timezone

from registry import sweeps


@shared_task
def record_due_reminders() -> None:
    from registry.reminders import record_and_ring

    sweeps.watched(sweeps.RECORDING, lambda: record_and_ring(timezone.now()))


@shared_task
def deliver_reminders() -> None:
    from registry.reminder_delivery import deliver_all

    sweeps.watched(sweeps.DELIVERING, deliver_all)


@shared_task
def rearm_deadlines() -> None:
    from registry.reminder_rearming import rearm_all

    sweeps.watched("rearm_deadlines", lambda: rearm_all(timezone.now()))


@shared_task
def make_letters() -> None:
    from registry.letters import make_ordered

    sweeps.watched("make_letters", make_ordered)


@shared_task
def forget_idempotency_keys() -> None:
    from registry.idempotency import forget_old

    sweeps.watched("forget_idempotency_keys", lambda: forget_old(timezone.now()) or 0)


@shared_task
def recount_clocks() -> None:
    from registry.recomputation import recount

    sweeps.watched("recount_clocks", lambda: recount(timezone.now()))


@shared_task
def deliver_to_peers() -> None:
    from registry.peer_delivery import deliver_waiting

    sweeps.watched("deliver_to_peers", deliver_waiting)


@shared_task
def draft_reminder_rounds() -> None:
    from registry.reminder_rounds import draft_waiting

    sweeps.watched("draft_reminder_rounds", draft_waiting)


@shared_task
def make_list_exports() -> None:
    from registry.list_exports import make_ordered

    sweeps.watched("make_list_exports", make_ordered)


@shared_task
def forget_list_exports() -> None:
    from registry.list_exports import forget_old

    sweeps.watched("forget_list_exports", lambda: forget_old(timezone.now()))
