"""The States of the register by code, kept in memory: lists name thousands and ask for none."""

from __future__ import annotations

import time
import unicodedata

from django.db import models
from django.utils.translation import get_language

from registry.models import State
from registry.state_names import state_name

KEPT_SECONDS = 60.0
_kept: tuple[float, dict[str, tuple[str, str, dict[str, str]]]] | None = None


def state_label(code: str, language: str | None = None) -> str:
    """The name of a State or body in a language (the reader's by default); the code if unknown.

    A change of the register shows within a minute.
    """
    known = _directory().get(code)
    if known is None:
        return code
    alpha2, name, names = known
    return state_name(code, alpha2, name, names, language or get_language() or "en")


def states_by_name(language: str | None = None) -> list[tuple[str, str]]:
    """Every State and body with its name in the language, in that language's alphabetical order as
    far as folding goes."""
    named = [(code, state_label(code, language)) for code in _directory()]
    return sorted(named, key=lambda pair: _folded(pair[1]))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKD", name).casefold()


def forget() -> None:
    """Read the register again at the next question."""
    global _kept
    _kept = None


def _directory() -> dict[str, tuple[str, str, dict[str, str]]]:
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] > KEPT_SECONDS:
        rows: models.QuerySet[State] = State.objects.all()
        _kept = (
            now,
            {
                code: (alpha2, name, names)
                for code, alpha2, name, names in rows.values_list("code", "alpha2", "name", "names")
            },
        )
    return _kept[1]
