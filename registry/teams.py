"""Whose work a person looks after: the people they supervise, else those of their office."""

from __future__ import annotations

from registry.access import reads_a_kind_of, reads_files_of, roles_by_authority
from registry.models import Role, User

WORKS_ON_MATTERS = (
    Role.DRAFTING_OFFICER,
    Role.APPROVING_OFFICER,
    Role.PROSECUTOR,
    Role.MINISTRY_REPORTER,
)
LARGEST_TEAM = 200


def offices_of(user: User) -> list[int]:
    """The authorities in which the person works."""
    return sorted(roles_by_authority(user))


def team_of(user: User) -> list[User]:
    """The people of the person's team, themselves among them, by name. Two queries.

    Those whom the person supervises; where nobody is said to be, those who work on matters in the
    offices whose files the person reads. Who reads no authority's files has a team of one.
    """
    supervised = list(
        User.objects.filter(supervised_by__supervisor=user.pk, is_active=True)
        .distinct()
        .order_by("name", "pk")[:LARGEST_TEAM]
    )
    if supervised:
        return supervised if user in supervised else [user, *supervised]
    offices = {*reads_files_of(user)}
    for _kind, owners in reads_a_kind_of(user):
        offices.update(owners)
    if not offices:
        return [user]
    members = User.objects.filter(
        memberships__authority__in=offices, memberships__role__in=WORKS_ON_MATTERS, is_active=True
    )
    found = list(members.distinct().order_by("name", "pk")[:LARGEST_TEAM])
    return found if user in found else [user, *found]
