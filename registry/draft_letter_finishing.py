"""Making a draft letter final: given to a second officer, ordered, taken back, sent, returned.

``registry/draft_letters.py`` offers all of it, beside the writing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from registry import letters, timeline
from registry.documents import keep
from registry.dossiers import changing
from registry.draft_letter_kinds import kind_of
from registry.draft_letter_rendering import content_of
from registry.draft_letter_rights import demand, invalid, tell, wrote
from registry.models import (
    Document,
    DraftLetter,
    Letter,
    LetterDispatch,
    User,
)
from registry.refusals import Invalid, NotPossibleNow

GRACE = timedelta(minutes=5)


def submit(draft: DraftLetter, *, user: User, now: datetime) -> None:
    """Give a letter that needs four eyes to another officer."""
    demand(user, "submit", draft.dossier, draft.kind)
    _complete(draft)
    with _moving(draft, DraftLetter.State.DRAFT, now):
        draft.state, draft.submitted_by = DraftLetter.State.AWAITING_APPROVAL, user
        draft.save()
        tell(draft, "letter.submitted", user, now)


def return_to_drafter(draft: DraftLetter, *, reason: str, user: User, now: datetime) -> None:
    """Not yet: back to the drafter, with the reason."""
    demand(user, "return", draft.dossier, draft.kind)
    if not reason.strip():
        raise invalid("reason", _("Say what is to be changed."))
    with _moving(draft, DraftLetter.State.AWAITING_APPROVAL, now):
        draft.state, draft.submitted_by = DraftLetter.State.DRAFT, None
        draft.save()
        tell(draft, "letter.returned", user, now, reason=reason.strip()[:2000])


def approve(draft: DraftLetter, *, user: User, now: datetime) -> Letter:
    """Approve and order a letter that another officer wrote. The approver signs it."""
    demand(user, "approve", draft.dossier, draft.kind)
    if wrote(draft, user):
        raise NotPossibleNow(
            "four_eyes",
            _("You wrote or submitted this letter: another approving officer must approve it."),
        )
    _complete(draft)
    with _moving(draft, DraftLetter.State.AWAITING_APPROVAL, now):
        draft.approved_by = user
        return _order(draft, user, now)


def order(draft: DraftLetter, *, user: User, now: datetime) -> Letter:
    """Make the letter final: what it says is frozen from here on. Who orders it signs it.

    Raises NotPossibleNow for a kind that another officer must approve, Invalid by paragraph for
    what must still be written.
    """
    demand(user, "order", draft.dossier, draft.kind)
    if kind_of(draft.kind).four_eyes:
        raise NotPossibleNow(
            "needs_approval", _("Another officer approves this kind of letter. Submit it.")
        )
    _complete(draft)
    with _moving(draft, DraftLetter.State.DRAFT, now):
        return _order(draft, user, now)


def take_back(draft: DraftLetter, *, user: User, now: datetime) -> None:
    """A final letter that was not sent becomes a draft again; its PDF is taken out of use."""
    demand(user, "take_back", draft.dossier, draft.kind)
    if draft.sent_at is not None:
        raise NotPossibleNow(
            "letter_was_sent",
            _("This letter was sent. What it says can only be corrected by another."),
        )
    with _moving(draft, DraftLetter.State.ORDERED, now):
        if draft.letter is not None:
            letters.void(draft.letter, user=user, now=now)
        draft.state, draft.letter = DraftLetter.State.DRAFT, None
        draft.approved_by = draft.submitted_by = None
        draft.save()
        tell(draft, "letter.taken_back", user, now)


def discard(draft: DraftLetter, *, user: User, now: datetime) -> None:
    """Put a draft away that will not be sent. It stays on the record."""
    demand(user, "discard", draft.dossier, draft.kind)
    with _moving(draft, DraftLetter.State.DRAFT, now):
        draft.state = DraftLetter.State.DISCARDED
        draft.save()
        tell(draft, "letter.discarded", user, now)


def record_sent(
    draft: DraftLetter,
    *,
    channel: str,
    sent_at: datetime | None,
    tracking_number: str = "",
    note: str = "",
    proof: Document | None = None,
    user: User,
    now: datetime,
) -> LetterDispatch:
    """Record that the letter left. It may leave more than once: by e-mail, then on paper.

    Raises Invalid (``channel``, ``sent_at``) and NotPossibleNow while there is no PDF.
    """
    demand(user, "record_sent", draft.dossier, draft.kind)
    if channel not in LetterDispatch.Channel.values:
        raise invalid("channel", _("Choose one of the channels offered."))
    if sent_at is None:
        raise invalid("sent_at", _("Give the day and time at which it was sent."))
    with _moving(draft, DraftLetter.State.ORDERED, now):
        letter = draft.letter
        if letter is None or letter.state != Letter.State.MADE:
            raise NotPossibleNow(
                "letter_not_made", _("The letter is still being made. Wait for the PDF.")
            )
        if sent_at > now + GRACE or sent_at < letter.ordered_at - timedelta(days=1):
            raise invalid(
                "sent_at", _("Give a day and time between the making of the letter and now.")
            )
        dispatch = LetterDispatch.objects.create(
            letter=letter,
            channel=channel,
            sent_at=sent_at,
            tracking_number=tracking_number.strip()[:120],
            note=note.strip(),
            proof=proof,
            recorded_by=user,
            recorded_at=now,
        )
        draft.sent_at = draft.sent_at or sent_at
        draft.save()
        tell(draft, "letter.sent", user, now, channel=channel, sent_at=sent_at.isoformat())
        if told := kind_of(draft.kind).on_sent:
            told(draft.dossier, draft.about, dispatch, user, now)
    return dispatch


def file_returned(
    draft: DraftLetter, *, file_name: str, content: bytes | BinaryIO, user: User, now: datetime
) -> Document:
    """File the letter as it came back from elsewhere (reworked in Word, signed on paper, scanned).

    It becomes a document of the dossier; the letter made here stays what it is. Raises Invalid
    (``file``) for a file that is not taken.
    """
    demand(user, "edit", draft.dossier, draft.kind)
    with changing(draft.dossier, expected_version=None, now=now) as held:
        document = keep(
            held,
            kind=Document.Kind.OTHER,
            title=_("%(kind)s, as returned") % {"kind": kind_of(draft.kind).label},
            file_name=file_name,
            content=content,
            user=user,
            now=now,
        )
        timeline.record(
            held,
            "letter.filed",
            actor=user,
            at=now,
            draft=draft.pk,
            kind=draft.kind,
            sha256=document.sha256,
        )
    return document


def missing(draft: DraftLetter) -> dict[str, list[Any]]:
    """What must still be written, by the key of its paragraph."""
    kind = kind_of(draft.kind)
    return {
        f"{p.key}:{p.language}": [kind.asks.get(p.key) or _("Write this paragraph.")]
        for p in draft.paragraphs.all()
        if p.needed and not p.left_out and not p.shown.strip()
    }


def _complete(draft: DraftLetter) -> None:
    if lacking := missing(draft):
        raise Invalid(
            "letter_incomplete",
            _("Something is still to be written in this letter."),
            fields=lacking,
        )


def _order(draft: DraftLetter, user: User, now: datetime) -> Letter:
    letter = letters.order(
        draft.dossier,
        kind=draft.kind,
        language=draft.language,
        content=content_of(draft, signatory=user, now=now),
        user=user,
        now=now,
    )
    draft.state, draft.letter = DraftLetter.State.ORDERED, letter
    draft.save()
    reworked = [p.key for p in draft.paragraphs.all() if p.is_reworked or p.left_out]
    tell(draft, "letter.ordered", user, now, letter=letter.pk, reworked=reworked)
    return letter


@contextmanager
def _moving(draft: DraftLetter, source: str, now: datetime) -> Iterator[None]:
    """Hold dossier and letter while its state changes; refused from another state."""
    with changing(draft.dossier, expected_version=None, now=now) as held:
        fresh = DraftLetter.objects.select_related("letter").get(pk=draft.pk)
        if fresh.state != source:
            raise NotPossibleNow(
                "letter_elsewhere",
                _("This cannot be done while the letter is “%(state)s”. Reload the page.")
                % {"state": DraftLetter.State(fresh.state).label},
            )
        for field in DraftLetter._meta.concrete_fields:
            if field.attname != "dossier_id":
                setattr(draft, field.attname, getattr(fresh, field.attname))
        draft.letter = fresh.letter
        shown, draft.dossier = draft.dossier, held
        try:
            yield
        finally:
            draft.dossier = shown
