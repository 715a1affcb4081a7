"""The notices of a person in the application: how many are open, and all of them page by page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from registry.models import Channel, Deadline, Dossier, Notice, User
from registry.refusals import Invalid

PAGE_SIZE = 30
COUNT_UP_TO = 100

LIVES = Q(reminder__deadline__state__in=[Deadline.State.RUNNING, Deadline.State.SUSPENDED])


@dataclass(frozen=True)
class NoticePage:
    """Rows, newest first, and the cursor of the next page (None: this is the last)."""

    rows: list[Notice]
    next: str | None


def notices_of(user: User) -> QuerySet[Notice]:
    """What the person was told in the application, of matters that they still may see."""
    return Notice.objects.filter(
        recipient=user,
        channel=Channel.IN_APPLICATION,
        reminder__deadline__dossier__in=Dossier.objects.visible_to(user),
    )


def open_notices(user: User) -> QuerySet[Notice]:
    """Those not acknowledged, of deadlines that live, and not overtaken by a later reminder."""
    return notices_of(user).filter(LIVES, closed_at__isnull=True)


def count_open(user: User) -> int:
    """How many are open, up to ``COUNT_UP_TO``. One query."""
    return open_notices(user).order_by()[:COUNT_UP_TO].count()


def notice_page(
    user: User, *, only_open: bool = True, cursor: str = "", size: int = PAGE_SIZE
) -> NoticePage:
    """A page of the person's notices. One query. Raises Invalid (``cursor``)."""
    rows = open_notices(user) if only_open else notices_of(user)
    if cursor:
        if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
            raise Invalid(
                "unknown_page",
                _("This page of the list cannot be found."),
                fields={"cursor": [_("Begin at the first page.")]},
            )
        rows = rows.filter(pk__lt=int(cursor))
    related = rows.select_related(
        "reminder__acknowledged_by",
        "reminder__deadline__dossier__counterpart",
        "reminder__deadline__dossier__responsible",
    )
    found = list(related.order_by("-id")[: size + 1])
    more = len(found) > size
    return NoticePage(found[:size], str(found[size - 1].pk) if more else None)
