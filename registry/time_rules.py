"""When a time limit ends: pure arithmetic on a rule, an instant and calendars. No database.

Conventions, the same for every rule:

- The trigger is an instant. The day it falls on is its day in the rule's zone, so an arrest at
  23:30 in Buenos Aires belongs to that evening and not to the next day in Brussels.
- The day of the trigger is not counted unless the rule says so: 40 days from 3 March end on
  12 April.
- Hours run exactly, in absolute time, whatever the clocks on the wall do meanwhile.
- A limit in days, months or years ends with its last day: the due instant is 23:59:59 of that day
  in the rule's zone (the later one, where the clocks pass it twice).
- Months and years keep the day number; where the month is too short, its last day. A fractional
  number of years must make whole months (4.5 years are 54 months).
- A limit that rolls and would end on a day that is not a working day ends on the next working day;
  one that counts backwards, on the working day before.

Days are calendar days in every unit but ``working_days``.
"""

from __future__ import annotations

import calendar as month_lengths
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from registry.refusals import Invalid, Refusal

LAST_SECOND = time(23, 59, 59)
LONGEST_CLOSURE = 400
"""Days in a row without a working day after which a calendar is taken to be wrong."""


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    CONSECUTIVE_DAYS = "consecutive_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"


class Rounding(StrEnum):
    """What is done with the last day before it is looked at as a working day."""

    NONE = ""
    FIRST_OF_NEXT_MONTH = "first_of_next_month"


class Calendar(Protocol):
    """The working days of somewhere."""

    @property
    def name(self) -> str: ...

    def is_working_day(self, day: date) -> bool: ...

    def why_not(self, day: date) -> str:
        """What makes this day no working day (the holiday's name, the weekday)."""
        ...


class NoFixedPeriod(Refusal):
    """The rule has no length in a unit that can be counted: *promptly*, *without delay*."""


@dataclass(frozen=True)
class Rule:
    """A time limit as the engine needs it.

    ``calendar`` is the key, in the calendars given, of the one whose working days count.
    ``backwards`` is for what must be done at least so long before an event (a summons served 50
    days before the hearing). The texts only find their way into the derivation; ``counted_from``
    names the event that stands for the trigger where nobody can know the trigger itself (the
    sending, for a receipt that only the other side sees).
    """

    length: Decimal
    unit: Unit
    zone: tzinfo
    first_day_counted: bool = False
    rolls: bool = False
    calendar: str = ""
    backwards: bool = False
    rounding: Rounding = Rounding.NONE
    trigger: str = ""
    counted_from: str = ""
    article: str = ""


@dataclass(frozen=True)
class Due:
    """When a limit ends (aware, in the rule's zone), its last day, and how both were reached."""

    at: datetime
    last_day: date
    derivation: dict[str, Any] = field(default_factory=dict)

    def sentence(self) -> str:
        return sentence(self.derivation)


def due(rule: Rule, trigger: datetime, calendars: Mapping[str, Calendar] | None = None) -> Due:
    """When the limit set running by ``trigger`` ends.

    Raises NoFixedPeriod for a length that the unit cannot have, and Invalid for a trigger without
    a zone, a calendar that is not given or has no working days, and a date out of range.
    """
    if trigger.tzinfo is None:
        raise Invalid(
            "zone_missing",
            _("The instant of the event has no time zone."),
            fields={"from": [_("Add the offset from UTC, for example 2026-03-03T23:30-03:00.")]},
        )
    if rule.length < 0:
        raise NoFixedPeriod("negative_length", _("A time limit cannot have a negative length."))
    try:
        start = trigger.astimezone(rule.zone)
        end = _end(rule, start, dict(calendars or {}))
        end.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise Invalid(
            "date_out_of_range",
            _("The time limit would end outside the years 1 to 9999."),
            fields={"from": [_("Give a date within the calendar.")]},
        ) from error
    return _explained(rule, start, end, dict(calendars or {}))


def _end(rule: Rule, start: datetime, calendars: dict[str, Calendar]) -> datetime:
    return settled_end(rule, counted_end(rule, start, calendars), calendars)


def counted_end(rule: Rule, start: datetime, calendars: Mapping[str, Calendar]) -> date | datetime:
    """Where counting alone leads, before rounding and rolling: a day, or an instant for hours.

    ``start`` is the trigger in the rule's zone.
    """
    if rule.unit is Unit.HOURS:
        return _by_hours(rule, start)
    return _last_day(rule, start.date(), dict(calendars))


def settled_end(
    rule: Rule, counted: date | datetime, calendars: Mapping[str, Calendar]
) -> datetime:
    """The due instant: what ``counted_end`` (moved or not) comes to after rounding and rolling."""
    given = dict(calendars)
    if isinstance(counted, datetime):
        day = _settled(rule, counted.date(), given)
        return counted if day == counted.date() else end_of(day, rule.zone)
    return end_of(_settled(rule, counted, given), rule.zone)


def end_of(day: date, zone: tzinfo) -> datetime:
    """The last second of a day in a zone, also where the clocks pass it twice or skip it."""
    local = datetime.combine(day, LAST_SECOND, tzinfo=zone).replace(fold=1)
    return local.astimezone(UTC).astimezone(zone)


def _by_hours(rule: Rule, start: datetime) -> datetime:
    span = timedelta(seconds=float(rule.length * 3600))
    exact = start.astimezone(UTC)
    return (exact - span if rule.backwards else exact + span).astimezone(rule.zone)


def _last_day(rule: Rule, first: date, calendars: dict[str, Calendar]) -> date:
    """The last day before rounding and rolling."""
    match rule.unit:
        case Unit.MONTHS:
            return _months_on(rule, first, whole(rule.length))
        case Unit.YEARS:
            return _months_on(rule, first, whole(rule.length * 12))
        case Unit.WORKING_DAYS:
            return _working_days_on(
                rule, first, whole(rule.length), working_calendar(rule, calendars)
            )
        case _:
            days = timedelta(days=max(0, whole(rule.length) - int(rule.first_day_counted)))
            return first - days if rule.backwards else first + days


def _settled(rule: Rule, day: date, calendars: dict[str, Calendar]) -> date:
    """The last day after rounding and rolling."""
    if rule.rounding is Rounding.FIRST_OF_NEXT_MONTH:
        day = first_of_next_month(day)
    if not rule.rolls:
        return day
    step = timedelta(days=-1 if rule.backwards else 1)
    working = working_calendar(rule, calendars)
    for _tried in range(LONGEST_CLOSURE):
        if working.is_working_day(day):
            return day
        day += step
    raise _no_working_days(working)


def whole(length: Decimal) -> int:
    if length != length.to_integral_value():
        raise NoFixedPeriod(
            "fraction_cannot_be_counted",
            _("This length does not make whole days or whole months, so no day can be computed."),
        )
    return int(length)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that is shorter."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    last = month_lengths.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def first_of_next_month(day: date) -> date:
    return add_months(day.replace(day=1), 1)


def _months_on(rule: Rule, first: date, months: int) -> date:
    """The day with the same number so many months on, or that month's last day.

    Where the first day counts, a full month ends on the day before the day of the same number
    (3 March to 2 April), or on the last day of a month too short to have that number.
    """
    if rule.backwards:
        day = add_months(first, -months)
        if rule.first_day_counted and months and day.day == first.day:
            day += timedelta(days=1)
        return day
    day = add_months(first, months)
    if rule.first_day_counted and months and day.day == first.day:
        day -= timedelta(days=1)
    return day


def _working_days_on(rule: Rule, first: date, count: int, working: Calendar) -> date:
    left = count
    if rule.first_day_counted and left and working.is_working_day(first):
        left -= 1
    return working_days_on(first, left, working, backwards=rule.backwards)


def working_days_on(first: date, count: int, working: Calendar, *, backwards: bool = False) -> date:
    """The day on which so many working days after (or before) ``first`` have passed."""
    step = timedelta(days=-1 if backwards else 1)
    day, left, idle = first, count, 0
    while left:
        day += step
        if working.is_working_day(day):
            left, idle = left - 1, 0
        elif (idle := idle + 1) > LONGEST_CLOSURE:
            raise _no_working_days(working)
    return day


def working_calendar(rule: Rule, calendars: Mapping[str, Calendar]) -> Calendar:
    """The calendar that the rule counts by. Raises Invalid where it was not given."""
    try:
        return calendars[rule.calendar]
    except KeyError:
        raise Invalid(
            "calendar_missing",
            _("This time limit depends on working days, and no calendar was given."),
            fields={"calendar": [_("Name the State whose working days count.")]},
        ) from None


def _no_working_days(working: Calendar) -> Invalid:
    return Invalid(
        "calendar_without_working_days",
        _("The calendar “%(name)s” has no working days there.") % {"name": working.name},
        fields={"calendar": [_("Correct the weekend or the closing days of the office.")]},
    )


# --- the derivation -----------------------------------------------------------------------


def _explained(rule: Rule, start: datetime, end: datetime, calendars: dict[str, Calendar]) -> Due:
    """The result with its derivation: plain values that JSON can hold, and the sentence reads."""
    unrolled = (
        _by_hours(rule, start).date()
        if rule.unit is Unit.HOURS
        else _last_day(rule, start.date(), calendars)
    )
    rounded = (
        first_of_next_month(unrolled) if rule.rounding is Rounding.FIRST_OF_NEXT_MONTH else unrolled
    )
    last_day = end.date()
    working = calendars.get(rule.calendar) if _uses_calendar(rule) else None
    derivation: dict[str, Any] = {
        "length": plain(rule.length),
        "unit": rule.unit.value,
        "direction": "before" if rule.backwards else "after",
        "trigger": rule.trigger,
        "counted_from": rule.counted_from,
        "article": rule.article,
        "from": start.isoformat(),
        "first_day": start.date().isoformat(),
        "first_day_counted": rule.first_day_counted,
        "zone": zone_name(rule.zone),
        "calendar": working.name if working else "",
        "rolls": rule.rolls,
        "rounding": rule.rounding.value,
        "unrounded": unrolled.isoformat() if rounded != unrolled else "",
        "rolled_over": _why_not(working, days_between(rounded, last_day)) if working else [],
        "last_day": last_day.isoformat(),
        "due": end.isoformat(),
    }
    return Due(at=end, last_day=last_day, derivation=derivation)


def rolled_days(
    rule: Rule, counted: date | datetime, calendars: Mapping[str, Calendar]
) -> list[dict[str, str]]:
    """The days over which an end rolls, each with why it is no working day."""
    if not rule.rolls:
        return []
    day = counted.date() if isinstance(counted, datetime) else counted
    if rule.rounding is Rounding.FIRST_OF_NEXT_MONTH:
        day = first_of_next_month(day)
    last = settled_end(rule, counted, calendars).date()
    return _why_not(working_calendar(rule, calendars), days_between(day, last))


def _why_not(working: Calendar, days: list[date]) -> list[dict[str, str]]:
    return [{"day": day.isoformat(), "why": working.why_not(day)} for day in days]


def _uses_calendar(rule: Rule) -> bool:
    return rule.rolls or rule.unit is Unit.WORKING_DAYS


def days_between(first: date, last: date) -> list[date]:
    """The days from ``first`` up to, without, ``last``, in the direction of travel."""
    step = 1 if last >= first else -1
    return [first + timedelta(days=n * step) for n in range(abs((last - first).days))]


def zone_name(zone: tzinfo) -> str:
    """Europe/Brussels, or UTC-03:00 for a bare offset."""
    return str(getattr(zone, "key", None) or zone)


def plain(length: Decimal) -> str:
    return f"{length.normalize():f}"


def sentence(derivation: Mapping[str, Any]) -> str:
    """The derivation in words, in the language in force.

    For example: 40 days from date of provisional arrest on 3 March 2026 in
    America/Argentina/Buenos_Aires, Art. 16(4); ends Sunday 12 April 2026, does not roll.
    """
    if not derivation:
        return ""
    exact = derivation["unit"] == Unit.HOURS
    start = datetime.fromisoformat(derivation["from"])
    values = {
        "length": length_in_words(derivation["length"], derivation["unit"]),
        "event": _event_in_words(derivation),
        "day": day_in_words(start.date()) + (time_in_words(start) if exact else ""),
        "zone": derivation["zone"],
    }
    text = (
        gettext("%(length)s before %(event)s on %(day)s in %(zone)s")
        if derivation["direction"] == "before"
        else gettext("%(length)s from %(event)s on %(day)s in %(zone)s")
    ) % values
    if derivation["article"]:
        text += gettext(", Art. %(article)s") % {"article": derivation["article"]}
    if derivation["calendar"] and derivation["unit"] == Unit.WORKING_DAYS:
        text += gettext(", working days of %(calendar)s") % {"calendar": derivation["calendar"]}
    if derivation["first_day_counted"] and not exact:
        text += gettext(", first day counted")
    return text + _ending_in_words(derivation, exact=exact)


def _event_in_words(derivation: Mapping[str, Any]) -> str:
    event = derivation["trigger"] or gettext("the event")
    if not derivation["counted_from"]:
        return event
    return gettext("%(event)s (counted from %(other_event)s)") % {
        "event": event,
        "other_event": gettext(derivation["counted_from"]),
    }


def _ending_in_words(derivation: Mapping[str, Any], *, exact: bool) -> str:
    end = datetime.fromisoformat(derivation["due"])
    day = date.fromisoformat(derivation["last_day"])
    over = derivation["rolled_over"]
    text = ""
    if derivation["unrounded"]:
        text += gettext("; from %(day)s to the first day of the month after") % {
            "day": day_in_words(date.fromisoformat(derivation["unrounded"]))
        }
    if over:
        text += gettext("; would end %(day)s, no working day in %(calendar)s (%(why)s)") % {
            "day": day_in_words(date.fromisoformat(over[0]["day"]), weekday=True),
            "calendar": derivation["calendar"],
            "why": over[0]["why"],
        }
    words = day_in_words(day, weekday=True) + (time_in_words(end) if exact and not over else "")
    if over:
        return text + gettext("; rolls to %(day)s") % {"day": words}
    if derivation["direction"] == "before":
        text += gettext("; at the latest %(day)s") % {"day": words}
    else:
        text += gettext("; ends %(day)s") % {"day": words}
    if exact:
        return text
    return text + (
        gettext(", a working day") if derivation["rolls"] else gettext(", does not roll")
    )


def length_in_words(length: str, unit: str) -> str:
    """The length with its unit in the right number. Fractions take the plural."""
    number = Decimal(length)
    count = int(number) if number == number.to_integral_value() else 2
    forms = {
        Unit.HOURS: ngettext("%(length)s hour", "%(length)s hours", count),
        Unit.DAYS: ngettext("%(length)s day", "%(length)s days", count),
        Unit.CONSECUTIVE_DAYS: ngettext(
            "%(length)s consecutive day", "%(length)s consecutive days", count
        ),
        Unit.WORKING_DAYS: ngettext("%(length)s working day", "%(length)s working days", count),
        Unit.MONTHS: ngettext("%(length)s month", "%(length)s months", count),
        Unit.YEARS: ngettext("%(length)s year", "%(length)s years", count),
    }
    return forms[Unit(unit)] % {"length": length}


def day_in_words(day: date, *, weekday: bool = False) -> str:
    with_weekday = pgettext("date with weekday, Django format", "l j F Y")
    without = pgettext("date, Django format", "j F Y")
    return date_format(day, with_weekday if weekday else without)


def time_in_words(instant: datetime) -> str:
    clock = instant.strftime("%H:%M:%S" if instant.second else "%H:%M")
    return gettext(" at %(time)s") % {"time": clock}
