"""``manage.py time_limit CODE --from INSTANT``: when a limit of the register ends, and why."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext_lazy as _

from registry.calendars import working_days_of
from registry.models import State
from registry.refusals import Invalid
from registry.time_rules import NoFixedPeriod, Unit, due, sentence, zone_name
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
            start = _instant(options["instant"], zone, needs_time=limit.unit == Unit.HOURS)
            state = _state(options["calendar"])
            rule = rule_of(limit, zone=start.tzinfo or UTC, calendar=state.pk if state else "")
            result = due(rule, start, {state.pk: working_days_of(state)} if state else {})
            answer |= {
                "due": result.at.isoformat(),
                "due_utc": result.at.astimezone(UTC).isoformat(),
                "last_day": result.last_day.isoformat(),
                "zone": zone_name(rule.zone),
                "derivation": sentence(result.derivation),
                "steps": result.derivation,
            }
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


def _state(code: str | None) -> State | None:
    if not code:
        return None
    state = State.objects.filter(pk=code.upper()).first()
    if state is None:
        raise Invalid(
            "unknown_state",
            _("No State has the code “%(code)s”.") % {"code": code},
            fields={"calendar": [_("Give its ISO 3166 code, for example BEL.")]},
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
