"""One State against all others, or all against all: the codes that apply to each pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _

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
from treaties.register_index import InstrumentFacts, RegisterIndex


def resolve_many(
    states: Iterable[str],
    *,
    purpose: str,
    on: date,
    offences: Iterable[str] = (),
    index: RegisterIndex | None = None,
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each ordered pair of these States with the codes that apply, as ``resolve`` would give them.

    What a State brings to a pair is worked out once a State, as one bit an instrument; what a set of
    instruments comes to is worked out once a set. Codes of bodies and territories are not taken:
    a pair with one is a question for ``resolve``. Raises Unclear for a code, purpose or offence that
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
