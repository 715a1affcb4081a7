"""Deadlines that may go wrong, each with the reasons in words.

The limits are office practice, not law, and each office's own (``registry/risk_limits.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.deadline_list import DeadlinePage, deadlines_visible_to
from registry.lateness import days_between, days_late
from registry.models import Deadline, Reminder, User
from registry.reminder_recipients import deputies_at
from registry.risk_limits import USUAL, Limits, all_limits

A_WEEK, THREE_DAYS = 7, 3
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
    """What may go wrong of what the person may see, soonest first. Raises Invalid for a cursor.

    By the limits of the office whose matter it is.
    """
    away = {person for person, deputy in deputies_at(now).items() if deputy is None}
    limits = all_limits()
    risky = Q(state=Deadline.State.RUNNING, bound_party=THEIRS, due_at__lt=now)
    risky |= ~Q(dossier__owner__in=list(limits.own)) & _beyond(USUAL, away, now)
    for own, offices in limits.offices_by_limits().items():
        risky |= Q(dossier__owner__in=offices) & _beyond(own, away, now)
    wanted = risky if condition is None else risky & condition
    page = deadlines_visible_to(
        user, now=now, which="open", condition=wanted, cursor=cursor, size=size
    )
    noted = dict.fromkeys((row["id"] for row in page.rows), None)
    told = Reminder.objects.filter(deadline__in=noted, state=Reminder.State.ADDRESSED)
    for number, at in told.values_list("deadline", "acknowledged_at"):
        noted[number] = bool(noted[number]) or at is not None
    for row in page.rows:
        row["reasons"] = reasons(
            row,
            now,
            away=away,
            acknowledged=noted[row["id"]],
            limits=limits.of(row["dossier__owner_id"]),
        )
    return AtRisk(page)


def _beyond(limits: Limits, away: set[int], now: datetime) -> Q:
    """The deadlines that one office's limits call at risk."""
    running = Q(state=Deadline.State.RUNNING)
    nobody = Q(dossier__responsible__is_active=False) | Q(dossier__responsible__in=away)
    return (
        running & Q(critical=True, due_at__gte=now, due_at__lt=now + limits.critical)
        | running & nobody & Q(due_at__lt=now + limits.nobody)
        | running
        & Q(due_at__gte=now, due_at__lt=now + limits.not_acknowledged)
        & Exists(TOLD)
        & ~Exists(TOLD.filter(acknowledged_at__isnull=False))
        | Q(state=Deadline.State.SUSPENDED, suspended_at__lt=now - limits.paused)
    )


def reasons(
    row: dict[str, Any],
    now: datetime,
    *,
    away: set[int],
    acknowledged: bool | None,
    limits: Limits = USUAL,
) -> list[str]:
    """Why this deadline may go wrong, in the reader's language.

    ``away`` are the people away without anybody who stands in; ``acknowledged`` is None where
    nobody has been reminded yet.
    """
    found = []
    running = row["state"] == Deadline.State.RUNNING
    if running and row["critical"] and now <= row["due_at"] < now + limits.critical:
        found.append(
            _("Critical, and it ends within a week.")
            if limits.critical_days == A_WEEK
            else ngettext(
                "Critical, and it ends within %(days)s day.",
                "Critical, and it ends within %(days)s days.",
                limits.critical_days,
            )
            % {"days": limits.critical_days}
        )
    if running and row["bound_party"] == THEIRS and row["due_at"] < now:
        days = days_late(row["due_at"], now, row["zone"])
        found.append(
            ngettext(
                "The other side is %(days)s day late.",
                "The other side is %(days)s days late.",
                days,
            )
            % {"days": days}
            if days
            else _("The other side is late since today.")
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
    soon = now <= row["due_at"] < now + limits.not_acknowledged
    if running and soon and acknowledged is False:
        found.append(
            _("It ends within three days and nobody has acknowledged the reminder.")
            if limits.not_acknowledged_days == THREE_DAYS
            else ngettext(
                "It ends within %(days)s day and nobody has acknowledged the reminder.",
                "It ends within %(days)s days and nobody has acknowledged the reminder.",
                limits.not_acknowledged_days,
            )
            % {"days": limits.not_acknowledged_days}
        )
    if row["suspended_at"] is not None and row["suspended_at"] < now - limits.paused:
        days = days_between(row["suspended_at"], now, row["zone"])
        found.append(
            ngettext("Paused for %(days)s day.", "Paused for %(days)s days.", days) % {"days": days}
        )
    return found
