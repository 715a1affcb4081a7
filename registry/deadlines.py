"""The running clocks of a dossier: starting, setting by hand, meeting, missing, cancelling.

Whoever calls ``start``, ``settle`` or ``cancel_all`` holds the dossier (``dossiers.changing``): each
writes its timeline entry in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from registry import clock_record, clock_rules, reminders
from registry.access import may
from registry.clock_record import follow, note, run_of, tell, tell_if_moved
from registry.deadline_list import deadlines_of, deadlines_visible_to
from registry.dossiers import changing
from registry.models import Authority, ClockEvent, Deadline, Dossier, User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from registry.running_clock import EventKind
from registry.time_rules import Due, end_of

__all__ = [
    "cancel_all",
    "cancel_rules",
    "deadlines_of",
    "deadlines_visible_to",
    "end_waiting",
    "happened",
    "set_by_hand",
    "settle",
    "settle_by_hand",
    "start",
    "start_by_rule",
    "start_until",
    "today_of",
    "zone_of",
]

SET_BY_HAND = "by_hand"
CLOCK_SKEW = timedelta(minutes=5)
ENDING_PAUSES = (ClockEvent.Kind.RESUME, ClockEvent.Kind.RESTART)
GROUNDS = {
    "mla.information_requested": gettext_noop("awaiting further information"),
    "mla.translation_requested": gettext_noop("awaiting translation"),
    "mla.postponed": gettext_noop("while execution is postponed"),
    "extradition.postponed": gettext_noop("while surrender is postponed"),
}
"""How a pause made by an event of a matter reads: paused 23 days *awaiting translation*."""


def zone_of(authority: Authority) -> str:
    """The time zone in which an office works: its own, else that of its State."""
    return authority.time_zone or authority.state.time_zone


def today_of(authority: Authority, now: datetime) -> date:
    """The calendar day where an office sits."""
    return now.astimezone(ZoneInfo(zone_of(authority))).date()


def start(
    dossier: Dossier,
    *,
    label: str,
    rule_code: str,
    instrument: str,
    article: str,
    rule_confidence: str,
    consequence: str,
    bound_party: str,
    met_by_event: str,
    started_from: str,
    started_at: datetime,
    zone: str,
    due: Due | datetime,
    critical: bool,
    now: datetime,
    actor: User | None = None,
    suspended_by: Sequence[str] = (),
    resumed_by: Sequence[str] = (),
) -> Deadline:
    """Start a clock with its reminders, and say so on the timeline.

    ``due`` is the engine's answer, whose derivation is kept and gives the rule, or a bare instant
    for a clock that no rule made. ``start_by_rule`` is for a rule with sides and extensions.
    """
    if isinstance(due, Due) and "length" in due.derivation:
        rule = clock_rules.of_derivation(due.derivation)
    else:
        rule = clock_rules.fixed(due.at if isinstance(due, Due) else due, zone)
    deadline = Deadline(
        dossier=dossier,
        label=str(label)[:240],
        rule_code=rule_code,
        instrument=instrument,
        article=article[:80],
        rule_confidence=rule_confidence,
        consequence=consequence,
        bound_party=bound_party,
        met_by_event=met_by_event,
        suspended_by=list(suspended_by),
        resumed_by=list(resumed_by),
        started_from=str(started_from)[:120],
        started_at=started_at,
        zone=zone,
        rule=rule,
        due_at=(due.at if isinstance(due, Due) else due).astimezone(UTC),
        derivation=due.derivation if isinstance(due, Due) else {},
        critical=critical,
    )
    return _begin(deadline, now, actor)


def start_by_rule(
    dossier: Dossier,
    rule: dict[str, Any],
    *,
    label: str,
    rule_code: str,
    instrument: str,
    article: str,
    rule_confidence: str,
    consequence: str,
    bound_party: str,
    met_by_event: str,
    started_from: str,
    started_at: datetime,
    critical: bool,
    now: datetime,
    actor: User | None = None,
) -> Deadline:
    """Start a clock by a rule with its sides (``registry/clock_rules.py``), and say so.

    Zone and calendar follow from the rule. Raises NoFixedPeriod or Invalid as the engine does.
    """
    deadline = Deadline(
        dossier=dossier,
        label=str(label)[:240],
        rule_code=rule_code,
        instrument=instrument,
        article=article[:80],
        rule_confidence=rule_confidence,
        consequence=consequence,
        bound_party=bound_party,
        met_by_event=met_by_event,
        suspended_by=list(rule.get("suspended_by") or ()),
        resumed_by=list(rule.get("resumed_by") or ()),
        started_from=str(started_from)[:120],
        started_at=started_at,
        zone=clock_rules.zone_of(rule) or zone_of(dossier.owner),
        rule=rule,
        critical=critical,
    )
    clock_record.set_places(deadline, clock_rules.places_of(rule))
    first = ClockEvent(kind=ClockEvent.Kind.START, at=started_at)
    found = clock_record.run_of(deadline, [first])
    if found.due is not None:
        deadline.due_at = found.due.astimezone(UTC)
    deadline.derivation = found.derivation
    return _begin(deadline, now, actor)


def _begin(deadline: Deadline, now: datetime, actor: User | None) -> Deadline:
    """Write a new clock with its first event, its reminders and its timeline entry."""
    deadline.save(force_insert=True)
    note(deadline, EventKind.START, at=deadline.started_at, now=now, actor=actor)
    reminders.arm(deadline, now)
    tell(deadline, "deadline.started", actor, now)
    return deadline


def start_until(
    dossier: Dossier,
    day: date,
    *,
    label: str,
    started_from: str,
    met_by_event: str = "",
    instrument: str = "",
    article: str = "",
    rule_confidence: str = "",
    critical: bool = False,
    now: datetime,
    actor: User | None = None,
) -> Deadline:
    """Start a clock of our own that no rule makes: it ends with the day, in the office's zone."""
    zone = ZoneInfo(zone_of(dossier.owner))
    return start(
        dossier,
        label=label,
        rule_code="",
        instrument=instrument,
        article=article,
        rule_confidence=rule_confidence,
        consequence="",
        bound_party=Deadline.BoundParty.OURS,
        met_by_event=met_by_event,
        started_from=started_from,
        started_at=now,
        zone=zone.key,
        due=end_of(day, zone),
        critical=critical,
        now=now,
        actor=actor,
    )


def set_by_hand(
    dossier: Dossier,
    *,
    label: str,
    due_on: date,
    user: User,
    now: datetime,
    critical: bool = False,
    expected_version: int | None = None,
) -> Deadline:
    """Set a deadline that no rule makes: it ends with the day given, in the office's zone.

    Raises NotAllowed for a role that may not, Invalid (``label``, ``due_on``) for a deadline without
    a name or on a day that is over.
    """
    if not may(user, "set_deadline", dossier):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow setting deadlines. Ask an officer."),
        )
    errors = {}
    if not label.strip():
        errors["label"] = [_("Say what must be done by that day.")]
    elif len(label.strip()) > 240:
        errors["label"] = [_("Shorten it to 240 characters.")]
    if due_on < today_of(dossier.owner, now):
        errors["due_on"] = [_("This day is over. Give today or a later day.")]
    elif due_on.year > now.year + 100:
        errors["due_on"] = [_("This is more than a hundred years from now. Check the year.")]
    if errors:
        raise Invalid("deadline_incomplete", _("The deadline was not set."), fields=errors)
    with changing(dossier, expected_version=expected_version, now=now) as held:
        return start_until(
            held,
            due_on,
            label=label.strip(),
            started_from=SET_BY_HAND,
            critical=critical,
            now=now,
            actor=user,
        )


def happened(
    dossier: Dossier,
    event: str,
    *,
    at: datetime,
    now: datetime,
    actor: User | None = None,
    ground: str = "",
) -> int:
    """Tell the clocks of a dossier that an event of its life occurred, at an instant that may lie
    in the past. It meets, pauses or lets go on whatever listens to it. Returns how many did.

    ``ground`` is the reason to show for a pause; without it, the event's own name is. A pause made
    by an event ends with the events that the clock names for that, whatever the ground.
    """
    touched = 0
    for deadline in dossier.deadlines.filter(settled_at__isnull=True).order_by("pk"):
        if deadline.met_by_event and deadline.met_by_event == event:
            _end(deadline, EventKind.MEET, at, now, actor, event=event)
        elif event in deadline.resumed_by and deadline.state == Deadline.State.SUSPENDED:
            _go_on(deadline, at, now, actor, event)
        elif event in deadline.suspended_by and not _paused_by(deadline, event):
            _stand_still(deadline, at, now, actor, event, ground)
        else:
            continue
        touched += 1
    return touched


def _paused_by(deadline: Deadline, event: str) -> bool:
    """Whether a pause that this event began is still open."""
    if deadline.state != Deadline.State.SUSPENDED:
        return False
    begun, open_pause = set(), False
    for row in clock_record.counting(deadline):
        if row.kind == ClockEvent.Kind.SUSPEND and row.event == event:
            begun.add(row.ground)
            open_pause = True
        elif row.kind in ENDING_PAUSES and (not row.ground or row.ground in begun):
            open_pause = False
    return open_pause


def _stand_still(
    deadline: Deadline,
    at: datetime,
    now: datetime,
    actor: User | None,
    event: str,
    ground: str,
) -> None:
    note(
        deadline,
        EventKind.SUSPEND,
        at=at,
        now=now,
        actor=actor,
        event=event,
        ground=(ground or GROUNDS.get(event, event))[:160],
    )
    follow(deadline, run_of(deadline), now)
    why = ground or GROUNDS.get(event, "")
    tell(deadline, "deadline.suspended", actor, now, words=deadline.movement, reason=why)


def _go_on(deadline: Deadline, at: datetime, now: datetime, actor: User | None, event: str) -> None:
    """End the pauses that this event ends; those that an officer made, an officer ends.

    Where a clock names as many events that end a pause as that begin one, each ends its own.
    """
    ends = set(deadline.suspended_by)
    if len(deadline.suspended_by) == len(deadline.resumed_by):
        pairs = zip(deadline.suspended_by, deadline.resumed_by, strict=True)
        ends = {begins for begins, goes_on in pairs if goes_on == event}
    made_by_events = {
        row.ground
        for row in clock_record.counting(deadline)
        if row.kind == ClockEvent.Kind.SUSPEND and row.event in ends
    }
    for ground in sorted(made_by_events):
        note(deadline, EventKind.RESUME, at=at, now=now, actor=actor, event=event, ground=ground)
    before, _changed = follow(deadline, run_of(deadline), now)
    tell(deadline, "deadline.resumed", actor, now, words=deadline.movement)
    tell_if_moved(deadline, before, actor, now)


def settle(
    dossier: Dossier,
    event: str,
    *,
    met: bool,
    now: datetime,
    at: datetime | None = None,
    actor: User | None = None,
) -> int:
    """Settle the open deadlines that this event settles. Returns how many.

    ``at`` is when the event happened, where that is not now. A deadline met after its due instant is
    *missed*: it was met too late, and both instants stay on the record. A paused one was not due.
    """
    waiting = dossier.deadlines.filter(settled_at__isnull=True, met_by_event=event)
    return _settle(waiting, met=met, at=at or now, now=now, actor=actor, event=event)


def settle_by_hand(
    deadline: Deadline, *, met: bool, user: User, now: datetime, at: datetime | None = None
) -> Deadline:
    """An officer says that an open deadline was met, or that it will not be.

    Raises NotAllowed for a role that may not, Invalid (``at``) for a day to come or before the
    clock started, NotPossibleNow for one that is settled.
    """
    if not may(user, "set_deadline", deadline.dossier):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow settling deadlines. Ask an officer."),
        )
    if at is not None and at > now + CLOCK_SKEW:
        raise Invalid(
            "date_in_future",
            _("This cannot have happened in the future."),
            fields={"at": [_("Give the day and time at which it happened, not later than now.")]},
        )
    if at is not None and at < deadline.started_at:
        raise Invalid(
            "before_the_start",
            _("The clock started after that."),
            fields={"at": [_("Give a day that is not before the start of the clock.")]},
        )
    with changing(deadline.dossier, expected_version=None, now=now):
        waiting = Deadline.objects.filter(pk=deadline.pk, settled_at__isnull=True)
        if not _settle(waiting, met=met, at=at or now, now=now, actor=user):
            raise NotPossibleNow(
                "deadline_settled", _("This deadline no longer runs. Reload the page.")
            )
    deadline.refresh_from_db()
    return deadline


def cancel_all(dossier: Dossier, *, now: datetime, actor: User | None = None) -> int:
    """Cancel what is still open: the matter ended, nobody waits any more. Returns how many."""
    waiting = list(dossier.deadlines.filter(settled_at__isnull=True))
    for deadline in waiting:
        _end(deadline, EventKind.STOP, now, now, actor)
    return len(waiting)


def end_waiting(
    dossier: Dossier,
    event: str | None,
    *,
    at: datetime,
    now: datetime,
    actor: User | None = None,
) -> int:
    """End the clocks that wait for an event which is awaited no more; all of them for None.

    One that had run out by then is *missed*, so that no expiry slips by because the matter went
    another way; the others are cancelled. Returns how many.
    """
    found = dossier.deadlines.filter(settled_at__isnull=True)
    if event is not None:
        found = found.filter(met_by_event=event)
    waiting = list(found.select_related("dossier"))
    for deadline in waiting:
        ran_out = deadline.state == Deadline.State.RUNNING and deadline.due_at < at
        _end(deadline, EventKind.MISS if ran_out else EventKind.STOP, at, now, actor)
    return len(waiting)


def cancel_rules(
    dossier: Dossier, rules: Iterable[str], *, now: datetime, actor: User | None = None
) -> int:
    """Cancel the open deadlines that these rules made: they govern the matter no longer."""
    waiting = list(dossier.deadlines.filter(settled_at__isnull=True, rule_code__in=list(rules)))
    for deadline in waiting:
        _end(deadline, EventKind.STOP, now, now, actor)
    return len(waiting)


def _settle(
    waiting: QuerySet[Deadline],
    *,
    met: bool,
    at: datetime,
    now: datetime,
    actor: User | None,
    event: str = "",
) -> int:
    kind = EventKind.MEET if met else EventKind.MISS
    found = list(waiting.select_related("dossier"))
    for deadline in found:
        _end(deadline, kind, at, now, actor, event=event)
    return len(found)


ENDINGS = {
    Deadline.State.MET: "deadline.met",
    Deadline.State.MISSED: "deadline.missed",
    Deadline.State.CANCELLED: "deadline.cancelled",
}


def _end(
    deadline: Deadline,
    kind: EventKind,
    at: datetime,
    now: datetime,
    actor: User | None,
    event: str = "",
) -> None:
    note(deadline, kind, at=at, now=now, actor=actor, event=event)
    before, _changed = follow(deadline, run_of(deadline), now)
    tell_if_moved(deadline, before, actor, now)
    tell(deadline, ENDINGS[Deadline.State(deadline.state)], actor, now)
