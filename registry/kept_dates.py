"""A date that an officer kept although a changed rule or calendar would move it.

It stands until the officer releases it. What happens to the clock itself (a pause, an extension, a
corrected start) still moves it, as far as it moves the counted end; what changes in rules and
calendars does not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from registry.models import ClockEvent, Deadline, ProposedMove
from registry.running_clock import ClockState, Run
from registry.time_rules import Unit


def kept_move(deadline: Deadline) -> ProposedMove | None:
    """The move whose old date is kept for this clock, if one is. One query."""
    kept = deadline.proposed_moves.filter(state=ProposedMove.State.KEPT)
    return kept.order_by("pk").last()


def hold(deadline: Deadline, move: ProposedMove, counted: datetime | None) -> None:
    """From now on the due instant as it is stays; ``counted`` is what counting alone gives."""
    move.counted_due = counted.astimezone(UTC) if counted else deadline.due_at
    move.save(update_fields=["counted_due"])
    deadline.derivation = {**deadline.derivation, "kept": deadline.due_at.isoformat()}
    deadline.save(update_fields=["derivation"])


def held(deadline: Deadline, move: ProposedMove, found: Run) -> Run:
    """Where a clock whose date is kept stands: what its events moved moves the kept date too."""
    if found.due is None:
        return found
    before = move.counted_due or deadline.due_at
    exact = found.unit == Unit.HOURS
    due = moved_as(deadline.due_at, before, found.due, ZoneInfo(deadline.zone), exact=exact)
    if found.due != before:
        move.counted_due = found.due.astimezone(UTC)
        move.save(update_fields=["counted_due"])
    state = found.state
    if found.settled_at is not None and state == ClockState.MET and found.settled_at > due:
        state = ClockState.MISSED
    elif state == ClockState.MISSED and not _was_given_up(deadline):
        in_time = found.settled_at is not None and found.settled_at <= due
        state = ClockState.MET if in_time else state
    derivation = {**found.derivation, "kept": due.isoformat()}
    return replace(found, due=due, state=state, derivation=derivation)


def moved_as(
    kept: datetime, before: datetime, after: datetime, zone: ZoneInfo, *, exact: bool
) -> datetime:
    """The kept instant, moved as far as the counted one went from ``before`` to ``after``.

    By whole days of the zone, at the same time of day; where hours are counted, exactly.
    """
    if exact:
        return kept + (after - before)
    days = (after.astimezone(zone).date() - before.astimezone(zone).date()).days
    local = kept.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    return local.replace(tzinfo=zone).astimezone(UTC)


def _was_given_up(deadline: Deadline) -> bool:
    return deadline.clock_events.filter(
        kind=ClockEvent.Kind.MISS, replaced_by__isnull=True, withdrawn=False
    ).exists()
