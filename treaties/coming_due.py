"""Open the file of each obligation that comes due, with its clock, before anybody has to think of it.

For every authority in which a ministry reporter works: what its State must do by a day within
``AHEAD`` gets its dossier and a running deadline. Done again and again, it adds nothing twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from registry import deadlines
from registry.models import Authority, Membership, Role
from treaties.assessments import OBLIGATION_MET
from treaties.models import ObligationFile
from treaties.obligation_files import open_for
from treaties.owed_obligations import Owed, owed_by

AHEAD = timedelta(days=180)
"""Calendar days: time to gather the evidence and to have it reviewed."""


def open_what_comes_due(now: datetime) -> int:
    """Open the files of what comes due within ``AHEAD``. Returns how many were opened."""
    opened = 0
    offices = Authority.objects.filter(
        memberships__role=Role.MINISTRY_REPORTER, memberships__user__is_active=True
    )
    for office in offices.select_related("state").distinct():
        today = deadlines.today_of(office, now)
        there = set(ObligationFile.objects.filter(owner=office).values_list("obligation", "period"))
        for owed in owed_by(office.state_id, today):
            coming = owed.due_on is not None and today <= owed.due_on <= today + AHEAD
            if coming and owed.key not in there:
                _open(office, owed, now)
                opened += 1
    return opened


def _open(office: Authority, owed: Owed, now: datetime) -> None:
    reporter = (
        Membership.objects.filter(
            authority=office, role=Role.MINISTRY_REPORTER, user__is_active=True
        )
        .select_related("user")
        .order_by("pk")
        .first()
    )
    if reporter is None or owed.due_on is None:
        return
    with transaction.atomic():
        file = open_for(office, owed, responsible=reporter.user, now=now)
        deadlines.start_until(
            file.dossier,
            owed.due_on,
            label=owed.obligation.text,
            instrument=owed.obligation.instrument_id or "",
            article=owed.obligation.article,
            rule_confidence=owed.obligation.confidence,
            met_by_event=OBLIGATION_MET,
            started_from="obligation.owed",
            now=now,
        )
