"""What became of the requests that an authority sent: stock and flow, times, answers, by whom.

1. A request counts from the day on which it was sent until it is closed or withdrawn. Days are those
   of the authority's zone; a period includes both its days.
2. *Carried forward*: sent before the period and not ended before it. *New*: sent in it. *Ended*:
   closed or withdrawn in it. *Open*: sent by its last day and not ended by then.
3. Carried forward and new must equal ended and open. The first three are read from the requests, the
   last from the timeline, so that a matter whose record contradicts itself shows: then the table is
   not given, but the dossiers that break it.
4. Requests are counted; an enquiry, an informal contact, a draft sent for comment and information
   given without a request are counted apart, by kind (``by_kind``).
5. Only what the person may see is counted; without a person, what is not sealed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from mla.models import AssistanceRequest, Measure, RequestKind
from mla.request_kinds import ASKING
from registry.deadlines import zone_of
from registry.models import Authority, Dossier, TimelineEntry, User
from registry.refusals import Text

SENT, EXECUTED, PARTLY, REFUSED = "mla.sent", "mla.executed", "mla.partly_executed", "mla.refused"
ACKNOWLEDGED, CLOSED, WITHDRAWN = "mla.acknowledged", "mla.closed", "mla.withdrawn"
REOPENED = "mla.reopened"
AGES = ((30, "under_30"), (90, "30_to_89"), (180, "90_to_179"), (365, "180_to_364"))
OLDEST = "365_and_more"

LABELS: dict[str, Text] = {
    "carried": _("Carried forward"),
    "new": _("Sent in the period"),
    "ended": _("Ended in the period"),
    "open": _("Open at the end"),
    "acknowledged": _("Sent in the period and acknowledged"),
    "executed": _("Executed in the period"),
    "partly": _("Partly executed in the period"),
    "refused": _("Refused in the period"),
    "withdrawn": _("Withdrawn in the period"),
    "refused_with_reasons": _("Refused in the period, with reasons recorded"),
    "under_30": _("Open for under 30 days"),
    "30_to_89": _("Open for 30 to 89 days"),
    "90_to_179": _("Open for 90 to 179 days"),
    "180_to_364": _("Open for 180 to 364 days"),
    OLDEST: _("Open for a year and more"),
    "overdue_answer": _("Open past the day on which the answer was wanted"),
    "urgent": _("Sent in the period as urgent"),
}


@dataclass
class Matter:
    """One request sent, with what its timeline says of it. Instants are UTC."""

    key: int
    reference: str
    state: str
    basis: str
    urgent: bool
    sent_at: datetime
    acknowledged_at: datetime | None
    closed_at: datetime | None
    wanted_by: date | None
    events: dict[str, datetime] = field(default_factory=dict)
    reason: str = ""


@dataclass
class KindCount:
    """How many matters of a kind were sent, and received, in the period."""

    sent: int = 0
    received: int = 0


@dataclass
class Statistics:
    """The figures of a period: for each code the matters behind it."""

    owner: Authority
    since: date
    until: date
    matters: dict[str, list[Matter]]
    days: dict[str, int | None]
    breaks: list[Matter]
    by_measure: Counter[str]
    by_kind: dict[str, KindCount]
    by_ground: Counter[str]

    def count(self, code: str) -> int:
        return len(self.matters[code])

    @property
    def balanced(self) -> bool:
        return not self.breaks

    def by(self, what: str, code: str = "new") -> list[tuple[str, int]]:
        """The matters of a figure by ``state`` or ``basis``, the most first."""
        found = Counter(getattr(matter, what) for matter in self.matters[code])
        return found.most_common()


def of_period(owner: Authority, since: date, until: date, user: User | None) -> Statistics:
    """The figures of the authority's sent requests. Eight queries at most, however many there are."""
    zone = ZoneInfo(zone_of(owner))
    start = datetime.combine(since, time(), zone).astimezone(UTC)
    end = datetime.combine(until + timedelta(days=1), time(), zone).astimezone(UTC)
    known = _matters(owner, end, user)
    _with_timeline(known)
    figures: dict[str, list[Matter]] = {code: [] for code in LABELS}
    breaks: list[Matter] = []

    def within(instant: datetime | None) -> bool:
        return instant is not None and start <= instant < end

    for matter in known.values():
        before = matter.sent_at < start
        ended_before = matter.closed_at is not None and matter.closed_at < start
        if before and not ended_before:
            figures["carried"].append(matter)
        if within(matter.sent_at):
            figures["new"].append(matter)
            if matter.acknowledged_at:
                figures["acknowledged"].append(matter)
            if matter.urgent:
                figures["urgent"].append(matter)
        ended = within(matter.closed_at)
        if ended:
            figures["ended"].append(matter)
        still_open = _open_by_timeline(matter, end)
        if still_open:
            figures["open"].append(matter)
            _aged(matter, end, until, figures)
        if bool((before and not ended_before) or within(matter.sent_at)) != (
            ended or still_open
        ) or (ended and still_open):
            breaks.append(matter)
        for code, event in (("executed", EXECUTED), ("partly", PARTLY), ("refused", REFUSED),
                            ("withdrawn", WITHDRAWN)):  # fmt: skip
            if within(matter.events.get(event)):
                figures[code].append(matter)
        if within(matter.events.get(REFUSED)) and matter.reason.strip():
            figures["refused_with_reasons"].append(matter)
    measures = Measure.objects.filter(request__in=[m.key for m in figures["new"]][:30_000])
    refused = AssistanceRequest.objects.filter(pk__in=[m.key for m in figures["refused"]][:30_000])
    return Statistics(
        owner,
        since,
        until,
        figures,
        _days(figures),
        breaks,
        Counter(measures.values_list("kind", flat=True)),
        _by_kind(owner, start, end, user),
        Counter(
            ground or "" for ground in refused.values_list("refusal_ground__ground", flat=True)
        ),
    )


def _counted(owner: Authority, user: User | None) -> QuerySet[AssistanceRequest]:
    """What the person may see of the authority; without a person, what is not sealed."""
    if user is not None:
        dossiers = Dossier.objects.visible_to(user)
    else:
        dossiers = Dossier.objects.exclude(confidentiality=Dossier.Confidentiality.SEALED)
    return AssistanceRequest.objects.filter(dossier__in=dossiers.filter(owner=owner).values("pk"))


def _by_kind(
    owner: Authority, start: datetime, end: datetime, user: User | None
) -> dict[str, KindCount]:
    """What was sent and received in the period, by kind; in the order of the kinds. Two queries."""
    found = {code: KindCount() for code in RequestKind.values}
    counted = _counted(owner, user).order_by()
    sent = counted.filter(sent_at__gte=start, sent_at__lt=end)
    for kind, number in sent.values_list("kind").annotate(number=Count("pk")):
        found[kind].sent = number
    received = counted.filter(receipt__received_at__gte=start, receipt__received_at__lt=end)
    for kind, number in received.values_list("kind").annotate(number=Count("pk")):
        found[kind].received = number
    return {kind: count for kind, count in found.items() if count.sent or count.received}


def _matters(owner: Authority, end: datetime, user: User | None) -> dict[int, Matter]:
    rows = (
        _counted(owner, user)
        .filter(sent_at__lt=end, kind__in=ASKING)
        .values_list(
            "pk",
            "dossier__reference",
            "requested_state",
            "basis",
            "dossier__urgent",
            "sent_at",
            "acknowledged_at",
            "closed_at",
            "answer_wanted_by",
        )
    )
    return {row[0]: Matter(*row) for row in rows.order_by("sent_at", "pk").iterator()}  # type: ignore[arg-type]


def _with_timeline(known: dict[int, Matter]) -> None:
    """The first instant of each event. When it was sent is what was said then, not when it was said."""
    wanted = (SENT, ACKNOWLEDGED, EXECUTED, PARTLY, REFUSED, CLOSED, WITHDRAWN, REOPENED)
    keys = list(known)
    for first in range(0, len(keys), 5_000):
        entries = TimelineEntry.objects.filter(
            dossier__in=keys[first : first + 5_000], event__in=wanted
        )
        for dossier, event, at, data in entries.order_by("sequence").values_list(
            "dossier", "event", "at", "data"
        ):
            matter = known[dossier]
            if event == REOPENED:
                matter.events.pop(CLOSED, None)
                continue
            when = at
            if event == SENT and (said := parse_datetime(str(data.get("sent_at") or ""))):
                when = said
            matter.events.setdefault(event, when)
            if event == REFUSED:
                matter.reason = matter.reason or str(data.get("reason") or "")


def _open_by_timeline(matter: Matter, end: datetime) -> bool:
    sent = matter.events.get(SENT)
    ends = [matter.events[e] for e in (CLOSED, WITHDRAWN) if e in matter.events]
    return sent is not None and sent < end and not any(at < end for at in ends)


def _aged(matter: Matter, end: datetime, until: date, figures: dict[str, list[Matter]]) -> None:
    days = (end - matter.sent_at).days
    code = next((code for most, code in AGES if days < most), OLDEST)
    figures[code].append(matter)
    if matter.wanted_by and matter.wanted_by < until:
        figures["overdue_answer"].append(matter)


def _days(figures: dict[str, list[Matter]]) -> dict[str, int | None]:
    """The median of calendar days, whole ones, from sending to each answer."""

    def middle(matters: Iterable[Matter], event: str) -> int | None:
        taken = [
            max(0, (at - m.sent_at).days)
            for m in matters
            if (at := m.acknowledged_at if event == ACKNOWLEDGED else m.events.get(event))
        ]
        return round(median(taken)) if taken else None

    return {
        "acknowledged": middle(figures["acknowledged"], ACKNOWLEDGED),
        "executed": middle(figures["executed"], EXECUTED),
        "refused": middle(figures["refused"], REFUSED),
    }
