"""Text as it is searched: without case and accents, so that Desmét is found as desmet."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def fold(text: str) -> str:
    """The text in lower case, without accents, spaces run together."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.split())


def searchable(parts: Iterable[str]) -> str:
    """What a dossier is found by: its parts folded, one a line, each once."""
    return "\n".join(dict.fromkeys(folded for part in parts if (folded := fold(part))))
