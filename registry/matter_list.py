"""Lists of one kind of matter: what a person may see, newest change first, page by page.

Built as every list here is: what may be seen comes in branches that do not overlap, each gives its
first rows from its own index, and they are merged; a page costs the same however many there are.
"""

from __future__ import annotations

import base64
import binascii
import heapq
import json
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Q
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext as _

from registry.access import visible_branches
from registry.models import Dossier, User
from registry.refusals import Invalid
from registry.search_text import fold

PAGE_SIZE, LARGEST_PAGE = 25, 200


@dataclass(frozen=True)
class MatterPage:
    """Dossiers with their counterpart's code and responsible person, and the places beside them."""

    rows: list[Dossier]
    next: str | None = None
    previous: str | None = None


def condition(
    kind: str,
    *,
    status: str = "",
    counterpart: str = "",
    direction: str = "",
    responsible: int | None = None,
    is_open: bool | None = None,
    words: str = "",
) -> Q:
    """The condition on Dossier of a list; an empty value does not narrow it."""
    wanted = Q(kind=kind)
    for column, value in (
        ("status", status),
        ("counterpart", counterpart),
        ("direction", direction),
        ("responsible", responsible),
    ):
        if value:
            wanted &= Q(**{column: value})
    if is_open is not None:
        wanted &= Q(is_open=is_open)
    for word in fold(words).split():
        wanted &= Q(search_text__contains=word)
    return wanted


def page_of(user: User, wanted: Q, *, place: str = "", size: int = PAGE_SIZE) -> MatterPage:
    """One page. One query a branch of sight. Raises Invalid (``cursor``) for an unknown place."""
    changed, key, back = _read(place) if place else (None, 0, False)
    order = ("updated_at", "pk") if back else ("-updated_at", "-pk")
    beyond = TupleGreaterThan if back else TupleLessThan
    branches = []
    for branch in visible_branches(user):
        found = Dossier.objects.filter(branch, wanted).select_related("responsible", "owner")
        if changed is not None:
            found = found.filter(beyond(("updated_at", "pk"), (changed, key)))
        branches.append(found.order_by(*order)[: size + 1])
    merged = heapq.merge(*branches, key=lambda d: (d.updated_at, d.pk), reverse=not back)
    rows = list(islice(merged, size + 1))
    more = len(rows) > size
    rows = rows[:size]
    if back:
        rows.reverse()
    if not rows:
        return MatterPage([])
    return MatterPage(
        rows,
        next=_write(rows[-1], False) if back or more else None,
        previous=_write(rows[0], True) if (more if back else changed is not None) else None,
    )


def _write(dossier: Dossier, back: bool) -> str:
    packed = json.dumps([dossier.updated_at.isoformat(), dossier.pk, int(back)])
    return base64.urlsafe_b64encode(packed.encode()).decode()


def _read(place: str) -> tuple[datetime, int, bool]:
    try:
        changed, key, back = json.loads(base64.urlsafe_b64decode(place.encode()))
        at = datetime.fromisoformat(changed)
        if at.tzinfo is None or not 0 <= int(key) < 2**63:
            raise ValueError
        return at, int(key), bool(back)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error) as error:
        raise Invalid(
            "unknown_page",
            _("This page of the list cannot be found."),
            fields={"cursor": [_("Begin at the first page.")]},
        ) from error
