"""What an officer needs to know of an instrument that applies: one function a heading."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from treaties import declaration_effects
from treaties.legal_basis_answers import Bound
from treaties.legal_basis_steps import (
    Asked,
    covers_any_offence,
    families_between,
    scope_of,
)
from treaties.legal_basis_words import how_bound
from treaties.models import Instrument, Purpose
from treaties.register_index import (
    DesignationFacts,
    InstrumentFacts,
    MeasureFacts,
    RegisterIndex,
    TemplateFacts,
)

JSON = dict[str, Any]

# The list of contents that a purpose uses, where it is called otherwise.
REQUEST_TYPES = {
    Purpose.TEMPORARY_TRANSFER: Purpose.ASSISTANCE,
    Purpose.TRANSFER_OF_PROCEEDINGS: Purpose.ASSISTANCE,
}


def acts(instrument: InstrumentFacts, asked: Asked, index: RegisterIndex) -> list[Bound]:
    """How each side that is a State became bound."""
    found = []
    for side in asked.sides:
        if side.is_body or instrument.kind == Instrument.Kind.COMITY:
            continue
        position = index.position(instrument.code, side.code, asked.on)
        act = position.act
        found.append(
            Bound(
                state=side.code,
                since=position.since,
                action=act.action if act else "",
                act_date=act.date if act else None,
                source=act.source if act else "",
                verified=position.verified and (act is not None or instrument.verified),
                sentence=how_bound(side, position),
            )
        )
    return found


def declarations(instrument: InstrumentFacts, asked: Asked, index: RegisterIndex) -> list[JSON]:
    """The declarations of both sides that matter for this purpose between these two."""
    found = []
    for side, other in (asked.sides, asked.sides[::-1]):
        for declaration in index.declarations.get((instrument.code, side.code), ()):
            if not declaration.affects_cooperation:
                continue
            effects = [
                e
                for e in declaration.effects
                if declaration_effects.matters_for(e["code"], asked.purpose)
                and not (
                    e["code"] in ("excluded_partner", "non_recognition")
                    and e.get("value") != other.code
                )
            ]
            if effects:
                found.append(
                    {
                        "state": side.code,
                        "kind": declaration.kind,
                        "provision": declaration.provision,
                        "paraphrase": declaration.paraphrase,
                        "effects": [
                            e | {"meaning": declaration_effects.meaning(e["code"])} for e in effects
                        ],
                        "verified": declaration.verified,
                    }
                )
    return found


def offences(instrument: InstrumentFacts, asked: Asked, index: RegisterIndex) -> list[JSON]:
    """The families covered: those asked for, or all it lists when none is asked."""
    listed = families_between(instrument, asked, index)
    families = list(listed)
    if covers_any_offence(instrument, asked, index):
        families = list(asked.offences)
    found = []
    for family in families:
        facts = listed.get(family)
        found.append(
            {
                "code": family,
                "label": index.family_label(family),
                "article": facts.article if facts else "",
                "condition": facts.condition if facts else "",
                "annex": facts.annex if facts else "",
                "verified": facts.verified if facts else True,
            }
        )
    return found


def measures(
    instrument: InstrumentFacts,
    asked: Asked,
    index: RegisterIndex,
    supplements: list[InstrumentFacts],
) -> list[JSON]:
    """Each measure asked for, and where it is provided for: here, or in a supplement in force."""
    found = []
    for code in asked.measures:
        facts, under = measure_under(instrument, code, supplements)
        found.append(
            {
                "code": code,
                "label": index.measure_label(code),
                "provided": facts is not None,
                "article": (facts.article or None) if facts else None,
                "under": under,
                "verified": facts.verified if facts else True,
            }
        )
    return found


def measure_under(
    instrument: InstrumentFacts, code: str, supplements: list[InstrumentFacts]
) -> tuple[MeasureFacts | None, str | None]:
    for candidate in (instrument, *supplements):
        if facts := candidate.measures.get(code):
            return facts, candidate.code
    return None, None


def dual_criminality(
    instrument: InstrumentFacts, asked: Asked, index: RegisterIndex
) -> tuple[str | None, bool]:
    """What the instrument says of the offence being one in both States, with its article."""
    for candidate in (instrument, scope_of(instrument, index)):
        for (request_type, ground), facts in candidate.grounds.items():
            if request_type == asked.purpose and ground.startswith("double_criminality"):
                said = facts.note
                if facts.article:
                    said = f"{said} ({candidate.short_title}, {facts.article})"
                return said, facts.verified
    return None, True


def template(
    instrument: InstrumentFacts, asked: Asked, index: RegisterIndex
) -> TemplateFacts | None:
    """The rules on form and channel for this purpose: its own, or its parent's."""
    wanted = (asked.purpose, REQUEST_TYPES.get(Purpose(asked.purpose), Purpose.ASSISTANCE))
    for candidate in (instrument, scope_of(instrument, index)):
        for request_type in wanted:
            if found := candidate.templates.get(str(request_type)):
                return found
    return None


def languages(instrument: InstrumentFacts, asked: Asked, index: RegisterIndex) -> list[JSON]:
    """The languages that the requested side accepts, each with where that is known from."""
    found: dict[str, JSON] = {}
    for declaration in index.declarations.get((instrument.code, asked.requested.code), ()):
        effect = declaration.effect("languages_accepted")
        if effect and not effect.get("limit"):
            for code in effect.get("value", []):
                found[code] = {
                    "code": code,
                    "source": _("declaration to %(provision)s")
                    % {"provision": declaration.provision},
                    "verified": declaration.verified,
                }
    for office in _designated(instrument, asked, index):
        for code in office.languages:
            found.setdefault(
                code,
                {
                    "code": code,
                    "source": _("designation of %(authority)s") % {"authority": office.name},
                    "verified": office.verified,
                },
            )
    return list(found.values())


def authorities(instrument: InstrumentFacts, asked: Asked, index: RegisterIndex) -> list[JSON]:
    """To whom the request goes: designated under it; else under another; else otherwise known."""
    offices = _designated(instrument, asked, index)
    return [
        {
            "id": office.authority,
            "name": office.name,
            "languages": list(office.languages),
            "verified": office.verified and office.instrument == instrument.code,
            "designated_under": office.instrument or None,
            "function": office.function,
        }
        for office in offices
    ]


def _designated(
    instrument: InstrumentFacts, asked: Asked, index: RegisterIndex
) -> list[DesignationFacts]:
    known = index.designations.get(asked.requested.code, ())
    function = "extradition" if asked.purpose == Purpose.EXTRADITION else "mla"
    here = {instrument.code, scope_of(instrument, index).code}
    ranked = (
        [d for d in known if d.instrument in here and d.function == function],
        [d for d in known if d.instrument in here],
        [*index.other_authorities.get(asked.requested.code, ())],
        [d for d in known if d.function == function],
    )
    offices = next((group for group in ranked if group), [])
    unique = {office.authority: office for office in reversed(offices)}
    return list(reversed(list(unique.values())))
