"""Writing and proving the timeline of a dossier."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from registry.models import Dossier, TimelineEntry, User

GENESIS = "0" * 64


def record(
    dossier: Dossier, event: str, *, actor: User | None, at: datetime, **data: Any
) -> TimelineEntry:
    """Append an entry to the dossier's chain.

    Called inside the transaction of the change that it records, with the dossier row locked, so
    that no change is without its entry and no two entries share a number.
    """
    with transaction.atomic():
        last = (
            TimelineEntry.objects.filter(dossier=dossier)
            .order_by("-sequence")
            .values_list("sequence", "digest")
            .first()
        )
        sequence, previous = (last[0] + 1, last[1]) if last else (1, GENESIS)
        entry = TimelineEntry(
            dossier=dossier,
            sequence=sequence,
            at=at,
            actor=actor,
            event=event,
            data=data,
            previous_digest=previous,
        )
        entry.digest = digest_of(entry)
        entry.save(force_insert=True)
        return entry


def record_on_many(
    dossiers: Sequence[Dossier], event: str, *, actor: User | None, at: datetime, **data: Any
) -> None:
    """Append the same entry to the chains of many dossiers, which the caller holds locked.

    Two queries, however many dossiers.
    """
    last: dict[int, tuple[int, str]] = {}
    known = TimelineEntry.objects.filter(dossier__in=dossiers).order_by("sequence")
    for dossier_id, sequence, digest in known.values_list("dossier_id", "sequence", "digest"):
        last[dossier_id] = (sequence, digest)
    entries = []
    for dossier in dossiers:
        sequence, previous = last.get(dossier.pk, (0, GENESIS))
        entry = TimelineEntry(
            dossier=dossier,
            sequence=sequence + 1,
            at=at,
            actor=actor,
            event=event,
            data=data,
            previous_digest=previous,
        )
        entry.digest = digest_of(entry)
        entries.append(entry)
    TimelineEntry.objects.bulk_create(entries, batch_size=500)


def digest_of(entry: TimelineEntry) -> str:
    """The SHA-256 of an entry and of the digest before it, in a canonical form."""
    canonical = json.dumps(
        [
            entry.dossier_id,
            entry.sequence,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.actor_id,
            entry.event,
            entry.data,
            entry.previous_digest,
        ],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def breaks(dossier: Dossier) -> Iterator[tuple[int, str]]:
    """Where the dossier's chain is broken: sequence number and what is wrong. Empty when whole."""
    previous, expected = GENESIS, 1
    for entry in TimelineEntry.objects.filter(dossier=dossier).order_by("sequence").iterator():
        if entry.sequence != expected:
            yield entry.sequence, f"expected entry {expected}: an entry is missing"
        if entry.previous_digest != previous:
            yield entry.sequence, "does not continue the entry before it"
        if entry.digest != digest_of(entry):
            yield entry.sequence, "was changed after it was written"
        previous, expected = entry.digest, entry.sequence + 1
