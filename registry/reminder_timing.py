"""When a person is told: at once, with the morning's digest, or after quiet hours. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from registry.models import Channel, ReminderPreferences, User


@dataclass(frozen=True)
class Wish:
    """How a person wants to be told."""

    zone: ZoneInfo
    digest_hour: int | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None


def wish_of(user: User, preferences: ReminderPreferences | None) -> Wish:
    zone = ZoneInfo(user.time_zone)
    if preferences is None:
        return Wish(zone)
    return Wish(
        zone,
        preferences.digest_hour if preferences.digest else None,
        preferences.quiet_from,
        preferences.quiet_until,
    )


def send_at(
    wish: Wish, channel: str, now: datetime, *, due_at: datetime, critical: bool
) -> datetime:
    """When a notice recorded now is sent.

    Critical deadlines and the application ask neither digest nor quiet hours. A digest gathers mail
    only, and never holds back a reminder until its deadline is over.
    """
    if critical or channel == Channel.IN_APPLICATION:
        return now
    at = now
    if channel == Channel.MAIL and wish.digest_hour is not None:
        morning = next_at(time(wish.digest_hour), wish.zone, now)
        if not now <= due_at < morning:
            at = morning
    return after_quiet_hours(wish, at)


def next_at(clock: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The next moment at which the clocks of the zone show this time; now, if they do now."""
    local = now.astimezone(zone)
    day = local.date()
    while True:
        found = datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
        if found >= now:
            return found
        day += timedelta(days=1)


def after_quiet_hours(wish: Wish, at: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours in which it lies."""
    begin, end = wish.quiet_from, wish.quiet_until
    if begin is None or end is None or begin == end:
        return at
    clock = at.astimezone(wish.zone).time()
    quiet = begin <= clock < end if begin < end else clock >= begin or clock < end
    return next_at(end, wish.zone, at) if quiet else at
