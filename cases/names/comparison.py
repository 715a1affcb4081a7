"""Whether two names may be one person's: a score, a verdict and the reasons.

Steps:
1. Cut both names into words; titles and particles fall away, Abd al-X becomes one word.
2. Run together what one side writes in one word and the other in two.
3. Give every word of the shorter name its best partner in the longer, in whatever order.
4. Weigh mean and worst partner alike: the same family name with another given name is another
   person. What is missing on one side costs little; what contradicts costs much.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from django.utils.translation import gettext as _
from rapidfuzz.distance import DamerauLevenshtein

from cases.names.distance import aligned, likeness
from cases.names.known_names import opinion, plain
from cases.names.scripts import VOWELLESS, Word, words_of
from cases.names.sounds import sound_of

MOST_WORDS = 8
SAME_SCORE, POSSIBLE_SCORE = 0.8, 0.5
"""Scores from here up are the verdict same, possible."""
SAME_RAW, SAME_WORST = 0.9, 0.885
POSSIBLE_RAW, POSSIBLE_WORST = 0.82, 0.74
CAPPED = 0.78
"""The most that a pair scores of which something says: only possibly."""


class Verdict(StrEnum):
    SAME = "same"
    POSSIBLE = "possible"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Comparison:
    """How alike two names are: 0 to 1, the verdict, and why, in sentences."""

    score: float
    verdict: Verdict
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two words taken for one another. ``doubt`` names what makes it no more than possible."""

    one: Word
    other: Word
    likeness: float
    doubt: str = ""


def compare(name_a: str, name_b: str) -> Comparison:
    """Compare two names as written, in any script, in any order of their words."""
    a, b = _content(name_a), _content(name_b)
    if not a or not b:
        return Comparison(0.0, Verdict.DIFFERENT, (_("One of the names is empty."),))
    if [w.text for w in a] == [w.text for w in b]:
        return Comparison(1.0, Verdict.SAME, (_("The names are written alike."),))
    a, b = _run_together(a, b)
    if len(a) > len(b):
        a, b = b, a
    pairs, left = _partners(a, b)
    return _weighed(pairs, a, b, left)


def _content(name: str) -> list[Word]:
    words = words_of(name)
    kept = [w for w in words if not w.particle]
    return (kept or list(words))[:MOST_WORDS]


# --- one word or two ----------------------------------------------------------------------


def _run_together(a: list[Word], b: list[Word]) -> tuple[list[Word], list[Word]]:
    """Min-jun and Minjun, Nur al-Din and Nureddin: two words of one side that are one of the other."""
    for _round in range(3):
        joined_a = _join_once(a, b)
        joined_b = _join_once(b, joined_a)
        if (joined_a, joined_b) == (a, b):
            break
        a, b = joined_a, joined_b
    return a, b


def _join_once(words: list[Word], others: list[Word]) -> list[Word]:
    for at in range(len(words) - 1):
        first, second = words[at], words[at + 1]
        if first.initial or second.initial:
            continue
        whole = Word(first.text + second.text, first.script)
        for other in others:
            if other.initial:
                continue
            together = likeness(whole, other)
            apart = max(likeness(first, other), likeness(second, other))
            if together >= 0.88 and together > apart + 0.06:
                return [*words[:at], whole, *words[at + 2 :]]
    return words


# --- partners -----------------------------------------------------------------------------


def _partners(a: list[Word], b: list[Word]) -> tuple[list[Pair], list[int]]:
    """The best partner in ``b`` for each word of ``a``, and the places of ``b`` left over."""
    table = [[_pair(one, other) for other in b] for one in a]
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for row in table:
        grown: dict[int, tuple[float, tuple[int, ...]]] = {}
        for taken, (value, chosen) in best.items():
            for place, pair in enumerate(row):
                if taken & 1 << place:
                    continue
                mask, total = taken | 1 << place, value + pair.likeness
                if mask not in grown or total > grown[mask][0]:
                    grown[mask] = (total, (*chosen, place))
        best = grown
    _value, chosen = max(best.values())
    left = [place for place in range(len(b)) if place not in chosen]
    return [table[i][place] for i, place in enumerate(chosen)], left


@lru_cache(maxsize=200_000)
def _pair(one: Word, other: Word) -> Pair:
    if one.initial or other.initial:
        return _initials(one, other)
    if one.text == other.text:
        return Pair(one, other, 1.0)
    if plain(one) == plain(other):
        return Pair(one, other, 0.98)
    sounding = max(likeness(x, y) for x in _readings(one) for y in _readings(other))
    said = opinion(one, other)
    if one.script == other.script == "Han":
        # Two ways of writing one sound are two names; the same sound proves nothing.
        return Pair(one, other, min(sounding, 0.9), "characters")
    if said == "same":
        return Pair(one, other, max(sounding, 0.97))
    if said == "group":
        return Pair(one, other, max(sounding, 0.88), "language" if sounding < 0.985 else "")
    vowelless = one.script in VOWELLESS or other.script in VOWELLESS
    if said == "different" and (sounding < 0.985 or vowelless):
        return Pair(one, other, min(sounding, 0.7))
    if _differ_by_gender(one, other, sounding):
        return Pair(one, other, min(max(sounding, 0.85), 0.88), "gender")
    if one.script == other.script == "Latin" and sounding < 0.88:
        typed = _mistyped(one, other)
        if typed > sounding:
            return Pair(one, other, typed, "typing")
    return Pair(one, other, sounding)


def _mistyped(one: Word, other: Word) -> float:
    """One slip of the finger in a long word."""
    shorter = min(len(one.text), len(other.text))
    slips = DamerauLevenshtein.distance(one.text, other.text)
    return 0.87 if slips == 1 and shorter >= 7 else 0.0


def _readings(word: Word) -> tuple[Word, ...]:
    """The word, and the word without an article or "son of" grown onto it (Elbaradei, Benali)."""
    if word.script == "Latin" and ASSIMILATED.match(word.text):
        return (word, Word(word.text[2:], "Latin"))
    if word.script == "Latin" and len(word.text) >= 6:
        for grown in GROWN_ON:
            if word.text.startswith(grown) and len(word.text) - len(grown) >= 3:
                return (word, Word(word.text[len(grown) :], "Latin"))
    return (word,)


ASSIMILATED = re.compile(r"^[ae]([srdntz])\1\w{3}")
GROWN_ON = ("al", "el", "ben", "bin")


def _initials(one: Word, other: Word) -> Pair:
    a, b = sound_of(one), sound_of(other)
    if one.initial and other.initial:
        alike = one.text == other.text or bool(
            a and b and aligned(a[:1], b[:1], (False, False)) < 0.15
        )
        return Pair(one, other, 0.95 if alike else 0.3, "initial")
    short, long = (a, b) if one.initial else (b, a)
    starts = one.text[0] == other.text[0]
    heard = any(
        aligned(short[:size], long[:length], (False, False)) < 0.15
        for size in (1, 2)
        for length in (1, 2)
        if len(short) >= size and len(long) >= length
    )
    return Pair(one, other, 0.95 if starts or heard else 0.3, "initial")


GENDERED = (
    ("ov", "ova"), ("ev", "eva"), ("in", "ina"), ("yn", "yna"), ("sky", "skaya"), ("ski", "ska"),
    ("skiy", "skaya"), ("skii", "skaia"), ("skyi", "ska"), ("ov", "ovaya"), ("os", "ou"), ("as", "a"), ("is", "i"),
    ("is", "ou"), ("ak", "akova"), ("k", "kova"), ("y", "a"),
)  # fmt: skip
GENDERED_CYRILLIC = (
    ("ов", "ова"), ("ев", "ева"), ("ёв", "ёва"), ("ин", "ина"), ("ын", "ына"), ("ский", "ская"), ("цкий", "цкая"),
    ("ський", "ська"), ("ий", "ая"), ("ый", "ая"), ("ой", "ая"), ("ски", "ска"),
)  # fmt: skip
GENDERED_GREEK = (
    ("ος", "ου"),
    ("ης", "η"),
    ("ας", "α"),
    ("ης", "ου"),
    ("ις", "ι"),
    ("ός", "ού"),
    ("άς", "ά"),
    ("ής", "ή"),
)


def _differ_by_gender(one: Word, other: Word, sounding: float) -> bool:
    """Whether the words are a man's and a woman's form of one name, as far as their ends tell."""
    if sounding >= 0.97:
        return False
    for man, woman in ((one, other), (other, one)):
        for m, w in _endings(man.script, woman.script):
            if man.text.endswith(m) and woman.text.endswith(w):
                stem_m, stem_w = (
                    man.text[: len(man.text) - len(m)],
                    woman.text[: len(woman.text) - len(w)],
                )
                if min(len(stem_m), len(stem_w)) >= 2 and _alike(stem_m, man, stem_w, woman):
                    return True
        if _ends_in_a(woman) and not _ends_in_a(man) and len(woman.text) > 3:
            short = Word(_without_last_vowel(woman.text), woman.script)
            man_short = Word(_without_last_vowel(man.text), man.script)
            if any(likeness(m, short) >= 0.96 for m in (man, man_short)):
                return True
    return False


def _alike(stem_a: str, a: Word, stem_b: str, b: Word) -> bool:
    return likeness(Word(stem_a, a.script), Word(stem_b, b.script)) >= 0.93


LATIN_FOR = {"Cyrillic": GENDERED_CYRILLIC, "Greek": GENDERED_GREEK, "Latin": GENDERED}


def _endings(man: str, woman: str) -> list[tuple[str, str]]:
    if man not in LATIN_FOR or woman not in LATIN_FOR:
        return []
    if man == woman:
        return list(LATIN_FOR[man])
    return [(m, w) for m, _w in LATIN_FOR[man] for _m, w in LATIN_FOR[woman]]


def _ends_in_a(word: Word) -> bool:
    sound = sound_of(word)
    return bool(sound) and sound[-1].first == "a" and not sound[-1].optional


def _without_last_vowel(text: str) -> str:
    return text[:-1] if text[-1] in "aeioáàаяиоαάοηιةאהაიო" else text


# --- weighing -----------------------------------------------------------------------------


def _weighed(pairs: list[Pair], a: list[Word], b: list[Word], left: list[int]) -> Comparison:
    values = [p.likeness for p in pairs]
    worst, mean = min(values), sum(values) / len(values)
    raw = (worst + mean) / 2 - 0.012 * len(left)
    doubts = _doubts(pairs, a, b, left)
    score = _score(raw, worst)
    if doubts:
        score = min(score, CAPPED)
    if sum(p.doubt == "gender" for p in pairs) > 1:
        score = min(score, 0.4)
    verdict = (
        Verdict.SAME
        if score >= SAME_SCORE
        else Verdict.POSSIBLE
        if score >= POSSIBLE_SCORE
        else Verdict.DIFFERENT
    )
    return Comparison(round(score, 3), verdict, tuple(_reasons(pairs, b, left, doubts)))


def _score(raw: float, worst: float) -> float:
    """The scale on which 0.8 begins what is the same and 0.5 what is possible."""
    margin = min((raw - SAME_RAW) / (1 - SAME_RAW), (worst - SAME_WORST) / (1 - SAME_WORST))
    if margin >= 0:
        return SAME_SCORE + (1 - SAME_SCORE) * min(margin, 1.0)
    room = min(
        (raw - POSSIBLE_RAW) / (SAME_RAW - POSSIBLE_RAW),
        (worst - POSSIBLE_WORST) / (SAME_WORST - POSSIBLE_WORST),
    )
    if room >= 0:
        return min(
            POSSIBLE_SCORE + (SAME_SCORE - POSSIBLE_SCORE) * min(room, 1.0), SAME_SCORE - 0.001
        )
    return max(0.0, min(POSSIBLE_SCORE - 0.001, POSSIBLE_SCORE + 0.5 * room))


def _doubts(pairs: list[Pair], a: list[Word], b: list[Word], left: list[int]) -> list[str]:
    """What keeps the pair from more than possible."""
    doubts = []
    full = [p for p in pairs if p.doubt != "initial"]
    if len(full) < 2 and (len(b) > 1 or len(full) < len(pairs)):
        doubts.append(_("Only one full word of the name can be compared."))
    languages = sum(p.doubt == "language" for p in pairs)
    if languages:
        doubts.append(_("One name in two languages; people rarely change it."))
    if any(p.doubt == "typing" for p in pairs):
        doubts.append(_("It may be a slip of the pen, or another name."))
    if any(p.doubt == "gender" for p in pairs):
        doubts.append(_("A man's and a woman's form of one name."))
    if any(p.doubt == "characters" for p in pairs):
        doubts.append(_("They sound alike but are written with other characters."))
    if len(b) > 2 and len(a) == 2 and 0 in left and a[0].script != "Han":
        first_missing = b[0]
        if not first_missing.initial and pairs[-1].other == b[-1] and pairs[0].other == b[-2]:
            doubts.append(_("The first name of the longer one is missing: it may be a relative."))
    return doubts


def _reasons(pairs: list[Pair], b: list[Word], left: list[int], doubts: list[str]) -> list[str]:
    said = []
    for pair in pairs:
        words = {"one": pair.one.text, "other": pair.other.text}
        if pair.one.text == pair.other.text:
            said.append(_("“%(one)s” is on both sides.") % words)
        elif pair.doubt == "initial" and pair.likeness > 0.5:
            said.append(_("“%(one)s” may stand for “%(other)s”.") % words)
        elif pair.doubt == "typing":
            said.append(_("“%(one)s” and “%(other)s” differ by one slip.") % words)
        elif pair.likeness >= SAME_WORST:
            said.append(_("“%(one)s” and “%(other)s” are spellings of one name.") % words)
        elif pair.likeness >= POSSIBLE_WORST:
            said.append(_("“%(one)s” and “%(other)s” are close, but not the same.") % words)
        else:
            said.append(_("“%(one)s” and “%(other)s” are different names.") % words)
    if left:
        missing = ", ".join(b[place].text for place in left)
        said.append(_("Only on one side: %(missing)s.") % {"missing": missing})
    return said + doubts
