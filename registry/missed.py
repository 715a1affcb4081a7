"""What was missed and why: the list, and what officers say of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from registry import timeline
from registry.access import may
from registry.deadline_list import LAST_PAGE, DeadlinePage, deadlines_visible_to
from registry.dossiers import changing
from registry.lateness import days_late
from registry.models import ClockEvent, Deadline, Dossier, MissExplanation, User
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow

LONGEST_TEXT = 2000
OURS = ~Q(bound_party=Deadline.BoundParty.THEIRS)


def missed_deadlines(
    user: User,
    *,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    condition: Q | None = None,
    cursor: str = "",
    size: int = 50,
) -> DeadlinePage:
    """What we missed of what the person may see, the latest first: overdue, met too late, given up.

    What the other side owes is not ours to have missed (``registry/urgent_queue.py`` lists it).
    Each row has ``days_late`` (what it took, or has taken so far), ``explanation`` (the latest, or
    None) and ``recorded`` (the reason given when it was given up). ``next`` leads to older ones.
    """
    wanted = OURS if condition is None else OURS & condition
    page = deadlines_visible_to(
        user,
        now=now,
        which="missed",
        due_from=since,
        due_before=until,
        condition=wanted,
        cursor=cursor or LAST_PAGE,
        size=size,
    )
    rows = list(reversed(page.rows))
    _add_words(rows, now)
    newer = page.next if cursor and cursor != LAST_PAGE else None
    return DeadlinePage(rows=rows, next=page.previous, previous=newer)


def explain(number: int, text: str, *, user: User, now: datetime) -> MissExplanation:
    """An officer says why a deadline was missed; said again, the newer counts and both stay.

    Raises NotFound for one that the person may not see, NotAllowed for a role that may not,
    NotPossibleNow for one that is not missed, Invalid (``text``).
    """
    deadline = (
        Deadline.objects.select_related("dossier")
        .filter(pk=number, dossier__in=Dossier.objects.visible_to(user).values("pk"))
        .first()
    )
    if deadline is None:
        raise NotFound("not_found", _("There is nothing here, or nothing that you may see."))
    if not may(user, "explain_missed", deadline.dossier):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow explaining deadlines. Ask an officer."),
        )
    if deadline.state != Deadline.State.MISSED and not deadline.is_overdue(now):
        raise NotPossibleNow("deadline_not_missed", _("This deadline was not missed."))
    text = text.replace("\x00", "").strip()
    if not text or len(text) > LONGEST_TEXT:
        sentence = (
            _("Shorten it to 2,000 characters.") if text else _("Say why the deadline was missed.")
        )
        raise Invalid("explanation_incomplete", sentence, fields={"text": [sentence]})
    with changing(deadline.dossier, expected_version=None, now=now) as held:
        made = MissExplanation.objects.create(deadline=deadline, text=text, by=user, at=now)
        timeline.record(
            held,
            "deadline.miss_explained",
            actor=user,
            at=now,
            deadline=deadline.pk,
            label=deadline.label,
            text=text,
        )
    return made


def _add_words(rows: list[dict[str, Any]], now: datetime) -> None:
    """Two queries, however many rows."""
    numbers = [row["id"] for row in rows]
    said: dict[int, MissExplanation] = {}
    for explanation in (
        MissExplanation.objects.filter(deadline__in=numbers).select_related("by").order_by("-pk")
    ):
        said.setdefault(explanation.deadline_id, explanation)
    given_up = ClockEvent.objects.filter(
        deadline__in=numbers,
        kind=ClockEvent.Kind.MISS,
        replaced_by__isnull=True,
        withdrawn=False,
    ).exclude(reason="")
    recorded = dict(given_up.order_by("pk").values_list("deadline", "reason"))
    for row in rows:
        row["days_late"] = days_late(row["due_at"], row["settled_at"] or now, row["zone"])
        row["explanation"] = said.get(row["id"])
        row["recorded"] = recorded.get(row["id"], "")
