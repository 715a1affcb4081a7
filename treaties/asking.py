"""Read a question as people and scripts put it: codes in any case, usual synonyms, days.

Each function gives the register's own code, or raises ``Unclear`` with a code, a sentence that says
how to mend it, and the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from registry.models import State
from treaties.legal_basis_answers import Problem
from treaties.models import Purpose
from treaties.register_index import RegisterIndex

PURPOSE_SYNONYMS = {
    "assistance": Purpose.ASSISTANCE,
    "legal_assistance": Purpose.ASSISTANCE,
    "mutual_assistance": Purpose.ASSISTANCE,
    "mutual_legal_assistance": Purpose.ASSISTANCE,
    "judicial_assistance": Purpose.ASSISTANCE,
    "mlat": Purpose.ASSISTANCE,
    "extraditions": Purpose.EXTRADITION,
    "transfer_of_persons": Purpose.TRANSFER_OF_SENTENCED_PERSONS,
    "transfer_of_sentenced_person": Purpose.TRANSFER_OF_SENTENCED_PERSONS,
    "sentenced_persons": Purpose.TRANSFER_OF_SENTENCED_PERSONS,
    "transfer_of_prisoners": Purpose.TRANSFER_OF_SENTENCED_PERSONS,
    "temporary_transfer": Purpose.TEMPORARY_TRANSFER,
    "temporary_transfer_of_detained_person": Purpose.TEMPORARY_TRANSFER,
    "transfer_of_detained_persons": Purpose.TEMPORARY_TRANSFER,
    "asset_recovery": Purpose.CONFISCATION,
    "forfeiture": Purpose.CONFISCATION,
    "transfer_of_criminal_proceedings": Purpose.TRANSFER_OF_PROCEEDINGS,
    "surrender_to_court": Purpose.SURRENDER,
}


# Words that ask for no offence in particular.
ANY_OFFENCE = frozenset({"any", "all", "none", "any_offence", "any_offences"})


class Unclear(ValueError):
    """A part of a question that means nothing to the register."""

    def __init__(self, code: str, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.problem = Problem(code, sentence, field)


def fold(text: str) -> str:
    """A word as the register writes its codes: lower case, underscores."""
    return re.sub(r"[^a-z0-9]+", "_", text.strip().lower()).strip("_")


def state(text: str, index: RegisterIndex, field: str) -> str:
    """The code of a State or body from its alpha-3, alpha-2 or own code."""
    code = (text or "").strip().upper()
    code = index.by_alpha2.get(code, code)
    if code in index.states:
        return code
    raise Unclear(
        "unknown_state",
        _(
            "The register knows no State or body with the code “%(code)s”. Use the three-letter "
            "code of ISO 3166 (BEL) or a body's own (ICC)."
        )
        % {"code": text},
        field,
    )


def party(text: str, index: RegisterIndex, on: date, field: str) -> str:
    """The code of one that can ask or be asked on this day: a State, or a body at work."""
    code = state(text, index, field)
    facts = index.states[code]
    words = {"name": facts.called(), "note": facts.note}
    if facts.kind == State.Kind.TERRITORY:
        sentence = _("%(name)s is held in the register as a territory, not as a State. %(note)s")
        raise Unclear("territory", sentence % words, field)
    if facts.kind == State.Kind.REGIONAL_ORGANISATION:
        sentence = _("%(name)s is a regional organisation, not a State. %(note)s")
        raise Unclear("not_a_state", sentence % words, field)
    # A court of a treaty begins with its treaty, whose own day of entry into force says so better.
    of_a_treaty = any(i.body == code for i in index.instruments.values())
    if facts.is_body and not of_a_treaty and facts.established and on < facts.established:
        words["day"] = facts.established.isoformat()
        sentence = _("%(name)s did not exist yet on that day: it was established on %(day)s.")
        raise Unclear("body_not_yet_established", sentence % words, field)
    if facts.is_body and facts.ended and on > facts.ended:
        words["day"] = facts.ended.isoformat()
        sentence = _("The mandate of %(name)s ended on %(day)s; it can no longer be asked or ask.")
        raise Unclear("body_mandate_ended", sentence % words, field)
    return code


def purpose(text: str) -> str:
    word = fold(text or "")
    word = PURPOSE_SYNONYMS.get(word, word)
    if word in Purpose.values:
        return str(word)
    raise Unclear(
        "unknown_purpose",
        _("“%(given)s” is not a purpose. Use one of: %(known)s.")
        % {"given": text, "known": ", ".join(Purpose.values)},
        "purpose",
    )


def offence(text: str, index: RegisterIndex) -> str:
    code = index.family_aliases.get(fold(text))
    if code:
        return code
    raise Unclear(
        "unknown_offence",
        _("“%(given)s” is not a family of offences. Use one of: %(known)s.")
        % {"given": text, "known": ", ".join(index.family_labels)},
        "offence_family",
    )


def offences(words: Iterable[str], index: RegisterIndex) -> tuple[str, ...]:
    """The families asked for, each once; none where any offence is meant."""
    return tuple(dict.fromkeys(offence(w, index) for w in words if fold(w) not in ANY_OFFENCE))


def measure(text: str, index: RegisterIndex) -> str:
    code = fold(text)
    if code in index.measure_labels:
        return code
    raise Unclear(
        "unknown_measure",
        _("“%(given)s” is not a kind of measure. Use one of: %(known)s.")
        % {"given": text, "known": ", ".join(index.measure_labels)},
        "measure",
    )


def day(text: str, field: str = "as_of") -> date:
    """A day written 2014-12-12."""
    given = (text or "").strip()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
        try:
            return date.fromisoformat(given)
        except ValueError:
            pass
    raise Unclear(
        "invalid_date",
        _("“%(given)s” is not a day of the calendar. Write it like 2014-12-12.")
        % {"given": text or ""},
        field,
    )
