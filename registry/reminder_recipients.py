"""Who is told of a reminder: the responsible officer, who stands in, who supervises, who is next.

Nobody is told of a matter that they may not see, so a sealed one is told to those named on it and to
nobody else. Nobody is skipped silently either: whoever cannot be told has a next in line, and a
matter about which nobody may be told is a failure that the health of the machinery shows.

The line for what concerns the responsible officer:

1. the officer, or who stands in during an absence;
2. who supervises the officer, or stands in for them;
3. the others named on the dossier;
4. the same people although they are away: late is better than lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from registry.access import APPROVING
from registry.models import (
    Absence,
    Audience,
    Dossier,
    Membership,
    NamedOnDossier,
    Notice,
    Supervision,
    User,
)

Capacity = Notice.Capacity


@dataclass(frozen=True)
class Told:
    user: User
    capacity: str


class People:
    """The people of some dossiers, read in a few queries; the gate is asked once for each person."""

    def __init__(self, dossiers: Collection[Dossier], now: datetime) -> None:
        self.now = now
        self.dossiers = {dossier.pk for dossier in dossiers}
        self._known: dict[int, User] = {}
        self._seen: dict[int, set[int]] = {}
        owners = {dossier.owner_id for dossier in dossiers}
        self.approving: dict[int, list[User]] = {}
        members = Membership.objects.filter(authority__in=owners, role=APPROVING)
        for member in members.select_related("user").order_by("user__name", "user_id"):
            self.approving.setdefault(member.authority_id, []).append(self._one(member.user))
        self.supervisors: dict[tuple[int, int], list[User]] = {}
        rows = Supervision.objects.filter(authority__in=owners).select_related("supervisor")
        for row in rows.order_by("id"):
            key = (row.authority_id, row.officer_id)
            self.supervisors.setdefault(key, []).append(self._one(row.supervisor))
        self.named: dict[int, list[User]] = {}
        for name in (
            NamedOnDossier.objects.filter(dossier__in=self.dossiers)
            .select_related("user")
            .order_by("id")
        ):
            self.named.setdefault(name.dossier_id, []).append(self._one(name.user))
        self.deputies = deputies_at(now)

    def told(self, dossier: Dossier, audience: int) -> list[Told]:
        """Whom a reminder for this audience goes to. Empty: nobody may be told."""
        if audience == Audience.RESPONSIBLE:
            first = self.responsible_for(dossier)
            return [first] if first else []
        first = self.responsible_for(dossier)
        above = [told for told in self.above(dossier) if not first or told.user != first.user]
        if audience == Audience.SUPERVISOR:
            return above or ([first] if first else [])
        return [first, *above] if first else above

    def responsible_for(self, dossier: Dossier) -> Told | None:
        """Who answers for the matter now; see the line above."""
        officer = self._one(dossier.responsible)
        present = self._present(officer, dossier)
        if present is not None:
            capacity = Capacity.RESPONSIBLE if present == officer else Capacity.DEPUTY
            return Told(present, capacity)
        for person in self._next_in_line(dossier):
            present = self._present(person, dossier)
            if present is not None:
                return Told(present, Capacity.NEXT_IN_LINE)
        for person in (officer, *self._next_in_line(dossier)):
            if self.may_see(person, dossier):
                capacity = Capacity.RESPONSIBLE if person == officer else Capacity.NEXT_IN_LINE
                return Told(person, capacity)
        return None

    def above(self, dossier: Dossier, capacity: str = Capacity.SUPERVISOR) -> list[Told]:
        """Who supervises the responsible officer; the others named where no supervisor may see."""
        for line in (self._supervising(dossier), self._others_named(dossier)):
            present = [self._present(person, dossier) for person in line]
            if found := dict.fromkeys(person for person in present if person is not None):
                return [Told(person, capacity) for person in found]
        return []

    def may_see(self, person: User, dossier: Dossier) -> bool:
        """The gate, for one dossier of the batch: one query for each person."""
        if not person.is_active:
            return False
        seen = self._seen.get(person.pk)
        if seen is None:
            visible = Dossier.objects.visible_to(person).filter(pk__in=self.dossiers)
            seen = self._seen[person.pk] = set(visible.values_list("pk", flat=True))
        return dossier.pk in seen

    def _present(self, person: User, dossier: Dossier) -> User | None:
        """The person, or who stands in (or for them in turn): the first who is here and may see."""
        met: set[int] = set()
        at: User | None = person
        while at is not None and at.pk not in met:
            met.add(at.pk)
            if at.pk not in self.deputies:
                return at if self.may_see(at, dossier) else None
            deputy = self.deputies[at.pk]
            at = self._one(deputy) if deputy else None
        return None

    def _next_in_line(self, dossier: Dossier) -> Iterator[User]:
        yield from self._supervising(dossier)
        yield from self._others_named(dossier)

    def _supervising(self, dossier: Dossier) -> list[User]:
        said = self.supervisors.get((dossier.owner_id, dossier.responsible_id))
        if said:
            return said
        approving = self.approving.get(dossier.owner_id, [])
        return [person for person in approving if person.pk != dossier.responsible_id]

    def _others_named(self, dossier: Dossier) -> list[User]:
        named = self.named.get(dossier.pk, [])
        return [person for person in named if person.pk != dossier.responsible_id]

    def _one(self, person: User) -> User:
        """One object a person, so that roles are read once."""
        return self._known.setdefault(person.pk, person)


def deputies_at(now: datetime) -> dict[int, User | None]:
    """The people who are away, each with who stands in, where somebody does. One query."""
    day = now.date()
    near = Absence.objects.filter(
        first_day__lte=day + timedelta(days=1), last_day__gte=day - timedelta(days=1)
    )
    away: dict[int, User | None] = {}
    for absence in near.select_related("user", "deputy").order_by("id"):
        if is_away(absence, now):
            away[absence.user_id] = absence.deputy
    return away


def is_away(absence: Absence, now: datetime) -> bool:
    """Whether the absence covers this moment, by the days of the person's zone."""
    today = now.astimezone(ZoneInfo(absence.user.time_zone)).date()
    return absence.first_day <= today <= absence.last_day
