"""Which State a depositary's table means: by the names and variants that the register knows.

A name matches only as a whole, after what does not tell States apart is left out: case, accents,
punctuation, footnotes, a leading *the*, and the place of what stands in brackets. Never by likeness:
Niger is not Nigeria. Likeness only proposes, for a person to choose.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from registry.models import State
from registry.search_text import fold
from registry.state_names import state_name

LANGUAGES = ("en", "fr", "es", "nl")
FURTHER_LANGUAGES = ("ar", "ru", "zh", "pt", "de", "it", "sl", "mn")
"""In which offices write too; a name that is one State's in the languages above stays that State's."""
FOOTNOTES = re.compile(r"([\s,]*(\[[^\]]*\]|\(\d{1,2}\)|[\d*†‡¹²³⁰-⁹]+))+\s*$")
BRACKETS = re.compile(r"^(.*?)\s*\(([^)]*)\)\s*$")
COMMA = re.compile(r"^([^,]+),\s*(.+)$")
NOT_LETTERS = re.compile(r"[^\w\s]+")
SMALL_WORDS = {
    "the",
    "of",
    "and",
    "la",
    "le",
    "les",
    "du",
    "de",
    "des",
    "et",
    "el",
    "l",
    "d",
    "het",
}


@dataclass(frozen=True)
class Names:
    """Every name that the register knows, by its plain form."""

    codes: dict[str, str]
    shown: dict[str, str]

    @classmethod
    def known(cls) -> Names:
        """Read from the register: one query. A name that two States bear matches neither."""
        codes: dict[str, set[str]] = {}
        shown: dict[str, str] = {}
        states = list(State.objects.all())
        for state in states:
            shown[state.code] = state.name
            names = {state.name, state.formal_name, *state.variants, *state.names.values()}
            names |= {
                state_name(state.code, state.alpha2, state.name, state.names, language)
                for language in LANGUAGES
            }
            for name in names:
                for form in _forms(name):
                    codes.setdefault(form, set()).add(state.code)
        further: dict[str, set[str]] = {}
        for state in states:
            for language in FURTHER_LANGUAGES:
                name = state_name(state.code, state.alpha2, state.name, state.names, language)
                for form in _forms(name) - codes.keys():
                    further.setdefault(form, set()).add(state.code)
        codes |= further
        return cls({f: next(iter(c)) for f, c in codes.items() if len(c) == 1}, shown)

    def match(self, written: str) -> str:
        """The code of the State that is written so; empty where none is, or more than one."""
        found = {self.codes[form] for form in _forms(written) if form in self.codes}
        return found.pop() if len(found) == 1 else ""

    def nearest(self, written: str, most: int = 3) -> list[tuple[str, str]]:
        """States whose name looks like it, the likest first: code and name."""
        plain = plain_name(written)
        likely = difflib.get_close_matches(plain, self.codes, n=12, cutoff=0.6)
        codes = list(dict.fromkeys(self.codes[form] for form in likely))[:most]
        return [(code, self.shown[code]) for code in codes]


def plain_name(name: str) -> str:
    """A name without what does not tell States apart."""
    text = NOT_LETTERS.sub(" ", fold(FOOTNOTES.sub("", name.strip())).replace("&", " and "))
    words = [word for word in text.split() if word not in SMALL_WORDS]
    return " ".join(words)


def _forms(name: str) -> set[str]:
    """The plain forms under which a name may be written: Bolivia (Plurinational State of)."""
    name = FOOTNOTES.sub("", name.strip())
    forms = {plain_name(name)}
    for pattern in (BRACKETS, COMMA):
        if found := pattern.match(name):
            forms.add(plain_name(f"{found[2]} {found[1]}"))
    return forms - {""}
