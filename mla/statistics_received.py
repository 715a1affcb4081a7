"""What we did with the requests that came to us: in time, with reasons, after consultation, how fast.

1. A request counts from the day on which it was received until it is closed or withdrawn. Days are
   those of the authority's zone; a period includes both its days.
2. What happened *in the period* (accepted, refused, returned as deficient, referred) is read from the
   timeline: when it first happened.
3. *In time*: the clock of our acknowledgement or execution was met before it ran out, of those that
   were met, missed or overdue at the end of the period. The clock is that of the legal basis where it
   fixes one, else the office's own norm.
4. *With reasons*: the refusal gives reasons (a ground that applies without them cannot be kept).
   *After consultation*: one was recorded before the refusal.
5. Only what the person may see is counted; without a person, what is not sealed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from mla.models import AssistanceRequest
from mla.request_kinds import ASKING
from registry.deadlines import zone_of
from registry.models import Authority, Deadline, Dossier, TimelineEntry, User
from registry.refusals import Text

ACKNOWLEDGED, ACCEPTED, EXECUTED, REFUSED = (
    "mla.acknowledged",
    "mla.accepted",
    "mla.executed",
    "mla.refused",
)
PARTLY, POSTPONED, CONSULTED = "mla.partly_executed", "mla.postponed", "mla.consulted"
RETURNED, REFERRED, WITHDRAWN = "mla.returned_as_deficient", "mla.referred", "mla.withdrawn"
CLOSED, REOPENED = "mla.closed", "mla.reopened"
DECISIONS = {
    "received_accepted": ACCEPTED,
    "received_executed": EXECUTED,
    "received_partly": PARTLY,
    "received_postponed": POSTPONED,
    "received_refused": REFUSED,
    "received_returned": RETURNED,
    "received_referred": REFERRED,
    "received_withdrawn": WITHDRAWN,
}
IN_TIME = {"acknowledged": ACKNOWLEDGED, "executed": EXECUTED}

LABELS: dict[str, Text] = {
    "received_new": _("Received in the period"),
    "received_ended": _("Received requests ended in the period"),
    "received_open": _("Received requests open at the end"),
    "received_acknowledged": _("Received in the period and acknowledged"),
    "received_acknowledged_due": _("Received in the period, acknowledgement due"),
    "received_acknowledged_in_time": _("Received in the period and acknowledged in time"),
    "received_accepted": _("Received requests accepted in the period"),
    "received_executed": _("Received requests executed in the period"),
    "received_executed_due": _("Received in the period, execution due"),
    "received_executed_in_time": _("Received in the period and executed in time"),
    "received_partly": _("Received requests partly executed in the period"),
    "received_postponed": _("Received requests postponed in the period"),
    "received_refused": _("Received requests refused in the period"),
    "received_refused_with_reasons": _("Refused by us in the period, with reasons recorded"),
    "received_refused_after_consultation": _("Refused by us in the period, after a consultation"),
    "received_returned": _("Received requests returned as deficient in the period"),
    "received_referred": _("Received requests referred elsewhere in the period"),
    "received_withdrawn": _("Received requests withdrawn in the period"),
}


@dataclass
class Matter:
    """One request received, with what its timeline and clocks say of it. Instants are UTC."""

    key: int
    reference: str
    state: str
    basis: str
    parent: str
    received_at: datetime
    acknowledged_at: datetime | None
    closed_at: datetime | None
    events: dict[str, datetime] = field(default_factory=dict)
    reason: str = ""
    clocks: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    @property
    def instruments(self) -> set[str]:
        """The legal basis and the treaty that it supplements."""
        return {self.basis, self.parent} - {"", None}


@dataclass
class ReceivedStatistics:
    """The figures of a period: for each code the matters behind it, and medians of days."""

    owner: Authority
    since: date
    until: date
    matters: dict[str, list[Matter]]
    days: dict[str, int | None]

    def count(self, code: str) -> int:
        return len(self.matters[code])

    def under(self, code: str, instrument: str) -> int:
        """The matters of a figure that rest on an instrument."""
        return sum(instrument in matter.instruments for matter in self.matters[code])

    @property
    def instruments(self) -> set[str]:
        return {code for found in self.matters.values() for m in found for code in m.instruments}


def of_period(owner: Authority, since: date, until: date, user: User | None) -> ReceivedStatistics:
    """The figures of what the authority received. Three queries, however many there are."""
    zone = ZoneInfo(zone_of(owner))
    start = datetime.combine(since, time(), zone).astimezone(UTC)
    end = datetime.combine(until + timedelta(days=1), time(), zone).astimezone(UTC)
    known = _matters(owner, end, user)
    if known:
        _with_timeline(known)
        _with_clocks(known)
    figures: dict[str, list[Matter]] = {code: [] for code in LABELS}

    def within(instant: datetime | None) -> bool:
        return instant is not None and start <= instant < end

    for matter in known.values():
        ended = matter.events.get(CLOSED) or matter.events.get(WITHDRAWN)
        if within(ended):
            figures["received_ended"].append(matter)
        if ended is None or ended >= end:
            figures["received_open"].append(matter)
        for code, event in DECISIONS.items():
            if within(matter.events.get(event)):
                figures[code].append(matter)
        if within(matter.events.get(REFUSED)):
            _judge_refusal(matter, figures)
        if within(matter.received_at):
            figures["received_new"].append(matter)
            if matter.acknowledged_at:
                figures["received_acknowledged"].append(matter)
            for what, event in IN_TIME.items():
                _judge_time(matter, what, event, end, figures)
    return ReceivedStatistics(owner, since, until, figures, _days(figures))


def _matters(owner: Authority, end: datetime, user: User | None) -> dict[int, Matter]:
    if user is not None:
        dossiers = Dossier.objects.visible_to(user)
    else:
        dossiers = Dossier.objects.exclude(confidentiality=Dossier.Confidentiality.SEALED)
    rows = AssistanceRequest.objects.filter(
        dossier__in=dossiers.filter(owner=owner, direction=Dossier.Direction.RECEIVED).values("pk"),
        kind__in=ASKING,
        receipt__received_at__lt=end,
    ).values_list(
        "pk",
        "dossier__reference",
        "requesting_state",
        "basis",
        "basis__parent",
        "receipt__received_at",
        "receipt__acknowledged_at",
        "closed_at",
    )
    return {row[0]: Matter(*row) for row in rows.order_by("receipt__received_at", "pk").iterator()}  # type: ignore[arg-type]


def _in_batches(known: dict[int, Matter]) -> Iterable[list[int]]:
    keys = list(known)
    for first in range(0, len(keys), 5_000):
        yield keys[first : first + 5_000]


def _with_timeline(known: dict[int, Matter]) -> None:
    """The first instant of each event; a reopening undoes the end."""
    wanted = {*DECISIONS.values(), ACKNOWLEDGED, CONSULTED, CLOSED, REOPENED}
    for keys in _in_batches(known):
        entries = TimelineEntry.objects.filter(dossier__in=keys, event__in=wanted)
        for dossier, event, at, data in entries.order_by("sequence").values_list(
            "dossier", "event", "at", "data"
        ):
            matter = known[dossier]
            if event == REOPENED:
                for undone in (CLOSED, WITHDRAWN):
                    matter.events.pop(undone, None)
                continue
            matter.events.setdefault(event, at)
            if event == REFUSED:
                matter.reason = str(data.get("reason") or "")


def _with_clocks(known: dict[int, Matter]) -> None:
    """The clocks of our acknowledgement and execution: how each ended, and when it is due."""
    for keys in _in_batches(known):
        rows = Deadline.objects.filter(
            dossier__in=keys,
            met_by_event__in=IN_TIME.values(),
            bound_party=Deadline.BoundParty.OURS,
        ).exclude(state=Deadline.State.CANCELLED)
        for dossier, event, state, due in rows.order_by("-due_at").values_list(
            "dossier", "met_by_event", "state", "due_at"
        ):
            known[dossier].clocks[event] = (state, due)


def _judge_refusal(matter: Matter, figures: dict[str, list[Matter]]) -> None:
    if matter.reason.strip():
        figures["received_refused_with_reasons"].append(matter)
    consulted = matter.events.get(CONSULTED)
    if consulted is not None and consulted <= matter.events[REFUSED]:
        figures["received_refused_after_consultation"].append(matter)


def _judge_time(
    matter: Matter, what: str, event: str, end: datetime, figures: dict[str, list[Matter]]
) -> None:
    """Whether a clock of ours was met in time, where it was to be met by the end of the period."""
    state, due = matter.clocks.get(event, ("", end))
    met = state == Deadline.State.MET
    late = state == Deadline.State.MISSED or (state == Deadline.State.RUNNING and due < end)
    if met or late:
        figures[f"received_{what}_due"].append(matter)
    if met:
        figures[f"received_{what}_in_time"].append(matter)


def _days(figures: dict[str, list[Matter]]) -> dict[str, int | None]:
    """The median of calendar days, whole ones, from receipt to each answer."""

    def middle(code: str, event: str) -> int | None:
        taken = [
            max(0, (at - m.received_at).days)
            for m in figures[code]
            if (at := m.acknowledged_at if event == ACKNOWLEDGED else m.events.get(event))
        ]
        return round(median(taken)) if taken else None

    return {
        "received_acknowledged": middle("received_acknowledged", ACKNOWLEDGED),
        "received_accepted": middle("received_accepted", ACCEPTED),
        "received_executed": middle("received_executed", EXECUTED),
        "received_refused": middle("received_refused", REFUSED),
    }
