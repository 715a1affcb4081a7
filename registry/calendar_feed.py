"""A person's deadlines as a calendar that other programs subscribe to (iCalendar, RFC 5545).

Under a secret address, made on the account page, shown once and revocable; only a digest of the
secret is kept. What it holds is what the person may see at the moment of asking. A sealed matter is
a *confidential deadline* with its time alone: no reference, no State, no zone, since a calendar
program shows its entries on locked telephones and copies them to other machines.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from icalendar import Alarm, Calendar, Event

from registry import clock_words, matter_kinds
from registry.access_tokens import USE_NOTED_EVERY
from registry.deadline_calendar import deadlines_between
from registry.deadline_filters import DeadlineFilters
from registry.deadline_list import COLUMNS
from registry.models import CalendarAddress, Deadline, Dossier, User
from registry.refusals import Invalid
from registry.state_directory import state_label

LOOKS_BACK, LOOKS_AHEAD = timedelta(days=90), timedelta(days=550)
MOST_EVENTS = 2000
MOST_ADDRESSES = 10
LONGEST_ALARM = 14 * 24
WHOSE = {
    "mine": gettext_lazy("My matters"),
    "team": gettext_lazy("My team's"),
    "all": gettext_lazy("All that I may see"),
}
COLUMNS_OF_AN_EVENT = (*COLUMNS, "created_at", "dossier__updated_at")


def make(
    user: User, name: str, *, whose: str = "mine", alarm_hours: int | None = None, now: datetime
) -> tuple[CalendarAddress, str]:
    """Make an address. Returns it with its secret, which is told only now.

    Raises Invalid (``name``, ``whose``, ``alarm_hours``).
    """
    name = name.replace("\x00", "").strip()
    errors: dict[str, list[Any]] = {}
    if not name:
        errors["name"] = [_("Say where it is used, so that you know it again.")]
    elif len(name) > 80:
        errors["name"] = [_("Shorten it to 80 characters.")]
    elif living(user).count() >= MOST_ADDRESSES:
        errors["name"] = [_("You have ten addresses. Revoke one that is no longer used.")]
    if whose not in WHOSE:
        errors["whose"] = [_("Choose one of: %(choices)s.") % {"choices": ", ".join(WHOSE)}]
    if alarm_hours is not None and not 1 <= alarm_hours <= LONGEST_ALARM:
        errors["alarm_hours"] = [_("Give between 1 and 336 hours.")]
    if errors:
        raise Invalid("address_incomplete", _("The address was not made."), fields=errors)
    secret = secrets.token_urlsafe(32)
    address = CalendarAddress.objects.create(
        user=user,
        name=name,
        digest=digest(secret),
        whose=whose,
        alarm_hours=alarm_hours,
        created_at=now,
    )
    return address, secret


def living(user: User) -> Any:
    """The person's addresses that are not revoked, newest first."""
    return CalendarAddress.objects.filter(user=user, revoked_at__isnull=True)


def revoke(user: User, number: int, *, now: datetime) -> bool:
    """End one of the person's own addresses. False where the person has no such living one."""
    return living(user).filter(pk=number).update(revoked_at=now) == 1


def holder(secret: str, now: datetime) -> CalendarAddress | None:
    """The living address with this secret, its person with it; None for any other. One query.

    The time of use is noted at most every ten minutes.
    """
    found = (
        CalendarAddress.objects.select_related("user")
        .filter(digest=digest(secret), revoked_at__isnull=True, user__is_active=True)
        .first()
    )
    if found and (found.last_used_at is None or now - found.last_used_at > USE_NOTED_EVERY):
        CalendarAddress.objects.filter(pk=found.pk).update(last_used_at=now)
    return found


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def feed(address: CalendarAddress, now: datetime) -> bytes:
    """The calendar of this moment, in the person's language. The same while nothing changes.

    Running deadlines from ninety days back to a year and a half ahead.
    """
    user = address.user
    filters = DeadlineFilters(whose="" if address.whose == "all" else address.whose)
    with translation.override(user.language):
        calendar = Calendar()
        calendar.add("prodid", "-//Mutual legal assistance//Deadlines//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", _("Deadlines"))
        calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
        rows, _more = deadlines_between(
            user,
            now - LOOKS_BACK,
            now + LOOKS_AHEAD,
            filters.condition(user),
            most=MOST_EVENTS,
            columns=COLUMNS_OF_AN_EVENT,
        )
        zone = _zone(user)
        for row in rows:
            calendar.add_component(_event(address, row, zone))
        return calendar.to_ical()


def etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _event(address: CalendarAddress, row: dict[str, Any], zone: tzinfo) -> Event:
    sealed = row["dossier__confidentiality"] == Dossier.Confidentiality.SEALED
    event = Event()
    name = salted_hmac("calendar-entry", f"{address.pk}/{row['id']}").hexdigest()[:32]
    event.add("uid", f"{name}@deadlines")
    event.add("dtstamp", row["created_at"] if sealed else row["dossier__updated_at"])
    event.add("summary", _("Confidential deadline") if sealed else _summary(row))
    _set_time(event, row, zone, sealed=sealed)
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL" if sealed else "PRIVATE")
    if not sealed:
        event.add("description", _description(row))
        if page := matter_kinds.page_of(row["dossier__kind"], row["dossier__reference"]):
            event.add("url", f"{settings.PUBLIC_ADDRESS}{page}")
        if row["critical"]:
            event.add("priority", 1)
    if address.alarm_hours:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -timedelta(hours=address.alarm_hours))
        alarm.add("description", event["summary"])
        event.add_component(alarm)
    return event


def _set_time(event: Event, row: dict[str, Any], zone: tzinfo, *, sealed: bool) -> None:
    """A day where the last day is the same for the person and where the clock runs; else the
    instant, since a whole day would promise hours that there are not."""
    due = row["due_at"].astimezone(UTC)
    here, there = due.astimezone(zone), due.astimezone(ZoneInfo(row["zone"]))
    ends_with_the_day = (there.hour, there.minute) == (23, 59)
    if ends_with_the_day and here.date() == there.date() and not sealed:
        event.add("dtstart", here.date())
        event.add("dtend", here.date() + timedelta(days=1))
    else:
        event.add("dtstart", due.replace(microsecond=0))
        event.add("dtend", due.replace(microsecond=0))


def _summary(row: dict[str, Any]) -> str:
    label = f"{row['label']} ({row['dossier__reference']})"
    return _("Critical: %(deadline)s") % {"deadline": label} if row["critical"] else label


def _description(row: dict[str, Any]) -> str:
    there = row["due_at"].astimezone(ZoneInfo(row["zone"]))
    lines = [
        row["dossier__title"],
        state_label(row["dossier__counterpart_id"]) if row["dossier__counterpart_id"] else "",
        f"{date_format(there, 'j F Y, H:i')} ({row['zone']})",
        str(Deadline.BoundParty(row["bound_party"]).label),
        clock_words.sentence(row["derivation"]),
    ]
    return "\n".join(line for line in lines if line)


def _zone(user: User) -> tzinfo:
    try:
        return ZoneInfo(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
