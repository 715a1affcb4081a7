"""How far two words are apart: an alignment of their sounds, at the least cost.

What romanisations do to a name costs little: another vowel of the same colour, a glide written or
not, c for ts. What makes it another name costs much: another consonant, a final a.
"""

from __future__ import annotations

from functools import lru_cache

from cases.names.scripts import NEAR_VOICELESS, VOWELLESS, Word
from cases.names.sounds import Place, Sound, sound_of

FAR = 1.0
NEAR: dict[frozenset[str], float] = {
    frozenset(pair): cost
    for pair, cost in {
        "pb": 0.6,
        "td": 0.6,
        "kg": 0.6,
        "fv": 0.25,
        "vw": 0.06,
        "vb": 0.35,
        "fp": 0.5,
        "fb": 0.6,
        "sz": 0.25,
        "SZ": 0.3,
        "Ss": 0.4,
        "Zz": 0.4,
        "CS": 0.35,
        "CJ": 0.4,
        "Cc": 0.35,
        "JZ": 0.05,
        "Jg": 0.5,
        "Jy": 0.4,
        "Jz": 0.45,
        "xh": 0.1,
        "xk": 0.25,
        "hk": 0.8,
        "Gg": 0.06,
        "Gr": 0.6,
        "Gh": 0.4,
        "gh": 0.5,
        "Gx": 0.4,
        "Gk": 0.4,
        "cs": 0.3,
        "cz": 0.3,
        "lr": 0.7,
        "mn": 0.6,
        "nN": 0.1,
        "Xs": 0.35,
        "Xk": 0.5,
        "Xz": 0.3,
        "QS": 0.12,
        "QC": 0.2,
        "Qs": 0.4,
        "ck": 0.7,
        "Ck": 0.7,
        "JC": 0.4,
        "ae": 0.12,
        "ei": 0.12,
        "ou": 0.08,
        "ao": 0.22,
        "ai": 0.5,
        "au": 0.45,
        "eo": 0.5,
        "eu": 0.5,
        "iu": 0.6,
        "io": 0.55,
        "iy": 0.03,
        "ey": 0.12,
        "uw": 0.03,
        "ow": 0.08,
        "wy": 0.6,
        "yZ": 0.5,
    }.items()
}
VOICING = {frozenset(p) for p in ("pb", "td", "kg", "CJ", "sz", "SZ", "fv", "cz", "Cc", "lr")}
TWO_FOR_ONE: dict[tuple[str, str, str], float] = {
    ("k", "s", "X"): 0.0, ("k", "z", "X"): 0.1, ("k", "S", "X"): 0.1, ("g", "z", "X"): 0.15, ("t", "s", "c"): 0.02, ("t", "S", "C"): 0.02,
    ("t", "C", "C"): 0.02, ("d", "Z", "J"): 0.02, ("d", "J", "J"): 0.02, ("d", "z", "J"): 0.12, ("d", "z", "z"): 0.1,
    ("d", "y", "J"): 0.06, ("d", "i", "J"): 0.08, ("t", "i", "C"): 0.15, ("t", "y", "C"): 0.12,
    ("n", "y", "N"): 0.02, ("n", "i", "N"): 0.06, ("n", "g", "n"): 0.45, ("S", "C", "Q"): 0.0,
    ("S", "t", "Q"): 0.08, ("s", "C", "Q"): 0.05, ("a", "u", "o"): 0.08, ("a", "w", "o"): 0.1, ("a", "i", "e"): 0.08,
    ("a", "y", "e"): 0.1, ("e", "i", "i"): 0.08, ("k", "w", "k"): 0.15, ("k", "u", "k"): 0.25, ("e", "y", "i"): 0.1,
    ("u", "e", "i"): 0.3, ("o", "e", "u"): 0.1, ("c", "h", "C"): 0.1, ("e", "u", "u"): 0.1, ("e", "o", "u"): 0.2, ("u", "o", "o"): 0.08, ("o", "i", "u"): 0.08, ("o", "y", "u"): 0.08,
    ("y", "i", "i"): 0.03, ("y", "e", "i"): 0.12, ("w", "u", "u"): 0.05, ("e", "u", "i"): 0.12, ("b", "v", "v"): 0.2,
}  # fmt: skip
HUSHING = frozenset("CSZQc")


@lru_cache(maxsize=200_000)
def likeness(one: Word, other: Word) -> float:
    """How alike two words sound, 0 to 1. The order does not matter."""
    if one.text == other.text:
        return 1.0
    if (other.script, other.text) < (one.script, one.text):
        one, other = other, one
    a, b = sound_of(one), sound_of(other)
    if not a or not b:
        return 0.0
    vowelless = (one.script in VOWELLESS, other.script in VOWELLESS)
    lenient = one.script in NEAR_VOICELESS or other.script in NEAR_VOICELESS
    cost = aligned(a, b, vowelless, lenient)
    length = max(_weight(a, vowelless[1]), _weight(b, vowelless[0]), 2.0)
    return max(0.0, 1.0 - cost / length)


def _weight(row: Sound, other_is_vowelless: bool) -> float:
    vowel = 0.25 if other_is_vowelless else 0.5
    return sum(
        0.0 if p.optional else vowel if p.is_vowel else 0.6 if p.is_glide else 1.0 for p in row
    )


@lru_cache(maxsize=200_000)
def aligned(a: Sound, b: Sound, vowelless: tuple[bool, bool], lenient: bool = False) -> float:
    """The least cost of turning one row of sounds into the other."""
    width = len(b) + 1
    skip_b = [_skipping(b, j, vowelless[0] and not vowelless[1]) for j in range(len(b))]
    before: list[float] = []
    last = [0.0] * width
    for j in range(1, width):
        last[j] = last[j - 1] + skip_b[j - 1]
    for i in range(1, len(a) + 1):
        skip_a = _skipping(a, i - 1, vowelless[1] and not vowelless[0])
        row = [last[0] + skip_a] + [0.0] * (width - 1)
        for j in range(1, width):
            best = min(
                last[j - 1] + _apart(a, i - 1, b, j - 1, lenient),
                last[j] + skip_a,
                row[j - 1] + skip_b[j - 1],
            )
            if i > 1:
                best = min(best, before[j - 1] + _two_for_one(a[i - 2], a[i - 1], b[j - 1]))
            if j > 1:
                best = min(best, last[j - 2] + _two_for_one(b[j - 2], b[j - 1], a[i - 1]))
            row[j] = best
        before, last = last, row
    return last[-1]


def _apart(a: Sound, i: int, b: Sound, j: int, lenient: bool) -> float:
    cost = _between(a[i], b[j], lenient)
    hushed = i and j and a[i - 1].first in HUSHING and b[j - 1].first in HUSHING
    if hushed and {a[i].first, b[j].first} == {"e", "o"}:
        return min(cost, 0.08)
    # A name is known by how it begins: an ambiguous first consonant counts twice.
    return min(FAR, cost * 2) if i == j == 0 and not a[i].is_vowel else cost


@lru_cache(maxsize=100_000)
def _between(one: Place, other: Place, lenient: bool) -> float:
    best = FAR
    for a, cost_a in one.sounds:
        for b, cost_b in other.sounds:
            if a == b:
                apart = 0.0
            else:
                pair = frozenset((a, b))
                apart = NEAR.get(pair, FAR)
                if lenient and pair in VOICING:
                    apart = min(apart, 0.08)
            best = min(best, cost_a + cost_b + apart)
    return best


@lru_cache(maxsize=100_000)
def _two_for_one(first: Place, second: Place, other: Place) -> float:
    best = 9.0
    for a, cost_a in first.sounds:
        for b, cost_b in second.sounds:
            for c, cost_c in other.sounds:
                known = TWO_FOR_ONE.get((a, b, c))
                if known is not None:
                    best = min(best, known + cost_a + cost_b + cost_c)
    return best


def _skipping(row: Sound, at: int, other_is_vowelless: bool) -> float:
    """What it costs that the other word has nothing at this place."""
    place = row[at]
    if place.optional:
        return 0.02
    last = at == len(row) - 1
    beside_vowel = (at and row[at - 1].is_vowel) or (not last and row[at + 1].is_vowel)
    if place.is_vowel:
        if other_is_vowelless:
            return 0.35 if last else 0.5 if at == 0 else 0.02
        if last:
            return 0.6 if place.first == "a" else 0.4
        if at == 0:
            return 0.5
        glided = place.first in "iu" and (row[at - 1].is_glide or row[at + 1].is_glide)
        return 0.12 if beside_vowel or glided else 0.3
    if place.is_glide:
        if at == 0 and not last and row[1].first not in "ei":
            return 0.35
        return 0.12 if beside_vowel else 0.4
    if place.first == "h":
        return 0.12 if last else 0.3
    if place.first == "G":
        return 0.5
    return FAR
