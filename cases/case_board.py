"""What waits on whom in a case: the open matters linked to it, and whose move it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cases.models import CaseFile
from registry.models import Deadline, Dossier, TimelineEntry

ENTRIES_SHOWN = 200


@dataclass
class Line:
    """One open matter, its clocks that run, and on which side they run."""

    dossier: Dossier
    clocks: list[Deadline] = field(default_factory=list)
    overdue: bool = False

    @property
    def waits_on_us(self) -> bool:
        ours = {Deadline.BoundParty.OURS, Deadline.BoundParty.BOTH}
        return not self.clocks or any(clock.bound_party in ours for clock in self.clocks)

    @property
    def waits_on_them(self) -> bool:
        theirs = {Deadline.BoundParty.THEIRS, Deadline.BoundParty.BOTH}
        return any(clock.bound_party in theirs for clock in self.clocks)


def board(matters: Iterable[Dossier], now: datetime) -> list[Line]:
    """The open ones among these matters, the most urgent first. One query."""
    lines = {matter.pk: Line(matter) for matter in matters if matter.is_open}
    clocks = Deadline.objects.filter(dossier__in=list(lines), settled_at__isnull=True)
    for clock in clocks.order_by("due_at", "pk"):
        line = lines[clock.dossier_id]
        line.clocks.append(clock)
        line.overdue = line.overdue or clock.is_overdue(now)
    return sorted(
        lines.values(),
        key=lambda line: (not line.clocks, line.clocks[0].due_at if line.clocks else now),
    )


def timeline_across(case: CaseFile, matters: Iterable[Dossier]) -> list[TimelineEntry]:
    """What happened in the case file and in these matters, newest first. One query."""
    among = [case.pk, *(matter.pk for matter in matters)]
    return list(
        TimelineEntry.objects.filter(dossier__in=among)
        .select_related("actor", "dossier")
        .order_by("-at", "-pk")[:ENTRIES_SHOWN]
    )
