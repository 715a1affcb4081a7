"""Reports that come again by themselves, each for the period that has just ended.

On the first day of a month, quarter or year, in the authority's zone, the report of the one that
ended the day before is ordered, compared with the same one a year earlier. Two schedulers at once do
no harm: the day is moved on by a conditional update, and whoever moved it orders. After a
standstill every period missed is ordered, in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.deadlines import today_of
from registry.models import Authority, User
from registry.refusals import Invalid, NotAllowed, NotFound
from registry.time_rules import add_months
from treaties.compliance_report import ordering
from treaties.compliance_report.ordering import Period
from treaties.models import ReportSchedule
from treaties.obligation_files import must_be_allowed

Every = ReportSchedule.Every
MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


def schedules_of(owners: Sequence[int]) -> QuerySet[ReportSchedule]:
    """The schedules of these authorities that are running."""
    return ReportSchedule.objects.filter(owner__in=owners, stopped_at=None).select_related(
        "ordered_by", "state", "owner"
    )


def schedule(
    owner: Authority,
    *,
    every: str,
    edition: str,
    language: str,
    scope: Sequence[str] = (),
    user: User,
    now: datetime,
) -> ReportSchedule:
    """Have a report made again and again. Raises NotAllowed, and Invalid by field."""
    must_be_allowed(user, "assess", owner.pk)
    errors = ordering.wrong_choices(edition, language, scope)
    if every not in Every.values:
        errors["every"] = [_("Choose how often the report is to be made.")]
    if errors:
        raise Invalid("invalid_schedule", _("The report was not scheduled."), fields=errors)
    return ReportSchedule.objects.create(
        owner=owner,
        state_id=owner.state_id,
        every=every,
        edition=edition,
        language=language,
        scope=sorted(set(scope)),
        next_on=first_day_after(today_of(owner, now), every),
        ordered_by=user,
        ordered_at=now,
    )


def stop(key: int, *, user: User, now: datetime) -> None:
    """Stop a schedule; what it has made stays. Raises NotFound, and NotAllowed for a reader."""
    found = schedules_of(ordering.offices_read(user)).filter(pk=key).first()
    if found is None:
        raise NotFound("not_found", _("There is no such schedule."))
    must_be_allowed(user, "assess", found.owner_id)
    ReportSchedule.objects.filter(pk=key, stopped_at=None).update(stopped_at=now)


def order_what_is_due(now: datetime) -> int:
    """Order the reports whose day has come. Returns how many."""
    ordered = 0
    # A day that has begun anywhere may have begun in the authority's zone.
    for found in ReportSchedule.objects.filter(
        stopped_at=None, next_on__lte=(now + timedelta(days=1)).date()
    ).select_related("owner__state", "ordered_by"):
        while found.next_on <= today_of(found.owner, now):
            ordered += _order(found, now)
    return ordered


def first_day_after(day: date, every: str) -> date:
    """The first day of the month, quarter or year that follows."""
    months = MONTHS[Every(every)]
    first_month = (day.month - 1) // months * months + 1
    return add_months(date(day.year, first_month, 1), months)


def _order(found: ReportSchedule, now: datetime) -> int:
    """Order the report of the period that ended the day before, unless somebody else has."""
    day = found.next_on
    months = MONTHS[Every(found.every)]
    following = add_months(day, months)
    moved = ReportSchedule.objects.filter(pk=found.pk, next_on=day, stopped_at=None)
    with transaction.atomic():
        mine = moved.update(next_on=following)
        found.next_on = following
        if not mine:
            return 0
        period = Period(add_months(day, -months), day - timedelta(days=1))
        try:
            ordering.order(
                found.owner,
                period,
                compared=Period(
                    add_months(period.since, -12), add_months(day, -12) - timedelta(days=1)
                ),
                edition=found.edition,
                language=found.language,
                scope=found.scope,
                schedule=found,
                user=found.ordered_by,
                now=now,
            )
        except NotAllowed:
            # Who scheduled it no longer works there: nobody stands behind it any more.
            ReportSchedule.objects.filter(pk=found.pk).update(stopped_at=now)
            return 0
    return 1
