"""Under what may one State ask another for this, for these offences, on this day?

The answer is made in small steps:

1. The words of the question are understood (``treaties/asking.py``): States, purpose, offences.
   What cannot be asked at all (an unknown code, the same State twice, a territory, a body whose
   mandate has ended) is an error of the answer, never an exception.
2. Each instrument goes through the steps of ``treaties/legal_basis_steps.py``; the first obstacle is
   the reason why it does not apply.
3. A supplement applies only with its parent.
4. One instrument may take the place of another between States that both bind (``Displacement``),
   except for the measures that it leaves to the other.
5. What is left is put in order of preference (``preference``). Reciprocity comes last, always.

Without an offence, every instrument that binds is given, with the offences that it covers: the
officer sees what there is. With several, an instrument applies if it covers at least one, and says
which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from treaties import asking
from treaties import legal_basis_details as details
from treaties.asking import Unclear
from treaties.legal_basis_answers import Answer, Basis, Problem, Question, Unavailable
from treaties.legal_basis_steps import (
    TO_THE_POINT,
    Asked,
    first_obstacle,
    standing_of,
)
from treaties.legal_basis_words import spell
from treaties.models import CoveredPurpose, Instrument, Purpose
from treaties.register_index import DisplacementFacts, InstrumentFacts, RegisterIndex

__all__ = ["Answer", "Basis", "Problem", "Question", "Unavailable", "resolve"]

SUPPORTING, SUPPLEMENT = CoveredPurpose.Strength.SUPPORTING, CoveredPurpose.Strength.SUPPLEMENT
COMITY, BILATERAL = Instrument.Kind.COMITY, Instrument.Kind.BILATERAL


def resolve(question: Question, *, index: RegisterIndex | None = None) -> Answer:
    """Answer one question. One query when the process holds the register, else about fifteen."""
    index = index or RegisterIndex.current()
    try:
        asked = understand(question, index)
    except Unclear as unclear:
        return Answer(question, error=unclear.problem)
    question = replace(
        question,
        requesting=asked.requesting.code,
        requested=asked.requested.code,
        purpose=asked.purpose,
        offences=asked.offences,
        measures=asked.measures,
    )
    unavailable: list[Unavailable] = []
    standing: list[InstrumentFacts] = []
    for instrument in index.instruments.values():
        if obstacle := first_obstacle(instrument, asked, index):
            unavailable.append(
                Unavailable(
                    instrument.code,
                    obstacle.reason,
                    obstacle.say(),
                    instrument.short_title,
                    obstacle.article,
                    [
                        {
                            "state": side.code,
                            "standing": standing_of(instrument, side, asked.on, index),
                        }
                        for side in asked.sides
                    ],
                )
            )
        else:
            standing.append(instrument)
    arranged = arrange(standing, asked, index)
    unavailable += [_orphan(i, index) for i in arranged.orphans]
    unavailable += [_displaced(i, d, asked, index) for i, d in arranged.displaced]
    unavailable = _without_the_empty_bilateral(unavailable, arranged.applicable)
    rank = {code: place for place, code in enumerate(index.instruments)}
    return Answer(
        question,
        [_basis(i, asked, index, arranged) for i in arranged.applicable],
        sorted(unavailable, key=lambda u: (TO_THE_POINT.index(u.reason), rank[u.code])),
    )


def understand(question: Question, index: RegisterIndex) -> Asked:
    """The question in the register's own terms. Raises Unclear."""
    one = asking.state(question.requesting, index, "requesting")
    other = asking.state(question.requested, index, "requested")
    if one == other:
        raise Unclear(
            "same_state",
            _("Both sides are %(state)s: a State cannot ask itself.")
            % {"state": index.states[one].called()},
            "requested",
        )
    purpose = asking.purpose(question.purpose)
    offences = asking.offences(question.offences, index)
    measures = tuple(dict.fromkeys(asking.measure(m, index) for m in question.measures))
    asking.party(one, index, question.on, "requesting")
    asking.party(other, index, question.on, "requested")
    sides = index.states[one], index.states[other]
    if sides[0].is_body and sides[1].is_body:
        raise Unclear(
            "no_state",
            _("Neither %(one)s nor %(other)s is a State: the register answers for States.")
            % {"one": sides[0].called(), "other": sides[1].called()},
            "requested",
        )
    return Asked(*sides, purpose, question.on, offences, measures)


# --- from the instruments that stand to the answer ------------------------------------


@dataclass(frozen=True)
class Arranged:
    """The instruments that apply in order, and those that fell to a rule between instruments."""

    applicable: list[InstrumentFacts]
    orphans: list[InstrumentFacts]
    displaced: list[tuple[InstrumentFacts, DisplacementFacts]]
    limited: dict[str, DisplacementFacts]


def arrange(standing: list[InstrumentFacts], asked: Asked, index: RegisterIndex) -> Arranged:
    """Supplements without a parent and displaced instruments leave; the rest is put in order."""
    present = {i.code for i in standing}
    displacing = [
        d
        for d in index.displacements
        if d.purpose == asked.purpose
        and d.displaced in present
        and d.by in present
        and (d.since is None or asked.on >= d.since)
    ]
    limited = {d.displaced: d for d in displacing if d.except_measures & set(asked.measures)}
    gone = {d.displaced: d for d in displacing if d.displaced not in limited}
    displaced = [(i, gone[i.code]) for i in standing if i.code in gone]
    left = [i for i in standing if i.code not in gone]
    codes = {i.code for i in left}
    orphans = [i for i in left if _is_supplement(i, asked) and i.parent not in codes]
    left = [i for i in left if i not in orphans]
    left = sorted(left, key=lambda i: preference(i, asked, left))
    return Arranged(left, orphans, displaced, limited)


def preference(
    instrument: InstrumentFacts, asked: Asked, among: list[InstrumentFacts]
) -> tuple[int | bool, ...]:
    """The place of an instrument among those that apply; the smallest is proposed.

    1. Reciprocity is last; what only supports another basis comes just before it.
    2. What provides for none of the measures asked yields to what provides for some.
    3. A convention that gives way to a treaty in force (UNCAC 46(7) and its like) follows the
       general treaties between the two.
    4. Then by standing (the tens of ``rank``): acts of the Union and the Ljubljana-The Hague
       Convention, bilateral, regional, universal.
    5. Of equal standing: covers more of the offences, covers them without a condition, ``rank``.
    """
    served = instrument.purposes[asked.purpose]
    covered = families_covered(instrument, asked)
    general = any(
        other.scope == Instrument.OffenceScope.ANY
        and other.kind != COMITY
        and not other.purposes[asked.purpose].gives_way
        and other.purposes[asked.purpose].strength == CoveredPurpose.Strength.BASIS
        for other in among
    )
    return (
        instrument.kind == COMITY,
        served.strength == SUPPORTING,
        _provides_nothing(instrument, asked, among),
        served.gives_way and general,
        instrument.rank // 10,
        -len(covered),
        sum(conditional for conditional in covered.values()),
        instrument.rank,
    )


def families_covered(instrument: InstrumentFacts, asked: Asked) -> dict[str, bool]:
    """Of the offences asked for, those covered; True where only on a condition."""
    if instrument.scope != Instrument.OffenceScope.LISTED:
        return dict.fromkeys(asked.offences, False)
    return {
        family: bool(instrument.offences[family].condition)
        for family in asked.offences
        if family in instrument.offences
    }


def _provides_nothing(
    instrument: InstrumentFacts, asked: Asked, among: list[InstrumentFacts]
) -> bool:
    """Whether it names measures, but none of those asked; a silent instrument is not judged."""
    family = [instrument, *_supplements(instrument, among)]
    if _is_supplement(instrument, asked):
        family += [i for i in among if i.code == instrument.parent]
    if not asked.measures or not any(i.measures for i in family):
        return False
    return not any(measure in i.measures for i in family for measure in asked.measures)


def _is_supplement(instrument: InstrumentFacts, asked: Asked) -> bool:
    return instrument.purposes[asked.purpose].strength == SUPPLEMENT


def _supplements(
    instrument: InstrumentFacts, among: list[InstrumentFacts]
) -> list[InstrumentFacts]:
    return [i for i in among if i.parent == instrument.code]


def _orphan(instrument: InstrumentFacts, index: RegisterIndex) -> Unavailable:
    parent = index.instruments[instrument.parent or instrument.code]
    return Unavailable(
        instrument.code,
        "parent_not_applicable",
        _("It supplements %(parent)s, which does not apply here.") % {"parent": parent.short_title},
        instrument.short_title,
    )


def _displaced(
    instrument: InstrumentFacts, by: DisplacementFacts, asked: Asked, index: RegisterIndex
) -> Unavailable:
    words = {
        "by": index.instruments[by.by].short_title,
        "article": by.article,
        "since": spell(by.since),
    }
    said = _("%(by)s has taken its place between these States since %(since)s (%(article)s).")
    said %= words
    if by.except_measures:
        said += " " + _("It still serves: %(measures)s.") % {
            "measures": ", ".join(index.measure_label(m) for m in sorted(by.except_measures))
        }
    states = [
        {"state": side.code, "standing": standing_of(instrument, side, asked.on, index)}
        for side in asked.sides
    ]
    return Unavailable(
        instrument.code, "displaced", said, instrument.short_title, by.article, states
    )


def _without_the_empty_bilateral(
    unavailable: list[Unavailable], applicable: list[InstrumentFacts]
) -> list[Unavailable]:
    """That no bilateral treaty is recorded is not said where one is."""
    if any(i.kind == BILATERAL for i in applicable):
        return [u for u in unavailable if u.reason != "no_bilateral_recorded"]
    return unavailable


def _basis(
    instrument: InstrumentFacts, asked: Asked, index: RegisterIndex, arranged: Arranged
) -> Basis:
    served = instrument.purposes[asked.purpose]
    acts = details.acts(instrument, asked, index)
    declared = details.declarations(instrument, asked, index)
    offences = details.offences(instrument, asked, index)
    supplements = _supplements(instrument, arranged.applicable)
    measures = details.measures(instrument, asked, index, supplements)
    dual, dual_verified = details.dual_criminality(instrument, asked, index)
    template = details.template(instrument, asked, index)
    covered = {o["code"] for o in offences}
    since = {b.state: b.since for b in acts}
    limited = arranged.limited.get(instrument.code)
    facts = [instrument.verified, served.verified, dual_verified, *(b.verified for b in acts)]
    facts += [part["verified"] for group in (declared, offences, measures) for part in group]
    return Basis(
        code=instrument.code,
        title=instrument.title,
        short_title=instrument.short_title,
        kind=instrument.kind,
        article=served.article,
        strength=served.strength,
        since_requesting=since.get(asked.requesting.code),
        since_requested=since.get(asked.requested.code),
        acts=acts,
        declarations=declared,
        offences=offences,
        offences_not_covered=[o for o in asked.offences if o not in covered],
        measures=measures,
        dual_criminality=dual,
        displaces=[d.code for d, by in arranged.displaced if by.by == instrument.code],
        displaced=limited.by if limited else None,
        languages=details.languages(instrument, asked, index),
        language_rule=template.language if template else "",
        channel=template.channel if template else "",
        urgent_channel=template.urgent_channel if template else "",
        authorities=details.authorities(instrument, asked, index),
        reasons=_reasons(instrument, asked, index, arranged, acts, offences, measures),
        verified=all(facts) and instrument.kind != COMITY,
    )


def _reasons(
    instrument: InstrumentFacts,
    asked: Asked,
    index: RegisterIndex,
    arranged: Arranged,
    acts: list,
    offences: list,
    measures: list,
) -> list[str]:
    """Why it applies, and what to mind, in sentences."""
    served = instrument.purposes[asked.purpose]
    said: list[str] = []
    if instrument.kind == COMITY:
        said += _why_reciprocity(asked, arranged)
    else:
        purpose = Purpose(asked.purpose).label
        if served.article:
            said.append(
                _("%(purpose)s: %(instrument)s, Art. %(article)s.")
                % {
                    "purpose": purpose,
                    "instrument": instrument.short_title,
                    "article": served.article,
                }
            )
        else:
            said.append(
                _("%(purpose)s: %(instrument)s; the number of the article is not established.")
                % {"purpose": purpose, "instrument": instrument.short_title}
                if served.strength != SUPPLEMENT
                else _("%(purpose)s: %(instrument)s.")
                % {"purpose": purpose, "instrument": instrument.short_title}
            )
        said += [bound.sentence for bound in acts]
    if served.note:
        said.append(served.note)
    if served.strength == SUPPORTING:
        said.append(_("It supports a request that rests on another basis."))
    if served.gives_way and any(_is_general(i, asked) for i in arranged.applicable):
        said.append(
            _("Where another treaty between the two States governs, that treaty's rules apply.")
        )
    said += [
        _("%(offence)s: %(condition)s") % {"offence": o["label"], "condition": o["condition"]}
        for o in offences
        if o["condition"]
    ]
    missing = [o for o in asked.offences if o not in {x["code"] for x in offences}]
    if missing:
        said.append(
            _("Not covered by it: %(offences)s.")
            % {"offences": ", ".join(index.family_label(f) for f in missing)}
        )
    if offences and not asked.offences:
        said.append(
            _("It covers: %(offences)s.") % {"offences": ", ".join(o["label"] for o in offences)}
        )
    unnamed = [m["label"] for m in measures if not m["provided"]]
    if unnamed and instrument.measures:
        said.append(
            _("It does not itself name: %(measures)s. That is no bar to asking.")
            % {"measures": ", ".join(unnamed)}
        )
    if limited := arranged.limited.get(instrument.code):
        said.append(
            _("%(by)s governs between these States except for: %(measures)s.")
            % {
                "by": index.instruments[limited.by].short_title,
                "measures": ", ".join(
                    index.measure_label(m) for m in asked.measures if m in limited.except_measures
                ),
            }
        )
    said += list(instrument.notes) if instrument.kind != COMITY else []
    said += [side.note for side in asked.sides if side.code == "XKX" and side.note]
    return said


def _is_general(instrument: InstrumentFacts, asked: Asked) -> bool:
    served = instrument.purposes[asked.purpose]
    return (
        instrument.scope == Instrument.OffenceScope.ANY
        and instrument.kind != COMITY
        and served.strength == CoveredPurpose.Strength.BASIS
        and not served.gives_way
    )


def _why_reciprocity(asked: Asked, arranged: Arranged) -> list[str]:
    said = []
    words = {"one": asked.requesting.called(), "other": asked.requested.called()}
    if len(arranged.applicable) > 1:
        said.append(_("Reciprocity remains open beside the instruments above."))
    elif asked.body is None:
        said.append(
            _(
                "The register holds no instrument that binds both %(one)s and %(other)s for this on "
                "that day: the request can rest on reciprocity."
            )
            % words
        )
    if asked.body:
        words |= {
            "body": asked.body.called(),
            "route": asked.body.cooperation_route.rstrip("."),
        }
        said.append(
            _(
                "Without a treaty for this, the law of the State and the mandate of the body decide "
                "whether they may help each other. How the %(body)s cooperates: %(route)s."
            )
            % words
        )
        return said
    said.append(
        _(
            "Nothing obliges %(other)s to grant it; its own law says whether and how it may. Send it "
            "by the diplomatic channel unless %(other)s accepts another, with a written assurance of "
            "reciprocity where its law asks for one."
        )
        % words
    )
    return said
