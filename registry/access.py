"""Who may see and do what: may-see is a queryset, may-do is a table. Both are here.

May see
    A dossier is seen by the people of its owner authority whose role reads its files
    (drafting and approving officers, auditors), unless it is sealed; and by every person named on
    it. Nobody else can tell that it exists: not from lists, counts, search, deadlines or errors.

May do
    ``MAY`` lists, for each act, the roles in the owner authority that may do it. What is not
    listed is refused. The life cycles add their own guards (an approver is not the drafter).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from registry.models import Dossier, User

DRAFTING, APPROVING = "drafting_officer", "approving_officer"
PROSECUTOR, REPORTER, AUDITOR, ADMINISTRATOR = (
    "prosecutor",
    "ministry_reporter",
    "auditor",
    "administrator",
)

READS_THE_AUTHORITYS_FILES = frozenset({DRAFTING, APPROVING, AUDITOR})

MAY: dict[str, frozenset[str]] = {
    "open_dossier": frozenset({DRAFTING, APPROVING, PROSECUTOR}),
    "edit": frozenset({DRAFTING, APPROVING, PROSECUTOR}),
    "submit": frozenset({DRAFTING, APPROVING, PROSECUTOR}),
    "approve": frozenset({APPROVING}),
    "send": frozenset({DRAFTING, APPROVING}),
    "record_answer": frozenset({DRAFTING, APPROVING}),
    "withdraw": frozenset({DRAFTING, APPROVING}),
    "close": frozenset({DRAFTING, APPROVING}),
    "seal": frozenset({APPROVING}),
    "name_people": frozenset({DRAFTING, APPROVING}),
    "set_deadline": frozenset({DRAFTING, APPROVING, PROSECUTOR}),
    "edit_register": frozenset({ADMINISTRATOR}),
}


def roles_by_authority(user: User) -> dict[int, frozenset[str]]:
    """The person's roles, by authority; read once per signed-in request."""
    known = getattr(user, "_roles_by_authority", None)
    if known is None:
        gathered: dict[int, set[str]] = {}
        if user.is_authenticated and user.is_active:
            for authority, role in user.memberships.values_list("authority_id", "role"):
                gathered.setdefault(authority, set()).add(role)
        known = {authority: frozenset(roles) for authority, roles in gathered.items()}
        user._roles_by_authority = known  # type: ignore[attr-defined]
    return known


def may(user: User, act: str, dossier: Dossier) -> bool:
    """Whether the person's role in the dossier's owner authority allows the act.

    Being allowed to act presupposes being allowed to see: callers have fetched the dossier through
    ``visible_to``. Raises KeyError for an act that the table does not know.
    """
    return bool(MAY[act] & roles_by_authority(user).get(dossier.owner_id, frozenset()))


def authorities_where(user: User, act: str) -> list[int]:
    """The authorities in which the person may do this act."""
    allowed = MAY[act]
    return sorted(a for a, roles in roles_by_authority(user).items() if roles & allowed)


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, user: User) -> DossierQuerySet:
        """The one gate: only the dossiers that this person may see."""
        branches = visible_branches(user)
        condition = branches[0]
        for branch in branches[1:]:
            condition |= branch
        return self.filter(condition)


@dataclass(frozen=True)
class Sight:
    """All that decides what a person may see: who it is, and whose files the person reads."""

    user: int | None
    reads: tuple[int, ...]


def sight_of(user: User) -> Sight:
    reads = sorted(
        authority
        for authority, roles in roles_by_authority(user).items()
        if roles & READS_THE_AUTHORITYS_FILES
    )
    return Sight(user.pk, tuple(reads))


def visible_branches(user: User) -> list[Q]:
    """What this person may see, in branches; see ``branches_of``."""
    return branches_of(sight_of(user))


def branches_of(sight: Sight) -> list[Q]:
    """What one may see, as conditions on Dossier that do not overlap.

    One branch for each authority whose files the person reads; one for what is sealed there and
    names the person; one for the dossiers of other authorities that name the person. Each has an
    index of its own, so a list takes the first page of each and merges them, and stays cheap
    however many dossiers there are. A person who reads no authority's files has one branch.
    """
    from registry.models import Dossier, NamedOnDossier

    sealed = Q(confidentiality=Dossier.Confidentiality.SEALED)
    named = NamedOnDossier.objects.filter(user_id=sight.user)  # type: ignore[misc]
    reads = sight.reads
    if not reads:
        return [Q(pk__in=named.values("dossier"))]
    return [
        *(Q(owner=authority) & ~sealed for authority in reads),
        Q(owner__in=reads) & sealed & Q(pk__in=named.values("dossier")),
        ~Q(owner__in=reads) & Q(pk__in=named.filter(_other_than(reads)).values("dossier")),
    ]


def _other_than(owners: tuple[int, ...]) -> Q:
    """Any owner but these, as the ranges between them: an index walks ranges, not exceptions."""
    ranges = Q(owner__lt=owners[0]) | Q(owner__gt=owners[-1])
    for below, above in pairwise(owners):
        ranges |= Q(owner__gt=below, owner__lt=above)
    return ranges
