"""What a batch of a spreadsheet's rows becomes: requests, persons on requests, deadlines.

Called inside the transaction of the batch. A row that is no longer right (somebody has entered the
request meanwhile, a State was renamed) is not written and says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.models import Offence, Person
from mla import intake
from mla.draft_editing import search_text
from mla.models import (
    AssistanceRequest,
    Measure,
    Receipt,
    ReceivedStatus,
    SpreadsheetImport,
    SpreadsheetRow,
    Status,
)
from mla.office_spreadsheets import fields
from mla.office_spreadsheets.checking import known_already
from mla.office_spreadsheets.matching import Matches
from mla.office_spreadsheets.problems import problem
from mla.office_spreadsheets.understanding import ENDED, Row, Understanding
from registry import deadlines, timeline
from registry.bulk_opening import Opening, open_many
from registry.dossiers import changing
from registry.models import Dossier

KIND, KIND_MARK = "request", "MLA"
IMPORTED, PERSONS_IMPORTED = "mla.imported", "mla.persons_imported"
FROM_THE_SPREADSHEET = gettext_noop("the office's spreadsheet")
State = SpreadsheetRow.State
Writer = Callable[[list[SpreadsheetRow]], None]
HISTORY: tuple[tuple[str, dict[str, str], str], ...] = (
    ("sent_on", {}, "mla.sent"),
    ("acknowledged_on", {}, "mla.acknowledged"),
    (
        "answered_on",
        {Status.REFUSED: "mla.refused", Status.PARTLY_EXECUTED: "mla.partly_executed"},
        "mla.executed",
    ),
    ("closed_on", {Status.WITHDRAWN: "mla.withdrawn"}, "mla.closed"),
)
"""Which event a day tells of, for a status and otherwise."""
HISTORY_OF_ONE_RECEIVED: tuple[tuple[str, dict[str, str], str], ...] = (
    ("received_on", {}, "mla.received"),
    ("acknowledged_on", {}, "mla.acknowledged"),
    (
        "answered_on",
        {
            ReceivedStatus.REFUSED: "mla.refused",
            ReceivedStatus.PARTLY_EXECUTED: "mla.partly_executed",
            ReceivedStatus.RETURNED: "mla.returned_as_deficient",
            ReceivedStatus.REFERRED: "mla.referred",
        },
        "mla.executed",
    ),
    ("closed_on", {ReceivedStatus.WITHDRAWN: "mla.withdrawn"}, "mla.closed"),
)
SAID_AT = {
    "mla.sent": "sent_at",
    "mla.acknowledged": "acknowledged_at",
    "mla.received": "received_at",
}


def writer_of(taken_in: SpreadsheetImport, now: datetime) -> Writer:
    """What writes the rows of this spreadsheet; it keeps what it knows from batch to batch."""
    understanding = Understanding(taken_in, now=now)
    write = {
        fields.REQUESTS: _write_requests,
        fields.PERSONS: _write_persons,
        fields.DEADLINES: _write_deadlines,
    }[taken_in.kind]

    def writer(batch: list[SpreadsheetRow]) -> None:
        read = [understanding.read(line.number, line.cells) for line in batch]
        write(taken_in, batch, read, now)

    return writer


def instant_of(day: date, taken_in: SpreadsheetImport) -> datetime:
    """The beginning of a day where the office sits: of old days no hour is known."""
    zone = ZoneInfo(deadlines.zone_of(taken_in.owner))
    return datetime.combine(day, time(), zone).astimezone(UTC)


# --- requests -----------------------------------------------------------------------------


def _write_requests(
    taken_in: SpreadsheetImport, batch: list[SpreadsheetRow], read: list[Row], now: datetime
) -> None:
    known: dict[int, str] = {}
    if not taken_in.choices.get("although_known"):
        known = known_already(taken_in, taken_in.taken_in_by, read)
    to_write: list[tuple[SpreadsheetRow, Row]] = []
    for line, row in zip(batch, read, strict=True):
        if row.problems:
            line.state, line.problems = State.WRONG, row.problems
        elif line.number in known:
            reference = known[line.number]
            line.state = State.DUPLICATE
            line.problems = [problem("known_already", "own_reference", reference=reference)]
        else:
            to_write.append((line, row))
    for received, kind_mark in ((False, KIND_MARK), (True, intake.KIND_MARK)):
        of_one_way = [(line, row) for line, row in to_write if row.received == received]
        _write_one_way(taken_in, of_one_way, kind_mark, now)


def _write_one_way(
    taken_in: SpreadsheetImport,
    to_write: list[tuple[SpreadsheetRow, Row]],
    kind_mark: str,
    now: datetime,
) -> None:
    """Requests sent, or requests received: each way has its own life and number series."""
    rows = [row for _line, row in to_write]
    dossiers = open_many(
        [_opening(taken_in, row) for row in rows],
        kind=KIND,
        kind_mark=kind_mark,
        owner=taken_in.owner,
        opened_by=taken_in.taken_in_by,
        now=now,
    )
    requests, receipts = [], []
    for row, dossier in zip(rows, dossiers, strict=True):
        if row.received:
            request, receipt = _received(taken_in, row, dossier, now)
            receipts.append(receipt)
        else:
            request = _request(taken_in, row, dossier)
        requests.append(request)
    AssistanceRequest.objects.bulk_create(requests)
    parts: dict[type[Any], list[Any]] = {Receipt: receipts, Person: [], Measure: [], Offence: []}
    for row, request in zip(rows, requests, strict=True):
        _gather_parts(row, request, parts)
    for model, made in parts.items():
        model._default_manager.bulk_create(made, batch_size=500)
    for (line, _row), dossier in zip(to_write, dossiers, strict=True):
        line.state, line.dossier, line.problems = State.WRITTEN, dossier, []
        line.version_before, line.version_after = 0, dossier.version


def _opening(taken_in: SpreadsheetImport, row: Row) -> Opening:
    said = row.said
    status = str(said["status"])
    return Opening(
        direction=said["direction"],
        counterpart=said["state"],
        status=status,
        is_open=status not in ENDED,
        responsible=said.get("responsible") or taken_in.taken_in_by_id,
        title=said.get("title", ""),
        foreign_reference=said.get("foreign_reference", ""),
        former_reference=said.get("own_reference", ""),
        urgent=bool(said.get("urgent")),
        urgency_reason=_("Marked as urgent in the table that was taken in.")
        if said.get("urgent")
        else "",
        urgent_until=timezone.localdate() if said.get("urgent") else None,
        sealed=bool(said.get("sealed")),
        found_by=list(said.get("persons", [])),
        history=_history(taken_in, row, status),
        origin=(
            IMPORTED,
            {
                "file": taken_in.file_name,
                "sha256": taken_in.digest,
                "row": row.number,
                "former_reference": said.get("own_reference", ""),
                "status": status,
                "notes": row.notes,
            },
        ),
    )


def _history(
    taken_in: SpreadsheetImport, row: Row, status: str
) -> list[tuple[str, datetime, dict[str, Any]]]:
    told = []
    for code, by_status, otherwise in HISTORY_OF_ONE_RECEIVED if row.received else HISTORY:
        if day := row.said.get(code):
            event = by_status.get(status, otherwise)
            at = instant_of(day, taken_in)
            data = {"imported": True, "day": day.isoformat()}
            if event in SAID_AT:
                data[SAID_AT[event]] = at.isoformat()
            told.append((event, at, data))
    return sorted(told, key=lambda each: each[1])


def _request(taken_in: SpreadsheetImport, row: Row, dossier: Dossier) -> AssistanceRequest:
    said = row.said

    def instant(code: str) -> datetime | None:
        day = said.get(code)
        return instant_of(day, taken_in) if day else None

    return AssistanceRequest(
        dossier=dossier,
        requesting_state_id=taken_in.owner.state_id,
        requested_state_id=said["state"],
        basis_id=said.get("instrument"),
        answer_wanted_by=said.get("wanted_by"),
        sent_at=instant("sent_on"),
        acknowledged_at=instant("acknowledged_on"),
        closed_at=instant("closed_on"),
        imported=said["status"] != Status.DRAFT,
        drafted_by_id=said.get("responsible") or taken_in.taken_in_by_id,
    )


def _received(
    taken_in: SpreadsheetImport, row: Row, dossier: Dossier, now: datetime
) -> tuple[AssistanceRequest, Receipt]:
    said = row.said

    def instant(code: str) -> datetime | None:
        day = said.get(code)
        return instant_of(day, taken_in) if day else None

    return intake.received_in_the_past(
        dossier,
        received_at=instant_of(said["received_on"], taken_in),
        acknowledged_at=instant("acknowledged_on"),
        closed_at=instant("closed_on"),
        basis=said.get("instrument"),
        answer_wanted_by=said.get("wanted_by"),
        user_id=said.get("responsible") or taken_in.taken_in_by_id,
        now=now,
    )


def _gather_parts(row: Row, request: AssistanceRequest, parts: dict[type[Any], list[Any]]) -> None:
    said = row.said
    parts[Person] += [
        Person(
            dossier_id=request.pk,
            role=Person.Role.THIRD_PARTY,
            family_name=name[:160],
            position=place,
        )
        for place, name in enumerate(said.get("persons", []), 1)
    ]
    parts[Measure] += [
        Measure(request=request, kind_id=code, position=place)
        for place, code in enumerate(said.get("measures", []), 1)
    ]
    parts[Offence] += [
        Offence(dossier_id=request.pk, family_id=code, position=place)
        for place, code in enumerate(said.get("offences", []), 1)
    ]


# --- persons and deadlines ----------------------------------------------------------------


def _write_persons(
    taken_in: SpreadsheetImport, batch: list[SpreadsheetRow], read: list[Row], now: datetime
) -> None:
    by_dossier: dict[Dossier, list[tuple[SpreadsheetRow, Row]]] = defaultdict(list)
    for line, row, dossier in _matched(taken_in, batch, read):
        by_dossier[dossier].append((line, row))
    for dossier, given in by_dossier.items():
        before = dossier.version
        with changing(dossier, expected_version=None, now=now) as held:
            place = held.persons.count()
            for number, (line, row) in enumerate(given, place + 1):
                line.made = _person(row, held, number).pk
            request = AssistanceRequest.objects.get(pk=held.pk)
            request.dossier = held
            held.search_text = search_text(request)
            timeline.record(
                held,
                PERSONS_IMPORTED,
                actor=taken_in.taken_in_by,
                at=now,
                file=taken_in.file_name,
                sha256=taken_in.digest,
                rows=[line.number for line, _row in given],
            )
        _written(taken_in, [line for line, _row in given], dossier, before)


def _person(row: Row, dossier: Dossier, place: int) -> Person:
    said = row.said
    year, month, day = said.get("birth") or [None, None, None]
    alias = said.get("protected_alias", "")
    return Person.objects.create(
        dossier=dossier,
        role=said.get("role") or Person.Role.THIRD_PARTY,
        family_name=said.get("family_name", ""),
        given_names=said.get("given_names", ""),
        name_in_original_script=said.get("original_name", ""),
        aliases=said.get("aliases", ""),
        protected=bool(alias),
        protected_alias=alias,
        birth_year=year,
        birth_month=month,
        birth_day=day,
        birth_place=said.get("birth_place", ""),
        nationalities=said.get("nationality", []),
        note="\n".join(row.notes),
        position=place,
    )


def _write_deadlines(
    taken_in: SpreadsheetImport, batch: list[SpreadsheetRow], read: list[Row], now: datetime
) -> None:
    for line, row, dossier in _matched(taken_in, batch, read):
        before = dossier.version
        with changing(dossier, expected_version=None, now=now) as held:
            line.made = deadlines.start_until(
                held,
                row.said["due_on"],
                label=row.said["label"],
                started_from=FROM_THE_SPREADSHEET,
                critical=bool(row.said.get("critical")),
                now=now,
                actor=taken_in.taken_in_by,
            ).pk
        _written(taken_in, [line], dossier, before)


def _matched(
    taken_in: SpreadsheetImport, batch: list[SpreadsheetRow], read: list[Row]
) -> list[tuple[SpreadsheetRow, Row, Dossier]]:
    """The rows that are still right, each with its dossier; the others are marked."""
    matches = Matches(taken_in, taken_in.taken_in_by).find(read)
    found = []
    for line, row in zip(batch, read, strict=True):
        if row.problems:
            line.state, line.problems = State.WRONG, row.problems
        else:
            found.append((line, row, matches[line.number]))
    return found


def _written(
    taken_in: SpreadsheetImport, lines: list[SpreadsheetRow], dossier: Dossier, before: int
) -> None:
    """Note the versions, also on earlier rows of this spreadsheet: they were not changed by others."""
    earlier = taken_in.lines.filter(dossier=dossier, state=State.WRITTEN, version_after=before)
    earlier.update(version_after=dossier.version)
    for line in lines:
        line.state, line.dossier, line.problems = State.WRITTEN, dossier, []
        line.version_before, line.version_after = before, dossier.version
