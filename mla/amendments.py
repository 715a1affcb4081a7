"""Amending a request that is with the other side: recorded here, told to them by a letter.

What was sent is not changed: an amendment says what is to be read otherwise, and why. It counts as
told when its letter (``mla.amendment``) is recorded as sent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mla.models import Amendment, AssistanceRequest
from registry import draft_letters
from registry.models import Dossier, DraftLetter, LetterDispatch, User
from registry.refusals import NotPossibleNow

KIND = "mla.amendment"


def note_amendment(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    """The next amendment of the request; the move's ``changes`` and ``reason``."""
    Amendment.objects.create(
        request=request,
        number=request.amendments.count() + 1,
        changes=data["changes"],
        reason=data["reason"],
        amended_at=now,
        amended_by=user,
    )


def untold(request: AssistanceRequest) -> list[Amendment]:
    """What the other side has not been told yet, oldest first."""
    return list(request.amendments.filter(told_at=None))


def draft_letter(request: AssistanceRequest, *, user: User, now: datetime) -> DraftLetter:
    """The letter that tells of what was not told yet; the unfinished draft where there is one.

    Raises NotPossibleNow where all is told, NotAllowed for a role that may not write letters.
    """
    numbers = [amendment.number for amendment in untold(request)]
    if not numbers:
        raise NotPossibleNow("nothing_to_tell", _("Every amendment has been told already."))
    about = {"amendments": numbers}
    unfinished = DraftLetter.objects.filter(
        dossier=request.dossier_id, kind=KIND, state=DraftLetter.State.DRAFT, about=about
    ).first()
    if unfinished is not None:
        return unfinished
    return draft_letters.start(request.dossier, KIND, about=about, user=user, now=now)


def note_told(
    dossier: Dossier, about: Any, dispatch: LetterDispatch, user: User, now: datetime
) -> None:
    """The letter left: the amendments that it told of are told."""
    told = Amendment.objects.filter(request=dossier.pk, told_at=None)
    if numbers := about.get("amendments"):
        told = told.filter(number__in=list(numbers))
    else:
        told = told.filter(amended_at__lte=dispatch.letter.ordered_at)
    told.update(told_at=dispatch.sent_at)
