"""Custody in an extradition: when it began and ended, and how long it has lasted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from cases.models import CustodyPeriod, ExtraditionCase
from registry.refusals import Invalid


def is_held(extradition: ExtraditionCase) -> bool:
    return extradition.custody_periods.filter(ended_at__isnull=True).exists()


def begin(extradition: ExtraditionCase, *, at: datetime, place: str, zone: str) -> CustodyPeriod:
    """Begin a period of custody. Raises Invalid (``at``) where it would overlap another."""
    if is_held(extradition):
        raise Invalid(
            "held_already",
            _("The person is in custody already: record the end of that first."),
            fields={"at": [_("The person is in custody already: record the end of that first.")]},
        )
    if extradition.custody_periods.filter(ended_at__gt=at).exists():
        sentence = _("An earlier custody lasted longer than that. Check the day and time.")
        raise Invalid("custody_overlaps", sentence, fields={"at": [sentence]})
    return CustodyPeriod.objects.create(
        extradition=extradition, began_at=at, place=place[:160], zone=zone
    )


def end(extradition: ExtraditionCase, *, at: datetime, reason: str) -> bool:
    """End the custody that lasts, if one does. Raises Invalid (``at``) before its beginning."""
    held = extradition.custody_periods.filter(ended_at__isnull=True).first()
    if held is None:
        return False
    if at < held.began_at:
        sentence = _("The custody began after that. Check the day and time.")
        raise Invalid("ended_before_it_began", sentence, fields={"at": [sentence]})
    held.ended_at, held.end_reason = at, reason[:240]
    held.save(update_fields=["ended_at", "end_reason"])
    return True


def total(periods: list[CustodyPeriod], now: datetime) -> timedelta:
    """All the time in custody for this extradition, as far as it lasts now."""
    return sum((period.lasted(now) for period in periods), timedelta())
