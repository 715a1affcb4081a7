"""What each kind of matter means: one table, read by drafting, lives, letters, clocks and counts.

A kind is a row. What must be written for it comes from the register: the particulars of its
``measure``, each with the article that asks for it. Which moves it has is in
``mla/lifecycle_of_kinds.py`` and ``mla/lifecycle_beside.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mla.models import AssistanceRequest, RequestKind
from registry.refusals import Invalid, Text
from treaties.models import MeasureKind


@dataclass(frozen=True)
class KindRules:
    """How one kind differs from an ordinary request.

    ``measure`` is the register's kind of measure that it always asks for; ``contents`` the type of
    request whose list of contents holds where the instrument has one; ``grounds`` the types whose
    grounds of refusal concern it. ``asks``: an answer is awaited, so that it counts among the
    requests and the clocks of an answer run. ``formal``: it goes out approved, as a letter on a
    legal basis. ``letter`` is the standard letter in which it goes, where not that of a request.
    ``opened_alone``: it can be started without an earlier matter.
    """

    code: str
    measure: str = ""
    contents: str = ""
    grounds: tuple[str, ...] = ("mla", "any")
    asks: bool = True
    formal: bool = True
    letter: str = ""
    opened_alone: bool = True

    @property
    def label(self) -> Text:
        return RequestKind(self.code).label

    def asked_with(self, measures: Iterable[str]) -> list[str]:
        """These measures, with that which the kind always asks for where the register has it."""
        asked = list(measures)
        known = bool(self.measure) and MeasureKind.objects.filter(pk=self.measure).exists()
        return [self.measure, *asked] if known and self.measure not in asked else asked


RULES: dict[str, KindRules] = {
    rules.code: rules
    for rules in (
        KindRules(RequestKind.REQUEST),
        KindRules(
            RequestKind.SUPPLEMENTARY, letter="mla.supplementary_request", opened_alone=False
        ),
        KindRules(
            RequestKind.PRESERVATION,
            measure="expedited_preservation",
            contents="preservation",
            grounds=("preservation", "any"),
        ),
        KindRules(
            RequestKind.TEMPORARY_TRANSFER,
            measure="temporary_transfer_of_detained_person",
            grounds=("transfer_of_detained_person", "mla", "any"),
        ),
        KindRules(RequestKind.JOINT_TEAM, measure="jit"),
        KindRules(RequestKind.TRANSFER_OF_PROCEEDINGS, measure="transfer_of_criminal_proceedings"),
        KindRules(
            RequestKind.SPONTANEOUS,
            measure="spontaneous_information",
            asks=False,
            letter="mla.spontaneous_information",
        ),
        KindRules(RequestKind.ENQUIRY, asks=False, formal=False),
        KindRules(RequestKind.INFORMAL_CONTACT, asks=False, formal=False),
        KindRules(RequestKind.DRAFT_FOR_COMMENT, asks=False, formal=False),
    )
}
ASKING = tuple(code for code, rules in RULES.items() if rules.asks)
"""The kinds that are requests: what statistics of requests count."""
COUNTED_APART = tuple(code for code, rules in RULES.items() if not rules.asks)
STARTED_ALONE = tuple(code for code, rules in RULES.items() if rules.opened_alone)


def rules_of(request: AssistanceRequest) -> KindRules:
    return RULES[request.kind]


def particular_of(request: AssistanceRequest, key: str) -> str:
    """What is written under a particular of the measure that the kind always asks for. One query."""
    found = request.measures.filter(kind=rules_of(request).measure)
    said = (str(measure.particulars.get(key, "")).strip() for measure in found)
    return "\n\n".join(text for text in said if text)


def conditions_of(request: AssistanceRequest) -> str:
    """The conditions of use of information given without a request; empty for any other kind."""
    if request.kind != RequestKind.SPONTANEOUS:
        return ""
    parts = (particular_of(request, "conditions_of_use"), request.use_limitation.strip())
    return "\n\n".join(dict.fromkeys(part for part in parts if part))


def kind_read(kind: str, follows: AssistanceRequest | None = None) -> KindRules:
    """The rules of a kind. Raises Invalid for an unknown one, and for one that supplements nothing."""
    rules = RULES.get(kind)
    if rules is None or not (rules.opened_alone or follows):
        sentence = _("Choose one of the kinds offered.")
        if rules is not None:
            sentence = _("Say which request it supplements: start it from the page of that one.")
        raise Invalid("unknown_kind", sentence, fields={"kind": [sentence]})
    return rules
