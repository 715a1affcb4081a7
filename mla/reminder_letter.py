"""The reminder to the other side: tactful, quoting both references, what was asked and by when.

It is drafted from a clock of the request that binds the other side and has run out.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mla import letter_facts, letter_texts
from mla.clocks import ACKNOWLEDGED
from registry import draft_letters
from registry.draft_letter_kinds import About, DraftKind, Gathered, declare
from registry.draft_letter_rights import demand
from registry.letter_words import in_words
from registry.models import Deadline, Dossier, DraftLetter, User
from registry.refusals import Invalid, NotPossibleNow
from treaties.letter_facts import article_in, day_of, instrument_title
from treaties.models import Instrument

KIND = "mla.reminder"
BINDS_THEM = frozenset({Deadline.BoundParty.THEIRS, Deadline.BoundParty.BOTH})


def can_be_reminded_of(deadline: Deadline, now: datetime) -> bool:
    """Whether the clock binds the other side, has run out and still runs."""
    return deadline.bound_party in BINDS_THEM and deadline.is_overdue(now)


@transaction.atomic
def draft(deadline: Deadline, *, user: User, now: datetime, language: str = "") -> DraftLetter:
    """Draft the reminder for an overdue clock; the draft that there is already, where there is one.

    Raises NotPossibleNow for a clock that does not bind the other side or has not run out, and
    NotAllowed for a role that may not write letters.
    """
    if not can_be_reminded_of(deadline, now):
        raise NotPossibleNow(
            "nothing_to_remind_of",
            _("A reminder is written when a clock that binds the other side has run out."),
        )
    wanted = language or _language(deadline.dossier)
    _hold(deadline)
    unfinished = DraftLetter.objects.filter(
        dossier=deadline.dossier_id,
        kind=KIND,
        language=wanted,
        state=DraftLetter.State.DRAFT,
        about={"deadline": deadline.pk},
    ).first()
    if unfinished is not None:
        return unfinished
    return draft_letters.start(
        deadline.dossier,
        KIND,
        language=wanted,
        about={"deadline": deadline.pk},
        user=user,
        now=now,
    )


@transaction.atomic
def draft_unless_open(deadline: Deadline, user: User, now: datetime) -> tuple[DraftLetter, bool]:
    """Draft the reminder in the language of the request, unless the matter has one that has not left.

    Gives the letter, and whether it is new. So of a matter with several overdue clocks only one
    letter goes out at a time. Raises what ``draft`` raises.
    """
    _hold(deadline)
    demand(user, "edit", deadline.dossier, KIND)
    if can_be_reminded_of(deadline, now):
        unsent = DraftLetter.objects.filter(dossier=deadline.dossier_id, kind=KIND, sent_at=None)
        already = unsent.exclude(state=DraftLetter.State.DISCARDED).order_by("-pk").first()
        if already is not None:
            return already, False
    return draft(deadline, user=user, now=now), True


def _hold(deadline: Deadline) -> None:
    """Hold the matter until the transaction ends: two who draft at once make one letter."""
    Dossier.objects.select_for_update().filter(pk=deadline.dossier_id).values("pk").first()


def gather(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """What the reminder says. Raises Invalid (``about``) for a clock of another dossier."""
    deadline = dossier.deadlines.filter(pk=about.get("deadline", 0)).first()
    if deadline is None or deadline.bound_party not in BINDS_THEM:
        sentence = _("Choose the clock of this request that binds the other side.")
        raise Invalid("no_such_clock", sentence, fields={"about": [sentence]})
    request = letter_facts.request_of(dossier)
    instrument = Instrument.objects.filter(code=deadline.instrument).first()
    zone = ZoneInfo(deadline.zone)
    values = letter_facts.common(request, language) | {
        "instrument": instrument_title(instrument, language),
        "article": article_in(deadline.article, language),
        "due": in_words(deadline.due_at.astimezone(zone).date(), language),
        "awaits_acknowledgement": "yes" if deadline.met_by_event == ACKNOWLEDGED else "",
        "earlier_reminders": _earlier(dossier, language),
    }
    if not values["article"]:
        values["instrument"] = ""
    return Gathered(
        values=values,
        addressee=letter_facts.addressee(request, language),
        data=letter_facts.data_of(request)
        | {
            "awaited": "acknowledgement" if values["awaits_acknowledgement"] else "answer",
            "due": deadline.due_at.isoformat(),
            "instrument": deadline.instrument,
            "article": deadline.article,
        },
    )


def _earlier(dossier: Dossier, language: str) -> str:
    """The days of the reminders that were sent before, oldest first."""
    sent = DraftLetter.objects.filter(dossier=dossier, kind=KIND, sent_at__isnull=False)
    return ", ".join(day_of(d.sent_at, dossier, language) for d in sent.reverse())


def _language(dossier: Dossier) -> str:
    """The language in which the request was written, where reminders exist in it."""
    language = letter_facts.request_of(dossier).language
    return language if language in REMINDER.languages() else "en"


REMINDER = DraftKind(
    code=KIND,
    label=_("Reminder"),
    texts=letter_texts.FOLDER,
    name="reminder",
    gather=gather,
    matters=frozenset({"request"}),
    offered=lambda dossier: False,
    default_language=_language,
)
"""Offered at the clock that it is about, not among the letters in general."""


def declare_kind() -> None:
    declare(REMINDER)
