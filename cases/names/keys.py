"""Keys under which a name is indexed: coarse sounds of its words, two by two.

The consonants of a word, thrown into a few classes, are the same however it is romanised: Khaled,
Jaled and خالد are all KLT or LT. One word says little, two together much; so a name is indexed
under every pair of its words, and under single words for a search by one word. A key is a number
of 64 bits, which keeps the index small.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from itertools import combinations, product

from cases.names.known_names import marks
from cases.names.scripts import Word, words_of
from cases.names.sounds import Place, sound_of

CLASSES = {
    **dict.fromkeys("pb", "P"),
    **dict.fromkeys("fv", "F"),
    **dict.fromkeys("td", "T"),
    **dict.fromkeys("kgG", "K"),
    **dict.fromkeys("szSZCJcQ", "S"),
    "m": "M",
    "n": "N",
    "N": "N",
    "l": "L",
    "r": "R",
    "x": "K",
    "X": "KS",
}
SURE = 0.1
"""A reading that costs more is not indexed under."""
SURE_OF_C = 0.12
RARE = frozenset({("v", "w"), ("h", "x"), ("k", "x")})
MOST_SOUNDS = 6
MOST_VARIANTS = 6
MOST_MARKS = 3
MOST_WORDS = 5


def keys_of(name: str) -> frozenset[int]:
    """The keys under which a name is kept: pairs of words, and single words."""
    words = _content(name)
    found = {_hashed("1", code) for word in words for code in _codes(word)}
    for row in _rows(words):
        for one, other in combinations(row, 2):
            for a, b in product(_codes(one), _codes(other)):
                found.add(_hashed("2", *sorted((a, b))))
    return frozenset(found)


def keys_sought(name: str) -> frozenset[int]:
    """The keys to look under: pairs of words; single words where the name has only one."""
    words = _content(name)
    if len(words) < 2:
        return keys_of(name)
    single = {_hashed("1", code) for word in words for code in _codes(word)}
    return keys_of(name) - single


def _content(name: str) -> list[Word]:
    words = words_of(name)
    full = [w for w in words if not w.particle and not w.initial]
    return (full or list(words))[:MOST_WORDS]


def _rows(words: list[Word]) -> list[list[Word]]:
    """The words, and again with each two neighbours run together (Min-jun, Minjun)."""
    rows = [words]
    for at in range(len(words) - 1):
        joined = Word(words[at].text + words[at + 1].text, words[at].script)
        rows.append([*words[:at], joined, *words[at + 2 :]])
    return [row for row in rows if len(row) > 1]


@lru_cache(maxsize=100_000)
def _codes(word: Word) -> tuple[str, ...]:
    """The coarse consonants of a word, in each way they may be read."""
    sound = sound_of(word)
    variants: list[str] = [""]
    for at, place in enumerate(sound):
        heard = _classes(place)
        if place.first in "td" and at + 2 < len(sound):
            following, then = sound[at + 1], sound[at + 2]
            if following.first in "iy" and then.is_vowel:
                heard = (*heard, "S")  # Diop is written Jobe, Thiam is written Cham
        variants = list(dict.fromkeys(v + h for v in variants for h in heard))[: 4 * MOST_VARIANTS]
    codes = [code.replace("TS", "S")[:MOST_SOUNDS] for code in variants]
    heard = tuple(dict.fromkeys(code or "-" for code in codes))[:MOST_VARIANTS]
    return (*heard, *marks(word)[:MOST_MARKS])


@lru_cache(maxsize=10_000)
def _classes(place: Place) -> tuple[str, ...]:
    heard = []
    for sound, cost in place.sounds:
        if cost <= (SURE_OF_C if place.first == "k" else SURE) and (place.first, sound) not in RARE:
            heard.append(CLASSES.get(sound, ""))
    if place.optional or ("K" in heard and any(sound == "x" for sound, _cost in place.sounds)):
        heard.append("")  # kh, ch and h are one sound in many a romanisation
    return tuple(dict.fromkeys(heard))


@lru_cache(maxsize=200_000)
def _hashed(*parts: str) -> int:
    digest = blake2b("|".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
