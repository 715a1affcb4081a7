"""The sweep that reads, checks, applies and undoes spreadsheets, a batch in a transaction.

1. A spreadsheet that waits is claimed by a conditional update (``registry/claims.py``).
2. Each batch is one transaction: its rows, what they made and how far the work has come are written
   together, or not at all. A worker that is killed loses the batch in hand, no more; once its claim
   has run out the next sweep goes on where the last batch ended. So each row is done exactly once.
3. After ``PATIENCE`` the sweep lets others have the worker and rings for itself.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mla.models import SpreadsheetImport, SpreadsheetRow
from mla.models.spreadsheet_imports import WORKING
from mla.office_spreadsheets import importing, undoing, writing
from mla.office_spreadsheets.checking import Check
from mla.office_spreadsheets.importing import SWEEP
from registry import bells, claims, table_reading
from registry.documents import place_of
from registry.refusals import Invalid
from registry.written_days import order_told

log = logging.getLogger(__name__)

BATCH = 500
LEASE = timedelta(minutes=2)
PATIENCE = timedelta(seconds=20)
MOST_ATTEMPTS = 5
SLICE_SECONDS = 8.0
"""How long the command works before it tells how far it is."""
Stage, State = SpreadsheetImport.Stage, SpreadsheetRow.State


class Lost(Exception):
    """Another worker has taken the spreadsheet over."""


def work_on_waiting(patience: timedelta = PATIENCE) -> int:
    """Work on the spreadsheets that wait, for so long. Returns how many rows were handled."""
    end = time.monotonic() + patience.total_seconds()
    handled = 0
    while time.monotonic() < end:
        now = timezone.now()
        waiting = claims.waiting(Q(stage__in=WORKING), now)
        key = claims.claim_oldest(SpreadsheetImport, waiting, until=now + LEASE)
        if key is None:
            return handled
        handled += _work_on(key, end)
    bells.ring(SWEEP)
    return handled


def _work_on(key: int, end: float) -> int:
    taken_in = SpreadsheetImport.objects.select_related("owner__state", "taken_in_by").get(pk=key)
    try:
        work = STAGES[taken_in.stage]
        return work(taken_in, end)
    except Lost:
        return 0
    except Invalid as refusal:
        _failed(taken_in, str(refusal.detail), given_up=True)
    except Exception as error:
        log.exception("spreadsheet %s could not be worked on", key)
        said = f"{type(error).__name__}: {error}"
        _failed(taken_in, said, given_up=taken_in.attempts >= MOST_ATTEMPTS)
    return 0


def _failed(taken_in: SpreadsheetImport, said: str, *, given_up: bool) -> None:
    fresh: dict[str, Any] = {
        "last_error": said[:2000],
        "claimed_until": timezone.now() + timedelta(seconds=10) * 2**taken_in.attempts,
    }
    if given_up and taken_in.stage in (Stage.READING, Stage.CHECKING):
        fresh |= {"stage": Stage.FAILED, "claimed_until": None}
    SpreadsheetImport.objects.filter(pk=taken_in.pk).update(**fresh)


def _keep(taken_in: SpreadsheetImport, **progress: Any) -> None:
    """Write how far it has come, inside the transaction of the batch; raises Lost if not ours."""
    until = timezone.now() + LEASE
    ours = SpreadsheetImport.objects.filter(
        pk=taken_in.pk, stage=taken_in.stage, claimed_until=taken_in.claimed_until
    )
    if not ours.update(claimed_until=until, attempts=1, **progress):
        raise Lost
    taken_in.claimed_until = until
    for name, value in progress.items():
        setattr(taken_in, name, value)


def _leave(taken_in: SpreadsheetImport, **progress: Any) -> None:
    """Let the next worker have it at once."""
    SpreadsheetImport.objects.filter(
        pk=taken_in.pk, stage=taken_in.stage, claimed_until=taken_in.claimed_until
    ).update(claimed_until=None, attempts=0, **progress)


def _finish(taken_in: SpreadsheetImport, stage: str, **progress: Any) -> None:
    counts = importing.counts_of(taken_in)
    _leave(taken_in, stage=stage, read_to=0, counts=counts, **progress)


# --- the stages ---------------------------------------------------------------------------


def _read(taken_in: SpreadsheetImport, end: float) -> int:
    """Keep the rows of the file. The order of figures that columns prove is gathered beside."""
    orders = {place: set(told) for place, told in taken_in.orders.items()}
    last, handled = taken_in.read_to, 0
    with (
        default_storage.open(place_of(taken_in.digest), "rb") as stored,
        table_reading.sheets(stored) as sheets,
    ):
        rows = next(rows for title, rows in sheets if title == taken_in.sheet)
        numbered = enumerate(rows, 1)
        skipped = max(last, taken_in.first_row - 1)
        for _number in islice(numbered, skipped):
            pass
        while batch := list(islice(numbered, BATCH)):
            lines = [
                SpreadsheetRow(taken_in=taken_in, number=number, cells=cells)
                for number, cells in batch
                if any(cells)
            ]
            for line in lines:
                _gather(line.cells, orders)
            with transaction.atomic():
                _keep(
                    taken_in,
                    read_to=batch[-1][0],
                    rows=taken_in.rows + len(lines),
                    handled=taken_in.rows + len(lines),
                    orders={place: sorted(told) for place, told in orders.items()},
                )
                SpreadsheetRow.objects.bulk_create(lines)
            handled += len(lines)
            if time.monotonic() > end:
                _leave(taken_in)
                return handled
    needed = _mapped(taken_in)
    stage = Stage.CHECKING if needed else Stage.MAPPING
    _leave(taken_in, stage=stage, read_to=0, handled=0)
    return handled


def _mapped(taken_in: SpreadsheetImport) -> bool:
    """Whether the columns are known well enough to check the rows by them."""
    from mla.office_spreadsheets import fields

    known = set(taken_in.mapping.values())
    needed = {field.code for field in fields.of_kind(taken_in.kind) if field.needed}
    references = {"own_reference", "foreign_reference"}
    return needed <= known and (taken_in.kind == fields.REQUESTS or bool(references & known))


def _gather(cells: list[str], orders: dict[str, set[str]]) -> None:
    for place, cell in enumerate(cells):
        if 5 < len(cell) < 13 and ("/" in cell or "-" in cell) and (told := order_told(cell)):
            orders.setdefault(str(place), set()).add(told)


def _check(taken_in: SpreadsheetImport, end: float) -> int:
    """Look at every row again and keep what is wrong with it; nothing else is written."""
    check = Check(taken_in, now=timezone.now())
    handled = 0
    while batch := _next(taken_in):
        check.judge(batch)
        with transaction.atomic():
            _keep(
                taken_in,
                read_to=batch[-1].number,
                handled=taken_in.handled + len(batch),
                findings=check.findings,
            )
            _save(check.changed, "state", "problems")
        handled += len(batch)
        if time.monotonic() > end:
            _leave(taken_in)
            return handled
    _finish(taken_in, Stage.CHECKED)
    return handled


def _save(lines: list[SpreadsheetRow], *columns: str) -> None:
    """Write these columns of many rows: by upsert, a fifth of the time that bulk_update takes."""
    SpreadsheetRow.objects.bulk_create(
        lines, update_conflicts=True, unique_fields=["id"], update_fields=columns
    )


def _next(taken_in: SpreadsheetImport, **only: Any) -> list[SpreadsheetRow]:
    rows = taken_in.lines.filter(number__gt=taken_in.read_to, **only).order_by("number")
    return list(rows[:BATCH])


def _apply(taken_in: SpreadsheetImport, end: float) -> int:
    return _in_batches(
        taken_in, end, State.READY, Stage.APPLIED, writing.writer_of(taken_in, timezone.now())
    )


def _undo(taken_in: SpreadsheetImport, end: float) -> int:
    return _in_batches(
        taken_in, end, State.WRITTEN, Stage.UNDONE, undoing.undoer_of(taken_in, timezone.now())
    )


def _in_batches(
    taken_in: SpreadsheetImport,
    end: float,
    state: str,
    finished: str,
    work: Callable[[list[SpreadsheetRow]], None],
) -> int:
    """Do the work on the rows of this state, a batch in a transaction with its rows' new states."""
    handled = 0
    while batch := _next(taken_in, state=state):
        with transaction.atomic():
            _keep(taken_in, read_to=batch[-1].number, handled=taken_in.handled + len(batch))
            work(batch)
            _save(batch, "state", "problems", "dossier", "made", "version_before", "version_after")
        handled += len(batch)
        if time.monotonic() > end:
            _leave(taken_in)
            return handled
    _finish(taken_in, finished)
    return handled


STAGES: dict[str, Callable[[SpreadsheetImport, float], int]] = {
    Stage.READING: _read,
    Stage.CHECKING: _check,
    Stage.APPLYING: _apply,
    Stage.UNDOING: _undo,
}


def work_until_done(taken_in: SpreadsheetImport, told: Callable[[], None] = lambda: None) -> None:
    """Work on one spreadsheet here and now, as the command does; ``told`` after each slice."""
    while True:
        taken_in.refresh_from_db()
        if not taken_in.is_working:
            return
        until: datetime = timezone.now() + LEASE
        mine = claims.waiting(Q(pk=taken_in.pk, stage__in=WORKING), timezone.now())
        if claims.claim_oldest(SpreadsheetImport, mine, until=until) is None:
            time.sleep(0.2)
            continue
        _work_on(taken_in.pk, time.monotonic() + SLICE_SECONDS)
        told()
