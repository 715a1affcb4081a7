"""Opening many dossiers at once, with what happened to them before they came here.

The same as ``dossiers.open_dossier`` for each (number, responsible person named, first entries of the
timeline), in a handful of queries for a whole batch. What happened earlier stands first in the
timeline, at the time at which it happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from registry.models import (
    Authority,
    Dossier,
    NamedOnDossier,
    ReferenceSeries,
    TimelineEntry,
    User,
)
from registry.search_text import searchable
from registry.timeline import GENESIS, digest_of


@dataclass
class Opening:
    """One dossier to open; an urgent one has a reason and a day. ``history`` are events of its past: name, instant, data."""

    direction: str
    counterpart: str | None
    status: str
    responsible: int
    is_open: bool = True
    title: str = ""
    foreign_reference: str = ""
    former_reference: str = ""
    urgent: bool = False
    urgency_reason: str = ""
    urgent_until: date | None = None
    sealed: bool = False
    found_by: list[str] = field(default_factory=list)
    history: list[tuple[str, datetime, dict[str, Any]]] = field(default_factory=list)
    origin: tuple[str, dict[str, Any]] | None = None
    """The event that says where it comes from, and its data; at the instant of the opening."""


def open_many(
    openings: Sequence[Opening],
    *,
    kind: str,
    kind_mark: str,
    owner: Authority,
    opened_by: User,
    now: datetime,
) -> list[Dossier]:
    """Open them all or none, in this order. Ten queries, however many."""
    if not openings:
        return []
    with transaction.atomic():
        references = _references(owner, kind_mark, timezone.localtime(now).year, len(openings))
        dossiers = Dossier.objects.bulk_create(
            [
                Dossier(
                    kind=kind,
                    reference=reference,
                    title=opening.title,
                    foreign_reference=opening.foreign_reference,
                    former_reference=opening.former_reference,
                    owner=owner,
                    responsible_id=opening.responsible,
                    direction=opening.direction,
                    counterpart_id=opening.counterpart,
                    status=opening.status,
                    is_open=opening.is_open,
                    urgent=opening.urgent,
                    urgency_reason=opening.urgency_reason,
                    urgent_until=opening.urgent_until,
                    confidentiality=(
                        Dossier.Confidentiality.SEALED
                        if opening.sealed
                        else Dossier.Confidentiality.ORDINARY
                    ),
                    search_text=searchable(
                        [
                            reference,
                            opening.foreign_reference,
                            opening.former_reference,
                            opening.title,
                            *opening.found_by,
                        ]
                    ),
                    updated_at=now,
                )
                for opening, reference in zip(openings, references, strict=True)
            ]
        )
        NamedOnDossier.objects.bulk_create(
            NamedOnDossier(
                dossier=dossier, owner=owner, user_id=dossier.responsible_id, added_by=opened_by
            )
            for dossier in dossiers
        )
        TimelineEntry.objects.bulk_create(
            [
                entry
                for dossier, opening in zip(dossiers, openings, strict=True)
                for entry in _entries(dossier, opening, opened_by, now)
            ],
            batch_size=500,
        )
    return dossiers


def _references(owner: Authority, kind_mark: str, year: int, number: int) -> list[str]:
    """The next numbers of the series, taken together under its row lock."""
    series = f"{owner.reference_prefix}/{kind_mark}/{year}"
    ReferenceSeries.objects.get_or_create(series=series)
    rows = ReferenceSeries.objects.filter(series=series)
    rows.update(last_number=F("last_number") + number)
    last = rows.values_list("last_number", flat=True).get()
    mark = f"{owner.reference_prefix}-{kind_mark}-{year}"
    return [f"{mark}-{place:05d}" for place in range(last - number + 1, last + 1)]


def _entries(
    dossier: Dossier, opening: Opening, opened_by: User, now: datetime
) -> list[TimelineEntry]:
    told: list[tuple[str, User | None, datetime, dict[str, Any]]] = [
        (event, None, at, data) for event, at, data in opening.history
    ]
    told.append(("dossier.opened", opened_by, now, {"kind": dossier.kind}))
    if opening.origin:
        told.append((opening.origin[0], opened_by, now, opening.origin[1]))
    entries = []
    previous = GENESIS
    for sequence, (event, actor, at, data) in enumerate(told, 1):
        entry = TimelineEntry(
            dossier=dossier,
            sequence=sequence,
            at=at,
            actor=actor,
            event=event,
            data=data,
            previous_digest=previous,
        )
        entry.digest = previous = digest_of(entry)
        entries.append(entry)
    return entries
