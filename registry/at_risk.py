"""Deadlines that may go wrong, each with the reasons in words.

The limits are office practice, not law: seven days for what is critical, three for what nobody has
acknowledged, thirty for a pause.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.deadline_list import DeadlinePage, deadlines_visible_to
from registry.models import Deadline, Reminder, User
from registry.reminder_recipients import deputies_at

CRITICAL_WITHIN = timedelta(days=7)
NOT_ACKNOWLEDGED_WITHIN = timedelta(days=3)
PAUSED_LONG = timedelta(days=30)
NOBODY_WITHIN = timedelta(days=30)
THEIRS = Deadline.BoundParty.THEIRS


TOLD = Reminder.objects.filter(deadline=OuterRef("pk"), state=Reminder.State.ADDRESSED)


@dataclass(frozen=True)
class AtRisk:
    """A page of rows, each with ``reasons``: sentences in the reader's language."""

    page: DeadlinePage

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.page.rows


def deadlines_at_risk(
    user: User, *, now: datetime, condition: Q | None = None, cursor: str = "", size: int = 50
) -> AtRisk:
    """What may go wrong of what the person may see, soonest first. Raises Invalid for a cursor."""
    away = {person for person, deputy in deputies_at(now).items() if deputy is None}
    running = Q(state=Deadline.State.RUNNING)
    nobody = Q(dossier__responsible__is_active=False) | Q(dossier__responsible__in=away)
    risky = (
        running & Q(critical=True, due_at__gte=now, due_at__lt=now + CRITICAL_WITHIN)
        | running & Q(bound_party=THEIRS, due_at__lt=now)
        | running & nobody & Q(due_at__lt=now + NOBODY_WITHIN)
        | running
        & Q(due_at__gte=now, due_at__lt=now + NOT_ACKNOWLEDGED_WITHIN)
        & Exists(TOLD)
        & ~Exists(TOLD.filter(acknowledged_at__isnull=False))
        | Q(state=Deadline.State.SUSPENDED, suspended_at__lt=now - PAUSED_LONG)
    )
    wanted = risky if condition is None else risky & condition
    page = deadlines_visible_to(
        user, now=now, which="open", condition=wanted, cursor=cursor, size=size
    )
    noted = dict.fromkeys((row["id"] for row in page.rows), None)
    told = Reminder.objects.filter(deadline__in=noted, state=Reminder.State.ADDRESSED)
    for number, at in told.values_list("deadline", "acknowledged_at"):
        noted[number] = bool(noted[number]) or at is not None
    for row in page.rows:
        row["reasons"] = reasons(row, now, away=away, acknowledged=noted[row["id"]])
    return AtRisk(page)


def reasons(
    row: dict[str, Any], now: datetime, *, away: set[int], acknowledged: bool | None
) -> list[str]:
    """Why this deadline may go wrong, in the reader's language.

    ``away`` are the people away without anybody who stands in; ``acknowledged`` is None where
    nobody has been reminded yet.
    """
    found = []
    running = row["state"] == Deadline.State.RUNNING
    if running and row["critical"] and now <= row["due_at"] < now + CRITICAL_WITHIN:
        found.append(_("Critical, and it ends within a week."))
    if running and row["bound_party"] == THEIRS and row["due_at"] < now:
        days = (now - row["due_at"]).days
        found.append(
            ngettext(
                "The other side is %(days)s day late.",
                "The other side is %(days)s days late.",
                days,
            )
            % {"days": days}
        )
    if running and not row["dossier__responsible__is_active"]:
        found.append(
            _("%(person)s, who is responsible, no longer works here.")
            % {"person": row["dossier__responsible__name"]}
        )
    elif running and row["dossier__responsible_id"] in away:
        found.append(
            _("%(person)s, who is responsible, is away and nobody stands in.")
            % {"person": row["dossier__responsible__name"]}
        )
    soon = now <= row["due_at"] < now + NOT_ACKNOWLEDGED_WITHIN
    if running and soon and acknowledged is False:
        found.append(_("It ends within three days and nobody has acknowledged the reminder."))
    if row["suspended_at"] is not None and row["suspended_at"] < now - PAUSED_LONG:
        days = (now - row["suspended_at"]).days
        found.append(
            ngettext("Paused for %(days)s day.", "Paused for %(days)s days.", days) % {"days": days}
        )
    return found
