"""``manage.py time_limit CODE --from INSTANT``: when a limit of the register ends, and why."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext_lazy as _

from registry.calendars import WorkingInBoth, working_days_of
from registry.clock_rules import (
    BOTH,
    COUNTED_BY,
    REQUESTED,
    REQUESTING,
    allowance_of,
    side_meant,
)
from registry.clock_words import sentence
from registry.models import State
from registry.refusals import Invalid
from registry.running_clock import ClockEvent, EventKind, run
from registry.time_rules import Calendar, NoFixedPeriod, Rule, Unit, due, zone_name
from treaties.clocks import bound_side, law_of
from treaties.models import TimeLimit
from treaties.time_limits import limit_called, rule_of


class Command(BaseCommand):
    help = (
        "When a time limit of the register ends, counted from an instant. The day of the event is "
        "its day in the zone given, else at the offset given. Exit code 0 also for a limit without "
        "a fixed period (due is then null); 2 for what cannot be understood."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", nargs="?", help="for example ETS24-PA-40")
        parser.add_argument(
            "--from",
            dest="instant",
            help="the event: 2026-03-03T23:30-03:00, or a day for a limit that is not in hours",
        )
        parser.add_argument("--zone", help="for example America/Argentina/Buenos_Aires")
        parser.add_argument("--calendar", help="code of the State whose working days count")
        parser.add_argument(
            "--requesting", help="code of the requesting State: its zone and working days"
        )
        parser.add_argument(
            "--requested", help="code of the requested State: its zone and working days"
        )
        parser.add_argument(
            "--events",
            nargs="+",
            default=[],
            metavar="KIND@INSTANT[=MORE]",
            help=(
                "what happened to the clock: suspend@2026-03-10T09:00+01:00='awaiting translation', "
                "resume@…, extend@…=30:days or extend@…=2026-05-01, restart@…, meet@…, stop@…"
            ),
        )
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--list", action="store_true", help="list the codes of the register")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["list"]:
                self._list()
            else:
                self._answer(options)
        except Invalid as refusal:
            remedies = " ".join(str(r) for sentences in refusal.fields.values() for r in sentences)
            if options["as_json"]:
                self.stdout.write(json.dumps(_error(refusal), ensure_ascii=False))
            raise CommandError(f"{refusal.detail} {remedies}".strip(), returncode=2) from refusal

    def _list(self) -> None:
        for limit in TimeLimit.objects.all():
            period = f"{limit.length.normalize():f} " if limit.length is not None else ""
            self.stdout.write(f"{limit.code}\t{period}{limit.unit}\t{limit.trigger}")

    def _answer(self, options: dict[str, Any]) -> None:
        if not options["code"]:
            raise Invalid("code_missing", _("Name a time limit."), fields={})
        limit = limit_called(options["code"])
        zone = _zone(options["zone"])
        answer: dict[str, Any] = {
            "code": limit.code,
            "instrument": limit.instrument_id,
            "article": limit.article or None,
            "kind": limit.kind,
            "trigger": limit.trigger,
            "length": None if limit.length is None else float(limit.length),
            "unit": limit.unit,
            "due": None,
            "due_utc": None,
            "last_day": None,
            "zone": None,
            "derivation": None,
            "explanation": None,
            "steps": None,
            "extendable": limit.extendable or None,
            "consequence": limit.consequence or None,
            "bound_party": limit.bound_party or None,
            "confidence": limit.confidence,
            "source": limit.source or None,
        }
        try:
            rule_of(limit, zone=UTC)
            sides = {side: _state(options[side], side) for side in (REQUESTING, REQUESTED)}
            zone = zone or _zone_of(limit, sides)
            start = _instant(options["instant"], zone, needs_time=limit.unit == Unit.HOURS)
            rule = rule_of(limit, zone=start.tzinfo or UTC, calendar=COUNTED_BY)
            calendars = _calendars(limit, options["calendar"], sides)
            if options["events"]:
                answer |= _lived(limit, rule, start, calendars, options["events"])
            else:
                result = due(rule, start, calendars)
                answer |= _reached(result.at, result.last_day, result.derivation, rule)
            answer["explanation"] = answer["derivation"]
        except NoFixedPeriod as refusal:
            answer["explanation"] = answer["derivation"] = str(refusal.detail)
        self._print(answer, as_json=options["as_json"])

    def _print(self, answer: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(answer["due"] or str(_("no date")))
        self.stdout.write(answer["explanation"])
        if answer["consequence"]:
            self.stdout.write(f"{_('Then')}: {answer['consequence']}")
        self.stdout.write(f"{_('Confidence')}: {answer['confidence']}")


def _reached(
    end: datetime, last_day: date, derivation: dict[str, Any], rule: Rule
) -> dict[str, Any]:
    return {
        "due": end.isoformat(),
        "due_utc": end.astimezone(UTC).isoformat(),
        "last_day": last_day.isoformat(),
        "zone": zone_name(rule.zone),
        "derivation": sentence(derivation),
        "steps": derivation,
    }


def _lived(
    limit: TimeLimit,
    rule: Rule,
    start: datetime,
    calendars: dict[str, Calendar],
    written: list[str],
) -> dict[str, Any]:
    """The answer for a clock to which something has happened; ``state`` and ``refused`` besides."""
    events = [ClockEvent(EventKind.START, start), *(_event(text, rule.zone) for text in written)]
    found = run(rule, events, calendars, allowance=allowance_of(law_of(limit)))
    if found.due is None or found.last_day is None:
        return {}
    return _reached(found.due, found.last_day, found.derivation, rule) | {
        "state": found.state.value,
        "remaining": found.remaining_in_words() or None,
        "settled": found.settled_at.isoformat() if found.settled_at else None,
        "refused": [
            {"kind": r.event.kind.value, "at": r.event.at.isoformat(), "why": str(r.why)}
            for r in found.refused
        ],
    }


def _event(text: str, zone: tzinfo) -> ClockEvent:
    """An event as it is written on the command line: KIND@INSTANT, and =MORE for some."""
    head, _equals, more = text.partition("=")
    kind, _at, instant = head.partition("@")
    if kind not in set(EventKind) - {EventKind.START}:
        raise Invalid(
            "unknown_event",
            _("“%(kind)s” is nothing that happens to a clock.") % {"kind": kind},
            fields={"events": [", ".join(kind.value for kind in EventKind if kind != "start")]},
        )
    at = _instant(instant, None if _has_offset(instant) else zone, needs_time=False)
    known = EventKind(kind)
    if known is not EventKind.EXTEND:
        return ClockEvent(known, at, ground=more)
    length, _colon, unit = more.partition(":")
    try:
        if unit:
            return ClockEvent(known, at, length=Decimal(length), unit=Unit(unit))
        return ClockEvent(known, at, until=date.fromisoformat(more))
    except (ValueError, InvalidOperation) as error:
        raise Invalid(
            "unreadable_extension",
            _("“%(text)s” is no extension.") % {"text": more},
            fields={"events": [_("Write extend@…=30:days or extend@…=2026-05-01.")]},
        ) from error


def _has_offset(instant: str) -> bool:
    try:
        return datetime.fromisoformat(instant).tzinfo is not None
    except ValueError:
        return True


def _zone_of(limit: TimeLimit, sides: dict[str, State | None]) -> tzinfo | None:
    """The zone of the side by which the limit counts, where its State was given."""
    side = side_meant({"bound": bound_side(limit)}, limit.zone_of)
    state = sides.get(side)
    return ZoneInfo(state.time_zone) if state and state.time_zone else None


def _calendars(
    limit: TimeLimit, named: str | None, sides: dict[str, State | None]
) -> dict[str, Calendar]:
    """The working days by which the limit counts: of the State named, else of the side that rules."""
    if named and (state := _state(named, "calendar")):
        return {COUNTED_BY: working_days_of(state)}
    side = side_meant({"bound": bound_side(limit)}, limit.calendar_of)
    wanted = (REQUESTING, REQUESTED) if side == BOTH else (side,)
    days = [working_days_of(state) for each in wanted if (state := sides.get(each))]
    if len(days) < len(wanted):
        return {}
    return {COUNTED_BY: WorkingInBoth(*days) if len(days) == 2 else days[0]}


def _error(refusal: Invalid) -> dict[str, Any]:
    fields = {name: [str(s) for s in sentences] for name, sentences in refusal.fields.items()}
    return {"error": refusal.code, "detail": str(refusal.detail), "fields": fields}


def _zone(name: str | None) -> tzinfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            "unknown_zone",
            _("There is no time zone “%(name)s”.") % {"name": name},
            fields={"zone": [_("Give a name such as Europe/Brussels.")]},
        ) from error


def _state(code: str | None, field: str) -> State | None:
    if not code:
        return None
    state = State.objects.filter(pk=code.upper()).first()
    if state is None:
        raise Invalid(
            "unknown_state",
            _("No State has the code “%(code)s”.") % {"code": code},
            fields={field: [_("Give its ISO 3166 code, for example BEL.")]},
        )
    return state


def _instant(text: str | None, zone: tzinfo | None, *, needs_time: bool) -> datetime:
    """The event's instant, in the zone given, else at its own offset, else in UTC."""
    if not text:
        raise Invalid(
            "instant_missing",
            _("Say from which instant the time limit runs."),
            fields={"from": [_("Write --from 2026-03-03T23:30-03:00.")]},
        )
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid(
            "unreadable_instant",
            _("“%(text)s” is not an instant.") % {"text": text},
            fields={"from": [_("Write it as 2026-03-03T23:30-03:00; does that day exist?")]},
        ) from error
    if needs_time and _is_a_day(text):
        raise Invalid(
            "time_missing",
            _("This time limit runs in hours: a day alone is not enough."),
            fields={"from": [_("Add the time, for example 2026-03-03T23:30-03:00.")]},
        )
    if instant.tzinfo is not None:
        return _in_zone(instant, zone)
    local = instant.replace(tzinfo=zone or UTC)
    back = local.astimezone(UTC).astimezone(local.tzinfo)
    if back.replace(tzinfo=None) != instant:
        raise Invalid(
            "no_such_local_time",
            _("The clocks skip this time in %(zone)s.") % {"zone": zone_name(zone or UTC)},
            fields={"from": [_("Give the offset from UTC with the time.")]},
        )
    return local


def _in_zone(instant: datetime, zone: tzinfo | None) -> datetime:
    try:
        return instant.astimezone(zone) if zone else instant
    except OverflowError as error:
        raise Invalid(
            "date_out_of_range",
            _("This instant is outside the years 1 to 9999."),
            fields={"from": [_("Give a date within the calendar.")]},
        ) from error


def _is_a_day(text: str) -> bool:
    try:
        date.fromisoformat(text.strip())
    except ValueError:
        return False
    return True
