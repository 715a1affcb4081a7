"""What is urgent, and what the other side owes and has not done."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from registry.deadline_list import PAGE_SIZE, DeadlinePage, deadlines_visible_to
from registry.models import Deadline, Dossier, User
from registry.refusals import Invalid

MOST_SHOWN = 200
"""A page has no more than this."""

BINDS_THEM = Q(bound_party__in=[Deadline.BoundParty.THEIRS, Deadline.BoundParty.BOTH])


@dataclass(frozen=True)
class UrgentQueue:
    """A page of the open urgent dossiers, each with ``soonest`` and ``soonest_zone``: when its next
    clock ends, and in which zone; None where none runs.

    ``next`` is the cursor of the page after this one, ``previous`` of the one before.
    """

    matters: Sequence[Dossier]
    next: str | None
    previous: str | None


def urgent_queue(user: User, *, cursor: str = "", size: int = PAGE_SIZE) -> UrgentQueue:
    """The open urgent matters that the person may see, of every kind, needed soonest first.

    One query. Raises Invalid for a cursor that is not one.
    """
    place = _Place.read(cursor)
    size = max(1, min(size, MOST_SHOWN))
    clocks = Deadline.objects.filter(dossier=OuterRef("pk"), state=Deadline.State.RUNNING)
    clocks = clocks.order_by("due_at", "pk")
    order = ("-urgent_until", "-pk") if place.back else ("urgent_until", "pk")
    found = list(
        Dossier.objects.visible_to(user)
        .filter(place.condition(), urgent=True, is_open=True)
        .select_related("responsible")
        .annotate(
            soonest=Subquery(clocks.values("due_at")[:1]),
            soonest_zone=Subquery(clocks.values("zone")[:1]),
        )
        .order_by(*order)[: size + 1]
    )
    more, rows = len(found) > size, found[:size]
    if place.back:
        rows.reverse()
    return UrgentQueue(
        rows,
        next=_Place(rows[-1]).write() if rows and (more or place.back) else None,
        previous=_Place(rows[0], back=True).write()
        if rows and (more if place.back else cursor)
        else None,
    )


class _Place:
    """Where a page begins: after (or, going back, before) a matter."""

    def __init__(self, dossier: Dossier | None = None, *, back: bool = False) -> None:
        self.until = dossier.urgent_until if dossier else None
        self.id = dossier.pk if dossier else 0
        self.back = back

    @classmethod
    def read(cls, cursor: str) -> _Place:
        place = cls()
        if not cursor:
            return place
        try:
            until, number, back = json.loads(base64.urlsafe_b64decode(cursor.encode()))
            place.until, place.id, place.back = date.fromisoformat(until), int(number), bool(back)
        except (ValueError, TypeError, OverflowError, UnicodeError) as error:
            raise Invalid(
                "unknown_page",
                _("This page of the list cannot be found."),
                fields={"cursor": [_("Begin at the first page.")]},
            ) from error
        if not 0 <= place.id < 2**63:
            raise Invalid("unknown_page", _("This page of the list cannot be found."))
        return place

    def write(self) -> str:
        until = self.until.isoformat() if self.until else ""
        return base64.urlsafe_b64encode(json.dumps([until, self.id, self.back]).encode()).decode()

    def condition(self) -> Q:
        if self.until is None:
            return Q()
        same_day = Q(urgent_until=self.until)
        if self.back:
            return Q(urgent_until__lt=self.until) | same_day & Q(pk__lt=self.id)
        return Q(urgent_until__gt=self.until) | same_day & Q(pk__gt=self.id)


def late_with_them(
    user: User, *, now: datetime, condition: Q | None = None, **wanted: Any
) -> DeadlinePage:
    """The running deadlines that bind the other side and have passed, the longest overdue first."""
    theirs = BINDS_THEM if condition is None else BINDS_THEM & condition
    return deadlines_visible_to(user, now=now, which="overdue", condition=theirs, **wanted)
