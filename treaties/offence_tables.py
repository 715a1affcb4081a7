"""Both States' provisions side by side, for the question of dual criminality.

A table shows what each law says; whether the acts are punishable under both is for a jurist to judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from treaties.models import NationalProvision, OffenceFamily


@dataclass(frozen=True)
class Row:
    """One family of offences with the provisions of the one State and of the other, on a day."""

    family: OffenceFamily
    ours: list[NationalProvision]
    theirs: list[NationalProvision]

    @property
    def in_both(self) -> bool:
        """Whether the register holds a provision of each State. It is no verdict."""
        return bool(self.ours and self.theirs)


def side_by_side(state: str, other: str, on: date, families: Iterable[str] = ()) -> list[Row]:
    """The provisions of two States in force on a day, by family of offences: two queries.

    Without families, those of which the register holds a provision of either State.
    """
    wanted = set(families)
    in_force = Q(since=None) | Q(since__lte=on)
    in_force &= Q(until=None) | Q(until__gt=on)
    found = NationalProvision.objects.filter(in_force, state__in=[state, other])
    if wanted:
        found = found.filter(family__in=wanted)
    rows: dict[str, tuple[list[NationalProvision], list[NationalProvision]]] = {}
    for provision in found.select_related("verified_by"):
        sides = rows.setdefault(provision.family_id, ([], []))
        sides[0 if provision.state_id == state else 1].append(provision)
    shown = OffenceFamily.objects.filter(pk__in=wanted or rows)
    return [Row(family, *rows.get(family.pk, ([], []))) for family in shown]
