"""What of the deadlines that one may see is wanted: the filters of lists, calendar and API."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from registry.models import Deadline, User
from registry.teams import offices_of, team_of

WHOSE = ("", "mine", "team", "office")


@dataclass(frozen=True)
class DeadlineFilters:
    """What of all that the person may see is wanted. Empty wants everything.

    ``whose``: ``mine`` (I am responsible), ``team`` (somebody of my team is), ``office`` (the
    dossier is my office's).
    """

    whose: str = ""
    bound_party: str = ""
    counterpart: str = ""
    kind: str = ""
    critical: bool = False
    responsible: int | None = None
    settled: bool = False

    def condition(self, user: User) -> Q:
        """The condition on Deadline. One query for a team or an office, none else."""
        wanted = Q() if self.settled else Q(state=Deadline.State.RUNNING)
        if self.whose == "mine":
            wanted &= Q(dossier__responsible=user)
        elif self.whose == "team":
            wanted &= Q(dossier__responsible__in=[member.pk for member in team_of(user)])
        elif self.whose == "office":
            wanted &= Q(dossier__owner__in=offices_of(user))
        if self.responsible is not None:
            wanted &= Q(dossier__responsible=self.responsible)
        if self.bound_party:
            wanted &= Q(bound_party__in={self.bound_party, Deadline.BoundParty.BOTH})
        if self.counterpart:
            wanted &= Q(dossier__counterpart=self.counterpart)
        if self.kind:
            wanted &= Q(dossier__kind=self.kind)
        if self.critical:
            wanted &= Q(critical=True)
        return wanted
