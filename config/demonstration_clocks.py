"""The demonstration's clocks: paused, missed and why, due today, handed over during an absence.

Everything happens to requests that ``config/demonstration_requests.py`` made, after what is told of
them there, by the officer whose step it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from config.demonstration_requests import officer
from mla.reassigning import reassign
from registry import (
    clock_events,
    clock_rules,
    deadlines,
    local_days,
    missed,
    recomputation,
    standing_in,
)
from registry.clock_rules import Side
from registry.deadlines import today_of
from registry.models import Authority, Deadline, Dossier, LocalDay, Role, User

OFFICE, COLLEAGUE = "BE-CA", "jonas.willems@example.org"
DAY = timedelta(days=1)
PAUSED, LATE, OVERDUE = "Karsa Valley", "Radio Tessin", "Karsa Valley (search at Teranga Négoce)"
HANDED_OVER = ("Qasr Tamar", "Río Hondo (companies in Madrid)")
LATE_LABEL = "Send the bank's questions to Washington"
TO_COME = (
    (OVERDUE, "Tell the investigating judge how the search stands", -2, False),
    (PAUSED, "Telephone the Ministry in Dakar", 0, False),
    (LATE, "Account at Liberty Street: ask for its freezing", 1, True),
    (HANDED_OVER[0], "Rooms for the hearing in Rabat", 3, False),
    (HANDED_OVER[1], "Translation for Madrid", 5, True),
)
"""Of which request, what, in how many days, whether critical."""


def load_clocks(now: datetime) -> int:
    """Make what the pages of deadlines show, unless it is there. Returns how many clocks."""
    office = Authority.objects.select_related("state").get(reference_prefix=OFFICE)
    matters = {
        dossier.title: dossier
        for dossier in Dossier.objects.filter(
            owner=office, title__in=[PAUSED, LATE, OVERDUE, *HANDED_OVER]
        )
    }
    made = Deadline.objects.filter(dossier__owner=office, label=LATE_LABEL)
    if len(matters) < 5 or made.exists():
        return 0
    drafter = officer(office, Role.DRAFTING_OFFICER)
    approver = officer(office, Role.APPROVING_OFFICER)
    colleague = User.objects.get(email=COLLEAGUE)
    with transaction.atomic():
        _pause(matters[PAUSED], drafter, now)
        _miss(matters[LATE], drafter, approver, now)
        for title, label, days, critical in TO_COME:
            set_on = now - 4 * DAY
            due_on = today_of(office, now) + days * DAY
            deadlines.set_by_hand(
                matters[title],
                label=label,
                due_on=due_on,
                user=drafter,
                now=set_on,
                critical=critical,
            )
        references = [matters[title].reference for title in HANDED_OVER]
        reassign(references, colleague.pk, user=approver, now=now - 3 * DAY)
        for each in (drafter, colleague):
            standing_in.set_supervisors(office, each.pk, [approver.pk], user=approver)
        today = today_of(office, now)
        standing_in.be_absent(
            colleague, first_day=today, last_day=today + 6 * DAY, deputy=drafter, now=now
        )
        _court_recess(matters[HANDED_OVER[0]], office, now)
    return 2 + len(TO_COME)


def _pause(dossier: Dossier, drafter: User, now: datetime) -> None:
    """Their answer stands still while our translation is made: at risk, since it is for long."""
    at = now - 33 * DAY
    waiting: Any = dossier.deadlines.filter(
        state=Deadline.State.RUNNING, met_by_event="mla.executed", due_at__gt=at
    )
    for deadline in waiting.order_by("-due_at")[:1]:
        clock_events.suspend(
            deadline, ground="awaiting the translation of the annexes", user=drafter, now=at, at=at
        )


def _miss(dossier: Dossier, drafter: User, approver: User, now: datetime) -> None:
    """Done three days late, and the head of the office says why."""
    due = now - 12 * DAY
    deadline = deadlines.set_by_hand(
        dossier,
        label=LATE_LABEL,
        due_on=today_of(dossier.owner, due),
        user=drafter,
        now=now - 20 * DAY,
    )
    done = now - 9 * DAY
    deadlines.settle_by_hand(deadline, met=True, user=drafter, now=done, at=done)
    missed.explain(
        deadline.pk,
        "The bank answered our own question a week late; the questions could not go without it.",
        user=approver,
        now=now - 8 * DAY,
    )


def _court_recess(dossier: Dossier, office: Authority, now: datetime) -> None:
    """A clock of working days, and a closing day marked after it began: what would move waits."""
    if dossier.counterpart is None:
        return
    start = now - 2 * DAY
    law = {
        "length": "5",
        "unit": "working_days",
        "bound": "requesting",
        "trigger": "the question of the Ministry in Rabat",
        "calendar_of": "requesting",
    }
    sides = {"requesting": Side(office.state, office), "requested": Side(dossier.counterpart)}
    deadlines.start_by_rule(
        dossier,
        clock_rules.kept(law, **sides),
        label="Answer the question of the Ministry in Rabat",
        rule_code="",
        instrument="",
        article="",
        rule_confidence="",
        consequence="",
        bound_party=Deadline.BoundParty.OURS,
        met_by_event="",
        started_from="the question of the Ministry in Rabat",
        started_at=start,
        critical=False,
        now=start,
    )
    recomputation.recount(now)
    closing = next(
        day for day in (today_of(office, now) + n * DAY for n in range(1, 5)) if day.weekday() < 5
    )
    LocalDay.objects.filter(authority=office, first_day=closing).delete()
    local_days.add(
        state=office.state,
        authority=office,
        first_day=closing,
        last_day=closing,
        label="Moving into the new building",
        working=False,
        user=officer(office, Role.APPROVING_OFFICER),
        now=now,
    )
    recomputation.recount(now + timedelta(minutes=1))
