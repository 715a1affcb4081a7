"""How a worker makes what was ordered: claimed, frozen, rendered, kept.

A worker that dies leaves a claim that runs out, and the next sweep takes the report again: none is
lost. What is kept is written by whoever still holds the claim, so none is made twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from registry import claims, documents
from treaties.compliance_report import content as contents
from treaties.compliance_report import printing
from treaties.models import ComplianceReport

log = logging.getLogger(__name__)

Stage = ComplianceReport.Stage
LEASE = timedelta(minutes=5)
"""How long a worker may be silent between two steps before another takes the report."""
MOST_ATTEMPTS = 3
PAUSE = timedelta(seconds=30)


def make_ordered(limit: int = 20, now: datetime | None = None) -> int:
    """Make the reports that are waiting, oldest first. Returns how many were made."""
    made = 0
    for _number in range(limit):
        report = _claim(now or timezone.now())
        if report is None:
            break
        made += _make(report)
    return made


def _claim(now: datetime) -> ComplianceReport | None:
    waiting = claims.waiting(Q(stage=Stage.ORDERED), now)
    key = claims.claim_oldest(ComplianceReport, waiting, until=now + LEASE, steps_done=0)
    if key is None:
        return None
    return ComplianceReport.objects.select_related("owner__state", "state").get(pk=key)


def _make(report: ComplianceReport) -> bool:
    held = ComplianceReport.objects.filter(
        pk=report.pk, stage=Stage.ORDERED, attempts=report.attempts
    )
    try:
        now = timezone.now()
        said = contents.build(report, now=now, step=_teller(report))
        pdf = printing.pdf_of_report(said)
        pdf_digest = documents.store_content(pdf)
    except Exception as error:
        log.exception("report %s could not be made", report.reference)
        given_up = report.attempts >= MOST_ATTEMPTS
        held.update(
            stage=Stage.FAILED if given_up else Stage.ORDERED,
            claimed_until=timezone.now() + PAUSE * report.attempts,
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )
        return False
    return bool(
        held.update(
            stage=Stage.MADE,
            content=said,
            digest=contents.digest_of(said),
            pdf_digest=pdf_digest,
            made_at=now,
            claimed_until=None,
            steps_done=F("steps_total"),
            last_error="",
        )
    )


def _teller(report: ComplianceReport) -> Callable[[int, int], None]:
    """Writes how far the making is, and prolongs the claim."""

    def tell(done: int, total: int) -> None:
        ComplianceReport.objects.filter(pk=report.pk, attempts=report.attempts).update(
            steps_done=done, steps_total=total, claimed_until=timezone.now() + LEASE
        )

    return tell
