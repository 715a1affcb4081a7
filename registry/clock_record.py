"""What a deadline's own record says of it: its events give the state and the due instant.

``ClockEvent`` rows are the truth of a clock; ``Deadline`` keeps what follows from them, so that lists
need no counting. Whoever writes an event holds the dossier and calls ``follow`` after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from registry import clock_rules, kept_dates, reminders, timeline
from registry.clock_rules import Place
from registry.clock_words import movement
from registry.models import ClockEvent, Deadline, ProposedMove, User
from registry.running_clock import ClockEvent as Happening
from registry.running_clock import ClockState, EventKind, Run, run
from registry.time_rules import Calendar, Unit

STATES = {
    ClockState.RUNNING: Deadline.State.RUNNING,
    ClockState.SUSPENDED: Deadline.State.SUSPENDED,
    ClockState.MET: Deadline.State.MET,
    ClockState.MISSED: Deadline.State.MISSED,
    ClockState.STOPPED: Deadline.State.CANCELLED,
}
FOLLOWED = [
    "state",
    "due_at",
    "derivation",
    "suspended_at",
    "settled_at",
    "started_at",
]


def counting(deadline: Deadline) -> list[ClockEvent]:
    """The events of a clock that count: neither corrected nor withdrawn."""
    rows = deadline.clock_events.filter(replaced_by__isnull=True, withdrawn=False)
    return list(rows.order_by("at", "id"))


def happenings(rows: Iterable[ClockEvent]) -> list[Happening]:
    """Rows as the engine takes them."""
    return [
        Happening(
            kind=EventKind(row.kind),
            at=row.at,
            ground=row.ground,
            length=row.length,
            unit=Unit(row.unit) if row.unit else None,
            until=row.until,
            by=row.by,
            number=row.pk or 0,
        )
        for row in rows
    ]


def places_of(deadline: Deadline) -> list[Place]:
    """Whose working days a deadline counts by."""
    pairs = (
        (deadline.calendar_state_id, deadline.calendar_authority_id),
        (deadline.other_calendar_state_id, deadline.other_calendar_authority_id),
    )
    return [Place(state, office) for state, office in pairs if state]


def run_of(
    deadline: Deadline,
    rows: Iterable[ClockEvent] | None = None,
    *,
    calendars: dict[str, Calendar] | None = None,
) -> Run:
    """Where a clock stands by its rule and events. Raises Invalid for events that cannot be."""
    if calendars is None:
        needed = clock_rules.needs_calendar(deadline.rule)
        calendars = clock_rules.calendars_for(places_of(deadline)) if needed else {}
    return run(
        clock_rules.engine_rule(deadline.rule, ZoneInfo(deadline.zone)),
        happenings(counting(deadline) if rows is None else rows),
        calendars,
        allowance=clock_rules.allowance_of(deadline.rule),
    )


def note(
    deadline: Deadline,
    kind: EventKind,
    *,
    at: datetime,
    now: datetime,
    actor: User | None,
    **more: Any,
) -> ClockEvent:
    """Write an event of a clock down."""
    return ClockEvent.objects.create(
        deadline=deadline, kind=kind.value, at=at, recorded_by=actor, recorded_at=now, **more
    )


def follow(deadline: Deadline, found: Run, now: datetime) -> tuple[datetime, bool]:
    """Let a deadline become what its events make of it. Returns the old due instant, and whether
    the clock stands otherwise now.

    A date that an officer kept stays (``registry/kept_dates.py``).
    Reminders are planned afresh: a paused clock says every week that it is paused, one that ended
    has none.
    """
    before, old_state = deadline.due_at, deadline.state
    if kept := kept_dates.kept_move(deadline):
        found = kept_dates.held(deadline, kept, found)
    deadline.state = STATES[found.state]
    if found.due is not None:
        deadline.due_at = found.due.astimezone(UTC)
    if found.started_at is not None:
        deadline.started_at = found.started_at
    deadline.derivation = found.derivation
    deadline.suspended_at = found.suspended_since
    deadline.settled_at = found.settled_at
    deadline.save(update_fields=FOLLOWED)
    deadline.proposed_moves.filter(state=ProposedMove.State.OPEN).update(
        state=ProposedMove.State.OVERTAKEN, decided_at=now
    )
    changed = deadline.due_at != before or deadline.state != old_state
    if changed:
        reminders.rearm(deadline, now)
    return before, changed


def tell(deadline: Deadline, event: str, actor: User | None, now: datetime, **more: Any) -> None:
    """The timeline entry of a deadline: what, by which rule, due when, in which zone."""
    words = {
        "deadline": deadline.pk,
        "label": deadline.label,
        "due": deadline.due_at.isoformat(),
        "zone": deadline.zone,
        "rule": deadline.rule_code,
        "article": deadline.article,
        "settled": deadline.settled_at.isoformat() if deadline.settled_at else "",
        **more,
    }
    timeline.record(
        deadline.dossier,
        event,
        actor=actor,
        at=now,
        **{key: value for key, value in words.items() if value not in ("", None)},
    )


def tell_if_moved(
    deadline: Deadline, before: datetime, actor: User | None, now: datetime, cause: str = ""
) -> None:
    """Say on the timeline from when to when a clock has moved, if it has."""
    if deadline.due_at != before:
        tell(
            deadline,
            "deadline.moved",
            actor,
            now,
            was_due=before.isoformat(),
            cause=cause,
            words=movement(deadline.derivation),
        )


def set_places(deadline: Deadline, places: Sequence[Place]) -> None:
    """Name on a deadline whose working days count."""
    first, second = [*places, None, None][:2]
    deadline.calendar_state_id = first.state if first else None
    deadline.calendar_authority_id = first.authority if first else None
    deadline.other_calendar_state_id = second.state if second else None
    deadline.other_calendar_authority_id = second.authority if second else None
