"""Find requests: one that a person may see, and pages of all that they may see.

Lists run on the dossier alone, in the order of an index, with keyset cursors. What a person may see
comes in branches that do not overlap (``registry.access.visible_branches``); each branch gives its
first rows from its own index and they are merged, so a page costs the same whether there are a
thousand requests or ten million, on page 1 and on page 1,000. The number of queries is the number
of branches: one for each authority whose files the person reads, and one for dossiers on which the
person is named.
"""

from __future__ import annotations

import base64
import binascii
import heapq
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext as _

from mla.models import AssistanceRequest, RequestKind
from registry import letter_codes
from registry.access import Sight, branches_of, sight_of, visible_branches
from registry.models import Dossier, Letter, User
from registry.refusals import Invalid
from registry.search_text import fold
from registry.written_lists import PLACES, WrittenList

KIND = "request"
PAGE_SIZE, LARGEST_PAGE = 50, 200
COUNTED_UP_TO = 1000

ROW = (
    "pk",
    "reference",
    "foreign_reference",
    "title",
    "status",
    "is_open",
    "urgent",
    "confidentiality",
    "owner_id",
    "direction",
    "counterpart_id",
    "version",
    "created_at",
    "updated_at",
    "responsible_id",
    "responsible__name",
    "request__basis_id",
    "request__kind",
    "request__language",
    "request__sent_at",
    "request__answer_wanted_by",
)
"""What a row of a list says. States, instruments and authorities are codes and numbers here; their
names come from the register that each process keeps."""

ORDERS = ("-updated_at", "updated_at", "-created_at", "created_at", "reference", "-reference")


def visible_requests(user: User) -> QuerySet[AssistanceRequest]:
    """The requests that this person may see."""
    dossiers = Dossier.objects.visible_to(user).filter(kind=KIND)
    return AssistanceRequest.objects.filter(dossier__in=dossiers.values("pk"))


def get_visible(user: User, reference: str) -> AssistanceRequest:
    """One request with its dossier, basis and letter; raises ``AssistanceRequest.DoesNotExist``
    whether there is none or the person may not know of it."""
    if "\x00" in reference:
        raise AssistanceRequest.DoesNotExist
    dossiers = Dossier.objects.visible_to(user).filter(kind=KIND, reference=reference)
    return AssistanceRequest.objects.select_related(
        "dossier__owner__state",
        "dossier__responsible",
        "requesting_state",
        "requested_state",
        "addressee",
        "basis__parent",
        "letter__document",
        "receipt__requesting_authority",
        "receipt__competent_authority",
        "receipt__scan",
        "receipt__decided_by",
        "drafted_by",
        "submitted_by",
        "approved_by",
        "last_edited_by",
    ).get(dossier__in=dossiers.values("pk"))


def earlier_named(user: User, reference: str) -> AssistanceRequest | None:
    """The matter that another follows, by our reference; None for an empty one. Raises Invalid
    (``follows``) alike where there is none and where the person may not know of it."""
    if not reference.strip():
        return None
    try:
        return get_visible(user, reference.strip())
    except AssistanceRequest.DoesNotExist:
        sentence = _("You see no matter with this reference.")
        raise Invalid("no_such_matter", sentence, fields={"follows": [sentence]}) from None


@dataclass(frozen=True)
class Filters:
    """What to list; every condition narrows. Days are whole days in UTC, both ends included.

    ``requested_state`` is the other side: for what we received, the requesting State. ``kind`` is of
    ``RequestKind``.
    """

    status: tuple[str, ...] = ()
    kind: str = ""
    direction: str = ""
    requested_state: str = ""
    instrument: str = ""
    owner: int | None = None
    urgent: bool | None = None
    is_open: bool | None = None
    responsible: int | None = None
    q: str = ""
    created_from: date | None = None
    created_to: date | None = None
    updated_from: date | None = None
    updated_to: date | None = None

    def condition(self) -> Q:
        wanted = Q(kind=KIND)
        if len(self.status) == 1:
            wanted &= Q(status=self.status[0])
        elif self.status:
            wanted &= Q(status__in=self.status)
        if self.kind:
            # A constant of the program, written out, so that the index of the rare kinds serves.
            wanted &= Q(request__kind__is=str(RequestKind(self.kind).value))
        for column, value in (
            ("direction", self.direction),
            ("counterpart", self.requested_state),
            ("request__basis", self.instrument),
            ("owner", self.owner),
            ("responsible", self.responsible),
        ):
            if value:
                wanted &= Q(**{column: value})
        for column, flag in (("urgent", self.urgent), ("is_open", self.is_open)):
            if flag is not None:
                wanted &= Q(**{column: flag})
        if code := letter_codes.scanned(self.q):
            wanted &= Q(pk__in=Letter.objects.filter(verification_code=code).values("dossier"))
        else:
            for word in fold(self.q).split():
                wanted &= Q(search_text__contains=word)
        for column, first, last in (
            ("created_at", self.created_from, self.created_to),
            ("updated_at", self.updated_from, self.updated_to),
        ):
            if first:
                wanted &= Q(**{f"{column}__gte": _midnight(first)})
            if last:
                wanted &= Q(**{f"{column}__lt": _midnight(last + timedelta(days=1))})
        return wanted


def _midnight(day: date) -> datetime:
    return datetime.fromisoformat(f"{day.isoformat()}T00:00:00+00:00")


@dataclass(frozen=True)
class Page:
    """Rows as dictionaries, and the cursors of the neighbouring pages where there are any."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    next: str | None = None
    previous: str | None = None


@dataclass(frozen=True)
class Cursor:
    """A place in a list: after (or, backwards, before) the row with this value and key."""

    order: str
    value: str
    key: int
    backwards: bool = False

    def encode(self) -> str:
        packed = json.dumps([self.order, self.value, self.key, int(self.backwards)])
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, order: str) -> Cursor:
        """Read a cursor of this order; raises Invalid for anything else."""
        try:
            padded = text + "=" * (-len(text) % 4)
            packed = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
            given, value, key, backwards = json.loads(packed)
            cursor = cls(str(given), str(value), int(key), bool(backwards))
            if cursor.order != order or not -(2**63) <= cursor.key < 2**63:
                raise ValueError
            cursor.place()
        except (ValueError, TypeError, binascii.Error, OverflowError, RecursionError):
            raise Invalid(
                "invalid_cursor",
                _("This place in the list is not known."),
                fields={"cursor": [_("Start again at the first page, without a cursor.")]},
            ) from None
        return cursor

    def place(self) -> Any:
        """The value as the database compares it."""
        if self.order.endswith("_at"):
            at = datetime.fromisoformat(self.value)
            if at.tzinfo is None:
                raise ValueError
            return at
        if "\x00" in self.value:
            raise ValueError
        return self.value


def page_of_requests(
    user: User,
    filters: Filters = Filters(),
    *,
    order: str = "-updated_at",
    cursor: str = "",
    size: int = PAGE_SIZE,
) -> Page:
    """One page of the requests that this person may see. As many queries as branches of sight.

    ``order`` is one of ``ORDERS``: those that an index gives. Raises Invalid for another order, a
    size that is not 1 to 200 or a cursor that is not of this list.
    """
    _check_order_and_size(order, size)
    place = Cursor.decode(cursor, order) if cursor else None
    backwards = place is not None and place.backwards
    descending = order.startswith("-") != backwards
    column = order.lstrip("-")
    where = None if place is None else (place.place(), place.key)
    lists = _written(
        connection.vendor, sight_of(user), filters, column, descending, where is not None, size + 1
    )
    rows = [each.rows(where) for each in lists]
    merged = heapq.merge(*rows, key=lambda row: (row[column], row["pk"]), reverse=descending)
    page = [row for row, _place in zip(merged, range(size + 1), strict=False)]
    more = len(page) > size
    page = page[:size]
    if backwards:
        page.reverse()
    if not page:
        return Page()
    has_next = backwards or more
    has_previous = more if backwards else place is not None
    return Page(
        page,
        next=_cursor(page[-1], order) if has_next else None,
        previous=_cursor(page[0], order, backwards=True) if has_previous else None,
    )


def _cursor(row: Mapping[str, Any], order: str, *, backwards: bool = False) -> str:
    value = row[order.lstrip("-")]
    written = value.isoformat() if isinstance(value, datetime) else value
    return Cursor(order, written, row["pk"], backwards).encode()


@lru_cache(maxsize=512)
def _written(
    vendor: str,
    sight: Sight,
    filters: Filters,
    column: str,
    descending: bool,
    beyond_a_place: bool,
    most: int,
) -> tuple[WrittenList, ...]:
    """The SQL of a list, one for each branch of what a person may see; kept by the process.

    ``sight`` holds all that the branches depend on, so that a person whose roles change has
    another list at once.
    """
    place = PLACES[str if column == "reference" else datetime] if beyond_a_place else None
    direction = "-" if descending else ""
    condition = filters.condition()
    written = []
    for branch in branches_of(sight):
        found = Dossier.objects.filter(branch, condition)
        if place is not None:
            beyond = TupleLessThan if descending else TupleGreaterThan
            found = found.filter(beyond((F(column), F("pk")), place))
        found = found.order_by(f"{direction}{column}", f"{direction}pk")[:most]
        written.append(WrittenList.of(found, ROW, column, place))
    return tuple(written)


def _check_order_and_size(order: str, size: int) -> None:
    wrong = {}
    if order not in ORDERS:
        wrong["order"] = [_("Choose one of: %(orders)s.") % {"orders": ", ".join(ORDERS)}]
    if not 1 <= size <= LARGEST_PAGE:
        wrong["page_size"] = [_("Choose from 1 to %(largest)s.") % {"largest": LARGEST_PAGE}]
    if wrong:
        raise Invalid("invalid", _("The list cannot be shown like this."), fields=wrong)


def capped_count(user: User, filters: Filters = Filters()) -> int:
    """How many requests there are, counted no further than ``COUNTED_UP_TO`` + 1."""
    total = 0
    for branch in visible_branches(user):
        found = Dossier.objects.filter(branch, filters.condition())
        total += found.order_by().values("pk")[: COUNTED_UP_TO + 1 - total].count()
        if total > COUNTED_UP_TO:
            break
    return total
