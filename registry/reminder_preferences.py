"""How a person wants to be told of reminders, and how an office schedules them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from registry import reminder_rearming
from registry.access import authorities_where
from registry.models import (
    Audience,
    Authority,
    ReminderPreferences,
    ReminderSchedule,
    ReminderStep,
    User,
)
from registry.refusals import Invalid, NotAllowed, Text
from registry.reminder_schedule import OWN_STEPS

MOST_EXTRA_DAYS = 10
FARTHEST_DAY = 365
MOST_STEPS = 20
LARGEST_OFFSET = 365 * 24
SHORTEST_REPEAT = 24
LONGEST_ESCALATION = 30 * 24


def preferences_of(user: User) -> ReminderPreferences:
    """The person's preferences; the usual ones, not saved, where the person has said nothing."""
    found = ReminderPreferences.objects.filter(user=user).first()
    return found or ReminderPreferences(user=user)


def set_preferences(
    user: User,
    *,
    in_application: bool,
    mail: bool,
    webhook: bool,
    digest: bool,
    digest_hour: int,
    quiet_from: time | None,
    quiet_until: time | None,
    extra_days: Iterable[int],
    now: datetime,
) -> ReminderPreferences:
    """Keep how the person wants to be told. Further days are planned for the running deadlines.

    Raises Invalid (``mail``, ``digest_hour``, ``quiet_until``, ``extra_days``).
    """
    days = sorted(set(extra_days), reverse=True)
    errors: dict[str, list[Text]] = {}
    if not in_application and not mail:
        errors["mail"] = [_("Choose the application or e-mail: a reminder must reach you somehow.")]
    if not 0 <= digest_hour <= 23:
        errors["digest_hour"] = [_("Give an hour from 0 to 23.")]
    if (quiet_from is None) != (quiet_until is None):
        errors["quiet_until"] = [_("Say when the quiet hours begin and when they end, or neither.")]
    elif quiet_from is not None and quiet_from == quiet_until:
        errors["quiet_until"] = [_("Quiet hours end at another time than they begin.")]
    if len(days) > MOST_EXTRA_DAYS or any(not 0 < day <= FARTHEST_DAY for day in days):
        errors["extra_days"] = [_("Give at most ten numbers of days from 1 to 365.")]
    if errors:
        raise Invalid("preferences_invalid", _("The preferences were not saved."), fields=errors)
    with transaction.atomic():
        before = preferences_of(user).extra_days
        kept, _new = ReminderPreferences.objects.update_or_create(
            user=user,
            defaults={
                "in_application": in_application,
                "mail": mail,
                "webhook": webhook,
                "digest": digest,
                "digest_hour": digest_hour,
                "quiet_from": quiet_from,
                "quiet_until": quiet_until,
                "extra_days": days,
            },
        )
        if before != days:
            reminder_rearming.order(now, officer=user)
    return kept


@dataclass(frozen=True)
class StepWanted:
    """One step as an office writes it. ``escalate`` and ``escalate_critical``: hours, or None."""

    offset_hours: int
    repeat_hours: int = 0
    audience: int = Audience.RESPONSIBLE
    escalate: int | None = None
    escalate_critical: int | None = None


def schedule_shown(authority: Authority, schedule: int) -> tuple[list[ReminderStep], bool]:
    """The steps by which the office reminds, and whether they are its own."""
    own = ReminderStep.objects.filter(authority=authority, schedule=schedule)
    rows = list(own.order_by("offset_hours"))
    if rows:
        return rows, True
    everybodys = ReminderStep.objects.filter(authority__isnull=True, schedule=schedule)
    return list(everybodys.order_by("offset_hours")), False


def set_schedule(
    authority: Authority,
    schedule: int,
    steps: Sequence[StepWanted],
    *,
    user: User,
    now: datetime,
) -> None:
    """Give the office its own steps; none: everybody's apply again. Running deadlines follow.

    Raises NotAllowed for a role that may not; Invalid (``steps``) where a step is out of range, two
    fall on the same hour, a step repeats oftener than daily, or none comes after the end.
    """
    require_may_set(authority, user)
    wrong: list[Text] = []
    if len(steps) > MOST_STEPS:
        wrong.append(_("Give at most twenty steps."))
    if len({step.offset_hours for step in steps}) != len(steps):
        wrong.append(_("Two steps fall on the same hour. Leave one out."))
    for step in steps:
        hours = [step.escalate or 0, step.escalate_critical or 0]
        if (
            abs(step.offset_hours) > LARGEST_OFFSET
            or not (step.repeat_hours == 0 or SHORTEST_REPEAT <= step.repeat_hours <= 31 * 24)
            or step.audience not in Audience.values
            or any(not 0 <= number <= LONGEST_ESCALATION for number in hours)
        ):
            wrong.append(
                _(
                    "A step lies within a year of the end, repeats daily at most, and escalates "
                    "within thirty days."
                )
            )
            break
    if steps and not any(step.offset_hours >= 0 for step in steps):
        wrong.append(_("Let one step come at the end or after it: nobody may miss it unnoticed."))
    if wrong:
        raise Invalid("schedule_invalid", _("The schedule was not saved."), fields={"steps": wrong})
    with transaction.atomic():
        ReminderStep.objects.filter(authority=authority, schedule=schedule).delete()
        ordered = sorted(steps, key=lambda step: step.offset_hours)
        ReminderStep.objects.bulk_create(
            ReminderStep(
                authority=authority,
                schedule=ReminderSchedule(schedule),
                step=number,
                offset_hours=step.offset_hours,
                repeat_hours=step.repeat_hours,
                audience=step.audience,
                escalate_after_hours=step.escalate or None,
                escalate_critical_after_hours=step.escalate_critical or None,
            )
            for number, step in enumerate(ordered[:OWN_STEPS])
        )
        reminder_rearming.order(now, authority=authority)


def require_may_set(authority: Authority, user: User) -> None:
    """Raises NotAllowed unless the person may set reminders and supervision of this office."""
    if authority.pk not in authorities_where(user, "set_reminders"):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow this. Ask an administrator."),
        )
