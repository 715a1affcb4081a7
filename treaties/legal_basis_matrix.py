"""One State against all others, or all against all: the codes that apply to each pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from registry.models import State
from registry.search_text import fold
from treaties import asking
from treaties.asking import Unclear
from treaties.legal_basis import COMITY, arrange
from treaties.legal_basis_steps import (
    OF_THE_INSTRUMENT,
    OF_THE_MATTER,
    Asked,
    closed_by,
    covers_any_offence,
    families_listed,
    first_obstacle,
)
from treaties.register_index import InstrumentFacts, RegisterIndex, StateFacts


def resolve_many(
    states: Iterable[str],
    *,
    purpose: str,
    on: date,
    offences: Iterable[str] = (),
    asking_only: str = "",
    index: RegisterIndex | None = None,
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each ordered pair of these States with the codes that apply, as ``resolve`` would give them.

    What a State brings to a pair is worked out once a State, as one bit an instrument; what a set of
    instruments comes to is worked out once a set. Codes of bodies and territories are not taken:
    a pair with one is a question for ``resolve``. With ``asking_only``, only the pairs in which this
    State asks. Raises Unclear for a code, purpose or offence that
    the register does not know.
    """
    index = index or RegisterIndex.current()
    codes = [asking.party(code, index, on, "states") for code in states]
    sides = [index.states[c] for c in codes]
    if any(side.is_body for side in sides):
        raise Unclear("not_a_state", _("A matrix is of States only."), "states")
    if len(sides) < 2:
        return
    purpose = asking.purpose(purpose)
    families = asking.offences(offences, index)
    sample = Asked(sides[0], sides[1], purpose, on, families, ())
    candidates = [
        i
        for i in index.instruments.values()
        if not any(step(i, sample, index) for step in OF_THE_INSTRUMENT + OF_THE_MATTER)
    ]
    # An instrument whose answer hangs on both sides' annexes is asked for each pair by itself.
    hangs = {i.code for i in candidates if _hangs_on_annexes(i, sample, index)}
    bits = {i.code: 1 << place for place, i in enumerate(candidates)}
    masks = [
        sum(
            bits[i.code]
            for i in candidates
            if (i.kind == COMITY or index.position(i.code, side.code, on).bound)
            and closed_by(i, side, purpose, index) is None
        )
        for side in sides
    ]
    excluded = _excluded_pairs(candidates, index)
    annexed = sum(bits[code] for code in hangs)
    settled: dict[int, tuple[str, ...]] = {}
    for one, mask in zip(sides, masks, strict=True):
        if asking_only and one.code != asking_only:
            continue
        for other, other_mask in zip(sides, masks, strict=True):
            if one is other:
                continue
            both = mask & other_mask
            for code in excluded.get((one.code, other.code), ()):
                both &= ~bits[code]
            if both & annexed:
                pair = Asked(one, other, purpose, on, families, ())
                for code in hangs:
                    if both & bits[code] and first_obstacle(index.instruments[code], pair, index):
                        both &= ~bits[code]
            found = settled.get(both)
            if found is None:
                standing = [i for i in candidates if both & bits[i.code]]
                found = tuple(i.code for i in arrange(standing, sample, index).applicable)
                settled[both] = found
            yield one.code, other.code, found


@dataclass(frozen=True)
class Line:
    """One other State: what applies, best first, by code; and the article for this purpose."""

    state: StateFacts
    applicable: tuple[InstrumentFacts, ...]
    article: str
    verified: bool

    @property
    def best(self) -> InstrumentFacts | None:
        return self.applicable[0] if self.applicable else None

    @property
    def only_reciprocity(self) -> bool:
        return all(i.kind == COMITY for i in self.applicable)


def one_against_all(
    state: str, *, purpose: str, on: date, offences: Iterable[str] = ()
) -> list[Line]:
    """Under what this State may ask each other State on a day, by name in the reader's language.

    Raises Unclear for a code, purpose or offence that the register does not know.
    """
    index = RegisterIndex.current()
    code = asking.party(state, index, on, "state")
    if index.states[code].is_body:
        raise Unclear("not_a_state", _("A matrix is of States only."), "state")
    wanted = asking.purpose(purpose)
    others = [
        s.code
        for s in index.states.values()
        if s.kind == State.Kind.STATE
        and (s.established is None or s.established <= on)
        and (s.ended is None or s.ended >= on)
    ]
    pairs = resolve_many(
        dict.fromkeys([code, *others]),
        purpose=wanted,
        on=on,
        offences=offences,
        asking_only=code,
        index=index,
    )
    found = []
    for _one, other, codes in pairs:
        instruments = tuple(index.instruments[c] for c in codes)
        facts = instruments[0].purposes.get(wanted) if instruments else None
        sure = bool(facts and facts.verified) and all(
            index.position(instruments[0].code, side, on).verified for side in (code, other)
        )
        found.append(Line(index.states[other], instruments, facts.article if facts else "", sure))
    return sorted(found, key=lambda line: fold(line.state.called()))


def _hangs_on_annexes(instrument: InstrumentFacts, asked: Asked, index: RegisterIndex) -> bool:
    if not asked.offences or covers_any_offence(instrument, asked, index):
        return False
    return any(facts.annex for facts in families_listed(instrument, asked, index).values())


def _excluded_pairs(
    candidates: list[InstrumentFacts], index: RegisterIndex
) -> dict[tuple[str, str], list[str]]:
    excluded: dict[tuple[str, str], list[str]] = {}
    wanted = {i.code for i in candidates}
    for (instrument, state), rows in index.declarations.items():
        if instrument not in wanted:
            continue
        for row in rows:
            if effect := row.effect("excluded_partner"):
                value = effect.get("value", [])
                for partner in value if isinstance(value, list) else [value]:
                    excluded.setdefault((state, partner), []).append(instrument)
                    excluded.setdefault((partner, state), []).append(instrument)
    return excluded
