"""What a changed rule or calendar would move: found by a sweep, decided by an officer.

Rules and calendars change by page, by API, by a loaded file or with a new version of the package of
public holidays. The sweep asks what they are now (a fingerprint), and counts the open clocks of
what has changed anew, a batch at a time, by any number of workers. Where the due instant would be
another, it leaves a ``ProposedMove``; nothing moves before somebody who may see the dossier accepts.
A date that was kept instead stays through all later changes until it is released.

A rule that changed without moving a clock (who may extend it, say) is taken over at once. An event
recorded meanwhile counts the clock anew by the calendars as they are: what was proposed is then
overtaken.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry import clock_record, clock_rules, kept_dates
from registry.access import authorities_where, may
from registry.claims import waiting
from registry.clock_rules import Place
from registry.dossiers import changing
from registry.models import (
    ClockEvent,
    ClockSource,
    Deadline,
    Dossier,
    LocalDay,
    ProposedMove,
    State,
    User,
)
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow, Refusal
from registry.running_clock import Run, run
from registry.time_rules import Calendar

BATCH = 500
AT_ONCE = 100
"""Moves accepted by one press of the button: each writes a timeline."""
CLAIM = timedelta(minutes=5)

Law = dict[str, Any]
LawReader = Callable[[Iterable[str]], dict[str, Law]]
_readers: list[LawReader] = []


def declare_rules(reader: LawReader) -> None:
    """Make the rules of a register known: a function from codes to what each says now."""
    if reader not in _readers:
        _readers.append(reader)


# --- what has changed -----------------------------------------------------------------------


def look_for_changes(now: datetime) -> int:
    """Compare what clocks are counted by with what it was. Returns how many sources have changed."""
    return _compare(ClockSource.Kind.RULE, _rules_now(), now) + _compare(
        ClockSource.Kind.CALENDAR, _calendars_now(), now
    )


def _rules_now() -> dict[str, str]:
    codes = (
        open_clocks()
        .exclude(rule_code="")
        .order_by()
        .values_list("rule_code", flat=True)
        .distinct()
    )
    return {code: fingerprint(law) for code, law in laws(codes).items()}


def laws(codes: Iterable[str]) -> dict[str, Law]:
    """What the rules with these codes say now."""
    found: dict[str, Law] = {}
    wanted = list(codes)
    for reader in _readers:
        found.update(reader(wanted))
    return found


def _calendars_now() -> dict[str, str]:
    """Each State's calendar: weekend, holidays, days that its offices marked. Two queries."""
    marked = defaultdict(list)
    for row in LocalDay.objects.order_by("pk").values_list(
        "state_id", "authority_id", "first_day", "last_day", "working"
    ):
        marked[row[0]].append([str(value) for value in row[1:]])
    states = State.objects.values_list("code", "alpha2", "holiday_calendar", "weekend")
    return {
        code: fingerprint([calendar or alpha2, weekend, marked[code], holidays.__version__])
        for code, alpha2, calendar, weekend in states
    }


def fingerprint(content: Any) -> str:
    written = json.dumps(content, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _compare(kind: str, fresh: dict[str, str], now: datetime) -> int:
    """Mark what has another fingerprint than its clocks were last counted by."""
    known = {source.key: source for source in ClockSource.objects.filter(kind=kind)}
    unseen = [key for key in fresh if key not in known]
    if unseen:
        ClockSource.objects.bulk_create(
            [ClockSource(kind=kind, key=key) for key in unseen], ignore_conflicts=True
        )
        known |= {
            source.key: source for source in ClockSource.objects.filter(kind=kind, key__in=unseen)
        }
    changed = 0
    for key, content in fresh.items():
        source = known[key]
        if content in (source.fingerprint if not source.comparing else "", source.comparing):
            continue
        of_source = open_clocks().filter(clocks_of(source))
        count = of_source.count()
        if not count:
            ClockSource.objects.filter(pk=source.pk).update(fingerprint=content, comparing="")
            continue
        changed += ClockSource.objects.filter(pk=source.pk, comparing=source.comparing).update(
            comparing=content,
            changed_at=now,
            after=0,
            to_look_at=count,
            looked_at=0,
            moved=0,
            claimed_until=None,
            finished_at=None,
        )
    return changed


def open_clocks() -> QuerySet[Deadline]:
    return Deadline.objects.filter(settled_at__isnull=True)


def clocks_of(source: ClockSource) -> Q:
    """The clocks that are counted by a source."""
    if source.kind == ClockSource.Kind.RULE:
        return Q(rule_code=source.key)
    return Q(calendar_state=source.key) | Q(other_calendar_state=source.key)


# --- what that would move -------------------------------------------------------------------


def recount(now: datetime) -> int:
    """Look for changes and count anew what they concern. Returns how many clocks were looked at."""
    look_for_changes(now)
    looked_at = 0
    while (batch := recount_batch(now)) is not None:
        looked_at += batch
    return looked_at


def recount_batch(now: datetime) -> int | None:
    """Count one batch of one changed source anew. Returns how many; None where none waits.

    The source is claimed by a conditional update, so that workers share the sources; one that dies
    leaves its batch to the next.
    """
    source = ClockSource.objects.filter(waiting(~Q(comparing=""), now)).order_by("id").first()
    if source is None:
        return None
    mine = ClockSource.objects.filter(waiting(Q(pk=source.pk, comparing=source.comparing), now))
    if not mine.update(claimed_until=now + CLAIM):
        return 0
    with transaction.atomic():
        batch = list(
            open_clocks()
            .filter(clocks_of(source), pk__gt=source.after)
            .select_related("dossier")
            .order_by("pk")[:BATCH]
        )
        moved = _propose(source, batch, now)
        this = ClockSource.objects.filter(pk=source.pk, comparing=source.comparing)
        if len(batch) == BATCH:
            this.update(
                after=batch[-1].pk,
                looked_at=F("looked_at") + len(batch),
                moved=F("moved") + moved,
                claimed_until=None,
            )
        else:
            this.update(
                fingerprint=source.comparing,
                comparing="",
                looked_at=F("looked_at") + len(batch),
                moved=F("moved") + moved,
                claimed_until=None,
                finished_at=now,
            )
    return len(batch)


def _propose(source: ClockSource, batch: list[Deadline], now: datetime) -> int:
    """Leave a proposal for each clock of the batch that would move. Five queries and the writes.

    Where an officer kept the date, nothing is proposed until it is released.
    Calendars are always those of today. A calendar that changed under a clock whose new rule is
    still to be decided is counted with that rule: one proposal holds both changes.
    """
    events: dict[int, list[ClockEvent]] = defaultdict(list)
    for row in ClockEvent.objects.filter(
        deadline__in=[deadline.pk for deadline in batch], replaced_by__isnull=True, withdrawn=False
    ):
        events[row.deadline_id].append(row)
    undecided = {
        move.deadline_id: move
        for move in ProposedMove.objects.filter(deadline__in=batch, state=ProposedMove.State.OPEN)
    }
    kept = set(
        ProposedMove.objects.filter(deadline__in=batch, state=ProposedMove.State.KEPT).values_list(
            "deadline", flat=True
        )
    )
    calendars: dict[tuple[Place, ...], dict[str, Calendar]] = {}
    law = laws([source.key]).get(source.key) if source.kind == ClockSource.Kind.RULE else None
    moved = 0
    for deadline in batch:
        if deadline.pk in kept:
            _count_beside(deadline, events[deadline.pk], calendars)
            continue
        proposed = undecided.get(deadline.pk)
        standing = proposed.rule if proposed and proposed.rule else deadline.rule
        rule = by_law(deadline.rule, law) if law else standing
        try:
            found = _run(deadline, rule, events[deadline.pk], calendars)
        except Refusal:
            continue
        if found.due is None:
            continue
        if found.due.astimezone(UTC) == deadline.due_at:
            _take_over(deadline, rule)
            continue
        if proposed is None or proposed.new_due != found.due.astimezone(UTC):
            moved += _write(source, deadline, rule, found, now)
    return moved


def _count_beside(
    deadline: Deadline,
    rows: list[ClockEvent],
    calendars: dict[tuple[Place, ...], dict[str, Calendar]],
) -> None:
    """What counting alone gives for a clock whose date is kept: an event that comes later moves
    the kept date by what that event moves, and not by what the calendar did."""
    try:
        found = _run(deadline, deadline.rule, rows, calendars)
    except Refusal:
        return
    if found.due is not None:
        kept = deadline.proposed_moves.filter(state=ProposedMove.State.KEPT)
        kept.update(counted_due=found.due.astimezone(UTC))


def by_law(rule: Law, law: Law) -> Law:
    """A kept rule with what the register says now; the sides and what it was counted from stay."""
    if "until" in rule:
        return rule
    return {**rule, **{key: value for key, value in law.items() if key != "counted_from"}}


def _run(
    deadline: Deadline,
    rule: Law,
    rows: list[ClockEvent],
    calendars: dict[tuple[Place, ...], dict[str, Calendar]],
) -> Run:
    places = tuple(clock_rules.places_of(rule) or clock_record.places_of(deadline))
    if places not in calendars:
        calendars[places] = clock_rules.calendars_for(list(places))
    zone = clock_rules.zone_of(rule) or deadline.zone
    return run(
        clock_rules.engine_rule(rule, ZoneInfo(zone)),
        clock_record.happenings(rows),
        calendars[places],
        allowance=clock_rules.allowance_of(rule),
    )


def _take_over(deadline: Deadline, rule: Law) -> None:
    """The clock stays where it is: what was proposed is void, the rule's other terms hold."""
    deadline.proposed_moves.filter(state=ProposedMove.State.OPEN).delete()
    if rule != deadline.rule:
        deadline.rule = rule
        deadline.suspended_by = rule.get("suspended_by") or []
        deadline.resumed_by = rule.get("resumed_by") or []
        deadline.save(update_fields=["rule", "suspended_by", "resumed_by"])


def _write(source: ClockSource, deadline: Deadline, rule: Law, found: Run, now: datetime) -> int:
    """One open proposal a clock: a later change replaces it."""
    if found.due is None:
        return 0
    new_due = found.due.astimezone(UTC)
    ProposedMove.objects.update_or_create(
        deadline=deadline,
        state=ProposedMove.State.OPEN,
        defaults={
            "source": source,
            "old_due": deadline.due_at,
            "new_due": new_due,
            "zone": clock_rules.zone_of(rule) or deadline.zone,
            "rule": rule,
            "derivation": found.derivation,
            "cause": source.key,
            "proposed_at": now,
        },
    )
    return 1


# --- deciding -------------------------------------------------------------------------------


def moves_visible_to(user: User) -> QuerySet[ProposedMove]:
    """The moves to decide in dossiers that this person may see, oldest first."""
    return (
        ProposedMove.objects.filter(
            state=ProposedMove.State.OPEN,
            deadline__dossier__in=Dossier.objects.visible_to(user),
        )
        .select_related("deadline__dossier__counterpart", "source")
        .order_by("id")
    )


def moves_to_decide(user: User) -> QuerySet[ProposedMove]:
    """Those among them on which this person's role allows to decide."""
    offices = authorities_where(user, "set_deadline")
    return moves_visible_to(user).filter(deadline__dossier__owner__in=offices)


def visible_move(user: User, pk: int) -> ProposedMove:
    """Raises NotFound for one that is not there or that this person may not know of."""
    seen = Dossier.objects.visible_to(user)
    found = (
        ProposedMove.objects.select_related("deadline__dossier", "source")
        .filter(pk=pk, deadline__dossier__in=seen)
        .first()
    )
    if found is None:
        raise NotFound("not_found", _("There is no such change of a clock."))
    return found


def accept(move: ProposedMove, *, user: User, now: datetime) -> Deadline:
    """Let a clock move as proposed. Raises NotAllowed, and NotPossibleNow for a decided move."""
    _may_decide(move, user)
    with changing(move.deadline.dossier, expected_version=None, now=now) as dossier:
        _decide(move, ProposedMove.State.ACCEPTED, user, now)
        held = Deadline.objects.get(pk=move.deadline_id)
        held.dossier = dossier
        held.rule = move.rule
        held.zone = move.zone
        held.suspended_by = move.rule.get("suspended_by") or held.suspended_by
        held.resumed_by = move.rule.get("resumed_by") or held.resumed_by
        if places := clock_rules.places_of(move.rule):
            clock_record.set_places(held, places)
        held.save()
        before, _changed = clock_record.follow(held, clock_record.run_of(held), now)
        clock_record.tell_if_moved(held, before, user, now, cause=cause_in_words(move))
    return held


def accept_all(user: User, now: datetime, *, at_most: int = AT_ONCE) -> int:
    """Accept what this person may decide on, the oldest first. Returns how many moved."""
    moves = list(moves_to_decide(user)[:at_most])
    for move in moves:
        accept(move, user=user, now=now)
    return len(moves)


def keep(move: ProposedMove, *, reason: str, user: User, now: datetime) -> Deadline:
    """Keep the old date until it is released, and say why.

    Raises NotAllowed, Invalid (``reason``), NotPossibleNow.
    """
    _may_decide(move, user)
    if not reason.strip():
        raise Invalid(
            "reason_missing",
            _("The old date was not kept."),
            fields={"reason": [_("Say why the old date stays, for those who read the timeline.")]},
        )
    with changing(move.deadline.dossier, expected_version=None, now=now) as dossier:
        _decide(move, ProposedMove.State.KEPT, user, now, reason.strip())
        held = Deadline.objects.get(pk=move.deadline_id)
        held.dossier = dossier
        kept_dates.hold(held, move, clock_record.run_of(held).due)
        clock_record.tell(
            held,
            "deadline.kept",
            user,
            now,
            would_be=move.new_due.isoformat(),
            cause=cause_in_words(move),
            reason=reason.strip(),
        )
    return held


def release(move: ProposedMove, *, user: User, now: datetime) -> Deadline:
    """Let go of a date that was kept: where the clock would go by the rule and the calendars of now
    is proposed again. Raises NotAllowed, and NotPossibleNow where no date is kept by this move."""
    _may_decide(move, user)
    with changing(move.deadline.dossier, expected_version=None, now=now) as dossier:
        kept = ProposedMove.objects.filter(pk=move.pk, state=ProposedMove.State.KEPT)
        if not kept.update(state=ProposedMove.State.RELEASED):
            raise NotPossibleNow("not_kept", _("This date is not kept any more. Reload the page."))
        held = Deadline.objects.get(pk=move.deadline_id)
        held.dossier = dossier
        held.derivation = {key: said for key, said in held.derivation.items() if key != "kept"}
        held.save(update_fields=["derivation"])
        clock_record.tell(held, "deadline.released", user, now)
        if held.is_open:
            _propose_again(move.source, held, now)
    return held


def _propose_again(source: ClockSource, deadline: Deadline, now: datetime) -> None:
    law = laws([deadline.rule_code]).get(deadline.rule_code) if deadline.rule_code else None
    rule = by_law(deadline.rule, law) if law else deadline.rule
    found = _run(deadline, rule, clock_record.counting(deadline), {})
    if found.due is not None and found.due.astimezone(UTC) != deadline.due_at:
        _write(source, deadline, rule, found, now)


def cause_in_words(move: ProposedMove) -> str:
    """Why a clock would move, in the reader's language."""
    if move.source.kind == ClockSource.Kind.RULE:
        return gettext("the rule %(code)s of the register has changed") % {"code": move.source.key}
    return gettext("the calendar of %(state)s has changed") % {"state": state_of(move)}


def state_of(move: ProposedMove) -> str:
    from registry.state_directory import state_label

    return state_label(move.source.key)


def _may_decide(move: ProposedMove, user: User) -> None:
    if not may(user, "set_deadline", move.deadline.dossier):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow changing deadlines. Ask an officer."),
        )


def _decide(move: ProposedMove, state: str, user: User, now: datetime, reason: str = "") -> None:
    """Only one decision counts: the row is taken by conditional update."""
    open_move = ProposedMove.objects.filter(pk=move.pk, state=ProposedMove.State.OPEN)
    if not open_move.update(state=state, decided_by=user, decided_at=now, reason=reason):
        raise NotPossibleNow(
            "decided_already", _("Somebody has decided on this already. Reload the page.")
        )
