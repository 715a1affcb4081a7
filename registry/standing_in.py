"""Absences with who stands in, and who supervises whom in an office."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from registry.models import Absence, Authority, Supervision, User
from registry.refusals import Invalid, NotFound, Text
from registry.reminder_preferences import require_may_set

LONGEST_ABSENCE_DAYS = 366


def colleagues_of(user: User) -> QuerySet[User]:
    """The people with an open account who work in an authority of this person."""
    authorities = user.memberships.values("authority")
    return (
        User.objects.filter(memberships__authority__in=authorities, is_active=True)
        .exclude(pk=user.pk)
        .distinct()
        .order_by("name", "pk")
    )


def absences_of(user: User, now: datetime) -> QuerySet[Absence]:
    """The absences that are not over, soonest first."""
    today = now.astimezone(ZoneInfo(user.time_zone)).date()
    return user.absences.filter(last_day__gte=today).select_related("deputy")


def be_absent(
    user: User, *, first_day: date, last_day: date, deputy: User | None, now: datetime
) -> Absence:
    """The person is away on these days (both included); who stands in is told instead.

    Raises Invalid (``first_day``, ``last_day``, ``deputy``).
    """
    today = now.astimezone(ZoneInfo(user.time_zone)).date()
    errors: dict[str, list[Text]] = {}
    if last_day < first_day:
        errors["last_day"] = [_("The last day comes before the first.")]
    elif last_day < today:
        errors["last_day"] = [_("This is over. Give today or a later day.")]
    elif (last_day - first_day).days > LONGEST_ABSENCE_DAYS:
        errors["last_day"] = [_("Give at most a year.")]
    elif user.absences.filter(first_day__lte=last_day, last_day__gte=first_day).exists():
        errors["first_day"] = [_("You are away then already. Remove that absence first.")]
    if deputy is not None and not colleagues_of(user).filter(pk=deputy.pk).exists():
        errors["deputy"] = [_("Choose a colleague of your authority.")]
    if errors:
        raise Invalid("absence_invalid", _("The absence was not saved."), fields=errors)
    return Absence.objects.create(user=user, first_day=first_day, last_day=last_day, deputy=deputy)


def be_back(user: User, absence: int) -> None:
    """Remove an absence of the person. Raises NotFound."""
    if not user.absences.filter(pk=absence).delete()[0]:
        raise NotFound("not_found", _("There is no such absence."))


def members_of(authority: Authority) -> QuerySet[User]:
    members = User.objects.filter(memberships__authority=authority, is_active=True)
    return members.distinct().order_by("name", "pk")


def supervisors_by_officer(authority: Authority) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = Supervision.objects.filter(authority=authority).order_by("id")
    for officer, supervisor in rows.values_list("officer", "supervisor"):
        found.setdefault(officer, []).append(supervisor)
    return found


def set_supervisors(
    authority: Authority, officer: int, supervisors: Iterable[int], *, user: User
) -> None:
    """Say who supervises an officer; nobody: the approving officers do.

    Raises NotAllowed for a role that may not, Invalid (``officer``, ``supervisors``) for people who
    do not work in the authority or somebody who would supervise themselves.
    """
    require_may_set(authority, user)
    wanted = set(supervisors)
    members = set(members_of(authority).values_list("pk", flat=True))
    errors: dict[str, list[Text]] = {}
    if officer not in members:
        errors["officer"] = [_("This person does not work in the authority.")]
    if not wanted <= members:
        errors["supervisors"] = [_("Choose people who work in the authority.")]
    elif officer in wanted:
        errors["supervisors"] = [_("Nobody supervises themselves. Choose somebody else.")]
    if errors:
        raise Invalid("supervision_invalid", _("The supervision was not saved."), fields=errors)
    with transaction.atomic():
        Supervision.objects.filter(authority=authority, officer=officer).delete()
        Supervision.objects.bulk_create(
            Supervision(authority=authority, officer_id=officer, supervisor_id=one)
            for one in sorted(wanted)
        )
