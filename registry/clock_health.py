"""The health of the machinery of the clocks for those who rely on it: what is wrong, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from registry.access import authorities_where, roles_by_authority
from registry.models import User
from registry.refusals import NotAllowed
from registry.sweeps import SILENCE, Health, health

LONG = timedelta(minutes=5)


@dataclass(frozen=True)
class Trouble:
    """Something wrong, and what mends it, in the reader's language."""

    what: str
    remedy: str
    detail: str = ""


def health_for(user: User, now: datetime) -> tuple[Health, list[Trouble]]:
    """The health, with what is wrong and how to mend it.

    Raises NotAllowed for who works in no authority. What a failure said is told to administrators
    alone: it may name addresses.
    """
    if not roles_by_authority(user):
        raise NotAllowed("role_may_not", _("You belong to no authority yet."))
    found = health(now)
    return found, troubles(found, with_detail=bool(authorities_where(user, "edit_register")))


def troubles(found: Health, *, with_detail: bool) -> list[Trouble]:
    """What is wrong, the worst first."""
    wrong = []
    if found.silent:
        wrong.append(
            Trouble(
                _("The scheduler has been silent for ten minutes: nobody is being reminded."),
                _(
                    "Start the worker and the scheduler: on one machine with “manage.py serve”, else "
                    "the services described in docs/operations.md. What fell due meanwhile is told "
                    "at once when they run again; nothing is lost."
                ),
            )
        )
    elif found.lag > LONG:
        wrong.append(
            Trouble(
                _("Reminders are recorded late."),
                _("Start further workers, or see whether the database is overloaded."),
            )
        )
    stuck = [
        queue
        for queue in found.queues
        if queue.stage in {"recorded", "waiting", "outbox"}
        and queue.oldest is not None
        and queue.oldest > SILENCE
    ]
    if stuck:
        wrong.append(
            Trouble(
                _("Messages wait longer than they should."),
                _("See whether a worker runs and whether the mail server answers."),
            )
        )
    if found.untold:
        wrong.append(
            Trouble(
                _("There are reminders about which nobody may be told."),
                _(
                    "Name somebody on the matter or say who supervises its officer: nobody who may "
                    "see it is active."
                ),
            )
        )
    if found.failed:
        wrong.append(
            Trouble(
                _("Messages could not be delivered and were given up."),
                _("Check EMAIL_URL and the addresses; webhooks are enabled again by their owners."),
            )
        )
    for name, error in sorted(found.errors.items()):
        wrong.append(
            Trouble(
                _("The job “%(name)s” failed the last time.") % {"name": name},
                _("It is tried again by itself. If it fails again, ask your administrator."),
                error if with_detail else "",
            )
        )
    return wrong
