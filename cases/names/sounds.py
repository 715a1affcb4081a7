"""How a word may sound, whatever its script: a row of places, each with the sounds it may be.

A romanised letter is ambiguous (ch is a Spanish, a French, a German and an Italian sound), so a
place holds every sound that it may stand for, with what it costs to read it so. The tables are
written in a short notation: ``"CS.02x.05"`` is one place that is C freely, S at 0.02 or x at 0.05;
places are parted by spaces; ``?`` after a place says that it is often not written.

Sounds: p b f v w m n N(ny) t d s z S(sh) Z(zh) C(ch) J(dj) c(ts) Q(shch) X(ks) k g x(kh) G(gh) h
l r y and the vowels a e i o u.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from cases.names.scripts import VOWELLESS, Word

VOWELS = frozenset("aeiou")
GLIDES = frozenset("yw")


@dataclass(frozen=True)
class Place:
    """One place of a word: its sounds with the cost of each reading; ``optional`` if often unwritten."""

    sounds: tuple[tuple[str, float], ...]
    optional: bool = False

    @property
    def is_vowel(self) -> bool:
        return self.sounds[0][0] in VOWELS

    @property
    def is_glide(self) -> bool:
        return self.sounds[0][0] in GLIDES

    @property
    def first(self) -> str:
        return self.sounds[0][0]


Sound = tuple[Place, ...]


@lru_cache(maxsize=4096)
def places(notation: str) -> Sound:
    """The places that the notation describes."""
    return tuple(_place(part) for part in notation.split())


def _place(part: str) -> Place:
    readings = re.findall(r"([A-Za-z])(\.\d+)?", part)
    return Place(tuple((s, float(cost or 0)) for s, cost in readings), part.endswith("?"))


CYRILLIC = {
    "а": "a",
    "б": "b",
    "в": "vw.05",
    "г": "gh.08",
    "ґ": "g",
    "д": "d",
    "е": "y? e",
    "ё": "y? oe.03",
    "ж": "ZJ.03",
    "з": "z",
    "и": "i",
    "й": "yi.03",
    "к": "k",
    "л": "l",
    "м": "m",
    "н": "n",
    "о": "oa.1",
    "п": "p",
    "р": "r",
    "с": "s",
    "т": "t",
    "у": "u",
    "ф": "f",
    "х": "xh.02k.1",
    "ц": "cs.2",
    "ч": "C",
    "ш": "S",
    "щ": "Q",
    "ъ": "au.1o.1?",
    "ы": "i",
    "ь": "",
    "э": "e",
    "ю": "yi.05? u",
    "я": "yi.05? a",
    "і": "i",
    "ї": "yi.05? i",
    "є": "yi.05? e",
    "ј": "yi.05",
    "љ": "l y?",
    "њ": "n y?",
    "џ": "J",
    "ђ": "Jd.08",
    "ћ": "C",
    "ѓ": "gJ.05",
    "ќ": "kC.05",
    "ѕ": "zd.1",
    "қ": "k",
    "ғ": "Gg",
    "ң": "n",
    "ө": "ou.1",
    "ү": "u",
    "ұ": "u",
    "һ": "h",
    "ә": "ae",
    "ў": "wuv.05",
    "ҳ": "h",
    "ҷ": "JC.1",
    "ӣ": "i",
    "ӯ": "u",
    "дж": "J",
    "кс": "X",
    "тс": "c",
    "тч": "C",
    "дз": "z.05Jc.2",
    "ье": "y? e",
    "ьо": "y? o",
    "йо": "yi.05? o",
    "ый": "i y?",
    "ий": "i y?",
    "сч": "Q",
    "хь": "x",
}
GREEK = {
    "α": "a",
    "β": "vb.03",
    "γ": "gGy.3",
    "δ": "dD",
    "ε": "e",
    "ζ": "z",
    "η": "ie.03",
    "θ": "t",
    "ι": "i",
    "κ": "k",
    "λ": "l",
    "μ": "m",
    "ν": "n",
    "ξ": "X",
    "ο": "o",
    "π": "p",
    "ρ": "r",
    "σ": "s",
    "ς": "s",
    "τ": "t",
    "υ": "iu.05",
    "φ": "f",
    "χ": "xh.02k.05C.15S.2",
    "ψ": "p s",
    "ω": "o",
    "ου": "uo.2",
    "αι": "ea.05",
    "ει": "ie.03",
    "οι": "io.03",
    "ευ": "e vf.02u.05",
    "αυ": "a vf.02u.05",
    "ηυ": "i vf.02",
    "μπ": "m? bp.1",
    "ντ": "n? dt.05",
    "γκ": "n? gk.05",
    "γγ": "n? g",
    "τζ": "Jz.1c.1Z.1",
    "τσ": "cC.1",
    "γι": "gy.03 i",
    "γε": "gy.03 e",
    "γχ": "n x",
    "γξ": "n X",
}
ARABIC = {
    "ا": "ae.05o.2",
    "ب": "bp.15",
    "ت": "t",
    "ث": "ts.03",
    "ج": "Jg.03Z.02y.2",
    "ح": "hx.3",
    "خ": "xh.1k.03",
    "د": "d",
    "ذ": "dz.02",
    "ر": "r",
    "ز": "z",
    "س": "s",
    "ش": "SC.15",
    "ص": "s",
    "ض": "dz.03",
    "ط": "t",
    "ظ": "zd.03",
    "ع": "ae.02o.02u.03i.03?",
    "غ": "Gg.02r.2",
    "ف": "fv.05",
    "ق": "kg.05G.2",
    "ك": "k",
    "ل": "l",
    "م": "m",
    "ن": "n",
    "ه": "h?",
    "ة": "ae.05h.1",
    "و": "wuov.05",
    "ي": "yie.03",
    "ى": "aie.1",
    "پ": "p",
    "چ": "C",
    "ژ": "ZJ.05",
    "گ": "g",
    "ڤ": "v",
    "ٹ": "t",
    "ڈ": "d",
    "ڑ": "rd.1",
    "ں": "n",
    "ڭ": "g",
    "ۇ": "uw",
}
HEBREW = {
    "\u0002": "ae.05oh.2",
    "א": "aei.02o.02u.03?",
    "ב": "bv.02",
    "ג": "g",
    "ד": "d",
    "ה": "h?",
    "ו": "vwuo",
    "ז": "z",
    "ח": "xh.02C.05k.2",
    "ט": "t",
    "י": "yie.03",
    "כ": "kx.02C.05",
    "ך": "xk.02C.05h.05",
    "ל": "l",
    "מ": "m",
    "ם": "m",
    "נ": "n",
    "ן": "n",
    "ס": "s",
    "ע": "aei.02o.02u.03?",
    "פ": "pf.02",
    "ף": "fp.1",
    "צ": "cz.03s.05",
    "ץ": "cz.03s.05",
    "ק": "k",
    "ר": "r",
    "ש": "Ss.05",
    "ת": "ts.15",
}
LATIN = {
    "hs": "SX.1s.1",
    "ṛ": "rd.05i.2",
    "shch": "Q",
    "chtch": "Q",
    "schtsch": "Q",
    "stsch": "Q",
    "šč": "Q",
    "szcz": "Q",
    "tsch": "C",
    "tch": "C",
    "cz": "CX.2",
    "dsch": "J",
    "dzh": "J",
    "dž": "J",
    "dj": "Jd.3",
    "dzs": "J",
    "sch": "SX.3Z.1",
    "sh": "S",
    "zh": "ZJ.02C.2",
    "ch": "CS.02x.05k.1",
    "kh": "xk.04",
    "gh": "Gg.01",
    "ph": "f",
    "th": "ts.12",
    "dh": "dz.05",
    "bh": "b",
    "jh": "J",
    "rh": "r",
    "wh": "w",
    "ts": "c",
    "tz": "cz.1",
    "cs": "CX.2",
    "sz": "sS.08z.1",
    "ck": "c? k",
    "cq": "k",
    "qu": "kX.3",
    "q": "kC.12g.1",
    "x": "XS.08s.1x.1k.2",
    "c": "kc.12J.2C.1",
    "ç": "sC.02S.1J.1",
    "č": "C",
    "ć": "C",
    "ĉ": "C",
    "š": "S",
    "ş": "S",
    "ś": "S",
    "ș": "S",
    "ŝ": "S",
    "ž": "ZJ.02",
    "ź": "z",
    "ż": "Z",
    "ẑ": "z",
    "đ": "Jd.02",
    "ð": "d",
    "ñ": "N",
    "ń": "n",
    "ň": "n",
    "gn": "g? nN.02",
    "ł": "lw.1",
    "ğ": "Gg.02y.2",
    "ġ": "GJ.05g",
    "ǧ": "Jg.1",
    "ḫ": "x",
    "ẖ": "x",
    "ḥ": "hx.2",
    "ț": "c",
    "ţ": "c",
    "ď": "d",
    "ť": "t",
    "ř": "rZ.2",
    "j": "JZy.02x.2h.35i.1",
    "g": "gG.05",
    "w": "wv.02",
    "v": "vw.03f.1b.3",
    "z": "zc.1s.1",
    "s": "sz.12S.25",
    "h": "hx.03",
    "ss": "s",
    "b": "b",
    "d": "d",
    "f": "f",
    "k": "k",
    "l": "l",
    "m": "m",
    "n": "n",
    "p": "p",
    "r": "r",
    "t": "t",
    "y": "yi.02J.12",
    "ou": "uw.05o.1",
    "oo": "uo",
    "ee": "ie.02",
    "eu": "eo.05u.1i.2",
    "aa": "a",
    "ii": "i",
    "uu": "u",
    "ö": "oe.03u.1",
    "ü": "ui.08",
    "ä": "ea.02",
    "ø": "oe.03",
    "å": "oa.02",
    "æ": "ea",
    "œ": "oe",
    "ı": "iu.08a.2",
    "ă": "a",
    "ẹ": "e",
    "ơ": "o",
    "ư": "u",
    "a": "a",
    "e": "e",
    "i": "i",
    "o": "o",
    "u": "u",
    "ie": "i e?",
    "ij": "i y?",
    "yy": "i",
    "iy": "i y?",
    "yi": "y? i",
    "ll": "ly.15",
    "nh": "n h?",
    "lh": "l h?",
    "mb": "m b",
}
"""Before e, i and y, c and g sound otherwise: SOFT. Between vowels and before them, y, i, u: see below."""
SOFT = {"c": "sc.02C.03k.15J.2", "g": "gJ.05Z.08x.12G.05y.25", "sc": "sS.08X.2", "cc": "CX.05k.1"}
DEVANAGARI = {
    "क": "k",
    "ख": "k",
    "ग": "g",
    "घ": "g",
    "ङ": "n",
    "च": "C",
    "छ": "C",
    "ज": "Jz.2",
    "झ": "J",
    "ञ": "n",
    "ट": "t",
    "ठ": "t",
    "ड": "d",
    "ढ": "d",
    "ण": "n",
    "त": "t",
    "थ": "t",
    "द": "d",
    "ध": "d",
    "न": "n",
    "प": "p",
    "फ": "pf.02",
    "ब": "bv.1",
    "भ": "b",
    "म": "m",
    "य": "yJ.15",
    "र": "r",
    "ल": "l",
    "व": "vw.02b.1",
    "श": "Ss.04",
    "ष": "Ss.04",
    "स": "sS.15",
    "ह": "h",
    "ळ": "l",
    "ड़": "rd.03",
    "ढ़": "rd.03",
    "ज़": "z",
    "फ़": "f",
    "क़": "k",
    "ख़": "x",
    "ग़": "G",
    "क्ष": "k S",
    "ज्ञ": "Jg.05 n? y?",
    "अ": "ao.1",
    "आ": "a",
    "इ": "i",
    "ई": "i",
    "उ": "u",
    "ऊ": "u",
    "ऋ": "r i?",
    "ए": "e",
    "ऐ": "ae.05 i?",
    "ओ": "o",
    "औ": "ao.05 u?",
    "ा": "a",
    "ि": "i",
    "ी": "i",
    "ु": "u",
    "ू": "u",
    "ृ": "r i?",
    "े": "e",
    "ै": "ae.05 i?",
    "ो": "o",
    "ौ": "ao.05 u?",
    "ऑ": "o",
    "ॉ": "o",
    "ं": "nm.02?",
    "ँ": "n?",
    "ः": "h?",
    "्": "",
    "़": "",
    "ऎ": "e",
    "ऒ": "o",
    "ॆ": "e",
    "ॊ": "o",
    "ऱ": "r",
    "ऩ": "n",
    "ऴ": "l",
}
"""Other scripts of India stand in the same order in Unicode and are read by this table."""
INHERENT = "ao.1?"
CONSONANT = re.compile(r"([क-ह][़]?)(?![ा-ौ्ृॆॊ़])")
BLOCK = 0x80
TABLES = {
    "Cyrillic": CYRILLIC,
    "Greek": GREEK,
    "Arabic": ARABIC,
    "Hebrew": HEBREW,
    "Devanagari": DEVANAGARI | {"\u0001": INHERENT},
}
FINAL = {"Arabic": {"ه": "ة"}, "Hebrew": {"ה": "\u0002", "א": "\u0002"}}
"""Letters that end a word as a vowel, though elsewhere they are consonants."""
LONGEST = 7
KEPT = frozenset("ṛçčćĉšşśșŝžźżẑđðñńňłğġǧḫẖḥțţďťřöüäøåæœıăẹơư")


@lru_cache(maxsize=100_000)
def sound_of(word: Word) -> Sound:
    """The places of a word."""
    script, text = word.script, word.text
    if script == "Indic":
        script, text = "Devanagari", "".join(chr(0x900 + (ord(c) - 0x900) % BLOCK) for c in text)
    if script == "Devanagari":
        text = CONSONANT.sub("\\1\u0001", unicodedata.normalize("NFC", text))
    if script not in TABLES:
        return latin_sound(text if script == "Latin" else _spoken(text))
    if script in FINAL and len(text) > 2:
        text = text[:-1] + FINAL[script].get(text[-1], text[-1])
    row = _read(_undressed(text, script), TABLES[script])
    return tuple(row) if script in VOWELLESS else _collapsed(row)


def _undressed(text: str, script: str) -> str:
    """Without accents that its table does not know; й and ё stay."""
    table = TABLES[script]
    found = []
    for character in text:
        if character in table:
            found.append(character)
        else:
            plain = unicodedata.normalize("NFD", character)
            found.extend(c for c in plain if c in table or not unicodedata.combining(c))
    return "".join(found)


def _spoken(text: str) -> str:
    """Another script by its common reading in Latin letters."""
    return "".join(c for c in anyascii(text).lower() if c.isalpha())


@lru_cache(maxsize=100_000)
def latin_sound(text: str) -> Sound:
    """The places of a word in Latin letters, romanised from wherever."""
    plain = []
    for character in unicodedata.normalize("NFC", text.lower()):
        if character in KEPT or character.isascii():
            plain.append(character)
        else:
            plain.append("".join(c for c in anyascii(character).lower() if c.isalpha()))
    word = "".join(plain)
    word = re.sub(r"([bdfghjklmnpqrtvwz])\1+", r"\1", word)
    return _collapsed(_read(word, LATIN, soft=True))


def _read(word: str, table: dict[str, str], *, soft: bool = False) -> list[Place]:
    found: list[Place] = []
    at = 0
    while at < len(word):
        for size in range(min(LONGEST, len(word) - at), 0, -1):
            piece = word[at : at + size]
            notation = _in_context(word, at, piece, table) if soft else table.get(piece)
            if notation is not None:
                found.extend(places(notation))
                at += size
                break
        else:
            at += 1
    return found


FRONT = frozenset("eiyéèêëíìîï")
OPEN = frozenset("aeiouyöüäøåæœıăẹơư")


def _in_context(word: str, at: int, piece: str, table: dict[str, str]) -> str | None:
    """The notation of a Latin piece where it stands."""
    following = word[at + len(piece) : at + len(piece) + 1]
    before = word[at - 1 : at] if at else ""
    if piece in SOFT and following in FRONT and following:
        return SOFT[piece]
    match piece:
        case "y" if not (following and following in OPEN):
            return "iy.02"
        case "j" if not (following and following in OPEN):
            return "yi.03J.08Z.1"
        case "j" if before and before in OPEN:
            return "yJ.02Z.02i.03x.12"
        case "i" if following and following in OPEN:
            return "iy.02"
        case "u" | "ou" | "oo" | "o" if following in {"a", "e", "i"} and following:
            return "uw.02o.05" if piece != "o" else "ow.03u.05"
        case "gu" if following in FRONT and following:
            return "gw.2"
        case "ie" | "ij" | "iy" | "yi" if following and following in OPEN:
            return None
        case "e" if not following and before and before not in OPEN and len(word) > 3:
            return "e?"
    return table.get(piece)


def _collapsed(row: list[Place]) -> Sound:
    """Doubles run together; a last h is often not written."""
    found: list[Place] = []
    for place in row:
        if found and found[-1].first == place.first and not place.optional:
            if not found[-1].optional:
                continue
            found[-1] = place
            continue
        found.append(place)
    if len(found) > 2 and found[-1].first == "h" and found[-2].is_vowel:
        found[-1] = Place(found[-1].sounds, optional=True)
    return tuple(found)
