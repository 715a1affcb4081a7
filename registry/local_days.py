"""Days that an office marks: a court recess, a closing day, a Saturday worked instead.

Marking and taking away are kept with who and when (``LocalDayChange``), and either can be undone.
The clocks that count by these calendars are looked at again by themselves (``registry/clock_*``).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from registry.access import authorities_where
from registry.models import Authority, LocalDay, LocalDayChange, State, User
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow

LONGEST = timedelta(days=120)
"""A recess of more than four months in a row is taken for a mistake in typing."""
FIRST_YEAR, LAST_YEAR = 2000, 2100


def may_keep(user: User, state: str, authority: Authority | None) -> bool:
    """Whether the person may mark days of this authority or, without one, of the whole State."""
    if authorities_where(user, "keep_state_calendar"):
        return True
    return authority is not None and authority.pk in authorities_where(user, "keep_office_calendar")


def authorities_kept_by(user: User) -> QuerySet[Authority]:
    """The authorities of this installation whose days the person may mark, their State with them."""
    working_here = Authority.objects.exclude(reference_prefix=None).select_related("state")
    if authorities_where(user, "keep_state_calendar"):
        return working_here.order_by("state__name", "name")
    return working_here.filter(pk__in=authorities_where(user, "keep_office_calendar"))


def local_days(state: str, first: date, last: date) -> QuerySet[LocalDay]:
    """What has been marked in a State and its authorities for days of this span."""
    return (
        LocalDay.objects.filter(state=state, first_day__lte=last, last_day__gte=first)
        .select_related("authority")
        .order_by("first_day", "authority_id", "pk")
    )


def add(
    *,
    state: State,
    authority: Authority | None,
    first_day: date | None,
    last_day: date | None,
    label: str,
    working: bool,
    user: User,
    now: datetime,
) -> LocalDay:
    """Mark days, both ends included, as days off or as days worked.

    Raises NotAllowed for who may not, Invalid by field for what cannot be (no name, an end before
    the beginning, more than ``LONGEST``, an authority of another State, the same days twice).
    """
    _check_may(user, state.code, authority)
    errors: dict[str, list[Any]] = {}
    label = label.replace("\x00", "").strip()
    if not label:
        errors["label"] = [_("Say what these days are: a court recess, a closing day.")]
    elif len(label) > 160:
        errors["label"] = [_("Shorten it to 160 characters.")]
    last_day = last_day or first_day
    if first_day is None:
        errors["first_day"] = [_("Give the first day.")]
    elif not FIRST_YEAR <= first_day.year <= LAST_YEAR:
        errors["first_day"] = [_("Give a day between the years 2000 and 2100.")]
    elif last_day is None or last_day < first_day:
        errors["last_day"] = [_("The last day lies before the first. Exchange them.")]
    elif last_day - first_day >= LONGEST:
        errors["last_day"] = [_("More than 120 days in a row: check the year.")]
    if authority is not None and authority.state_id != state.code:
        errors["authority"] = [_("This authority is not of that State.")]
    if errors:
        raise Invalid("local_day_incomplete", _("The days were not marked."), fields=errors)
    assert first_day is not None  # noqa: S101 (checked above, which the type checker cannot see)
    try:
        with transaction.atomic():
            made = LocalDay.objects.create(
                state=state,
                authority=authority,
                first_day=first_day,
                last_day=last_day or first_day,
                label=label,
                working=working,
            )
            _note(made, LocalDayChange.Action.ADDED, user, now)
    except IntegrityError as error:
        raise Invalid(
            "local_day_twice",
            _("These days are already marked. Take that mark away first."),
            fields={"first_day": [_("Already marked.")]},
        ) from error
    return made


def remove(number: int, *, user: User, now: datetime) -> LocalDayChange:
    """Take a mark away. Raises NotFound, NotAllowed."""
    found = LocalDay.objects.select_related("authority").filter(pk=number).first()
    if found is not None:
        _check_may(user, found.state_id, found.authority)
    with transaction.atomic():
        if found is None or not LocalDay.objects.filter(pk=number).delete()[0]:
            raise NotFound("not_found", _("These days are not marked (any more)."))
        return _note(found, LocalDayChange.Action.REMOVED, user, now)


def undo(number: int, *, user: User, now: datetime) -> None:
    """Take a change back: what was added goes, what was taken away comes again.

    Raises NotFound, NotAllowed; NotPossibleNow where it was undone already or the days have since
    been changed otherwise.
    """
    change = LocalDayChange.objects.select_related("state", "authority").filter(pk=number).first()
    if change is None:
        raise NotFound("not_found", _("There is no such change."))
    _check_may(user, change.state_id, change.authority)
    overtaken = NotPossibleNow(
        "local_day_overtaken", _("The days have been changed since. Reload the page.")
    )
    days = change.values
    with transaction.atomic():
        if not LocalDayChange.objects.filter(pk=number, undone=False).update(undone=True):
            raise overtaken
        try:
            if change.action == LocalDayChange.Action.ADDED:
                remove(days["id"], user=user, now=now)
            else:
                add(
                    state=change.state,
                    authority=change.authority,
                    first_day=date.fromisoformat(days["first_day"]),
                    last_day=date.fromisoformat(days["last_day"]),
                    label=days["label"],
                    working=days["working"],
                    user=user,
                    now=now,
                )
        except (Invalid, NotFound) as error:
            raise overtaken from error


def changes_of(states: list[str], most: int = 20) -> QuerySet[LocalDayChange]:
    """The latest changes in these States."""
    return (
        LocalDayChange.objects.filter(Q(state__in=states))
        .select_related("by", "state", "authority")
        .order_by("-pk")[:most]
    )


def _check_may(user: User, state: str, authority: Authority | None) -> None:
    if may_keep(user, state, authority):
        return
    raise NotAllowed(
        "role_may_not",
        _(
            "Days of an authority are marked by its approving officers and administrators, days of "
            "a State by an administrator."
        ),
    )


def _note(days: LocalDay, action: str, user: User, now: datetime) -> LocalDayChange:
    values = {
        "id": days.pk,
        "first_day": days.first_day.isoformat(),
        "last_day": days.last_day.isoformat(),
        "label": days.label,
        "working": days.working,
    }
    return LocalDayChange.objects.create(
        state_id=days.state_id,
        authority_id=days.authority_id,
        action=action,
        values=values,
        by=user,
        at=now,
    )
