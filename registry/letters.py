"""The machine that makes letters: ordered, made once, frozen, verifiable.

1. A room orders a letter with everything it says (``order``); the row is the order.
2. The sweep ``make_ordered`` claims each order by a conditional update, has it rendered, keeps the
   PDF and marks the letter made, in one transaction. A worker that dies leaves a claim that runs out,
   and the next sweep takes the order again: none is lost, none is made twice.
3. A made letter is never changed; ``void`` takes it out of use, and its code then no longer counts
   as genuine.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from registry import bells, claims, letter_codes, letter_sealing, timeline
from registry.documents import keep
from registry.models import Document, Dossier, Letter, User

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5
PAUSE = timedelta(seconds=20)
"""How long a failed order rests before it is tried again; doubled at each attempt."""


@dataclass(frozen=True)
class LetterKind:
    """How a kind of letter becomes a PDF and is named. ``sealed``: with its data inside, and signed."""

    code: str
    pdf: Callable[[Letter], bytes]
    version: Callable[[str], str]
    title: Callable[[Letter], str]
    sealed: bool = False


_KINDS: dict[str, LetterKind] = {}


def declare(kind: LetterKind) -> None:
    """Make a kind of letter known (in the room's ``AppConfig.ready``)."""
    _KINDS[kind.code] = kind


def order(
    dossier: Dossier,
    *,
    kind: str,
    language: str,
    content: dict[str, Any],
    user: User,
    now: datetime,
) -> Letter:
    """Order a letter: what it says is frozen from here on. KeyError for a kind not declared."""
    letter = Letter.objects.create(
        dossier=dossier,
        kind=kind,
        language=language,
        content=content,
        template_version=_KINDS[kind].version(language),
        verification_code=letter_codes.new_code(),
        ordered_by=user,
        ordered_at=now,
    )
    bells.ring("registry.tasks.make_letters")
    return letter


def void(letter: Letter, *, user: User, now: datetime) -> None:
    """Take a letter out of use. Its bytes stay in the dossier; its code is no longer genuine."""
    if (
        Letter.objects.filter(pk=letter.pk)
        .exclude(state=Letter.State.VOID)
        .update(state=Letter.State.VOID)
    ):
        letter.state = Letter.State.VOID
        timeline.record(letter.dossier, "letter.voided", actor=user, at=now, letter=letter.pk)


def make_ordered(limit: int = 50, now: datetime | None = None) -> int:
    """Make the letters that are waiting, oldest first. Returns how many were made."""
    made = 0
    for _number in range(limit):
        letter = _claim(now or timezone.now())
        if letter is None:
            break
        made += _make(letter)
    return made


def waiting(now: datetime) -> Q:
    """Orders that nobody is working on."""
    return claims.waiting(Q(state=Letter.State.ORDERED), now)


def _claim(now: datetime) -> Letter | None:
    """Take the oldest order for oneself: only who changes its row has it."""
    key = claims.claim_oldest(Letter, waiting(now), until=now + LEASE)
    return None if key is None else Letter.objects.select_related("dossier").get(pk=key)


def _make(letter: Letter) -> bool:
    """Render and keep; on failure say why and leave the order for later, or give up in the end."""
    kind = _KINDS[letter.kind]
    try:
        content = kind.pdf(letter)
        if kind.sealed:
            content = letter_sealing.seal(content, letter, timezone.now())
    except Exception as error:
        _failed(letter, error)
        return False
    now = timezone.now()
    with transaction.atomic():
        # The dossier first, as every change of it does, so that two never wait for each other.
        dossier = Dossier.objects.select_for_update().get(pk=letter.dossier_id)
        if not Letter.objects.filter(
            pk=letter.pk, state=Letter.State.ORDERED, claimed_until=letter.claimed_until
        ).exists():
            return False
        document = keep(
            dossier,
            kind=Document.Kind.LETTER,
            title=kind.title(letter),
            file_name=f"{dossier.reference}-{letter.language}.pdf",
            content=content,
            user=letter.ordered_by,
            now=now,
        )
        Letter.objects.filter(pk=letter.pk).update(
            state=Letter.State.MADE,
            document=document,
            made_at=now,
            claimed_until=None,
            last_error="",
        )
        timeline.record(
            dossier,
            "letter.made",
            actor=None,
            at=now,
            letter=letter.pk,
            language=letter.language,
            sha256=document.sha256,
        )
    return True


def _failed(letter: Letter, error: Exception) -> None:
    log.exception("letter %s could not be made", letter.pk)
    given_up = letter.attempts >= MOST_ATTEMPTS
    Letter.objects.filter(pk=letter.pk, state=Letter.State.ORDERED).update(
        state=Letter.State.FAILED if given_up else Letter.State.ORDERED,
        claimed_until=timezone.now() + PAUSE * 2 ** (letter.attempts - 1),
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


# --- is it genuine? -----------------------------------------------------------------------


def is_genuine(code: str) -> bool:
    """Whether a letter in use bears this code. Nothing else about it is told."""
    stored = letter_codes.read(code)
    return (
        letter_codes.is_well_formed(stored) and _in_use().filter(verification_code=stored).exists()
    )


def matches(code: str, digest: str) -> bool:
    """Whether a file with this SHA-256 is, to the last byte, the letter that bears this code."""
    return (
        _in_use()
        .filter(verification_code=letter_codes.read(code), document__sha256=digest.lower())
        .exists()
    )


class Verdict(StrEnum):
    """What can be said of a file that somebody brings as a letter of ours."""

    GENUINE = "genuine"
    VOID = "void"
    ALTERED = "altered"
    UNKNOWN = "unknown"


def judge(content: bytes) -> Verdict:
    """Whether a file is a letter that was issued here.

    1. The file is, to the last byte, a letter in use: genuine; one taken out of use: void.
    2. It is not, but it names the code of a letter of ours: altered, since
       what was issued under that code was another file.
    3. Neither: unknown. Nothing of a letter is told to who does not hold it.
    """
    digest = hashlib.sha256(content).hexdigest()
    known = Letter.objects.filter(document__sha256=digest)
    states = set(known.values_list("state", flat=True))
    if Letter.State.MADE in states:
        return Verdict.GENUINE
    if Letter.State.VOID in states:
        return Verdict.VOID
    data = letter_sealing.data_in(content) or {}
    code = letter_codes.read(str(data.get("verification_code", "")))
    issued = Letter.objects.filter(verification_code=code, document__isnull=False)
    if letter_codes.is_well_formed(code) and issued.exists():
        return Verdict.ALTERED
    return Verdict.UNKNOWN


def _in_use() -> Any:
    return Letter.objects.filter(state=Letter.State.MADE)
