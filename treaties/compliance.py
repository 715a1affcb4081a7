"""Where a State stands with its obligations on a day: what is owed beside what was assessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q

from registry.access import authorities_where, roles_by_authority
from registry.models import Authority, Dossier, User
from treaties.models import Assessment, Evidence, Obligation, ObligationFile
from treaties.obligation_files import KIND, NOT_ASSESSED
from treaties.owed_obligations import Owed, owed_by


def office_of(user: User, asked: str = "") -> tuple[Authority | None, list[Authority]]:
    """The person's office with this number, else the first that assesses, else the first; and all."""
    mine = list(
        Authority.objects.filter(pk__in=roles_by_authority(user))
        .select_related("state")
        .order_by("name")
    )
    assess = authorities_where(user, "assess")
    chosen = next((o for o in mine if str(o.pk) == asked), None)
    chosen = chosen or next((o for o in mine if o.pk in assess), None)
    return chosen or (mine[0] if mine else None), mine


@dataclass(frozen=True)
class Row:
    """One obligation on the day asked about.

    ``assessment`` is the one published by then (not superseded yet), ``in_hand`` the draft or the
    one in review, which only the office sees. ``status`` is ``not_assessed`` without one.
    """

    owed: Owed
    file: ObligationFile | None
    assessment: Assessment | None
    in_hand: Assessment | None
    due_on: date | None
    on: date

    @property
    def obligation(self) -> Obligation:
        return self.owed.obligation

    @property
    def status(self) -> str:
        return self.assessment.status if self.assessment else NOT_ASSESSED

    @property
    def settled(self) -> bool:
        return self.status in (Assessment.Status.MET, Assessment.Status.NOT_APPLICABLE)

    @property
    def overdue(self) -> bool:
        """Due by a day that has passed, and neither met nor said to be not applicable."""
        return self.due_on is not None and self.due_on < self.on and not self.settled


def current(
    state_code: str,
    *,
    on: date,
    instrument: str = "",
    user: User | None = None,
    owner: Authority | None = None,
    zone: str = "UTC",
) -> list[Row]:
    """What a State owes on a day with how it was assessed then, in the order of the register.

    With a person, from the files that they may see; without one, as the public may: published and
    unsealed only. ``owner`` narrows to one authority's files. The day ends at midnight in ``zone``.
    A constant number of queries. Raises KeyError for an unknown State.
    """
    owed = owed_by(state_code, on, instrument=instrument)
    end = datetime.combine(on + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
    published: dict[tuple[str, int], Assessment] = {}
    in_hand: dict[tuple[str, int], Assessment] = {}
    files: dict[tuple[str, int], ObligationFile] = {}
    for file in _files(state_code, user, owner, {o.obligation.pk for o in owed}):
        key = (file.obligation_id, file.period)
        files.setdefault(key, file)
        for assessment in file.assessments.all():
            if _held_at(assessment, end):
                published[key] = assessment
                files[key] = file
            elif user and assessment.stage in ("draft", "in_review"):
                in_hand[key] = assessment
    return [
        Row(
            o,
            files.get(o.key),
            published.get(o.key),
            in_hand.get(o.key),
            _due(o, files.get(o.key)),
            on,
        )
        for o in owed
    ]


def _files(
    state_code: str, user: User | None, owner: Authority | None, codes: Iterable[str]
) -> Iterable[ObligationFile]:
    if user is not None:
        dossiers = Dossier.objects.visible_to(user)
    else:
        dossiers = Dossier.objects.exclude(confidentiality=Dossier.Confidentiality.SEALED)
    files = ObligationFile.objects.filter(
        state=state_code,
        obligation__in=list(codes),
        dossier__in=dossiers.filter(kind=KIND).values("pk"),
    )
    if owner is not None:
        files = files.filter(owner=owner)
    assessments = Assessment.objects.select_related(
        "responsible_authority", "drafted_by", "reviewed_by"
    ).prefetch_related(
        "national_measures",
        Prefetch("evidence", queryset=Evidence.objects.select_related("document")),
    )
    return (
        files.select_related("dossier", "owner")
        .prefetch_related(Prefetch("assessments", queryset=assessments))
        .order_by("dossier_id")
    )


def _held_at(assessment: Assessment, end: datetime) -> bool:
    if assessment.published_at is None or assessment.published_at >= end:
        return False
    return assessment.superseded_at is None or assessment.superseded_at >= end


def _due(owed: Owed, file: ObligationFile | None) -> date | None:
    if file and owed.obligation.due_from == Obligation.DueFrom.OWN_DATE:
        return file.due_on
    return owed.due_on


STATUSES = (
    Assessment.Status.MET.value,
    Assessment.Status.PARTLY_MET.value,
    Assessment.Status.NOT_MET.value,
    Assessment.Status.NOT_APPLICABLE.value,
    NOT_ASSESSED,
)


@dataclass(frozen=True)
class Tally:
    """How many obligations are in each status, and how many of them are overdue."""

    counts: dict[str, int]
    overdue: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def assessed(self) -> int:
        return self.total - self.counts[NOT_ASSESSED]


def tally(rows: Iterable[Row]) -> Tally:
    rows = list(rows)
    counts = Counter(row.status for row in rows)
    return Tally({s: counts[s] for s in STATUSES}, sum(row.overdue for row in rows))


def in_review_for(user: User, offices: Iterable[int]) -> Q:
    """The dossiers in which another officer's assessment waits for this person's review."""
    theirs = Assessment.objects.filter(stage=Assessment.Stage.IN_REVIEW).exclude(
        Q(drafted_by=user) | Q(submitted_by=user)
    )
    return Q(kind=KIND, status="in_review", owner__in=list(offices)) & Q(
        pk__in=theirs.values("file")
    )
