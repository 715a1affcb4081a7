"""What is urgent, and what the other side owes and has not done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import F, Min, Q

from registry import matter_kinds
from registry.deadline_list import DeadlinePage, deadlines_visible_to
from registry.matter_kinds import Urgency
from registry.models import Deadline, Dossier, User

MOST_SHOWN = 200

BINDS_THEM = Q(bound_party__in=[Deadline.BoundParty.THEIRS, Deadline.BoundParty.BOTH])


@dataclass(frozen=True)
class UrgentMatter:
    """An urgent dossier, why it is, by when it is needed, and when its next clock ends."""

    dossier: Dossier
    urgency: Urgency | None
    soonest: datetime | None

    @property
    def first(self) -> tuple[bool, date]:
        """The day by which something must have happened; without one, after all others."""
        days = [self.soonest.astimezone(UTC).date()] if self.soonest else []
        if self.urgency and self.urgency.needed_by:
            days.append(self.urgency.needed_by)
        return (not days, min(days, default=date.max))


@dataclass(frozen=True)
class UrgentQueue:
    """The open urgent matters, soonest first; ``more`` where there are more than are shown."""

    matters: list[UrgentMatter]
    more: bool


def urgent_queue(user: User) -> UrgentQueue:
    """The open urgent matters that the person may see, of every kind, soonest first.

    One query, and one for each kind of matter that says why. No more than ``MOST_SHOWN``, those
    whose clocks end soonest.
    """
    soonest = Min("deadlines__due_at", filter=Q(deadlines__state=Deadline.State.RUNNING))
    found = list(
        Dossier.objects.visible_to(user)
        .filter(urgent=True, is_open=True)
        .select_related("responsible")
        .annotate(soonest=soonest)
        .order_by(F("soonest").asc(nulls_last=True), "pk")[: MOST_SHOWN + 1]
    )
    by_kind: dict[str, list[int]] = {}
    for dossier in found[:MOST_SHOWN]:
        by_kind.setdefault(dossier.kind, []).append(dossier.pk)
    said: dict[int, Urgency] = {}
    for kind, numbers in by_kind.items():
        said.update(matter_kinds.urgency_of(kind, numbers))
    matters = [UrgentMatter(d, said.get(d.pk), d.soonest) for d in found[:MOST_SHOWN]]
    return UrgentQueue(sorted(matters, key=lambda m: m.first), len(found) > MOST_SHOWN)


def late_with_them(
    user: User, *, now: datetime, condition: Q | None = None, **wanted: Any
) -> DeadlinePage:
    """The running deadlines that bind the other side and have passed, the longest overdue first."""
    theirs = BINDS_THEM if condition is None else BINDS_THEM & condition
    return deadlines_visible_to(user, now=now, which="overdue", condition=theirs, **wanted)
