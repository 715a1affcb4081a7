"""Reading deadlines: those of one dossier, and those a person may see, page by page."""

from __future__ import annotations

import base64
import binascii
import heapq
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from registry.access import visible_branches
from registry.models import Deadline, Dossier, User
from registry.refusals import Invalid, NotFound

PAGE_SIZE = 50
COLUMNS = (
    "id",
    "label",
    "rule_code",
    "instrument",
    "article",
    "rule_confidence",
    "consequence",
    "bound_party",
    "started_from",
    "started_at",
    "due_at",
    "zone",
    "derivation",
    "state",
    "suspended_at",
    "settled_at",
    "critical",
    "dossier_id",
    "dossier__owner_id",
    "dossier__kind",
    "dossier__reference",
    "dossier__title",
    "dossier__counterpart_id",
    "dossier__confidentiality",
    "dossier__responsible_id",
    "dossier__responsible__name",
    "dossier__responsible__is_active",
)


@dataclass(frozen=True)
class DeadlinePage:
    """Rows as dictionaries (``COLUMNS`` and ``overdue``), and the cursors beside them."""

    rows: list[dict[str, Any]]
    next: str | None
    previous: str | None


def deadlines_of(dossier: Dossier) -> QuerySet[Deadline]:
    """All deadlines of a dossier, running ones and past ones, by due instant."""
    return dossier.deadlines.order_by("due_at", "id")


def visible_deadline(user: User, pk: int) -> Deadline:
    """One deadline of a dossier that this person may see. Raises NotFound: whether there is none
    or the person may not know of it looks the same."""
    seen = Dossier.objects.visible_to(user)
    found = (
        Deadline.objects.filter(dossier__in=seen)
        .select_related("dossier__owner__state", "dossier__counterpart", "calendar_state")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound("not_found", _("There is no such deadline."))
    return found


def deadlines_visible_to(
    user: User,
    *,
    now: datetime,
    which: str = "running",
    responsible: User | None = None,
    counterpart: str = "",
    bound_party: str = "",
    due_before: datetime | None = None,
    due_from: datetime | None = None,
    critical: bool | None = None,
    condition: Q | None = None,
    cursor: str = "",
    size: int = PAGE_SIZE,
) -> DeadlinePage:
    """A page of the deadlines of the dossiers that this person may see, by due instant.

    ``which``: ``open`` (running or paused), ``running`` (the overdue among them first, since they
    are due first), ``overdue``, ``to_come``, ``paused``, ``missed`` (overdue, or met too late, or
    given up) or ``settled`` (over).
    ``condition`` is a further one on Deadline (``registry/deadline_filters.py``). Three queries at
    most for a person of one authority, however many deadlines there are.
    Raises Invalid for an unknown ``which`` or a cursor that is not one.
    """
    filters = {
        "open": Q(settled_at__isnull=True),
        "running": Q(state=Deadline.State.RUNNING),
        "overdue": Q(state=Deadline.State.RUNNING, due_at__lt=now),
        "to_come": Q(state=Deadline.State.RUNNING, due_at__gte=now),
        "paused": Q(state=Deadline.State.SUSPENDED),
        "missed": Q(state=Deadline.State.MISSED) | Q(state=Deadline.State.RUNNING, due_at__lt=now),
        "settled": Q(settled_at__isnull=False),
    }
    if which not in filters:
        raise Invalid(
            "unknown_filter",
            _("There is no such list of deadlines."),
            fields={"which": [", ".join(filters)]},
        )
    wanted = filters[which]
    if responsible is not None:
        wanted &= Q(dossier__responsible=responsible)
    if counterpart:
        wanted &= Q(dossier__counterpart=counterpart)
    if bound_party:
        wanted &= Q(bound_party=bound_party)
    if due_before is not None:
        wanted &= Q(due_at__lt=due_before)
    if due_from is not None:
        wanted &= Q(due_at__gte=due_from)
    if critical is not None:
        wanted &= Q(critical=critical)
    if condition is not None:
        wanted &= condition
    return _page(user, wanted, _Place.read(cursor), max(1, min(size, 200)), now)


@dataclass(frozen=True)
class _Place:
    """Where a page begins: after (or, going back, before) a row."""

    due_at: datetime | None = None
    id: int = 0
    back: bool = False

    @classmethod
    def read(cls, cursor: str) -> _Place:
        if not cursor:
            return cls()
        try:
            due_at, row, back = json.loads(base64.urlsafe_b64decode(cursor.encode()))
            instant = datetime.fromisoformat(due_at)
            return cls(instant.astimezone(UTC), int(row), bool(back))
        except (ValueError, TypeError, OverflowError, binascii.Error, UnicodeError) as error:
            raise Invalid(
                "unknown_page",
                _("This page of the list cannot be found."),
                fields={"cursor": [_("Begin at the first page.")]},
            ) from error

    def write(self) -> str:
        values = [self.due_at.isoformat() if self.due_at else "", self.id, int(self.back)]
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()

    def condition(self) -> Q:
        if self.due_at is None:
            return Q()
        if self.back:
            return Q(due_at__lte=self.due_at) & (Q(due_at__lt=self.due_at) | Q(id__lt=self.id))
        return Q(due_at__gte=self.due_at) & (Q(due_at__gt=self.due_at) | Q(id__gt=self.id))


LAST_PAGE = _Place(datetime(9000, 1, 1, tzinfo=UTC), 0, back=True).write()
"""The cursor of the end of every list: its page holds the deadlines that are due last."""


def _page(user: User, wanted: Q, place: _Place, size: int, now: datetime) -> DeadlinePage:
    """Take the first rows of each branch of what the person may see, and merge them."""
    order = ("-due_at", "-id") if place.back else ("due_at", "id")
    branches = [
        Deadline.objects.filter(wanted & place.condition())
        .filter(dossier__in=Dossier.objects.filter(branch))
        .order_by(*order)
        .values(*COLUMNS)[: size + 1]
        for branch in visible_branches(user)
    ]
    merged = heapq.merge(*branches, key=lambda row: (row["due_at"], row["id"]), reverse=place.back)
    rows = list(islice(merged, size + 1))
    more = len(rows) > size
    rows = rows[:size]
    if place.back:
        rows.reverse()
    for row in rows:
        row["overdue"] = row["state"] == Deadline.State.RUNNING and row["due_at"] < now
    before = place.due_at is not None if not place.back else more
    after = more if not place.back else True
    return DeadlinePage(
        rows=rows,
        next=_beside(rows[-1], back=False) if rows and after else None,
        previous=_beside(rows[0], back=True) if rows and before else None,
    )


def _beside(row: dict[str, Any], *, back: bool) -> str:
    return _Place(row["due_at"], row["id"], back).write()
