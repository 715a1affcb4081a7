"""What may be written in a draft, field by field.

The readers themselves are in ``registry/field_readers.py`` and offered here too.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings

from mla.models import AssistanceRequest
from registry.field_readers import (
    TEXT_MAX_CHARACTERS,
    Reader,
    choice,
    day,
    day_to_come,
    is_writable,
    read,
    state_codes,
    text,
    texts_by_key,
    truth,
    whole_number,
)
from registry.models import Dossier

__all__ = [
    "CONFIDENTIALITY",
    "LONG_TEXTS",
    "ON_THE_DOSSIER",
    "TEXT_MAX_CHARACTERS",
    "Reader",
    "choice",
    "day",
    "day_to_come",
    "is_writable",
    "read",
    "request_readers",
    "state_codes",
    "text",
    "texts_by_key",
    "truth",
    "whole_number",
]


LONG_TEXTS = (
    "addressee_text",
    "conducting_authority",
    "contact",
    "subject_and_nature",
    "facts",
    "purpose",
    "special_procedure",
    "confidentiality_asked",
    "use_limitation",
    "personal_data",
    "urgency_reason",
    "period_reason",
    "reciprocity_assurance",
    "other_information",
)
"""The long texts of a request, in the order in which the letter says them."""


def request_readers(today: date, *, received: bool = False) -> dict[str, Reader]:
    """The readers of the fields of a draft; ``today`` is the day in the owner's zone.

    What a received request asks for by a day stays as it says, also when the day has passed.
    """
    return {
        "title": text(300, lines=False),
        "foreign_reference": text(120, lines=False),
        "urgent": truth,
        "language": choice(settings.LETTER_LANGUAGES),
        "transmission": choice(AssistanceRequest.Transmission.values),
        "answer_wanted_by": day if received else day_to_come(today),
        **dict.fromkeys(LONG_TEXTS, text()),
    }


ON_THE_DOSSIER = frozenset({"title", "foreign_reference", "urgent"})
CONFIDENTIALITY = choice(Dossier.Confidentiality.values)
