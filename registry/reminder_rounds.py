"""Reminder letters to the other side, drafted together: chosen in a list, drafted by a sweep.

How the letter of one matter is drafted is the affair of its kind (``MatterKind.draft_reminder``), with
the same rules and rights as when it is drafted alone. Each is drafted in a transaction of its own, so
that one that is refused or fails stops no other; and since a matter with a reminder that has not
left yet gets no second one, a round may be run again at any moment.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registry import bells, claims, matter_kinds
from registry.access import authorities_where
from registry.models import Deadline, Dossier, ReminderOfRound, ReminderRound, User
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow, Refusal, Text

log = logging.getLogger(__name__)

Outcome = ReminderOfRound.Outcome
SWEEP = "registry.tasks.draft_reminder_rounds"
MOST_AT_ONCE = 100
MOST_WAITING = 5
LEASE = timedelta(minutes=2)
"""For one letter: the claim is prolonged with each."""
MOST_ATTEMPTS = 3
"""A round that so many workers did not survive is ended: what it lacks has failed."""
HIGHEST_KEY = 2**63 - 1


# --- ordering ------------------------------------------------------------------------------


def order(chosen: Iterable[str], *, user: User, now: datetime) -> ReminderRound:
    """Have a reminder drafted of each of these deadlines, given by their keys.

    What the person cannot see is left out and counted, as what is not there. Raises NotAllowed for
    who edits nowhere, Invalid (``deadlines``) for none, too many, or none that is there, and
    NotPossibleNow while too many rounds of the person's are waiting.
    """
    if not authorities_where(user, "edit"):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow this. Ask an officer who may."),
        )
    wanted = list(dict.fromkeys(chosen))
    if not wanted:
        raise _invalid(_("Choose at least one clock that the other side is late with."))
    if len(wanted) > MOST_AT_ONCE:
        raise _invalid(_("At most %(most)s at once.") % {"most": MOST_AT_ONCE})
    keys = {int(key) for key in wanted if key.isascii() and key.isdigit() and len(key) < 20}
    visible = Deadline.objects.filter(
        pk__in=[key for key in keys if key <= HIGHEST_KEY],
        dossier__in=Dossier.objects.visible_to(user).values("pk"),
    ).order_by("due_at", "pk")
    found = list(visible.values_list("pk", flat=True))
    if not found:
        raise _invalid(_("None of these is there any longer. Choose from the list."))
    waiting = ReminderRound.objects.filter(ordered_by=user, finished_at__isnull=True)
    if waiting[: MOST_WAITING + 1].count() >= MOST_WAITING:
        raise NotPossibleNow(
            "too_many_waiting",
            _("Letters that you chose earlier are still being drafted. Wait until they are."),
        )
    with transaction.atomic():
        made = ReminderRound.objects.create(
            language=get_language() or "en",
            not_found=len(wanted) - len(found),
            ordered_by=user,
            ordered_at=now,
        )
        ReminderOfRound.objects.bulk_create(
            ReminderOfRound(round=made, deadline_id=key) for key in found
        )
        bells.ring(SWEEP)
    return made


def _invalid(sentence: Text) -> Invalid:
    return Invalid("invalid", sentence, fields={"deadlines": [sentence]})


# --- looking -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """How many of a round are handled, and how many it has."""

    done: int
    all: int


def of_person(user: User) -> QuerySet[ReminderRound]:
    """The person's own, the latest first, each with ``chosen`` and ``drafted``."""
    return ReminderRound.objects.filter(ordered_by=user).annotate(
        chosen=Count("reminders"),
        drafted=Count("reminders", filter=Q(reminders__outcome=Outcome.DRAFTED)),
    )


def one_of(user: User, number: int) -> ReminderRound:
    """One of the person's own: nobody sees another's. Raises NotFound."""
    found = ReminderRound.objects.filter(ordered_by=user, pk=number).first()
    if found is None:
        raise NotFound("not_found", _("There is nothing here, or nothing that you may see."))
    return found


def progress_of(made: ReminderRound) -> Progress:
    found = made.reminders.aggregate(
        done=Count("pk", filter=~Q(outcome=Outcome.WAITING)), all=Count("pk")
    )
    return Progress(found["done"], found["all"])


def results_for(made: ReminderRound, user: User) -> tuple[list[ReminderOfRound], int]:
    """What became of each, of the matters that the person may see now; how many others there are."""
    seen = Dossier.objects.visible_to(user).values("pk")
    found = made.reminders.filter(deadline__dossier__in=seen)
    rows = list(found.select_related("deadline__dossier", "letter").order_by("pk"))
    return rows, made.reminders.count() - len(rows)


# --- drafting ------------------------------------------------------------------------------


def draft_waiting(limit: int = 20) -> int:
    """Draft the letters of the rounds that wait, the oldest first. Returns how many were drafted."""
    drafted = 0
    for _number in range(limit):
        now = timezone.now()
        waiting = claims.waiting(Q(finished_at__isnull=True), now)
        key = claims.claim_oldest(ReminderRound, waiting, until=now + LEASE)
        if key is None:
            break
        drafted += _work(ReminderRound.objects.select_related("ordered_by").get(pk=key))
    return drafted


def _work(made: ReminderRound) -> int:
    """Draft what a round still lacks, as long as the claim is ours."""
    held = ReminderRound.objects.filter(
        pk=made.pk, finished_at__isnull=True, attempts=made.attempts
    )
    lacking = made.reminders.filter(outcome=Outcome.WAITING)
    drafted = 0
    zone = ZoneInfo(made.ordered_by.time_zone or "UTC")
    with translation.override(made.language), timezone.override(zone):
        if made.attempts > MOST_ATTEMPTS:
            lacking.update(outcome=Outcome.FAILED, reason=_failed())
        for key in list(lacking.order_by("pk").values_list("pk", flat=True)):
            if not held.update(claimed_until=timezone.now() + LEASE):
                return drafted
            drafted += _handle(key, made.ordered_by)
    held.update(finished_at=timezone.now(), claimed_until=None)
    return drafted


def _handle(key: int, user: User) -> bool:
    """Draft one and keep what became of it, both or neither. Whether a letter was drafted."""
    try:
        with transaction.atomic():
            rows = ReminderOfRound.objects.select_for_update().filter(outcome=Outcome.WAITING)
            row = rows.filter(pk=key).first()
            if row is None:
                return False
            row.outcome = _draft(row, user)
            row.save(update_fields=["outcome", "letter"])
            return row.outcome == Outcome.DRAFTED
    except Refusal as refusal:
        _keep(key, Outcome.REFUSED, str(refusal.detail))
    except Exception:
        log.exception("reminder %s of a round could not be drafted", key)
        _keep(key, Outcome.FAILED, _failed())
    return False


def _draft(row: ReminderOfRound, user: User) -> Outcome:
    """Raises NotFound for a matter that the person may not see any longer, NotPossibleNow for a kind
    of matter without such a letter, and what its kind refuses."""
    seen = Dossier.objects.visible_to(user).values("pk")
    clocks = Deadline.objects.select_related("dossier").filter(dossier__in=seen)
    deadline = clocks.filter(pk=row.deadline_id).first() if user.is_active else None
    if deadline is None:
        raise NotFound("not_found", _("There is nothing here, or nothing that you may see."))
    draft = matter_kinds.reminder_drafter(deadline.dossier.kind)
    if draft is None:
        raise NotPossibleNow(
            "no_reminder_of_this_kind", _("In this kind of matter there is no reminder letter.")
        )
    row.letter, new = draft(deadline, user, timezone.now())
    return Outcome.DRAFTED if new else Outcome.OPEN_ALREADY


def _keep(key: int, outcome: Outcome, reason: str) -> None:
    rows = ReminderOfRound.objects.filter(pk=key, outcome=Outcome.WAITING)
    rows.update(outcome=outcome, reason=reason)


def _failed() -> str:
    return _("It could not be drafted. Try it from the matter; if that fails, tell who runs this.")
