"""Time limits and running clocks found by stepping: independent of the engine, slow, and plain.

Nothing here computes: days are walked one after the other, hours a quarter at a time, and whether a
clock stands still is asked anew at every step.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from registry.calendars import WorkingDays
from registry.running_clock import Allowance, ClockEvent, FixedEnd
from registry.time_rules import Rounding, Rule, Unit

DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)


class SlowRule:
    """The same rules found by stepping: day after day, minute after minute, never by arithmetic."""

    def __init__(self, rule: Rule | FixedEnd, calendar: WorkingDays | None) -> None:
        self.rule = rule
        self.calendar = calendar
        self.step = timedelta(days=-1 if getattr(rule, "backwards", False) else 1)

    def due(self, trigger: datetime) -> datetime:
        zone = self.rule.zone
        if self.rule.unit is Unit.HOURS:
            return self.roll_instant(self.walk_minutes(trigger))
        day = self.walk(trigger.astimezone(zone).date())
        return self.last_second(self.roll(self.round(day)))

    def walk_minutes(self, trigger: datetime) -> datetime:
        instant = trigger.astimezone(UTC)
        for _minute in range(int(self.rule.length * 60)):
            instant += timedelta(minutes=-1 if self.rule.backwards else 1)
        return instant

    def walk(self, day: date) -> date:
        length = self.rule.length
        if self.rule.unit in {Unit.MONTHS, Unit.YEARS}:
            return self.walk_months(day, int(length * (12 if self.rule.unit is Unit.YEARS else 1)))
        counted = 0
        working = self.rule.unit is Unit.WORKING_DAYS
        if self.rule.first_day_counted and length and self.counts(day, working):
            counted = 1
        while counted < length:
            day += self.step
            counted += self.counts(day, working)
        return day

    def counts(self, day: date, working: bool) -> bool:
        return not working or self.calendar.is_working_day(day)

    def walk_months(self, first: date, months: int) -> date:
        """Count the months passed; stop on the day number, or on the last day of a short month."""
        day, passed = first, 0
        while passed < months:
            before = day
            day += self.step
            passed += before.month != day.month
        if months:
            same_month = [d for d in self.days_around(day) if d.month == day.month]
            alike = [d for d in same_month if d.day == first.day]
            day = alike[0] if alike else max(same_month)
            if self.rule.first_day_counted and alike:
                day -= self.step
        return day

    @staticmethod
    def days_around(day: date) -> list[date]:
        return [day + timedelta(days=n) for n in range(-31, 32)]

    def round(self, day: date) -> date:
        if self.rule.rounding is Rounding.FIRST_OF_NEXT_MONTH:
            day += timedelta(days=1)
            while day.day != 1:
                day += timedelta(days=1)
        return day

    def roll(self, day: date) -> date:
        while self.rule.rolls and not self.calendar.is_working_day(day):
            day += self.step
        return day

    def roll_instant(self, instant: datetime) -> datetime:
        day = instant.astimezone(self.rule.zone).date()
        rolled = self.roll(day)
        return instant if rolled == day else self.last_second(rolled)

    def last_second(self, day: date) -> datetime:
        """The last instant, in whole seconds, whose local day is not after this one."""
        instant = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=2)
        for step in (timedelta(minutes=15), timedelta(minutes=1), timedelta(seconds=1)):
            while instant.astimezone(self.rule.zone).date() > day:
                instant -= step
            instant += step
        return instant - timedelta(seconds=1)


class SlowClock:
    """A running clock lived through step by step: at each step, does it stand still?"""

    def __init__(
        self,
        rule: Rule | FixedEnd,
        events: list[ClockEvent],
        calendar: WorkingDays | None,
        allowance: Allowance,
    ) -> None:
        self.rule, self.calendar, self.allowance = rule, calendar, allowance
        self.slow = SlowRule(rule, calendar) if isinstance(rule, Rule) else None
        ranks = ["start", "restart", "resume", "extend", "suspend", "meet", "miss", "stop"]
        later = sorted(
            (e for e in events if e.kind != "start"),
            key=lambda e: (e.at, ranks.index(e.kind), e.number),
        )
        starts = sorted((e for e in events if e.kind == "start"), key=lambda e: e.at)
        self.events, self.start = later, starts[0].at if starts else None
        self.state, self.settled_at = "not_started", None
        self.open: list[str] = []
        self.counts, self.stood = False, None
        self.used = 0
        if self.start is not None:
            self.state, self.began = "running", self.start
            self.end = self.counted(self.start)

    # --- living through it

    def live(self) -> SlowClock:
        if self.start is None or not self.events:
            return self
        if self.by_quarters:
            step, at = QUARTER, self.events[0].at
            while self.events and not self.over:
                while self.events and not self.over and self.events[0].at == at:
                    self.take(self.events.pop(0))
                if self.open and self.counts and at >= self.began:
                    self.end += step
                at += step
            return self
        day = self.local(self.events[0].at)
        while self.events and not self.over:
            if self.open and not self.first_counts:
                self.lose(day)
            while self.events and not self.over and self.local(self.events[0].at) == day:
                self.take(self.events.pop(0))
            if self.open and self.first_counts and self.events:
                self.lose(day)
            day += DAY
        return self

    def lose(self, day: date) -> None:
        """A day on which the clock stood still puts the end off by one such day."""
        began = self.local(self.began)
        if day < began or (day == began and not self.first_counts) or not self.counts:
            return
        working = isinstance(self.rule, Rule) and self.rule.unit is Unit.WORKING_DAYS
        if working and not self.calendar.is_working_day(day):
            return
        if isinstance(self.end, datetime):
            self.end = self.same_hour(self.end.date() + DAY)
            return
        self.end += DAY
        while working and not self.calendar.is_working_day(self.end):
            self.end += DAY

    def take(self, event: ClockEvent) -> None:
        getattr(self, "on_" + event.kind)(event)

    def on_suspend(self, event: ClockEvent) -> None:
        if not self.open:
            backwards = isinstance(self.rule, Rule) and self.rule.backwards
            self.counts = event.at <= self.due_at(self.end) and not backwards
            self.stood = self.end
        if event.ground not in self.open:
            self.open.append(event.ground)
        self.state = "suspended"

    def on_resume(self, event: ClockEvent) -> None:
        if not self.open or (event.ground and event.ground not in self.open):
            return
        self.open = [g for g in self.open if event.ground and g != event.ground]
        if not self.open:
            self.goes_on(event.at)
            self.state = "running"

    def on_restart(self, event: ClockEvent) -> None:
        if event.at < self.start or isinstance(self.rule, FixedEnd):
            return
        self.open, self.used, self.state, self.began = [], 0, "running", event.at
        self.end = self.counted(event.at)

    def on_extend(self, event: ClockEvent) -> None:
        kept = self.end
        self.goes_on(event.at)
        longer = self.longer(event.length, event.unit, event.until)
        most = self.longer(self.allowance.length, self.allowance.unit, None)
        allowed = (
            self.allowance.by
            and (self.allowance.times is None or self.used < self.allowance.times)
            and (self.allowance.by == "anyone" or event.by in {"", self.allowance.by})
            and longer > self.end
            and (self.allowance.length is None or longer <= most)
        )
        if not allowed:
            self.end = kept
            return
        self.end, self.used = longer, self.used + 1
        if self.open:
            backwards = isinstance(self.rule, Rule) and self.rule.backwards
            in_time = event.at <= self.due_at(self.end) and not backwards
            self.counts, self.stood = self.counts or in_time, self.end

    def on_meet(self, event: ClockEvent) -> None:
        in_time = (self.open and self.counts) or event.at <= self.due_at(self.end)
        self.finish(event, "met" if in_time else "missed")

    def on_miss(self, event: ClockEvent) -> None:
        self.finish(event, "missed")

    def on_stop(self, event: ClockEvent) -> None:
        self.finish(event, "stopped")

    def finish(self, event: ClockEvent, state: str) -> None:
        if self.open:
            self.goes_on(event.at)
        self.open, self.state, self.settled_at = [], state, event.at

    def goes_on(self, at: datetime) -> None:
        """A limit that stood still before it ran out is not over before it goes on."""
        if self.counts and (self.open or self.state == "suspended"):
            day = self.local(max(at, self.began))
            while not isinstance(self.end, datetime) and self.end < day:
                self.end += DAY

    # --- where it ends

    @property
    def over(self) -> bool:
        return self.settled_at is not None

    @property
    def by_quarters(self) -> bool:
        return isinstance(self.rule, Rule) and self.rule.unit is Unit.HOURS

    @property
    def first_counts(self) -> bool:
        return isinstance(self.rule, Rule) and self.rule.first_day_counted

    def local(self, instant: datetime) -> date:
        return instant.astimezone(self.rule.zone).date()

    def counted(self, at: datetime) -> date | datetime:
        """The end before rounding and rolling."""
        if self.slow is None:
            return self.rule.at.astimezone(self.rule.zone).date()
        if self.by_quarters:
            return self.slow.walk_minutes(at)
        return self.slow.walk(self.local(at))

    def due_at(self, end: date | datetime) -> datetime:
        if self.slow is None:
            return SlowRule(self.rule, None).last_second(end)
        if isinstance(end, datetime):
            return self.slow.roll_instant(end)
        return self.slow.last_second(self.slow.roll(self.slow.round(end)))

    @property
    def due(self) -> datetime:
        """While it stands still, where it stood when that began."""
        return self.due_at(self.stood if self.open else self.end)

    def longer(self, length: Decimal | None, unit: Unit | None, until: date | None):
        if until is not None:
            whole = not isinstance(self.end, datetime)
            return until if whole else SlowRule(self.rule, None).last_second(until)
        if length is None:
            return self.end
        if unit is Unit.HOURS and isinstance(self.end, datetime):
            moved = self.end
            for _quarter in range(int(length * 4)):
                moved += QUARTER
            return moved
        day = self.end.astimezone(self.rule.zone).date() if self.by_quarters else self.end
        first = day
        left = int(length) if unit is not Unit.YEARS else int(length) * 12
        while left and unit in {Unit.MONTHS, Unit.YEARS}:
            month = day.month
            while day.month == month:
                day += DAY
            left -= 1
            if not left:
                in_month = [day + DAY * n for n in range(31) if (day + DAY * n).month == day.month]
                day = next((d for d in in_month if d.day == first.day), in_month[-1])
        while left:
            day += DAY
            left -= unit is not Unit.WORKING_DAYS or self.calendar.is_working_day(day)
        return self.same_hour(day) if self.by_quarters else day

    def same_hour(self, day: date) -> datetime:
        clock = self.end.astimezone(self.rule.zone).time()
        local = datetime.combine(day, clock, tzinfo=self.rule.zone)
        return local.astimezone(UTC)


def days_it_ran(rule: Rule, events: list[ClockEvent], calendar: WorkingDays | None) -> date:
    """The last day of a limit in days, by counting those on which the clock ran.

    For clocks that are paused and go on again, and nothing else.
    """
    zone = rule.zone
    start = next(e.at for e in events if e.kind == "start").astimezone(zone).date()
    day, counted = start, 0

    def stands_still(day: date) -> bool:
        """Whether a pause covers the midnight that begins (or, first day counted, ends) the day."""
        paused: set[str] = set()
        for event in sorted(events, key=lambda e: (e.at, e.kind == "suspend")):
            local = event.at.astimezone(zone).date()
            if local > day or (local == day and not rule.first_day_counted):
                continue
            if event.kind == "suspend":
                paused.add(event.ground)
            elif event.kind == "resume":
                paused.discard(event.ground)
        return bool(paused)

    def paused_tonight(day: date) -> bool:
        paused: set[str] = set()
        for event in sorted(events, key=lambda e: (e.at, e.kind == "suspend")):
            if event.at.astimezone(zone).date() <= day and event.kind == "suspend":
                paused.add(event.ground)
            elif event.at.astimezone(zone).date() <= day and event.kind == "resume":
                paused.discard(event.ground)
        return bool(paused)

    def counts(day: date) -> bool:
        working = rule.unit is not Unit.WORKING_DAYS or calendar.is_working_day(day)
        return working and not stands_still(day)

    if rule.first_day_counted:
        counted += counts(day)
    while counted < rule.length or paused_tonight(day):
        day += DAY
        counted += counts(day)
    return day
