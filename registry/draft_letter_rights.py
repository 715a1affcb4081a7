"""Who may do what with a draft letter, and what the timeline says of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry import timeline
from registry.access import may
from registry.draft_letter_kinds import kind_of
from registry.models import (
    Dossier,
    DraftLetter,
    User,
)
from registry.refusals import Invalid, NotAllowed

ACTS = {
    "edit": "edit",
    "submit": "submit",
    "return": "submit",
    "approve": "approve",
    "order": "send",
    "take_back": "submit",
    "discard": "edit",
    "record_sent": "send",
}
"""Which act of ``registry.access.MAY`` each thing takes that can be done with a draft letter, unless
its kind takes another (``DraftKind.acts``)."""


def wrote(draft: DraftLetter, user: User) -> bool:
    return user.pk in {draft.drafted_by_id, draft.submitted_by_id, draft.last_edited_by_id}


def may_do(user: User, what: str, dossier: Dossier, kind: str) -> bool:
    act = ACTS[what]
    return may(user, kind_of(kind).acts.get(act, act), dossier)


def demand(user: User, what: str, dossier: Dossier, kind: str) -> None:
    if not may_do(user, what, dossier, kind):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow this. Ask an officer who may."),
        )


def invalid(field: str, sentence: Any) -> Invalid:
    return Invalid("letter_invalid", sentence, fields={field: [sentence]})


def tell(draft: DraftLetter, event: str, user: User, now: datetime, **data: Any) -> None:
    kept = {key: value for key, value in data.items() if value not in ("", None, [])}
    timeline.record(
        draft.dossier,
        event,
        actor=user,
        at=now,
        draft=draft.pk,
        kind=draft.kind,
        language=draft.language,
        **kept,
    )
