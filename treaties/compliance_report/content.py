"""What a report says, as data: read once from what may be seen, and frozen.

1. Both editions hold published assessments of files that are not sealed, and nothing else of them;
   what is sealed appears as not assessed, and the report says so.
2. The internal edition adds internal notes, next steps, who drafted and reviewed, and the dossier's
   reference. The public one names only evidence marked as public.
3. A State's standing and the state of assessments are those at the end of the period's last day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

import orjson
from django.utils import translation

from registry.deadlines import zone_of
from registry.models import Authority
from treaties import small_numbers
from treaties.compliance import Row, Tally, current, tally
from treaties.compliance_report.ordering import Period
from treaties.figures import Figure, counted
from treaties.models import Assessment, ComplianceReport, Edition, Instrument, Obligation
from treaties.register import Party, instruments_of_state
from treaties.register_index import RegisterIndex

FORMAT = 1
Content = dict[str, Any]


def build(
    report: ComplianceReport, *, now: datetime, step: Callable[[int, int], None] = lambda *_: None
) -> Content:
    """Everything that the report says. ``step`` is told how many steps of how many are done."""
    with translation.override(report.language):
        return _build(report, now, step)


def _build(report: ComplianceReport, now: datetime, step: Callable[[int, int], None]) -> Content:
    owner = report.owner
    compared = _compared(report)
    rows = _rows(report, report.until)
    earlier = {row.owed.key: row for row in _rows(report, compared.until)} if compared else {}
    groups = _grouped(rows)
    standings = {
        found.instrument.code: found for found in instruments_of_state(owner.state_id, report.until)
    }
    figures = counted(owner, report.since, report.until, None)
    measures = {(f.instrument, f.code): f for f in figures if f.instrument}
    step(1, len(groups) + 2)
    told = []
    for number, (code, under) in enumerate(groups.items(), 2):
        told.append(_group(code, under, earlier, report, standings.get(code), measures))
        step(number, len(groups) + 2)
    measured = _figures(report, compared, figures)
    before = list(earlier.values())
    return {
        "format": FORMAT,
        "reference": report.reference,
        "edition": report.edition,
        "language": report.language,
        "state": {
            "code": owner.state_id,
            "name": RegisterIndex.current().states[owner.state_id].called(),
        },
        "authority": owner.name,
        "scope": report.scope,
        "period": _days(Period(report.since, report.until)),
        "compared": _days(compared) if compared else None,
        "made_at": now.isoformat(),
        "law": _tallies(rows, before, compared, binding=True),
        "commitments": _tallies(rows, before, compared, binding=False),
        "groups": told,
        "figures": measured,
    }


def digest_of(content: Content) -> str:
    """SHA-256 over the content as JSON with its keys in order."""
    return hashlib.sha256(canonical(content)).hexdigest()


def canonical(content: Content) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def _compared(report: ComplianceReport) -> Period | None:
    if report.compared_since is None or report.compared_until is None:
        return None
    return Period(report.compared_since, report.compared_until)


def _rows(report: ComplianceReport, on: date) -> list[Row]:
    """What was owed on a day, with what was published by then. No draft: nobody signed in asks."""
    owner: Authority = report.owner
    rows = current(owner.state_id, on=on, owner=owner, zone=zone_of(owner))
    scope = set(report.scope)
    return [row for row in rows if not scope or _group_code(row.obligation) in scope]


def _group_code(obligation: Obligation) -> str:
    return obligation.instrument_id or obligation.theme


def _grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by instrument, in the register's order of preference, then by theme."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(_group_code(row.obligation), []).append(row)
    ranks = {
        code: (rank, code)
        for code, rank in Instrument.objects.filter(pk__in=groups).values_list("pk", "rank")
    }
    return dict(sorted(groups.items(), key=lambda item: ranks.get(item[0], (99_999, item[0]))))


def _group(
    code: str,
    rows: list[Row],
    earlier: dict[tuple[str, int], Row],
    report: ComplianceReport,
    standing: Party | None,
    measures: dict[tuple[str, str], Figure],
) -> Content:
    instrument, public = standing and standing.instrument, report.edition == Edition.PUBLIC
    before = [earlier[row.owed.key] for row in rows if row.owed.key in earlier]
    return {
        "code": code,
        "title": instrument.short_title if instrument else str(Obligation.Theme(code).label),
        "full_title": instrument.title if instrument else "",
        "binding": instrument is not None,
        "standing": standing.sentence if standing else "",
        "since": _day(standing.since) if standing else None,
        "preparing": rows[0].owed.preparing,
        "tally": _counts(tally(rows)),
        "earlier": _counts(tally(before)) if earlier or report.compared_until else None,
        "rows": [_told(row, earlier.get(row.owed.key), report, public, measures) for row in rows],
    }


def _told(
    row: Row,
    before: Row | None,
    report: ComplianceReport,
    public: bool,
    measures: dict[tuple[str, str], Figure],
) -> Content:
    obligation, assessment = row.obligation, row.assessment
    figure = measures.get((obligation.instrument_id or "", obligation.figure))
    said: Content = {
        "code": obligation.pk,
        "text": obligation.text,
        "article": obligation.article,
        "document": obligation.document,
        "document_reference": obligation.reference,
        "category": obligation.category,
        "kind": obligation.kind,
        "due_from": obligation.due_from,
        "period": row.owed.period,
        "due_on": _day(row.due_on),
        "overdue": row.overdue,
        "preparing": row.owed.preparing,
        "figure": obligation.figure,
        "measured": {"label": str(figure.label), **_number(figure, public)}
        if figure and figure.of
        else None,
        "source": obligation.source,
        "as_of": obligation.as_of,
        "verified": row.owed.verified,
        "status": row.status,
        "earlier_status": before.status if before else None,
        "changed": bool(report.compared_until) and (before is None or before.status != row.status),
        "assessment": _assessed(assessment, public) if assessment else None,
    }
    if not public and row.file is not None:
        said["reference"] = row.file.dossier.reference
    return said


def _assessed(assessment: Assessment, public: bool) -> Content:
    said: Content = {
        "number": assessment.number,
        "as_on": _day(assessment.as_on),
        "published_at": assessment.published_at.isoformat() if assessment.published_at else None,
        "explanation": assessment.explanation,
        "measures": [
            {"title": m.title, "article": m.article, "date": _day(m.date), "note": m.note}
            for m in assessment.national_measures.all()
        ],
        "evidence": [
            {
                "title": e.document.title,
                "file_name": e.document.file_name,
                "sha256": e.document.sha256,
                "note": e.note,
                "public": e.public,
            }
            for e in assessment.evidence.all()
            if e.public or not public
        ],
    }
    if not public:
        office = assessment.responsible_authority
        said |= {
            "responsible": office.name if office else assessment.responsible_text,
            "next_step": assessment.next_step,
            "next_step_due": _day(assessment.next_step_due),
            "internal_note": assessment.internal_note,
            "drafted_by": assessment.drafted_by.name,
            "reviewed_by": assessment.reviewed_by.name if assessment.reviewed_by else "",
        }
    return said


def _tallies(
    rows: list[Row], before: list[Row], compared: Period | None, *, binding: bool
) -> Content:
    return {
        "now": _counts(tally(row for row in rows if row.obligation.binding is binding)),
        "earlier": _counts(tally(row for row in before if row.obligation.binding is binding))
        if compared
        else None,
    }


def _counts(found: Tally) -> Content:
    return {
        "counts": found.counts,
        "overdue": found.overdue,
        "total": found.total,
        "assessed": found.assessed,
    }


def _figures(
    report: ComplianceReport, compared: Period | None, figures: list[Figure]
) -> list[Content]:
    """What was done in the period, beside the earlier one; small numbers are hidden in public.

    Counted from what is not sealed, whoever orders the report.
    """
    owner, public = report.owner, report.edition == Edition.PUBLIC
    earlier = (
        {
            f.code: f
            for f in counted(owner, compared.since, compared.until, None)
            if not f.instrument
        }
        if compared
        else {}
    )
    told = []
    for figure in figures:
        if figure.instrument:
            continue
        before = earlier.get(figure.code)
        said = {
            "code": figure.code,
            "label": str(figure.label),
            "unit": figure.unit,
            **_number(figure, public),
            "earlier": _number(before, public) if before else None,
        }
        if not public:
            said["address"] = figure.address
        told.append(said)
    return told


def _number(figure: Figure, public: bool) -> Content:
    value, of, hidden = figure.value, figure.of, False
    if public and figure.unit == "days":
        # A median says nothing of how many there were, and may be that of one.
        value, hidden = None, figure.value is not None
    elif public and of is not None and value is not None:
        told, whole = small_numbers.share_told(value, of)
        hidden, value, of = told is None, told, whole
    elif public and value is not None and small_numbers.is_small(value):
        value, hidden = None, True
    return {"value": value, "of": of, "hidden": hidden}


def _days(period: Period) -> Content:
    return {"since": _day(period.since), "until": _day(period.until)}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
