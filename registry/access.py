"""Who may see and do what: may-see is a queryset, may-do is a table. Both are here.

May see
    A dossier is seen by the people of its owner authority whose role reads its files
    (drafting and approving officers, auditors), unless it is sealed; and by every person named on
    it. A ministry reporter reads the authority's dossiers of obligations, and no others
    (``READS_A_KIND``). Nobody else can tell that it exists: not from lists, counts, search,
    deadlines or errors.

May do
    ``MAY`` lists, for each act, the roles in the owner authority that may do it. What is not
    listed is refused. The life cycles add their own guards (an approver is not the drafter).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, models
from django.db.models import Q

from registry import constant_lookup  # noqa: F401  (registers the lookup)

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
READS_A_KIND: dict[str, frozenset[str]] = {"obligation": frozenset({REPORTER})}
"""Roles that read the authority's dossiers of one kind of matter only."""

MAY: dict[str, frozenset[str]] = {
    "open_dossier": frozenset({DRAFTING, APPROVING, PROSECUTOR}),
    "edit": frozenset({DRAFTING, APPROVING, PROSECUTOR}),
    "submit": frozenset({DRAFTING, APPROVING, PROSECUTOR}),
    "approve": frozenset({APPROVING}),
    "send": frozenset({DRAFTING, APPROVING}),
    "record_answer": frozenset({DRAFTING, APPROVING}),
    "register": frozenset({DRAFTING, APPROVING, PROSECUTOR}),
    "triage": frozenset({DRAFTING, APPROVING, PROSECUTOR}),
    "decide": frozenset({DRAFTING, APPROVING}),
    "execute": frozenset({DRAFTING, APPROVING, PROSECUTOR}),
    "refuse": frozenset({APPROVING}),
    "withdraw": frozenset({DRAFTING, APPROVING}),
    "close": frozenset({DRAFTING, APPROVING}),
    "seal": frozenset({APPROVING, PROSECUTOR}),
    "name_people": frozenset({DRAFTING, APPROVING, PROSECUTOR}),
    "reassign": frozenset({APPROVING}),
    "set_deadline": frozenset({DRAFTING, APPROVING, PROSECUTOR, REPORTER}),
    "import_records": frozenset({DRAFTING, APPROVING}),
    "keep_case_file": frozenset({DRAFTING, APPROVING, PROSECUTOR}),
    "run_extradition": frozenset({DRAFTING, APPROVING, PROSECUTOR}),
    "approve_extradition": frozenset({APPROVING, PROSECUTOR}),
    "read_protected_identity": frozenset({APPROVING, PROSECUTOR}),
    "keep_peers": frozenset({ADMINISTRATOR}),
    "assess": frozenset({APPROVING, REPORTER}),
    "review_assessment": frozenset({APPROVING, REPORTER}),
    "keep_office_calendar": frozenset({APPROVING, ADMINISTRATOR}),
    "keep_state_calendar": frozenset({ADMINISTRATOR}),
    "explain_missed": frozenset({DRAFTING, APPROVING, PROSECUTOR, REPORTER}),
    "edit_register": frozenset({ADMINISTRATOR}),
    "verify_register": frozenset({ADMINISTRATOR, APPROVING}),
    "set_reminders": frozenset({ADMINISTRATOR, APPROVING}),
    "keep_letter_templates": frozenset({ADMINISTRATOR, APPROVING}),
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
        from registry.models import NamedOnDossier

        named = Q(pk__in=NamedOnDossier.objects.filter(user_id=user.pk).values("dossier"))
        seen = Q(owner__in=reads_files_of(user)) & ~_sealed() | named
        for kind, owners in reads_a_kind_of(user):
            seen |= Q(owner__in=owners, kind=kind) & ~_sealed()
        return self.filter(seen)


def reads_files_of(user: User) -> tuple[int, ...]:
    """The authorities whose files the person reads."""
    roles = roles_by_authority(user).items()
    return tuple(sorted(a for a, has in roles if has & READS_THE_AUTHORITYS_FILES))


def reads_a_kind_of(user: User) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Kinds of matter, each with the authorities of whose files the person reads these only."""
    everything = set(reads_files_of(user))
    found = []
    for kind, readers in READS_A_KIND.items():
        roles = roles_by_authority(user).items()
        owners = {authority for authority, has in roles if has & readers} - everything
        if owners:
            found.append((kind, tuple(sorted(owners))))
    return tuple(found)


def _sealed() -> Q:
    from registry.models import Dossier

    return Q(confidentiality__is=Dossier.Confidentiality.SEALED.value)


@dataclass(frozen=True)
class Sight:
    """All that decides what a person may see in a list.

    Who it is, whose files the person reads, and which other authorities have named the person.
    """

    user: int | None
    reads: tuple[int, ...]
    named_in: tuple[int, ...]
    reads_a_kind: tuple[tuple[str, tuple[int, ...]], ...] = ()


def sight_of(user: User) -> Sight:
    """One query, besides that for the roles."""
    reads = reads_files_of(user)
    named_in = _owners_naming(user.pk) if reads else ()
    elsewhere = tuple(owner for owner in named_in if owner not in reads)
    return Sight(user.pk, reads, elsewhere, reads_a_kind_of(user))


OWNERS_NAMING = """
    WITH RECURSIVE naming(owner_id) AS (
        SELECT min(owner_id) FROM registry_namedondossier WHERE user_id = %(user)s
        UNION ALL
        SELECT (SELECT min(n.owner_id) FROM registry_namedondossier n
                WHERE n.user_id = %(user)s AND n.owner_id > naming.owner_id)
        FROM naming WHERE naming.owner_id IS NOT NULL
    )
    SELECT owner_id FROM naming WHERE owner_id IS NOT NULL
"""
"""Steps from owner to owner through the index, since an officer is named on thousands of dossiers
of the same one."""


def _owners_naming(user: int | None) -> list[int]:
    """The authorities that have named the person on a dossier."""
    with connection.cursor() as cursor:
        cursor.execute(OWNERS_NAMING, {"user": user})
        return [owner for (owner,) in cursor.fetchall()]


def visible_branches(user: User) -> list[Q]:
    """What this person may see, in branches for a list; see ``branches_of``."""
    return branches_of(sight_of(user))


def branches_of(sight: Sight) -> list[Q]:
    """What one may see, as conditions on Dossier that do not overlap; together, ``visible_to``.

    One branch for each authority whose files the person reads; one for what is sealed there and
    names the person; one, if there are any, for the dossiers of other authorities that name the
    person. Each has an index of its own, so a list takes the first page of each and merges them,
    and stays cheap however many dossiers there are. A person who reads no authority's files has
    one branch. A kind of matter of which the person reads an authority's dossiers has one more.
    """
    from registry.models import NamedOnDossier

    named = NamedOnDossier.objects.filter(user_id=sight.user)  # type: ignore[misc]
    of_a_kind = [Q(owner__in=o, kind=kind) & ~_sealed() for kind, o in sight.reads_a_kind]
    not_of_a_kind = Q()
    for seen in of_a_kind:
        not_of_a_kind &= ~seen
    if not sight.reads:
        return [Q(pk__in=named.values("dossier")) & not_of_a_kind, *of_a_kind]
    branches = [Q(owner=authority) & ~_sealed() for authority in sight.reads]
    branches.append(Q(owner__in=sight.reads) & _sealed() & Q(pk__in=named.values("dossier")))
    if sight.named_in:
        elsewhere = named.filter(owner__in=sight.named_in).values("dossier")
        branches.append(Q(owner__in=sight.named_in) & Q(pk__in=elsewhere) & not_of_a_kind)
    return [*branches, *of_a_kind]
