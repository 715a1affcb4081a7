"""Any list as a table: declared once beside the list, made by a sweep, taken away by who ordered it.

A list is declared with its columns and with the function that gives its rows for a person and for the
query string of its page, so a table holds what that person sees there with those filters, on all
pages. The sight of the person counts at the moment of making. Nobody else finds the file, and it is
thrown away after ``KEPT``.
"""

from __future__ import annotations

import logging
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registry import bells, claims
from registry.models import ListExport, User
from registry.refusals import Invalid, NotFound, NotPossibleNow, Text
from registry.spreadsheets import Sheet, write_csv, write_xlsx

log = logging.getLogger(__name__)

State = ListExport.State
SWEEP = "registry.tasks.make_list_exports"
MOST_ROWS = 200_000
"""A table of more rows is cut short, and says so: no spreadsheet is worked on beyond that."""
MOST_WAITING = 10
LONGEST_QUERY = 2_000
BATCH = 500
LEASE = timedelta(minutes=5)
PAUSE = timedelta(seconds=30)
MOST_ATTEMPTS = 3
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Column:
    """One column: its heading, and what of a row stands in it."""

    heading: Text
    cell: Callable[[Any], Any]


@dataclass(frozen=True)
class ExportedList:
    """A list that can be taken away. ``rows`` gives them for a person, the filters of the page and
    the moment; it must go through the gate as the page does."""

    code: str
    label: Text
    columns: tuple[Column, ...]
    rows: Callable[[User, QueryDict, datetime], Iterable[Any]]


_LISTS: dict[str, ExportedList] = {}


def declare(exported: ExportedList) -> None:
    """Make a list known (in the room's ``AppConfig.ready``)."""
    _LISTS[exported.code] = exported


def lists() -> list[ExportedList]:
    return list(_LISTS.values())


def label_of(code: str) -> Text:
    return _LISTS[code].label if code in _LISTS else code


def every(query: QuerySet[Any], *, backwards: bool = True) -> Iterator[Any]:
    """The rows of a query by their key, the newest first, a batch at a time: flat in memory.

    Of ``values`` the key must be ``pk``.
    """
    order, beyond = ("-pk", "pk__lt") if backwards else ("pk", "pk__gt")
    last = None
    while True:
        found = query if last is None else query.filter(**{beyond: last})
        batch = list(found.order_by(order)[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1]["pk"] if isinstance(batch[-1], dict) else batch[-1].pk


def page_after_page(page_at: Callable[[str], Any]) -> Iterator[Any]:
    """The rows of a list that is read by cursors, to its end."""
    cursor: str | None = ""
    while cursor is not None:
        page = page_at(cursor)
        yield from page.rows
        cursor = page.next


# --- ordering ------------------------------------------------------------------------------


def order(code: str, query: str, form: str, *, user: User, now: datetime) -> ListExport:
    """Have a list made as a table. Raises Invalid (``list``, ``form``, ``query``), and
    NotPossibleNow while too many of the person's are waiting."""
    wrong: dict[str, list[Text]] = {}
    if code not in _LISTS:
        wrong["list"] = [
            _("There is no such list. Choose one of: %(lists)s.") % {"lists": ", ".join(_LISTS)}
        ]
    if form not in ListExport.Form.values:
        wrong["form"] = [_("Choose one of: %(values)s.") % {"values": "csv, xlsx"}]
    if len(query) > LONGEST_QUERY or "\x00" in query:
        wrong["query"] = [_("This cannot be looked for.")]
    if wrong:
        raise Invalid("invalid", _("The list cannot be taken away like this."), fields=wrong)
    waiting = ListExport.objects.filter(ordered_by=user, state=State.ORDERED)
    if waiting[: MOST_WAITING + 1].count() >= MOST_WAITING:
        raise NotPossibleNow(
            "too_many_waiting",
            _("Several tables of yours are still being made. Wait until they are."),
        )
    made = ListExport.objects.create(
        list_code=code,
        query=without_place(query),
        form=form,
        language=get_language() or "en",
        ordered_by=user,
        ordered_at=now,
    )
    bells.ring(SWEEP)
    return made


def without_place(query: str) -> str:
    """The filters of a page without the place in the list: a table has all pages."""
    asked = QueryDict(query, mutable=True)
    for name in ("page", "cursor"):
        asked.pop(name, None)
    return asked.urlencode()


def of_person(user: User) -> QuerySet[ListExport]:
    """The person's own: nobody sees another's."""
    return ListExport.objects.filter(ordered_by=user)


def one_of(user: User, number: int) -> ListExport:
    """One of the person's own. Raises NotFound."""
    found = of_person(user).filter(pk=number).first()
    if found is None:
        raise NotFound("not_found", _("There is nothing here, or nothing that you may see."))
    return found


def open_file(export: ListExport) -> File[Any]:
    """The file. Raises NotPossibleNow while it is not made, or when it was thrown away."""
    if export.state != State.MADE:
        raise NotPossibleNow(
            "not_made",
            _("The table is not made yet.")
            if export.state == State.ORDERED
            else _("The table is not kept any longer. Make it again from its list."),
        )
    return default_storage.open(export.place, "rb")


# --- making --------------------------------------------------------------------------------


def make_ordered(limit: int = 20) -> int:
    """Make the tables that wait, the oldest first. Returns how many were made."""
    made = 0
    for _number in range(limit):
        now = timezone.now()
        waiting = claims.waiting(Q(state=State.ORDERED), now)
        key = claims.claim_oldest(ListExport, waiting, until=now + LEASE, rows=0)
        if key is None:
            break
        made += _make(ListExport.objects.select_related("ordered_by").get(pk=key))
    return made


def _make(export: ListExport) -> bool:
    """Make one; what is kept is written by whoever still holds the claim."""
    held = ListExport.objects.filter(pk=export.pk, state=State.ORDERED, attempts=export.attempts)
    user = export.ordered_by
    place = ""
    try:
        zone = ZoneInfo(user.time_zone or "UTC")
        with (
            translation.override(export.language),
            timezone.override(zone),
            tempfile.TemporaryFile() as out,
        ):
            counted = _Counted(held, _rows_of(export, user))
            exported = _LISTS[export.list_code]
            sheet = Sheet(
                str(exported.label), [column.heading for column in exported.columns], counted
            )
            write = write_csv if export.form == ListExport.Form.CSV else write_xlsx
            write(out, sheet)
            size = out.tell()
            out.seek(0)
            place = default_storage.save(f"list-exports/{uuid.uuid4().hex}", File(out))
    except Exception as error:
        log.exception("list export %s could not be made", export.pk)
        held.update(
            state=State.FAILED if export.attempts >= MOST_ATTEMPTS else State.ORDERED,
            claimed_until=timezone.now() + PAUSE * export.attempts,
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )
        return False
    kept = held.update(
        state=State.MADE,
        rows=counted.written,
        cut_short=counted.cut_short,
        place=place,
        size=size,
        made_at=timezone.now(),
        claimed_until=None,
        last_error="",
    )
    if not kept:
        default_storage.delete(place)
    return bool(kept)


def _rows_of(export: ListExport, user: User) -> Iterator[list[Any]]:
    exported = _LISTS[export.list_code]
    if not user.is_active:
        return
    for row in exported.rows(user, QueryDict(export.query), timezone.now()):
        yield [_value(column.cell(row)) for column in exported.columns]


def _value(value: Any) -> Any:
    """As a table has it: instants in the person's time zone, words in their language."""
    if isinstance(value, datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    if isinstance(value, bool):
        return _("Yes") if value else ""
    if value is None or isinstance(value, date | int | float | timedelta):
        return value
    return str(value)


class _Counted:
    """The rows as they are written; tells how far it is, and prolongs the claim."""

    def __init__(self, held: QuerySet[ListExport], rows: Iterator[Sequence[Any]]) -> None:
        self.held, self.rows = held, rows
        self.written, self.cut_short = 0, False

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in islice(self.rows, MOST_ROWS):
            self.written += 1
            if self.written % BATCH == 0:
                self.held.update(rows=self.written, claimed_until=timezone.now() + LEASE)
            yield row
        self.cut_short = next(self.rows, None) is not None


def forget_old(now: datetime) -> int:
    """Throw away the files that were made a day ago. Returns how many."""
    forgotten = 0
    old = ListExport.objects.filter(state=State.MADE, made_at__lt=now - KEPT).order_by("made_at")
    for export in old[:BATCH]:
        default_storage.delete(export.place)
        forgotten += ListExport.objects.filter(pk=export.pk, state=State.MADE).update(
            state=State.FORGOTTEN, place="", size=0
        )
    return forgotten
