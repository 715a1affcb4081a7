"""Read the register as pages and the API show it: who is bound by what, and whom to write to.

Every function answers for a day (``on``) and reads facts from ``RegisterIndex`` (one small query
when the process holds it), so a page costs the same whether a State takes part in two instruments
or in twenty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from treaties.legal_basis_words import how_bound, why_not_bound
from treaties.models import Instrument
from treaties.participation import SIGNATURE, WITHDRAWAL, Act, Position
from treaties.register_index import (
    DeclarationFacts,
    DesignationFacts,
    InstrumentFacts,
    RegisterIndex,
    StateFacts,
)


@dataclass(frozen=True)
class Party:
    """One line of a status table: a State and an instrument, on a day.

    ``standing`` is a code (bound, signed_only, withdrawn…) and ``sentence`` says it in words.
    ``deposit`` is the latest act of consent with its day; ``since`` the first day on which the State
    is (or will be) bound; ``withdrawal`` the act by which it left, if it did. ``declarations`` are
    all of the State's under the instrument, with or without effect on cooperation.
    """

    state: StateFacts
    instrument: InstrumentFacts
    position: Position
    signature: date | None
    deposit: Act | None
    withdrawal: Act | None
    acts: tuple[Act, ...]
    declarations: tuple[DeclarationFacts, ...]
    sentence: str

    @property
    def bound(self) -> bool:
        return self.position.bound

    @property
    def standing(self) -> str:
        return str(self.position.standing)

    @property
    def since(self) -> date | None:
        return self.position.since

    @property
    def entry_into_force(self) -> date | None:
        return self.deposit.binds_from if self.deposit else None

    @property
    def verified(self) -> bool:
        return all(act.verified for act in self.acts)

    @property
    def sources(self) -> list[str]:
        """Where the acts are known from, each with the date of the source."""
        return list(
            dict.fromkeys(f"{a.source} ({a.as_of})" if a.as_of else a.source for a in self.acts)
        )


def party(instrument_code: str, state_code: str, on: date) -> Party:
    """How one State stands towards one instrument. Raises KeyError for an unknown code."""
    index = RegisterIndex.current()
    return _party(index.instruments[instrument_code], index.states[state_code], on, index)


def instruments_of_state(state_code: str, on: date) -> list[Party]:
    """The instruments in which a State has taken any part, in the register's order of preference.

    Includes those only signed and those left. Instruments of which all States are parties are
    included for States. Raises KeyError for an unknown code.
    """
    index = RegisterIndex.current()
    state = index.states[state_code]
    return [
        _party(instrument, state, on, index)
        for instrument in index.instruments.values()
        if (instrument.code, state_code) in index.acts or _universal_treaty(instrument, state)
    ]


def parties_of(instrument_code: str, on: date) -> list[Party]:
    """The States that have taken any part in an instrument, by name in the reader's language.

    Raises KeyError for an unknown code.
    """
    index = RegisterIndex.current()
    instrument = index.instruments[instrument_code]
    found = [
        _party(instrument, state, on, index)
        for state in index.states.values()
        if (instrument_code, state.code) in index.acts or _universal_treaty(instrument, state)
    ]
    return sorted(found, key=lambda p: p.state.called())


def bound_states(instrument_code: str, on: date) -> list[str]:
    """The codes of the States bound by an instrument on a day."""
    return [p.state.code for p in parties_of(instrument_code, on) if p.bound]


def number_bound(on: date) -> dict[str, int]:
    """How many States each instrument binds on a day, by code of the instrument."""
    index = RegisterIndex.current()
    counts = dict.fromkeys(index.instruments, 0)
    states = [s for s in index.states.values() if s.kind == "state"]
    for code, instrument in index.instruments.items():
        if instrument.kind == Instrument.Kind.COMITY:
            continue
        if instrument.footing.universal:
            counts[code] = sum(1 for s in states if index.position(code, s.code, on).bound)
    for code, state in index.acts:
        if not index.instruments[code].footing.universal:
            counts[code] += index.position(code, state, on).bound
    return counts


def authorities_for(
    state_code: str, instrument_code: str = "", function: str = ""
) -> list[DesignationFacts]:
    """The authorities of a State: designated under this instrument (and for this function).

    Without an instrument, all its designations and the central authorities that no instrument
    names. Each has ``authority`` (its key), ``name``, ``instrument``, ``function``, ``languages``,
    ``channel``, ``urgent_channel`` and ``verified``.
    """
    index = RegisterIndex.current()
    known = [
        *index.designations.get(state_code, ()),
        *(index.other_authorities.get(state_code, ()) if not instrument_code else ()),
    ]
    return [
        d
        for d in known
        if (not instrument_code or d.instrument == instrument_code)
        and (not function or d.function == function)
    ]


def _universal_treaty(instrument: InstrumentFacts, state: StateFacts) -> bool:
    return (
        instrument.footing.universal
        and instrument.kind != Instrument.Kind.COMITY
        and state.kind == "state"
    )


def _party(instrument: InstrumentFacts, state: StateFacts, on: date, index: RegisterIndex) -> Party:
    acts = index.acts.get((instrument.code, state.code), ())
    position = index.position(instrument.code, state.code, on)
    consents = [a for a in acts if a.action not in (SIGNATURE, WITHDRAWAL)]
    signatures = [a.date for a in acts if a.action == SIGNATURE]
    if position.bound:
        sentence = how_bound(state, position)
    else:
        sentence = why_not_bound(state, position, instrument)
    return Party(
        state=state,
        instrument=instrument,
        position=position,
        signature=signatures[0] if signatures else None,
        deposit=consents[-1] if consents else None,
        withdrawal=next((a for a in reversed(acts) if a.action == WITHDRAWAL), None),
        acts=acts,
        declarations=index.declarations.get((instrument.code, state.code), ()),
        sentence=sentence,
    )
