"""Bring the register's files into the database: again and again, without doubling or undoing.

1. Each table has a natural key. A row of the files whose key is not in the table is added; one that
   differs is changed; one that is the same is left.
2. A row that an office has edited, or that a named officer has verified, is kept as it is and
   counted as kept. It is recognised by the looser key too, so that a corrected date does not bring
   the uncorrected row back.
3. Nothing is ever removed: a row that the office added is none of this module's business.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction

from registry.models import Authority, State
from treaties import register_data
from treaties.models import (
    CoveredOffence,
    CoveredPurpose,
    Declaration,
    Designation,
    Displacement,
    EntryIntoForceRule,
    Instrument,
    MeasureAvailability,
    MeasureKind,
    MeasureParticular,
    NationalProvision,
    Obligation,
    OffenceFamily,
    Participation,
    RefusalGround,
    RegisterChange,
    RegisterVersion,
    RequestTemplate,
    RequiredContent,
    TimeLimit,
)
from treaties.register_editing.editing import record_loaded, removed_keys
from treaties.register_editing.fact_kinds import KINDS, as_values
from treaties.register_freshness import touch_register

Row = register_data.Row
Key = tuple[Any, ...]


@dataclass
class TableReport:
    """What loading did to one table. ``kept`` counts rows left as the office has them."""

    table: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0
    removed: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Table:
    """How one table is loaded: its natural key, and a looser one for rows edited by the office."""

    model: type[models.Model]
    key: tuple[str, ...]
    rows: Callable[[], list[Row]]
    loose_key: tuple[str, ...] = ()


def _designations() -> list[Row]:
    offices = {(a.state_id, a.name): a.pk for a in Authority.objects.only("state_id", "name")}
    rows = register_data.designations()
    for row in rows:
        row["authority_id"] = offices[row.pop("authority")]
    return rows


def _required_contents() -> list[Row]:
    templates = {
        (t.instrument_id, t.request_type): t.pk
        for t in RequestTemplate.objects.only("instrument_id", "request_type")
    }
    rows = register_data.required_contents()
    for row in rows:
        row["template_id"] = templates[row.pop("template")]
    return rows


# In an order in which a row is there before it is referred to.
TABLES: Sequence[Table] = (
    Table(State, ("code",), register_data.states),
    Table(OffenceFamily, ("code",), register_data.offence_families),
    Table(Instrument, ("code",), register_data.instruments),
    Table(EntryIntoForceRule, ("instrument_id",), register_data.entry_into_force_rules),
    Table(CoveredPurpose, ("instrument_id", "purpose"), register_data.covered_purposes),
    Table(CoveredOffence, ("instrument_id", "family_id"), register_data.covered_offences),
    Table(Displacement, ("displaced_id", "by_id", "purpose"), register_data.displacements),
    Table(
        Participation,
        ("instrument_id", "state_id", "action", "date"),
        register_data.participations,
        loose_key=("instrument_id", "state_id", "action"),
    ),
    Table(
        Declaration,
        ("instrument_id", "state_id", "kind", "provision", "paraphrase"),
        register_data.declarations,
        loose_key=("instrument_id", "state_id", "kind", "provision"),
    ),
    Table(Authority, ("state_id", "name"), register_data.authorities),
    Table(Designation, ("instrument_id", "authority_id", "function"), _designations),
    Table(RequestTemplate, ("instrument_id", "request_type"), register_data.request_templates),
    Table(RequiredContent, ("template_id", "key"), _required_contents),
    Table(MeasureKind, ("code",), register_data.measure_kinds),
    Table(MeasureParticular, ("measure_id", "key"), register_data.measure_particulars),
    Table(
        MeasureAvailability, ("measure_id", "instrument_id"), register_data.measure_availabilities
    ),
    Table(
        RefusalGround,
        ("instrument_id", "request_type", "ground", "article"),
        register_data.refusal_grounds,
    ),
    Table(TimeLimit, ("code",), register_data.time_limits),
    Table(Obligation, ("code",), register_data.obligations),
    Table(
        NationalProvision,
        ("state_id", "family_id", "law", "article"),
        register_data.national_provisions,
    ),
)


@transaction.atomic
def load_register(*, now: datetime) -> list[TableReport]:
    """Load every table; report what was done to each."""
    reports = [_load(table, now) for table in TABLES]
    if any(r.added or r.changed for r in reports) or not RegisterVersion.objects.exists():
        touch_register(now=now)
        _tell_the_planner()
    return reports


def _tell_the_planner() -> None:
    """PostgreSQL plans by the sizes that it knows: a register just loaded must not count as empty."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(table.model._meta.db_table)}")


def _load(table: Table, now: datetime) -> TableReport:
    model = table.model
    report = TableReport(str(model._meta.model_name))
    wanted: dict[Key, Row] = {tuple(r[f] for f in table.key): r for r in table.rows()}
    existing = list(model._default_manager.all())
    by_key: dict[Key, Any] = {tuple(getattr(o, f) for f in table.key): o for o in existing}
    spare = _spare_by_loose_key(table, existing, wanted)

    kind = next((k.code for k in KINDS.values() if k.model is model), "")
    removed = removed_keys(kind, table.key) if kind else set()
    history: list[Any] = []
    add: list[Any] = []
    change: list[Any] = []
    changed_fields: set[str] = set()
    for key, row in wanted.items():
        found = by_key.get(key) or _take(spare, table, row)
        if found is None and tuple(_as_kept(part) for part in key) in removed:
            report.kept += 1
            continue
        if found is None:
            add.append(model(**row))
            continue
        if found.office_edited or found.verified_by_id:
            report.kept += 1
            continue
        different = [field for field, value in row.items() if getattr(found, field) != value]
        if not different:
            report.unchanged += 1
            continue
        before = as_values(found)
        for field in different:
            setattr(found, field, row[field])
        history.append(record_loaded(found, before, now))
        changed_fields.update(different)
        change.append(found)

    model._default_manager.bulk_create(add)
    if change:
        model._default_manager.bulk_update(change, sorted(changed_fields))
        RegisterChange.objects.bulk_create(row for row in history if row is not None)
    report.added, report.changed = len(add), len(change)
    return report


def _as_kept(part: Any) -> Any:
    """A part of a key as the history keeps it."""
    return part.isoformat() if isinstance(part, date) else part


def _spare_by_loose_key(
    table: Table, existing: list[Any], wanted: dict[Key, Row]
) -> dict[Key, list[Any]]:
    """Rows whose exact key the files no longer have, by the looser key: edited, or reworded."""
    spare: dict[Key, list[Any]] = defaultdict(list)
    if table.loose_key:
        for found in existing:
            if tuple(getattr(found, f) for f in table.key) in wanted:
                continue
            if found.office_edited or found.source:
                spare[tuple(getattr(found, f) for f in table.loose_key)].append(found)
    return spare


def _take(spare: dict[Key, list[Any]], table: Table, row: Row) -> Any | None:
    candidates = spare.get(tuple(row[f] for f in table.loose_key)) if table.loose_key else None
    return candidates.pop(0) if candidates else None
