"""From when on an office counts a deadline as at risk: its own limits, or the usual ones.

Office practice, not law. The usual ones stand as defaults on ``RiskLimits``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from registry.models import Authority, RiskLimits, User
from registry.models.risk_limits import LONGEST
from registry.refusals import Invalid, Text
from registry.reminder_preferences import require_may_set

NAMES = ("critical_days", "not_acknowledged_days", "paused_days", "nobody_days")


@dataclass(frozen=True)
class Limits:
    """So many days before the end (of a pause: since its beginning)."""

    critical_days: int
    not_acknowledged_days: int
    paused_days: int
    nobody_days: int

    @property
    def critical(self) -> timedelta:
        return timedelta(days=self.critical_days)

    @property
    def not_acknowledged(self) -> timedelta:
        return timedelta(days=self.not_acknowledged_days)

    @property
    def paused(self) -> timedelta:
        return timedelta(days=self.paused_days)

    @property
    def nobody(self) -> timedelta:
        return timedelta(days=self.nobody_days)


def _limits(row: RiskLimits) -> Limits:
    return Limits(*(getattr(row, name) for name in NAMES))


USUAL = _limits(RiskLimits())


@dataclass(frozen=True)
class AllLimits:
    """The limits of every office; ``own`` are those that differ from the usual."""

    own: dict[int, Limits]

    def of(self, office: int) -> Limits:
        return self.own.get(office, USUAL)

    def offices_by_limits(self) -> dict[Limits, list[int]]:
        found = defaultdict(list)
        for office, limits in self.own.items():
            found[limits].append(office)
        return dict(found)


def all_limits() -> AllLimits:
    """One query."""
    rows = {row.authority_id: _limits(row) for row in RiskLimits.objects.all()}
    return AllLimits({office: limits for office, limits in rows.items() if limits != USUAL})


def limits_of(authority: Authority) -> RiskLimits:
    """The office's limits; the usual ones, not saved, where it has none of its own."""
    found = RiskLimits.objects.filter(pk=authority.pk).select_related("changed_by").first()
    return found or RiskLimits(authority=authority)


def set_limits(
    authority: Authority,
    *,
    critical_days: int | None,
    not_acknowledged_days: int | None,
    paused_days: int | None,
    nobody_days: int | None,
    user: User,
    now: datetime,
) -> RiskLimits:
    """Give the office limits of its own. The list of what is at risk follows at once.

    Raises NotAllowed for a role that may not; Invalid by field for what is no number of days from 1
    to 365.
    """
    require_may_set(authority, user)
    given = dict(
        zip(NAMES, (critical_days, not_acknowledged_days, paused_days, nobody_days), strict=True)
    )
    wrong: dict[str, list[Text]] = {
        name: [_("Give a number of days from 1 to 365.")]
        for name, days in given.items()
        if days is None or not 1 <= days <= LONGEST
    }
    if wrong:
        raise Invalid("risk_limits_invalid", _("The limits were not saved."), fields=wrong)
    kept, _new = RiskLimits.objects.update_or_create(
        authority=authority, defaults={**given, "changed_by": user, "changed_at": now}
    )
    return kept
