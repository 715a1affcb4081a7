"""Undoing what a spreadsheet wrote, as long as nobody has changed it since.

Of a request that is undone the jacket alone remains: closed, empty, sealed and with nobody named on
it, so that nobody sees it, while its number stays spent and its timeline whole. Persons and deadlines
that were added to a request are taken away again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from django.db.models import F

from cases.models import Offence, Person
from mla.draft_editing import search_text
from mla.models import AssistanceRequest, Measure, SpreadsheetImport, SpreadsheetRow
from mla.office_spreadsheets import fields
from registry import timeline
from registry.dossiers import changing
from registry.models import Deadline, Dossier, NamedOnDossier

UNDONE_KIND = "undone_import"
UNDONE = "mla.import_undone"
State = SpreadsheetRow.State
Undoer = Callable[[list[SpreadsheetRow]], None]


def undoer_of(taken_in: SpreadsheetImport, now: datetime) -> Undoer:
    """What undoes the rows of this spreadsheet, batch by batch, inside the batch's transaction."""

    def undoer(batch: list[SpreadsheetRow]) -> None:
        by_dossier: dict[int, list[SpreadsheetRow]] = defaultdict(list)
        for line in batch:
            by_dossier[line.dossier_id or 0].append(line)
        held = Dossier.objects.select_for_update(of=("self",)).select_related("owner__state")
        dossiers = held.in_bulk(list(by_dossier))
        whole: list[Dossier] = []
        for key, lines in by_dossier.items():
            dossier = dossiers[key]
            if any(line.version_after != dossier.version for line in lines):
                for line in lines:
                    line.state = State.KEPT
            elif taken_in.kind == fields.REQUESTS:
                whole.append(dossier)
                _undone(lines)
            else:
                _undo_additions(taken_in, dossier, lines, now)
        _undo_requests(taken_in, whole, now)

    return undoer


def _undone(lines: list[SpreadsheetRow]) -> None:
    for line in lines:
        line.state = State.UNDONE


def _undo_requests(taken_in: SpreadsheetImport, dossiers: list[Dossier], now: datetime) -> None:
    """Leave the jackets alone. A dozen queries, however many; the dossiers are locked."""
    keys = [dossier.pk for dossier in dossiers]
    for model, column in (
        (Measure, "request__in"),
        (Person, "dossier__in"),
        (Offence, "dossier__in"),
        (AssistanceRequest, "pk__in"),
        (NamedOnDossier, "dossier__in"),
    ):
        model._default_manager.filter(**{column: keys}).delete()
    Dossier.objects.filter(pk__in=keys).update(
        version=F("version") + 1,
        updated_at=now,
        kind=UNDONE_KIND,
        status="undone",
        is_open=False,
        confidentiality=Dossier.Confidentiality.SEALED,
        title="",
        foreign_reference="",
        former_reference="",
        search_text="",
    )
    timeline.record_on_many(
        dossiers,
        UNDONE,
        actor=taken_in.taken_in_by,
        at=now,
        file=taken_in.file_name,
        sha256=taken_in.digest,
    )


def _undo_additions(
    taken_in: SpreadsheetImport, dossier: Dossier, lines: list[SpreadsheetRow], now: datetime
) -> None:
    before = min(line.version_before for line in lines)
    made = [line.made for line in lines if line.made is not None]
    with changing(dossier, expected_version=None, now=now) as held:
        if taken_in.kind == fields.PERSONS:
            Person.objects.filter(dossier=held, pk__in=made).delete()
            request = AssistanceRequest.objects.get(pk=held.pk)
            request.dossier = held
            held.search_text = search_text(request)
        else:
            Deadline.objects.filter(dossier=held, pk__in=made).delete()
        timeline.record(
            held,
            UNDONE,
            actor=taken_in.taken_in_by,
            at=now,
            file=taken_in.file_name,
            sha256=taken_in.digest,
        )
    _undone(lines)
    # To what was written before, nothing has changed: it may still be undone.
    written = SpreadsheetRow.objects.filter(dossier=dossier, state=State.WRITTEN)
    written.filter(version_after=before).update(version_after=dossier.version)
    written.filter(taken_in=taken_in).update(version_after=dossier.version)
