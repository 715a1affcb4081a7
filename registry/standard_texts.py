"""The standard wording of letters: one file a kind and language, approved as a whole.

A file is named ``<kind>.<language>.yaml`` and lists the paragraphs of the letter in their order:

    version: "1"
    approved_by_jurist: false
    title: Reminder
    paragraphs:
      - key: opening
        when: their_reference        # only where the gatherer gives this value
        text: >-
          {sender} refers to its request {our_reference} ({their_reference}) …

The first entry of a key whose conditions hold is the paragraph; a key may so have variants.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from registry.data_files import read_yaml
from registry.letter_words import isolated

FRAMES = Path(__file__).parent / "data" / "letter_frames"
DASH = "– "
"""How the lines of a list begin, in the texts and in what fills them."""
PLACEHOLDER = re.compile(r"\{(\w+)\}")
NAME = re.compile(r"^(?P<kind>[a-z_]+)\.(?P<language>[a-z]{2,3})\.yaml$")


@dataclass(frozen=True)
class StandardParagraph:
    """One paragraph of a standard text, or one of its variants."""

    key: str
    text: str = ""
    heading: str = ""
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    own_words: bool = False
    needed: bool = False
    table: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)

    def applies(self, values: Mapping[str, str]) -> bool:
        """Whether what was gathered calls for this variant."""
        return all(values.get(name) for name in self.when) and not any(
            values.get(name) for name in self.unless
        )


@dataclass(frozen=True)
class StandardText:
    """The whole standard text of a kind of letter in a language."""

    language: str
    version: str
    digest: str
    title: str
    approved_by_jurist: bool
    paragraphs: tuple[StandardParagraph, ...]

    def paragraphs_for(self, values: Mapping[str, str]) -> list[StandardParagraph]:
        """The paragraphs that the letter has, each in the variant that applies."""
        chosen: dict[str, StandardParagraph] = {}
        for paragraph in self.paragraphs:
            if paragraph.key not in chosen and paragraph.applies(values):
                chosen[paragraph.key] = paragraph
        return list(chosen.values())

    def placeholders(self) -> set[str]:
        """Every value that the text asks for."""
        asked = {name for p in self.paragraphs for name in PLACEHOLDER.findall(p.text)}
        return asked | {name for p in self.paragraphs for name in (*p.when, *p.unless)}


def languages_of(folder: Path, name: str) -> list[str]:
    """The languages for which there are both a standard text of the kind and a frame."""
    return [
        language
        for language in sorted(p.suffixes[-2].lstrip(".") for p in folder.glob(f"{name}.*.yaml"))
        if (FRAMES / f"{language}.yaml").is_file()
    ]


@lru_cache(maxsize=512)
def standard_text(folder: Path, name: str, language: str) -> StandardText:
    """The standard text of a kind. KeyError for a language without one."""
    path = folder / f"{name}.{language}.yaml"
    if not path.is_file():
        raise KeyError(language)
    content = path.read_bytes()
    loaded = read_yaml(content)
    return StandardText(
        language=language,
        version=str(loaded["version"]),
        digest=hashlib.sha256(content).hexdigest(),
        title=one_line(loaded["title"]),
        approved_by_jurist=bool(loaded.get("approved_by_jurist", False)),
        paragraphs=tuple(_paragraph(entry) for entry in loaded["paragraphs"]),
    )


def _paragraph(entry: Mapping[str, Any]) -> StandardParagraph:
    return StandardParagraph(
        key=entry["key"],
        text=one_line(entry.get("text", "")),
        heading=one_line(entry.get("heading", "")),
        when=_names(entry.get("when")),
        unless=_names(entry.get("unless")),
        own_words=bool(entry.get("own_words", False)),
        needed=bool(entry.get("needed", False)),
        table=entry.get("table", ""),
        columns=dict(entry.get("columns", {})),
    )


def _names(given: str | list[str] | None) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given or ())


@lru_cache(maxsize=32)
def frame(language: str) -> dict[str, Any]:
    """What stands around a letter in a language. KeyError for one without."""
    path = FRAMES / f"{language}.yaml"
    if not path.is_file():
        raise KeyError(language)
    loaded: dict[str, Any] = read_yaml(path)
    return loaded


@lru_cache(maxsize=32)
def frame_digest(language: str) -> str:
    return hashlib.sha256((FRAMES / f"{language}.yaml").read_bytes()).hexdigest()


def filled(text: str, values: Mapping[str, str], language: str) -> str:
    """A standard text with its blanks filled; each value set apart where its script differs.

    KeyError for a blank that was not gathered: a letter with a hole is worse than none.
    """
    return PLACEHOLDER.sub(lambda match: _value(values[match[1]], language), text)


def _value(value: str, language: str) -> str:
    """Each line set apart by itself; the dash of a list stays before it, where it is looked for."""
    return "\n".join(
        DASH + isolated(line.removeprefix(DASH), language)
        if line.startswith(DASH)
        else isolated(line, language)
        for line in value.split("\n")
    )


def one_line(text: str) -> str:
    """A text as YAML folds it, on one line; Chinese is written without the blanks of the fold."""
    folded = " ".join(str(text).split())
    return re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])", "", folded)
