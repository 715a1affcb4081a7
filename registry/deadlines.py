"""The running clocks of a dossier: starting, setting by hand, meeting, missing, cancelling.

Whoever calls ``start``, ``settle`` or ``cancel_all`` holds the dossier (``dossiers.changing``): each
writes its timeline entry in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from registry import reminders, timeline
from registry.access import may
from registry.deadline_list import deadlines_of, deadlines_visible_to
from registry.dossiers import changing
from registry.models import Authority, Deadline, Dossier, User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from registry.time_rules import Due, end_of

__all__ = [
    "cancel_all",
    "deadlines_of",
    "deadlines_visible_to",
    "set_by_hand",
    "settle",
    "settle_by_hand",
    "start",
    "start_until",
    "today_of",
    "zone_of",
]

SET_BY_HAND = "by_hand"


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
) -> Deadline:
    """Start a clock with its reminders, and say so on the timeline.

    ``due`` is the engine's answer, whose derivation is kept, or a bare instant for a clock that no
    rule made.
    """
    deadline = Deadline.objects.create(
        dossier=dossier,
        label=str(label)[:240],
        rule_code=rule_code,
        instrument=instrument,
        article=article[:80],
        rule_confidence=rule_confidence,
        consequence=consequence,
        bound_party=bound_party,
        met_by_event=met_by_event,
        started_from=str(started_from)[:120],
        started_at=started_at,
        zone=zone,
        due_at=(due.at if isinstance(due, Due) else due).astimezone(UTC),
        derivation=due.derivation if isinstance(due, Due) else {},
        critical=critical,
    )
    reminders.arm(deadline, now)
    _tell(deadline, "deadline.started", actor, now)
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


def settle(
    dossier: Dossier,
    event: str,
    *,
    met: bool,
    now: datetime,
    at: datetime | None = None,
    actor: User | None = None,
) -> int:
    """Settle the running deadlines that this event settles. Returns how many.

    ``at`` is when the event happened, where that is not now. A deadline met after its due instant is
    *missed*: it was met too late, and both instants stay on the record.
    """
    running = dossier.deadlines.filter(state=Deadline.State.RUNNING, met_by_event=event)
    return _settle(running, met=met, at=at or now, now=now, actor=actor)


def settle_by_hand(
    deadline: Deadline, *, met: bool, user: User, now: datetime, at: datetime | None = None
) -> Deadline:
    """An officer says that a running deadline was met, or that it will not be.

    Raises NotAllowed for a role that may not, NotPossibleNow for one that no longer runs.
    """
    if not may(user, "set_deadline", deadline.dossier):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow settling deadlines. Ask an officer."),
        )
    with changing(deadline.dossier, expected_version=None, now=now):
        running = Deadline.objects.filter(pk=deadline.pk, state=Deadline.State.RUNNING)
        if not _settle(running, met=met, at=at or now, now=now, actor=user):
            raise NotPossibleNow(
                "deadline_settled", _("This deadline no longer runs. Reload the page.")
            )
    deadline.refresh_from_db()
    return deadline


def cancel_all(dossier: Dossier, *, now: datetime, actor: User | None = None) -> int:
    """Cancel what still runs: the matter ended, nobody waits any more. Returns how many."""
    running = list(dossier.deadlines.filter(state=Deadline.State.RUNNING))
    for deadline in running:
        deadline.state, deadline.settled_at = Deadline.State.CANCELLED, now
    _write(running, "deadline.cancelled", actor, now)
    return len(running)


def _settle(
    running: QuerySet[Deadline], *, met: bool, at: datetime, now: datetime, actor: User | None
) -> int:
    in_time: list[Deadline] = []
    missed: list[Deadline] = []
    for deadline in running.select_related("dossier"):
        (in_time if met and at <= deadline.due_at else missed).append(deadline)
    for deadline in in_time:
        deadline.state, deadline.settled_at = Deadline.State.MET, at
    for deadline in missed:
        deadline.state, deadline.settled_at = Deadline.State.MISSED, at
    _write(in_time, "deadline.met", actor, now)
    _write(missed, "deadline.missed", actor, now)
    return len(in_time) + len(missed)


def _write(deadlines: Iterable[Deadline], event: str, actor: User | None, now: datetime) -> None:
    settled = list(deadlines)
    if not settled:
        return
    Deadline.objects.bulk_update(settled, ["state", "settled_at"])
    reminders.disarm(deadline.pk for deadline in settled)
    for deadline in settled:
        _tell(deadline, event, actor, now)


def _tell(deadline: Deadline, event: str, actor: User | None, now: datetime) -> None:
    """The timeline entry of a deadline: what, by which rule, due when, in which zone."""
    words = {
        "deadline": deadline.pk,
        "label": deadline.label,
        "due": deadline.due_at.isoformat(),
        "zone": deadline.zone,
        "rule": deadline.rule_code,
        "article": deadline.article,
        "settled": deadline.settled_at.isoformat() if deadline.settled_at else "",
    }
    timeline.record(
        deadline.dossier,
        event,
        actor=actor,
        at=now,
        **{key: value for key, value in words.items() if value},
    )
