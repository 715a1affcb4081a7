"""What becomes of a time limit while its matter lives: pure, on a rule, events and calendars.

``run`` takes the events of one clock in any order and says where it stands, when it is due and how
that was reached. ``registry/time_rules.py`` counts; this module pauses, extends and ends.

Conventions, besides those of the counting:

- A pause moves the end by what it lasted in the rule's own unit: hours exactly; working days by the
  working days of the calendar; everything else (also months and years) by calendar days of the
  rule's zone. As the day of the trigger is not counted, the day on which a pause begins still
  counts and the day on which it ends does not; where a rule counts its first day, the other way
  round. A pause that begins and ends on one day moves nothing counted in days.
- Pauses on several grounds that overlap are one pause: a day lost is lost once.
- A limit that was paused before it ran out does not end before the day on which the pause ends.
- A pause that begins after the limit ran out moves nothing. Nor does any pause move a limit that
  counts backwards from an event.
- While a pause is open nobody knows its end: ``due`` is then where the clock stood when it began,
  and ``remaining`` what is left to run.
- RESTART counts the limit afresh from its instant; pauses and extensions before it are over.
- EXTEND is applied only as far as the allowance goes; what goes beyond is kept in ``refused``.
- Rounding and rolling come last, after all pauses and extensions.
- A clock may start on a day to come (the day agreed for a surrender): a pause before that day moves
  nothing, and what meets the clock before it meets it.
- What meets the clock after it was due leaves it missed, with the instant kept. What comes after
  the end of a clock changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.clock_parts import (
    ANYONE,
    AT_ONE_INSTANT,
    ENDED,
    FREELY,
    NOT_EXTENDABLE,
    Allowance,
    ClockEvent,
    ClockState,
    EventKind,
    Extension,
    FixedEnd,
    Pause,
    Position,
    Refused,
    Run,
    exact,
    extension_refused,
)
from registry.refusals import Invalid, Text
from registry.time_rules import (
    Calendar,
    Rule,
    Unit,
    add_months,
    counted_end,
    due,
    end_of,
    plain,
    rolled_days,
    settled_end,
    whole,
    working_calendar,
    working_days_on,
)

__all__ = [
    "ANYONE",
    "FREELY",
    "NOT_EXTENDABLE",
    "Allowance",
    "ClockEvent",
    "ClockState",
    "EventKind",
    "Extension",
    "FixedEnd",
    "Pause",
    "Position",
    "Refused",
    "Run",
    "extension_refused",
    "run",
]


def run(
    rule: Rule | FixedEnd,
    events: Iterable[ClockEvent],
    calendars: Mapping[str, Calendar] | None = None,
    *,
    allowance: Allowance = NOT_EXTENDABLE,
) -> Run:
    """Where a clock stands after these events, given in any order.

    Raises what ``time_rules.due`` raises: NoFixedPeriod for a length that cannot be counted, Invalid
    for an instant without a zone, a calendar not given, a date out of range.
    """
    given = sorted(events, key=_order)
    for event in given:
        if event.at.tzinfo is None:
            raise Invalid(
                "zone_missing",
                _("The instant of the event has no time zone."),
                fields={"at": [_("Add the offset from UTC, for example 2026-03-03T23:30-03:00.")]},
            )
    clock = _Clock(rule, dict(calendars or {}), allowance)
    try:
        for event in given:
            clock.take(replace(event, at=event.at.astimezone(UTC)))
        return clock.run()
    except (OverflowError, ValueError) as error:
        raise Invalid(
            "date_out_of_range",
            _("The time limit would end outside the years 1 to 9999."),
            fields={"at": [_("Give a date within the calendar.")]},
        ) from error


def _order(event: ClockEvent) -> tuple[bool, datetime, int, int, str, str, str]:
    """The start first, even of a clock that runs from a day to come; then by instant."""
    return (
        event.kind is not EventKind.START,
        exact(event.at),
        AT_ONE_INSTANT.index(event.kind),
        event.number,
        event.ground,
        str(event.until or ""),
        str(event.length or ""),
    )


class _Clock:
    """The clock while its events are taken one after the other."""

    def __init__(
        self, rule: Rule | FixedEnd, calendars: dict[str, Calendar], allowance: Allowance
    ) -> None:
        self.rule = rule
        self.calendars = calendars
        self.allowance = allowance
        self.state = ClockState.NOT_STARTED
        self.unit = _unit_of_pauses(rule)
        self.started_at: datetime | None = None
        self.restarted_at: datetime | None = None
        self.settled_at: datetime | None = None
        self.first_due: datetime | None = None
        self.base: dict[str, Any] = {}
        self.position: Position = date.min
        self.grounds: dict[str, None] = {}
        self.open: set[str] = set()
        self.paused_since: datetime | None = None
        self.pause_counts = False
        self.pauses: list[Pause] = []
        self.extensions: list[Extension] = []
        self.refused: list[Refused] = []

    # --- events

    def take(self, event: ClockEvent) -> None:
        if self.state in ENDED or (
            self.state is ClockState.NOT_STARTED and event.kind is not EventKind.START
        ):
            self._refuse(event, _("The clock was not running then."))
            return
        match event.kind:
            case EventKind.START:
                self._start(event)
            case EventKind.RESTART:
                self._restart(event)
            case EventKind.SUSPEND:
                self._suspend(event)
            case EventKind.RESUME:
                self._resume(event)
            case EventKind.EXTEND:
                self._extend(event)
            case EventKind.MEET:
                self._meet(event)
            case EventKind.MISS:
                self._end(event.at, ClockState.MISSED)
            case EventKind.STOP:
                self._end(event.at, ClockState.STOPPED)

    def _start(self, event: ClockEvent) -> None:
        if self.state is not ClockState.NOT_STARTED:
            self._refuse(event, _("The clock had started already."))
            return
        self.started_at = event.at
        self.state = ClockState.RUNNING
        self._count_from(event.at)
        self.first_due = self._due()

    def _restart(self, event: ClockEvent) -> None:
        if self.started_at is not None and event.at < self.started_at:
            self._refuse(event, _("The clock was not running then."))
            return
        if isinstance(self.rule, FixedEnd):
            self._refuse(event, _("This clock ends on a day that was named: nothing is counted."))
            return
        self.open.clear()
        self.grounds.clear()
        self.paused_since = None
        self.pauses, self.extensions = [], []
        self.restarted_at = event.at
        self.state = ClockState.RUNNING
        self._count_from(event.at)

    def _suspend(self, event: ClockEvent) -> None:
        self.open.add(event.ground)
        self.grounds.setdefault(event.ground)
        if self.paused_since is None:
            self._pause_from(event.at, counts=event.at <= self._due())

    def _resume(self, event: ClockEvent) -> None:
        if not self.open or (event.ground and event.ground not in self.open):
            self._refuse(event, _("The clock was not paused on this ground then."))
            return
        if event.ground:
            self.open.discard(event.ground)
        else:
            self.open.clear()
        if not self.open:
            self._close_pause(event.at)
            self.grounds.clear()
            self.state = ClockState.RUNNING

    def _extend(self, event: ClockEvent) -> None:
        """A pause that is open is counted up to the extension first, and goes on after it."""
        since, counted, start = self.paused_since, self.pause_counts, self.position
        if since is not None:
            self._close_pause(event.at)
        before, after = self.position, self._extended(event)
        if why := extension_refused(
            self.allowance, event, len(self.extensions), before, after, self._latest(before)
        ):
            self._refuse(event, why)
            if since is not None:
                self.pauses.pop()
                self.position, self.paused_since = start, since
            return
        self.position = after
        by_length = event.until is None
        self.extensions.append(
            Extension(
                at=event.at,
                by=event.by,
                before=_day(before),
                after=_day(after),
                length=event.length if by_length else None,
                unit=event.unit if by_length else None,
                until=event.until,
                article=self.allowance.article,
            )
        )
        if since is not None:
            self._pause_from(event.at, counts=counted or event.at <= self._due())

    def _latest(self, before: Position) -> Position | None:
        """How late one extension may end by the allowance; None where any length is allowed."""
        length, unit = self.allowance.length, self.allowance.unit
        if length is None or unit is None:
            return None
        return self._on(before, length, unit)

    def _meet(self, event: ClockEvent) -> None:
        standing = self.paused_since is not None and self.pause_counts
        in_time = standing or event.at <= self._due()
        self._end(event.at, ClockState.MET if in_time else ClockState.MISSED)

    def _end(self, at: datetime, state: ClockState) -> None:
        if self.paused_since is not None:
            self._close_pause(at)
            self.open.clear()
        self.state, self.settled_at = state, at

    def _refuse(self, event: ClockEvent, why: Text) -> None:
        self.refused.append(Refused(event, why))

    # --- counting

    def _count_from(self, at: datetime) -> None:
        if isinstance(self.rule, FixedEnd):
            end = self.rule.at.astimezone(self.rule.zone)
            whole_day = end == end_of(end.date(), self.rule.zone)
            self.position = end.date() if whole_day else end
            return
        found = due(self.rule, at, self.calendars)
        self.base = found.derivation
        self.position = counted_end(self.rule, at.astimezone(self.rule.zone), self.calendars)

    def _due(self) -> datetime:
        if isinstance(self.rule, FixedEnd):
            if isinstance(self.position, datetime):
                return self.position
            return end_of(self.position, self.rule.zone)
        return settled_end(self.rule, self.position, self.calendars)

    def _pause_from(self, at: datetime, *, counts: bool) -> None:
        backwards = isinstance(self.rule, Rule) and self.rule.backwards
        self.paused_since, self.pause_counts = at, counts and not backwards
        self.state = ClockState.SUSPENDED

    def _close_pause(self, at: datetime) -> None:
        since = self.paused_since
        if since is None:
            return
        lost = self._between(since, at)
        if self.pause_counts:
            self.position = self._moved(lost, at)
        self.pauses.append(
            Pause(since, at, tuple(self.grounds), lost, self.unit, self.pause_counts)
        )
        self.paused_since = None

    def _moved(self, lost: Decimal, resumed: datetime) -> Position:
        moved = self._on(self.position, lost, self.unit)
        if isinstance(moved, datetime):
            return moved
        began = self.restarted_at or self.started_at or resumed
        return max(moved, max(began, resumed).astimezone(self.rule.zone).date())

    def _between(self, since: datetime, until: datetime) -> Decimal:
        """What lies between two instants of the clock's run, in the unit of the pauses."""
        began = self.restarted_at or self.started_at
        if began is not None and not (isinstance(self.rule, Rule) and self.rule.backwards):
            since, until = max(since, began), max(until, began)
        if self.unit is Unit.HOURS:
            return _hours(until - since)
        first = since.astimezone(self.rule.zone).date()
        last = until.astimezone(self.rule.zone).date()
        if self.unit is not Unit.WORKING_DAYS or isinstance(self.rule, FixedEnd):
            return Decimal(max(0, (last - first).days))
        working = working_calendar(self.rule, self.calendars)
        return Decimal(_working_days(self.rule, first, last, working))

    def _remaining(self, since: datetime) -> Decimal:
        """What was left to run when the pause open since then began."""
        if isinstance(self.position, datetime) and self.unit is Unit.HOURS:
            return max(Decimal(), _hours(self.position - since))
        last = _day(self.position)
        if isinstance(self.rule, Rule) and self.rule.first_day_counted:
            last += timedelta(days=1)
        return self._between(since, end_of(last, self.rule.zone))

    def _extended(self, event: ClockEvent) -> Position:
        if event.until is not None:
            if isinstance(self.position, datetime):
                return end_of(event.until, self.rule.zone)
            return event.until
        return self._on(self.position, event.length or Decimal(), event.unit or Unit.DAYS)

    def _on(self, position: Position, length: Decimal, unit: Unit) -> Position:
        """The position moved on by a length in a unit: of days also by instants, on the same hour."""
        zone = self.rule.zone
        if unit is Unit.HOURS:
            if isinstance(position, datetime):
                return (position.astimezone(UTC) + _span(length)).astimezone(zone)
            days, hours = divmod(length, 24)
            return position + timedelta(days=int(days) + (1 if hours else 0))
        day = self._day_on(_day(position), length, unit)
        if not isinstance(position, datetime):
            return day
        local = datetime.combine(day, position.timetz().replace(tzinfo=None), tzinfo=zone)
        return local.astimezone(UTC).astimezone(zone)

    def _day_on(self, day: date, length: Decimal, unit: Unit) -> date:
        match unit:
            case Unit.MONTHS:
                return add_months(day, whole(length))
            case Unit.YEARS:
                return add_months(day, whole(length * 12))
            case Unit.WORKING_DAYS:
                if not isinstance(self.rule, Rule):
                    return day + timedelta(days=whole(length))
                working = working_calendar(self.rule, self.calendars)
                return working_days_on(day, whole(length), working)
            case _:
                return day + timedelta(days=whole(length))

    # --- the answer

    def run(self) -> Run:
        if self.state is ClockState.NOT_STARTED:
            return Run(self.state, refused=tuple(self.refused))
        end = self._due()
        paused = self.paused_since is not None
        answer = Run(
            state=self.state,
            started_at=self.started_at,
            first_due=self.first_due,
            due=end,
            last_day=end.astimezone(self.rule.zone).date(),
            suspended_since=self.paused_since,
            remaining=self._remaining(self.paused_since) if self.paused_since else None,
            unit=self.unit,
            settled_at=self.settled_at,
            pauses=tuple(self.pauses),
            extensions=tuple(self.extensions),
            refused=tuple(self.refused),
        )
        answer.derivation.update(self.base)
        if self.pauses or self.extensions or self.restarted_at or paused:
            answer.derivation["run"] = self._explained(answer)
        return answer

    def _explained(self, answer: Run) -> dict[str, Any]:
        """What happened since the start, as plain values that JSON can hold."""
        rolled = (
            rolled_days(self.rule, self.position, self.calendars)
            if isinstance(self.rule, Rule)
            else []
        )
        return {
            "unit": self.unit.value,
            "zone": str(getattr(self.rule.zone, "key", None) or self.rule.zone),
            "first_due": (self.first_due or self._due()).isoformat(),
            "due": self._due().isoformat(),
            "exact": isinstance(self.position, datetime) and not rolled,
            "restarted_at": self.restarted_at.isoformat() if self.restarted_at else "",
            "suspended_since": answer.suspended_since.isoformat() if answer.suspended_since else "",
            "grounds": sorted(self.open),
            "remaining": plain(answer.remaining) if answer.remaining is not None else "",
            "pauses": [pause.as_json() for pause in self.pauses],
            "extensions": [extension.as_json() for extension in self.extensions],
            "rolled_over": rolled,
        }


def _unit_of_pauses(rule: Rule | FixedEnd) -> Unit:
    if isinstance(rule, Rule) and rule.unit in {Unit.HOURS, Unit.WORKING_DAYS}:
        return rule.unit
    return Unit.DAYS


def _working_days(rule: Rule, first: date, last: date, working: Calendar) -> int:
    """The working days lost between two days: the first not counted and the last counted.

    Where the rule counts its first day, the first counts and the last does not.
    """
    shift = 0 if rule.first_day_counted else 1
    days = (first + timedelta(days=n + shift) for n in range(max(0, (last - first).days)))
    return sum(working.is_working_day(day) for day in days)


def _hours(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(microseconds=1)) / Decimal(3_600_000_000)


def _span(hours: Decimal) -> timedelta:
    return timedelta(microseconds=int((hours * 3_600_000_000).to_integral_value()))


def _day(position: Position) -> date:
    return position.date() if isinstance(position, datetime) else position
