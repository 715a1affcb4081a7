"""The demonstration's own days off: an office that closes between the years."""

from __future__ import annotations

from datetime import date, datetime

from registry import local_days
from registry.deadlines import today_of
from registry.models import Authority, LocalDay, Role, User

LABEL = "Office closed between the years"


def load_days_off(now: datetime) -> None:
    """Mark the closing days of this year for the Belgian office, unless they are there already."""
    office = Authority.objects.select_related("state").get(reference_prefix="BE-CA")
    year = today_of(office, now).year
    if LocalDay.objects.filter(authority=office, label=LABEL, first_day__year=year).exists():
        return
    approver = User.objects.filter(
        memberships__authority=office, memberships__role=Role.APPROVING_OFFICER
    ).earliest("pk")
    local_days.add(
        state=office.state,
        authority=office,
        first_day=date(year, 12, 28),
        last_day=date(year, 12, 31),
        label=LABEL,
        working=False,
        user=approver,
        now=now,
    )
