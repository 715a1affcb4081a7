"""What the instruments of an extradition say: enclosures, grounds of refusal, the duty at home.

An extradition rests on one instrument. The treaty that it supplements, and the protocols that bind
both States and supplement it, are read with it: a protocol's own fact takes the place of what its
treaty says on the same point.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import ExtraditionCase, RequiredEnclosure
from treaties.legal_basis_answers import Answer
from treaties.models import CoveredPurpose, Instrument, RefusalGround
from treaties.required_contents import ContentItem, RequestTemplate, request_template

EXTRADITION, PROVISIONAL_ARREST = "extradition", "provisional_arrest"
SUPPLEMENT = CoveredPurpose.Strength.SUPPLEMENT
NATIONALITY, DUTY_AT_HOME = "nationality", "aut_dedere_aut_judicare"
Effect = RefusalGround.Effect


def supplements_in(answer: Answer, basis: str) -> list[str]:
    """The protocols in the resolver's answer that supplement this basis. One query."""
    found = [b.code for b in answer.applicable if b.strength == SUPPLEMENT]
    own = set(
        Instrument.objects.filter(code__in=found, parent=basis).values_list("code", flat=True)
    )
    return [code for code in found if code in own]


def instruments_of(extradition: ExtraditionCase) -> list[str]:
    """Codes of the instruments that govern: the protocols first, then the basis and its treaty."""
    basis = extradition.basis
    if basis is None:
        return []
    protocols = [str(code) for code in extradition.basis_answer.get("supplements", [])]
    chain = [*protocols, basis.code, basis.parent_id or ""]
    return [code for code in dict.fromkeys(chain) if code]


# --- enclosures -------------------------------------------------------------------------


@dataclass(frozen=True)
class ChecklistLine:
    """One content that the instrument requires, and what there is of it."""

    item: ContentItem
    label: str
    given: RequiredEnclosure | None

    @property
    def is_missing(self) -> bool:
        return self.item.is_mandatory and self.given is None

    @property
    def missing_sentence(self) -> str:
        if self.item.article:
            return _("%(what)s is missing (Art. %(article)s).") % {
                "what": self.label,
                "article": self.item.article,
            }
        return _("%(what)s is missing.") % {"what": self.label}


@dataclass(frozen=True)
class Checklist:
    """The list of an instrument for a type of request; empty where it has none."""

    template: RequestTemplate | None
    lines: list[ChecklistLine]

    @property
    def missing(self) -> list[ChecklistLine]:
        return [line for line in self.lines if line.is_missing]

    @property
    def progress(self) -> tuple[int, int]:
        wanted = [line for line in self.lines if line.item.is_mandatory]
        return sum(not line.is_missing for line in wanted), len(wanted)


def label_of(key: str) -> str:
    """A content in words; its key where the product has no words for it."""
    return str(CONTENTS.get(key, key.replace("_", " ").capitalize()))


def checklist(extradition: ExtraditionCase, request_type: str = EXTRADITION) -> Checklist:
    """What must be there for a formal request (or a request of arrest), and what is. 4 queries."""
    if extradition.basis_id is None:
        return Checklist(None, [])
    template = request_template(extradition.basis_id, request_type)
    if template is None:
        return Checklist(None, [])
    given = {
        enclosure.key: enclosure
        for enclosure in extradition.enclosures.filter(request_type=request_type).select_related(
            "document"
        )
    }
    lines = [
        ChecklistLine(item, label_of(item.key), given.get(item.key)) for item in template.items
    ]
    return Checklist(template, lines)


# --- grounds ----------------------------------------------------------------------------


def grounds_of_refusal(extradition: ExtraditionCase) -> list[RefusalGround]:
    """The grounds on which the instruments let this extradition be refused, and no others.

    A protocol's ground takes the place of its treaty's. Without an instrument (reciprocity) there
    are none: the law of the requested State decides, and the reason is recorded in words.
    """
    refusing = [
        g
        for g in _facts(extradition)
        if g.effect in {Effect.MANDATORY_REFUSAL, Effect.OPTIONAL_REFUSAL}
    ]
    spoken_for: dict[str, str] = {}
    for ground in refusing:
        spoken_for.setdefault(ground.ground, ground.instrument_id)
    return [g for g in refusing if spoken_for[g.ground] == g.instrument_id]


def barred_grounds(extradition: ExtraditionCase) -> list[RefusalGround]:
    """What the instruments say may not be used as a ground: always with the note that says for
    which offences or how far, since none bars a ground altogether."""
    return [g for g in _facts(extradition) if g.effect == Effect.BARRED_AS_GROUND]


def duty_at_home(extradition: ExtraditionCase) -> RefusalGround | None:
    """The duty to submit the case at home if extradition is refused, where an instrument has it."""
    return next((g for g in _facts(extradition) if g.ground == DUTY_AT_HOME), None)


def _facts(extradition: ExtraditionCase) -> list[RefusalGround]:
    """All that the governing instruments say on refusing, the protocols' first. One query."""
    order = instruments_of(extradition)
    facts = RefusalGround.objects.filter(instrument__in=order, request_type=EXTRADITION)
    return sorted(facts, key=lambda g: (order.index(g.instrument_id), g.pk))


def as_recorded(ground: RefusalGround) -> dict[str, str]:
    """A ground as a decision keeps it: what the register said that day."""
    return {
        "instrument": ground.instrument_id,
        "ground": ground.ground,
        "article": ground.article,
        "effect": ground.effect,
        "note": ground.note,
        "confidence": ground.confidence,
    }


def ground_label(ground: str) -> str:
    """A ground in words; its code where the product has no words for it."""
    return str(GROUNDS.get(ground, ground.replace("_", " ").capitalize()))


CONTENTS = {
    "arrest_warrant_or_judgment": gettext_lazy("Arrest warrant or enforceable judgment"),
    "assurances": gettext_lazy("Assurances"),
    "circumstances": gettext_lazy("Circumstances of the case"),
    "consequences": gettext_lazy("Consequences of consent told to the person"),
    "death_penalty_assurance": gettext_lazy("Assurance that no death penalty is carried out"),
    "description_of_person": gettext_lazy("Description of the person"),
    "domestic_law_requirements": gettext_lazy("What the law of the requested State asks for"),
    "existence_of_warrant_or_judgment": gettext_lazy("That a warrant or judgment exists"),
    "identity_of_person": gettext_lazy("Identity of the person"),
    "in_absentia": gettext_lazy("Judgment in absence: the way to a retrial"),
    "intention_to_request_extradition": gettext_lazy("That an extradition request will follow"),
    "language_translation": gettext_lazy("Translation"),
    "lapse_of_time": gettext_lazy("Lapse of time"),
    "legal_text": gettext_lazy("Text of the law"),
    "offence": gettext_lazy("Offence"),
    "offence_and_facts": gettext_lazy("Offences and facts"),
    "offence_and_penalty": gettext_lazy("Offence and penalty"),
    "offences_statement": gettext_lazy("Statement of the offences"),
    "requesting_authority": gettext_lazy("Requesting authority"),
    "sentence_and_time_served": gettext_lazy("Sentence and time served"),
    "speciality_undertaking": gettext_lazy("Undertaking on speciality"),
    "time_and_place": gettext_lazy("Time and place of the acts"),
    "treaty_basis": gettext_lazy("The treaty relied on"),
}
GROUNDS = {
    "amnesty": gettext_lazy("Amnesty"),
    "death_or_life_penalty": gettext_lazy("Death penalty or life sentence"),
    "death_penalty": gettext_lazy("Death penalty"),
    "discrimination": gettext_lazy("Discrimination"),
    "domestic_conditions": gettext_lazy("Conditions of own law"),
    "double_criminality": gettext_lazy("Double criminality"),
    "enforced_disappearance_risk": gettext_lazy("Risk of enforced disappearance"),
    "extraordinary_court": gettext_lazy("Extraordinary court"),
    "extraterritorial_offence": gettext_lazy("Offence committed outside the requesting State"),
    "fiscal_offence": gettext_lazy("Fiscal offence"),
    "humanitarian": gettext_lazy("Humanitarian reasons"),
    "in_absentia": gettext_lazy("Judgment in absence"),
    "lapse_of_time": gettext_lazy("Lapse of time"),
    "lapse_of_time_requested_state": gettext_lazy("Lapse of time in the requested State"),
    "military_offence": gettext_lazy("Military offence"),
    "nationality": gettext_lazy("Nationality"),
    "ne_bis_in_idem": gettext_lazy("Already finally judged (ne bis in idem)"),
    "ne_bis_in_idem_or_amnesty": gettext_lazy("Already finally judged, or amnesty"),
    "ne_bis_in_idem_third_state": gettext_lazy("Already finally judged in a third State"),
    "pending_proceedings": gettext_lazy("Proceedings pending for the same acts"),
    "place_of_commission": gettext_lazy("Offence committed on own territory"),
    "political_offence": gettext_lazy("Political offence"),
    "torture_or_unfair_trial": gettext_lazy("Risk of torture or of an unfair trial"),
    "torture_risk": gettext_lazy("Risk of torture"),
}
