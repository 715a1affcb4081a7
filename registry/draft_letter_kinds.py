"""The kinds of letter that officers draft. Each room declares its own; this room names none.

A kind is its standard texts (one file a language) and a gatherer: the one function that looks into
the dossier and says in plain data what the letter has to say. See docs/letters.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from registry import standard_texts
from registry.models import Dossier, LetterDispatch, User
from registry.refusals import Invalid, Text
from registry.standard_texts import StandardText

JSON = dict[str, Any]
About = Mapping[str, Any]
"""What in the dossier a letter is about, as its kind understands it."""


@dataclass(frozen=True)
class Gathered:
    """What a gatherer found. Everything here is plain data, frozen with the letter.

    ``values`` fill the blanks of the standard text, already in the letter's language; an empty
    value is as good as none. ``tables`` hold rows by table and column. ``addressee`` is as
    ``letter_words.office_in_words`` gives it. ``data`` is what a receiving system may read.
    """

    values: dict[str, str]
    addressee: JSON
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    data: JSON = field(default_factory=dict)


@dataclass(frozen=True)
class DraftKind:
    """One kind of letter.

    ``texts`` is the folder of the standard texts and ``name`` their first word. ``offered`` says
    whether the letter makes sense for a dossier now; ``asks`` tells, by paragraph, what the officer
    is to write in own words. ``acts`` names, for an act of ``registry.access.MAY`` that letters take,
    the one that this kind takes in its place. With ``four_eyes`` another officer approves the letter. ``on_sent``
    is told when one was sent, inside the same transaction.
    """

    code: str
    label: Text
    texts: Path
    name: str
    gather: Callable[[Dossier, About, str, datetime], Gathered]
    matters: frozenset[str]
    four_eyes: bool = False
    acts: Mapping[str, str] = field(default_factory=dict)
    asks: Mapping[str, Text] = field(default_factory=dict)
    offered: Callable[[Dossier], bool] = lambda dossier: True
    default_language: Callable[[Dossier], str] = lambda dossier: "en"
    on_sent: Callable[[Dossier, About, LetterDispatch, User, datetime], None] | None = None

    def languages(self) -> list[str]:
        return standard_texts.languages_of(self.texts, self.name)

    def text(self, language: str) -> StandardText:
        """The standard text. Raises Invalid (``language``) for a language without one."""
        try:
            return standard_texts.standard_text(self.texts, self.name, language)
        except KeyError:
            known = ", ".join(self.languages())
            sentence = _(
                "There is no standard text of this letter in this language. Use one of: %(known)s."
            ) % {"known": known}
            raise Invalid("unknown_language", sentence, fields={"language": [sentence]}) from None


_KINDS: dict[str, DraftKind] = {}


def declare(kind: DraftKind) -> None:
    """Make a kind of letter known (in the room's ``AppConfig.ready``)."""
    from registry import draft_letter_rendering

    _KINDS[kind.code] = kind
    draft_letter_rendering.declare(kind)


def kinds() -> list[DraftKind]:
    return list(_KINDS.values())


def kind_of(code: str) -> DraftKind:
    """The kind with this code. Raises Invalid (``kind``) for one that nobody declared."""
    if code in _KINDS:
        return _KINDS[code]
    sentence = _("There is no such kind of letter.")
    raise Invalid("unknown_kind_of_letter", sentence, fields={"kind": [sentence]})


def label_of(code: str) -> str:
    """What a kind is called in the reader's language; its code where nobody declared it."""
    return str(_KINDS[code].label) if code in _KINDS else code


def offered_for(dossier: Dossier) -> list[DraftKind]:
    """The kinds that can be drafted for a dossier now, in the order of their declaration."""
    return [k for k in _KINDS.values() if dossier.kind in k.matters and k.offered(dossier)]
