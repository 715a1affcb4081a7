"""The letters of a dossier, on the page of any kind of matter."""

from __future__ import annotations

from typing import Any

from babel import Locale
from django import template
from django.utils.translation import get_language

from registry import draft_letter_kinds, draft_letters
from registry.access import may
from registry.models import Dossier

register = template.Library()


@register.inclusion_tag("registry/parts/letters_of_dossier.html", takes_context=True)
def letters_of(context: dict[str, Any], dossier: Dossier) -> dict[str, Any]:
    """Every letter that was drafted here, and what can be drafted now. Two queries."""
    letters = draft_letters.letters_of(dossier)
    for draft in letters:
        draft.label = draft_letter_kinds.label_of(draft.kind)  # type: ignore[attr-defined]
        sent = draft.letter.dispatches.all() if draft.letter else []
        draft.dispatches = list(sent)  # type: ignore[attr-defined]
    kinds = []
    if may(context["request"].user, "edit", dossier):
        kinds = draft_letter_kinds.offered_for(dossier)
    codes = sorted({code for kind in kinds for code in kind.languages()})
    return {
        "letters": letters,
        "kinds": kinds,
        "languages": [(code, name_of_language(code)) for code in codes],
        "suggested": kinds[0].default_language(dossier) if kinds else "",
        "dossier": dossier,
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def name_of_language(code: str) -> str:
    """A language in the reader's words."""
    shown = Locale.parse((get_language() or "en").replace("-", "_"))
    return str(shown.languages.get(code, code))
