"""The steps by which an instrument is found not to apply: each a short question of its own.

A step looks at one instrument and the question asked, and gives an ``Obstacle`` or None. The order
of ``STEPS`` is the order in which reasons are preferred: what the instrument is, then whom and what
it concerns, then who is bound, then what declarations change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from treaties import declaration_effects
from treaties.legal_basis_words import why_not_bound
from treaties.models import CoveredPurpose, Instrument, Purpose
from treaties.participation import FARTHEST_FIRST, Standing
from treaties.register_index import InstrumentFacts, OffenceFacts, RegisterIndex, StateFacts

EXTRADITION_REASON = "declaration_excludes_extradition"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose words have been understood."""

    requesting: StateFacts
    requested: StateFacts
    purpose: str
    on: date
    offences: tuple[str, ...]
    measures: tuple[str, ...]

    @property
    def sides(self) -> tuple[StateFacts, StateFacts]:
        return self.requesting, self.requested

    @property
    def body(self) -> StateFacts | None:
        return next((side for side in self.sides if side.is_body), None)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why an instrument does not apply. The sentence is made only when somebody reads it."""

    reason: str
    say: Callable[[], str]
    article: str = ""


Step = Callable[[InstrumentFacts, Asked, RegisterIndex], Obstacle | None]


def scope_of(instrument: InstrumentFacts, index: RegisterIndex) -> InstrumentFacts:
    """The instrument whose list of offences counts: its own, or its parent's for a supplement."""
    if instrument.scope == Instrument.OffenceScope.PARENT and instrument.parent:
        return index.instruments[instrument.parent]
    return instrument


def covers_any_offence(instrument: InstrumentFacts, asked: Asked, index: RegisterIndex) -> bool:
    scope = scope_of(instrument, index)
    if scope.scope == Instrument.OffenceScope.ANY:
        return True
    served = scope.purposes.get(asked.purpose)
    return bool(served and served.any_offence_for_measures & set(asked.measures))


def families_listed(
    instrument: InstrumentFacts, asked: Asked, index: RegisterIndex
) -> dict[str, OffenceFacts]:
    """The families asked for that the instrument lists, annex or not; all it lists if none asked."""
    listed = scope_of(instrument, index).offences
    wanted = asked.offences or listed
    return {family: listed[family] for family in wanted if family in listed}


def annexes_accepted(instrument: InstrumentFacts, state: str, index: RegisterIndex) -> set[str]:
    """The annexes that a State has declared to apply."""
    accepted: set[str] = set()
    for declaration in index.declarations.get((instrument.code, state), ()):
        if effect := declaration.effect("annex_crimes_accepted"):
            accepted.update(effect.get("value", ()))
    return accepted


def families_between(
    instrument: InstrumentFacts, asked: Asked, index: RegisterIndex
) -> dict[str, OffenceFacts]:
    """``families_listed`` without those of an annex that either side has not accepted."""
    listed = families_listed(instrument, asked, index)
    if not any(facts.annex for facts in listed.values()):
        return listed
    accepted = set.intersection(
        *(annexes_accepted(instrument, side.code, index) for side in asked.sides)
    )
    return {f: facts for f, facts in listed.items() if not facts.annex or facts.annex in accepted}


# --- the steps ------------------------------------------------------------------------


def not_a_treaty(
    instrument: InstrumentFacts, _asked: Asked, _index: RegisterIndex
) -> Obstacle | None:
    if instrument.kind == Instrument.Kind.MODEL:
        return Obstacle(
            "not_a_treaty",
            lambda: _("A model for negotiating treaties; it binds nobody by itself."),
        )
    return None


def no_bilateral_recorded(
    instrument: InstrumentFacts, asked: Asked, _index: RegisterIndex
) -> Obstacle | None:
    if instrument.kind != Instrument.Kind.BILATERAL or instrument.parties != "none":
        return None
    return Obstacle(
        "no_bilateral_recorded",
        lambda: (
            _(
                "The register holds no bilateral treaty between %(one)s and %(other)s; ask the foreign "
                "ministry whether there is one, and record it."
            )
            % {"one": asked.requesting.called(), "other": asked.requested.called()}
        ),
    )


def not_between_these(
    instrument: InstrumentFacts, asked: Asked, _index: RegisterIndex
) -> Obstacle | None:
    if instrument.kind == Instrument.Kind.COMITY:
        return None
    with_body = instrument.between == Instrument.Between.STATE_AND_BODY
    body = asked.body
    if with_body and (body is None or body.code != instrument.body):
        return Obstacle(
            "not_between_states",
            lambda: (
                _(
                    "%(instrument)s serves cooperation between a State and the %(body)s, not between "
                    "%(one)s and %(other)s."
                )
                % {
                    "instrument": instrument.short_title,
                    "body": _index.states[instrument.body].called() if instrument.body else "",
                    "one": asked.requesting.called(),
                    "other": asked.requested.called(),
                }
            ),
        )
    if not with_body and body is not None:
        return Obstacle(
            "not_a_state",
            lambda: (
                _(
                    "%(body)s is not a State and cannot be a party to %(instrument)s, which binds "
                    "States among themselves."
                )
                % {"body": body.called(), "instrument": instrument.short_title}
            ),
        )
    return None


def purpose_not_covered(
    instrument: InstrumentFacts, asked: Asked, _index: RegisterIndex
) -> Obstacle | None:
    served = instrument.purposes.get(asked.purpose)
    if served is None:
        return Obstacle(
            "purpose_not_covered",
            lambda: (
                _("%(instrument)s does not serve this purpose: %(purpose)s.")
                % {
                    "instrument": instrument.short_title,
                    "purpose": Purpose(asked.purpose).label.lower(),
                }
            ),
        )
    if served.asked_by == CoveredPurpose.AskedBy.BODY and not asked.requesting.is_body:
        return Obstacle(
            "asked_by_the_other_side",
            lambda: (
                _(
                    "Only the international body can ask for this under %(instrument)s (%(article)s)."
                )
                % {"instrument": instrument.short_title, "article": served.article}
            ),
            served.article,
        )
    if served.asked_by == CoveredPurpose.AskedBy.STATE and asked.requesting.is_body:
        return Obstacle(
            "asked_by_the_other_side",
            lambda: (
                _("Only a State can ask for this under %(instrument)s (%(article)s).")
                % {"instrument": instrument.short_title, "article": served.article}
            ),
            served.article,
        )
    return None


def offence_not_covered(
    instrument: InstrumentFacts, asked: Asked, index: RegisterIndex
) -> Obstacle | None:
    if not asked.offences or covers_any_offence(instrument, asked, index):
        return None
    if families_listed(instrument, asked, index):
        return None
    scope = scope_of(instrument, index)

    def say() -> str:
        covered = [index.family_label(family) for family in scope.offences]
        said = _("%(instrument)s does not cover %(asked)s; it covers: %(covered)s.") % {
            "instrument": instrument.short_title,
            "asked": ", ".join(index.family_label(f) for f in asked.offences),
            "covered": "; ".join(covered) or _("nothing that the register holds"),
        }
        served = scope.purposes.get(asked.purpose)
        if served and served.any_offence_for_measures:
            said += " " + _("For any offence it serves only these measures: %(measures)s.") % {
                "measures": ", ".join(
                    index.measure_label(m) for m in sorted(served.any_offence_for_measures)
                )
            }
        return said

    return Obstacle("offence_not_covered", say)


def not_bound(instrument: InstrumentFacts, asked: Asked, index: RegisterIndex) -> Obstacle | None:
    """Each side that is a State must be bound on the day; of two reasons the farther one counts."""
    if instrument.kind == Instrument.Kind.COMITY:
        return None
    loose = [
        (side, position)
        for side in asked.sides
        if not side.is_body
        and not (position := index.position(instrument.code, side.code, asked.on)).bound
    ]
    if not loose:
        return None
    standings = {position.standing for _side, position in loose}
    reason = next(s for s in FARTHEST_FIRST if s in standings)

    def say() -> str:
        said: list[str] = []
        for side, position in sorted(loose, key=lambda p: FARTHEST_FIRST.index(p[1].standing)):
            sentence = why_not_bound(side, position, instrument)
            if sentence not in said:
                said.append(sentence)
        if instrument.in_force_note and not instrument.footing.in_force:
            said.append(
                _("Its entry into force is not established: %(note)s")
                % {"note": instrument.in_force_note}
            )
        return " ".join(said)

    return Obstacle(str(reason), say)


def excluded_partner(
    instrument: InstrumentFacts, asked: Asked, index: RegisterIndex
) -> Obstacle | None:
    for one, other in (asked.sides, asked.sides[::-1]):
        for declaration in index.declarations.get((instrument.code, one.code), ()):
            effect = declaration.effect("excluded_partner")
            if effect and other.code in _values(effect):

                def say(state: StateFacts = one, text: str = declaration.paraphrase) -> str:
                    return _("%(state)s declared: %(text)s") % {
                        "state": state.called(),
                        "text": text,
                    }

                return Obstacle("excluded_partner", say, declaration.provision)
    return None


def annex_not_accepted(
    instrument: InstrumentFacts, asked: Asked, index: RegisterIndex
) -> Obstacle | None:
    if not asked.offences or covers_any_offence(instrument, asked, index):
        return None
    if families_between(instrument, asked, index):
        return None
    wanted = families_listed(instrument, asked, index)

    def say() -> str:
        without = [
            side.called()
            for side in asked.sides
            if not {f.annex for f in wanted.values()}
            <= annexes_accepted(instrument, side.code, index)
        ]
        return _(
            "It covers %(asked)s only between States that have accepted the annex (%(annex)s); the "
            "register holds no such declaration of %(states)s."
        ) % {
            "asked": ", ".join(index.family_label(f) for f in wanted),
            "annex": ", ".join(sorted({f.annex for f in wanted.values()})),
            "states": ", ".join(without),
        }

    return Obstacle("annex_not_accepted", say, next(iter(wanted.values())).article)


def closed_by_declaration(
    instrument: InstrumentFacts, asked: Asked, index: RegisterIndex
) -> Obstacle | None:
    for side in asked.sides:
        if obstacle := closed_by(instrument, side, asked.purpose, index):
            return obstacle
    return None


def closed_by(
    instrument: InstrumentFacts, side: StateFacts, purpose: str, index: RegisterIndex
) -> Obstacle | None:
    """Whether a declaration of this side closes the instrument for the purpose."""
    for declaration in index.declarations.get((instrument.code, side.code), ()):
        for effect in declaration.effects:
            code = effect["code"]
            if code == "excluded_partner" or not declaration_effects.closes(code, purpose):
                continue

            def say(effect: dict = effect, text: str = declaration.paraphrase) -> str:
                said = _("%(state)s %(meaning)s. Its declaration: %(text)s") % {
                    "state": side.called(),
                    "meaning": declaration_effects.meaning(effect["code"]),
                    "text": text,
                }
                if effect.get("inferred"):
                    said += " " + _("This is inferred from a summary: check the text.")
                return said

            return Obstacle(EXTRADITION_REASON, say, declaration.provision)
    return None


def _values(effect: dict) -> list[str]:
    value = effect.get("value", [])
    return value if isinstance(value, list) else [value]


# What does not depend on who asks whom, and what does.
OF_THE_INSTRUMENT: tuple[Step, ...] = (not_a_treaty, no_bilateral_recorded)
OF_THE_MATTER: tuple[Step, ...] = (not_between_these, purpose_not_covered, offence_not_covered)
OF_THE_PAIR: tuple[Step, ...] = (
    not_bound,
    excluded_partner,
    annex_not_accepted,
    closed_by_declaration,
)
STEPS = OF_THE_INSTRUMENT + OF_THE_MATTER + OF_THE_PAIR


# What an officer looks for first: who is not bound and what declarations change; last, what was
# never to the point.
TO_THE_POINT = (
    "displaced",
    EXTRADITION_REASON,
    "excluded_partner",
    "annex_not_accepted",
    "parent_not_applicable",
    "bound_later",
    "ratified_not_in_force",
    "signed_only",
    "withdrawn",
    "not_yet_in_force",
    "participation_unknown",
    "no_bilateral_recorded",
    "never_participated",
    "asked_by_the_other_side",
    "offence_not_covered",
    "purpose_not_covered",
    "not_a_state",
    "not_between_states",
    "not_a_treaty",
)


def first_obstacle(
    instrument: InstrumentFacts, asked: Asked, index: RegisterIndex
) -> Obstacle | None:
    for step in STEPS:
        if obstacle := step(instrument, asked, index):
            return obstacle
    return None


def standing_of(
    instrument: InstrumentFacts, side: StateFacts, on: date, index: RegisterIndex
) -> str:
    """How a side stands, as a code for programs."""
    if side.is_body:
        return "body"
    if instrument.kind == Instrument.Kind.COMITY:
        return str(Standing.BOUND)
    return str(index.position(instrument.code, side.code, on).standing)
