"""What an officer may do to a running clock: pause it, let it go on, extend it, correct its record.

Each act holds the dossier, writes the event, lets the clock follow, and says on the timeline what
moved. A record is corrected by a new row; the old one stays (``ClockEvent.replaced_by``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry import clock_record, clock_rules
from registry.access import may
from registry.clock_record import follow, note, run_of, tell, tell_if_moved
from registry.deadlines import CLOCK_SKEW
from registry.dossiers import changing
from registry.models import ClockEvent, Deadline, User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow, Text
from registry.running_clock import EventKind, Run
from registry.time_rules import Unit

LONGEST_GROUND = 160
RECORDABLE = [
    (kind, kind) for kind in ("suspend", "resume", "extend", "restart", "meet", "miss", "stop")
]
"""What can be recorded of a clock that is there, by its name in the API."""
Change = Callable[[Deadline], str]
"""Writes the events of an act on a locked clock and returns the name of its timeline event."""


def suspend(
    deadline: Deadline,
    *,
    ground: str,
    user: User,
    now: datetime,
    at: datetime | None = None,
    expected_version: int | None = None,
) -> Deadline:
    """Pause a running clock on a ground, which is needed: the timeline and the page say it.

    Raises NotAllowed for a role that may not, Invalid (``ground``, ``at``), NotPossibleNow for a
    clock that is over, is paused on this ground already, ran out before, or counts backwards.
    """
    ground = ground.strip()
    if not ground:
        raise Invalid(
            "reason_missing",
            _("The clock was not paused."),
            fields={"ground": [_("Say why the clock stands still, for example: awaiting …")]},
        )
    if len(ground) > LONGEST_GROUND:
        raise Invalid(
            "reason_too_long",
            _("The clock was not paused."),
            fields={"ground": [_("Shorten it to 160 characters.")]},
        )

    def change(held: Deadline) -> str:
        if held.rule.get("backwards"):
            raise NotPossibleNow(
                "counts_backwards",
                _("This clock counts back from an event: it cannot be paused, only corrected."),
            )
        if ground in open_grounds(held):
            raise NotPossibleNow(
                "paused_already", _("The clock is paused on this ground already. Reload the page.")
            )
        when = at or now
        if held.state == Deadline.State.RUNNING and when > held.due_at:
            raise NotPossibleNow(
                "ran_out",
                _("The time limit had run out then: a pause would change nothing."),
                fields={"at": [_("Give a day before the due day, or settle the deadline.")]},
            )
        note(held, EventKind.SUSPEND, at=when, now=now, actor=user, ground=ground)
        return "deadline.suspended"

    return _act(
        deadline,
        change,
        user=user,
        now=now,
        at=at,
        expected_version=expected_version,
        said={"reason": ground},
    )


def resume(
    deadline: Deadline,
    *,
    user: User,
    now: datetime,
    at: datetime | None = None,
    ground: str = "",
    expected_version: int | None = None,
) -> Deadline:
    """Let a paused clock go on: on one ground, or on all of them.

    Raises NotAllowed, NotPossibleNow for a clock that is not paused (on this ground), Invalid
    (``at``) for an instant that is not after the pause began.
    """

    def change(held: Deadline) -> str:
        grounds = open_grounds(held)
        if not grounds or (ground and ground not in grounds):
            raise NotPossibleNow("not_paused", _("The clock is not paused. Reload the page."))
        when = at or now
        since = grounds[ground] if ground else max(grounds.values())
        if when <= since:
            raise Invalid(
                "before_the_pause",
                _("The clock was paused after that."),
                fields={"at": [_("Give a time after the beginning of the pause.")]},
            )
        note(held, EventKind.RESUME, at=when, now=now, actor=user, ground=ground)
        return "deadline.resumed"

    return _act(deadline, change, user=user, now=now, at=at, expected_version=expected_version)


def restart(
    deadline: Deadline,
    *,
    user: User,
    now: datetime,
    reason: str,
    at: datetime | None = None,
    expected_version: int | None = None,
) -> Deadline:
    """Count the limit afresh from an instant. Raises as ``suspend`` does; ``reason`` is needed."""
    _needs_reason(reason, _("The clock was not counted afresh."))

    def change(held: Deadline) -> str:
        if "until" in held.rule:
            raise NotPossibleNow(
                "nothing_to_count",
                _("This clock ends on a day that was named. Extend it, or set another deadline."),
            )
        note(held, EventKind.RESTART, at=at or now, now=now, actor=user, reason=reason.strip())
        return "deadline.restarted"

    return _act(
        deadline,
        change,
        user=user,
        now=now,
        at=at,
        expected_version=expected_version,
        said={"reason": reason.strip()},
    )


def extend(
    deadline: Deadline,
    *,
    user: User,
    now: datetime,
    length: Decimal | None = None,
    unit: str = "",
    until: date | None = None,
    by: str = "",
    reason: str = "",
    at: datetime | None = None,
    expected_version: int | None = None,
) -> Deadline:
    """Extend a clock by a length in a unit or until a day, as far as its rule permits.

    ``by`` is who extended it; where it is empty, whom the rule allows. Raises NotAllowed,
    NotPossibleNow with the reason why the rule does not permit it, Invalid (``length``, ``unit``,
    ``until``, ``at``).
    """
    chosen = _length_or_day(length, unit, until)

    def change(held: Deadline) -> str:
        if why := why_not_extendable(held):
            raise NotPossibleNow("not_extendable", why)
        if chosen.get("unit") == Unit.WORKING_DAYS and not clock_record.places_of(held):
            raise Invalid(
                "calendar_missing",
                _("The clock was not extended."),
                fields={"unit": [_("This clock has no calendar of working days.")]},
            )
        allowance = clock_rules.allowance_of(held.rule)
        row = note(
            held,
            EventKind.EXTEND,
            at=at or now,
            now=now,
            actor=user,
            by=by or allowance.by,
            reason=reason.strip(),
            **chosen,
        )
        _refuse_if_refused(run_of(held), row, "until" if until else "length")
        return "deadline.extended"

    return _act(
        deadline,
        change,
        user=user,
        now=now,
        at=at,
        expected_version=expected_version,
        said={"reason": reason.strip()},
    )


def amend_event(
    row: ClockEvent,
    *,
    at: datetime,
    reason: str,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> Deadline:
    """Correct when something happened. The clock is counted anew; the old row stays.

    Raises NotAllowed, Invalid (``at``, ``reason``), NotPossibleNow for a row that was corrected
    already or a correction that leaves another event without effect.
    """
    _needs_reason(reason, _("The date was not corrected."))
    deadline = row.deadline

    def change(held: Deadline) -> str:
        old = _counting_row(held, row)
        ClockEvent.objects.filter(pk=old.pk).update(withdrawn=True)
        corrected = note(
            held,
            EventKind(old.kind),
            at=at,
            now=now,
            actor=user,
            event=old.event,
            ground=old.ground,
            reason=reason.strip(),
            length=old.length,
            unit=old.unit,
            until=old.until,
            by=old.by,
        )
        ClockEvent.objects.filter(pk=old.pk).update(replaced_by=corrected, withdrawn=False)
        _refuse_new_refusals(held)
        return "deadline.event_corrected"

    what = {
        "event_kind": row.kind,
        "was_at": row.at.isoformat(),
        "now_at": at.isoformat(),
        "reason": reason.strip(),
    }
    return _act(
        deadline,
        change,
        user=user,
        now=now,
        at=None if _may_lie_ahead(row) else at,
        settled_too=True,
        expected_version=expected_version,
        said=what,
    )


def withdraw_event(
    row: ClockEvent,
    *,
    reason: str,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> Deadline:
    """Say that something recorded never happened: a pause entered on the wrong clock, a meeting
    that was none. Raises as ``amend_event`` does; the start of a clock cannot be withdrawn."""
    _needs_reason(reason, _("The entry was not withdrawn."))

    def change(held: Deadline) -> str:
        old = _counting_row(held, row)
        if old.kind == ClockEvent.Kind.START:
            raise NotPossibleNow(
                "start_stays",
                _("The start of a clock cannot be withdrawn. Correct its date, or cancel it."),
            )
        ClockEvent.objects.filter(pk=old.pk).update(withdrawn=True)
        _refuse_new_refusals(held)
        return "deadline.event_withdrawn"

    said = {"event_kind": row.kind, "was_at": row.at.isoformat(), "reason": reason.strip()}
    return _act(
        row.deadline,
        change,
        user=user,
        now=now,
        settled_too=True,
        expected_version=expected_version,
        said=said,
    )


def cancel(
    deadline: Deadline,
    *,
    reason: str,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> Deadline:
    """Cancel one clock that nobody waits for any more. Raises NotAllowed, Invalid (``reason``)."""
    _needs_reason(reason, _("The clock was not cancelled."))

    def change(held: Deadline) -> str:
        note(held, EventKind.STOP, at=now, now=now, actor=user, reason=reason.strip())
        return "deadline.cancelled"

    return _act(deadline, change, user=user, now=now, expected_version=expected_version)


# --- what a page asks before it offers an act -----------------------------------------------


def why_not_extendable(deadline: Deadline) -> Text:
    """Why the rule does not let this clock be extended (again); empty where it does."""
    allowance = clock_rules.allowance_of(deadline.rule)
    if not allowance.permits:
        return _("The rule does not allow this time limit to be extended.")
    used = len((deadline.derivation.get("run") or {}).get("extensions", ()))
    if allowance.times is not None and used >= allowance.times:
        return _("The rule allows no further extension: it was extended %(times)s times.") % {
            "times": used
        }
    return ""


def open_grounds(deadline: Deadline) -> dict[str, datetime]:
    """The grounds on which a clock is paused now, each with since when."""
    found: dict[str, datetime] = {}
    for row in clock_record.counting(deadline):
        if row.kind == ClockEvent.Kind.RESTART:
            found.clear()
        elif row.kind == ClockEvent.Kind.SUSPEND:
            found.setdefault(row.ground, row.at)
        elif row.kind == ClockEvent.Kind.RESUME and row.ground:
            found.pop(row.ground, None)
        elif row.kind == ClockEvent.Kind.RESUME:
            found.clear()
    return found


# --- how an act is done ---------------------------------------------------------------------


def _act(
    deadline: Deadline,
    change: Change,
    *,
    user: User,
    now: datetime,
    at: datetime | None = None,
    settled_too: bool = False,
    expected_version: int | None = None,
    said: dict[str, Any] | None = None,
) -> Deadline:
    """One act on a clock: allowed, possible, written, followed, told; or nothing of it."""
    if not may(user, "set_deadline", deadline.dossier):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow changing deadlines. Ask an officer."),
        )
    if at is not None and at > now + CLOCK_SKEW:
        raise Invalid(
            "date_in_future",
            _("This cannot have happened in the future."),
            fields={"at": [_("Give the day and time at which it happened, not later than now.")]},
        )
    with changing(deadline.dossier, expected_version=expected_version, now=now) as dossier:
        held = Deadline.objects.get(pk=deadline.pk)
        held.dossier = dossier
        if not held.is_open and not settled_too:
            raise NotPossibleNow(
                "deadline_settled", _("This deadline no longer runs. Reload the page.")
            )
        if at is not None and at < held.started_at and not settled_too:
            raise Invalid(
                "before_the_start",
                _("The clock started after that."),
                fields={"at": [_("Give a day that is not before the start of the clock.")]},
            )
        event = change(held)
        before, _changed = follow(held, run_of(held), now)
        tell(held, event, user, now, words=held.movement, **(said or {}))
        tell_if_moved(held, before, user, now)
    deadline.refresh_from_db()
    return deadline


def _counting_row(held: Deadline, row: ClockEvent) -> ClockEvent:
    old = ClockEvent.objects.filter(pk=row.pk, deadline=held).first()
    if old is None or not old.counts:
        raise NotPossibleNow(
            "corrected_already", _("This entry was corrected already. Reload the page.")
        )
    return old


def _may_lie_ahead(row: ClockEvent) -> bool:
    """A clock may run from a day to come: a hearing, the day agreed for a surrender."""
    return row.kind == ClockEvent.Kind.START


def _refuse_if_refused(found: Run, row: ClockEvent, field: str) -> None:
    for refused in found.refused:
        if refused.event.number == row.pk:
            raise NotPossibleNow("not_extendable", refused.why, fields={field: [refused.why]})


def _refuse_new_refusals(held: Deadline) -> None:
    """A correction must leave every event of the record with an effect."""
    found = run_of(held)
    if found.refused:
        refused = found.refused[0]
        raise NotPossibleNow(
            "leaves_an_event_without_effect",
            _("With this, “%(event)s” of %(day)s would have no effect: %(why)s")
            % {
                "event": ClockEvent.Kind(refused.event.kind.value).label,
                "day": refused.event.at.date().isoformat(),
                "why": refused.why,
            },
            fields={"at": [_("Correct that entry first.")]},
        )


def _needs_reason(reason: str, detail: Text) -> None:
    if not reason.strip():
        raise Invalid(
            "reason_missing",
            detail,
            fields={"reason": [_("Say why, for those who read the timeline later.")]},
        )


def _length_or_day(length: Decimal | None, unit: str, until: date | None) -> dict[str, Any]:
    """What an extension is by, checked: a length with its unit, or a day."""
    errors: dict[str, list[Text]] = {}
    if until is not None and length is not None:
        errors["until"] = [_("Give a length or a day, not both.")]
    elif until is None and (length is None or length <= 0):
        errors["length"] = [_("Say by how much, or until which day.")]
    elif until is None and unit not in set(Unit):
        errors["unit"] = [_("Choose a unit.")]
    elif (
        until is None
        and length is not None
        and unit != Unit.HOURS
        and (length * (12 if unit == Unit.YEARS else 1)) % 1
    ):
        errors["length"] = [_("Give a whole number.")]
    if errors:
        raise Invalid("extension_incomplete", _("The clock was not extended."), fields=errors)
    if until is not None:
        return {"until": until}
    return {"length": length, "unit": unit}
