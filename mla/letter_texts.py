"""The standard wording of letters: one file a language, approved as a whole, versioned by digest."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from registry.data_files import read_yaml
from registry.letter_rendering import LETTER_STYLE

ROOM = Path(__file__).parent
FOLDER = ROOM / "data" / "letter_texts"
SKELETON = ROOM / "templates" / "mla" / "letters" / "request.html"
STYLE = LETTER_STYLE
PARTICULARS = ROOM / "data" / "particular_labels.yaml"


def languages() -> list[str]:
    """The languages for which there is a standard text."""
    return sorted(path.suffixes[-2].lstrip(".") for path in FOLDER.glob("request.*.yaml"))


@lru_cache(maxsize=32)
def wording(language: str) -> dict[str, Any]:
    """The standard text of the request letter. KeyError for a language without one."""
    path = FOLDER / f"request.{language}.yaml"
    if not path.is_file():
        raise KeyError(language)
    loaded: dict[str, Any] = read_yaml(path)
    return loaded


@lru_cache(maxsize=32)
def version(language: str) -> str:
    """The digest of everything that shapes the letter: wording, skeleton and style."""
    digest = hashlib.sha256()
    for path in (FOLDER / f"request.{language}.yaml", SKELETON, STYLE, PARTICULARS):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def particular_labels() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = read_yaml(PARTICULARS)
    return loaded


def particular_label(key: str, language: str) -> str:
    """What a particular of a measure is called in a language; its key in words where unknown."""
    labels = particular_labels().get(key, {})
    return labels.get(language) or labels.get("en") or key.replace("_", " ").capitalize()
