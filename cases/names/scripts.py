"""Which script a word is written in, and a name cut into its words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

VOWELLESS = frozenset({"Arabic", "Hebrew", "Thai"})
"""Scripts that leave short vowels unwritten."""
NEAR_VOICELESS = frozenset({"Hangul", "Armenian", "Wade-Giles", "Korean"})
"""Scripts whose romanisations disagree on voiced and voiceless: Kim and Gim, Petrosyan, Bedrosian."""

SCRIPTS = (
    ("Latin", ((0x41, 0x24F), (0x1E00, 0x1EFF), (0x250, 0x2AF))),
    ("Cyrillic", ((0x400, 0x52F), (0x1C80, 0x1C8F))),
    ("Greek", ((0x370, 0x3FF), (0x1F00, 0x1FFF))),
    ("Arabic", ((0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFEFF))),
    ("Hebrew", ((0x590, 0x5FF), (0xFB1D, 0xFB4F))),
    ("Han", ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2FFFF), (0xF900, 0xFAFF))),
    ("Hangul", ((0xAC00, 0xD7AF), (0x1100, 0x11FF))),
    ("Kana", ((0x3040, 0x30FF),)),
    ("Georgian", ((0x10A0, 0x10FF), (0x1C90, 0x1CBF))),
    ("Armenian", ((0x530, 0x58F),)),
    ("Devanagari", ((0x900, 0x97F),)),
    ("Indic", ((0x980, 0xD7F),)),
    ("Thai", ((0xE00, 0xE7F),)),
    ("Ethiopic", ((0x1200, 0x139F),)),
)

TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "professor",
        "sir",
        "dame",
        "madame",
        "mme",
        "mlle",
        "monsieur",
        "herr",
        "frau",
        "senor",
        "señor",
        "senora",
        "sr",
        "sra",
        "don",
        "dona",
        "gen",
        "general",
        "col",
        "colonel",
        "maj",
        "major",
        "capt",
        "captain",
        "lt",
        "sgt",
        "cpl",
        "brig",
        "adm",
        "judge",
        "justice",
        "president",
        "minister",
        "ambassador",
        "hon",
        "rev",
        "fr",
        "imam",
        "sheikh",
        "shaikh",
        "cheikh",
        "cheick",
        "cheikhna",
        "shaykh",
        "shekh",
        "sayyid",
        "hajj",
        "haji",
        "hadj",
        "hajji",
        "elhadj",
        "alhaji",
        "ustaz",
        "ustad",
        "mullah",
        "maulana",
        "moulana",
        "molla",
        "ayatollah",
        "shri",
        "smt",
        "kumari",
        "g-n",
        "g-zha",
        "jr",
        "snr",
        "phd",
        "господин",
        "госпожа",
        "гражданин",
        "гражданка",
        "доктор",
        "профессор",
        "генерал",
        "г-н",
        "г-жа",
        "д-р",
        "пан",
        "пані",
        "السيد",
        "السيدة",
        "الدكتور",
        "الدكتورة",
        "دكتور",
        "الشيخ",
        "الحاج",
        "الاستاذ",
        "اللواء",
        "العميد",
        "المهندس",
        "κ",
        "κος",
        "κα",
        "δρ",
        "κύριος",
        "κυρία",
        "ד״ר",
        "מר",
        "גב׳",
        "פרופ",
        "श्री",
        "श्रीमती",
        "डॉ",
        "先生",
        "女士",
        "博士",
        "씨",
        "님",
    ]
)
"""Words before or after a name that are none of it, as long as two words stay: Cheikh Diop is whole."""

PARTICLES = frozenset(
    [
        "al",
        "el",
        "ul",
        "as",
        "ash",
        "esh",
        "ad",
        "ed",
        "ar",
        "er",
        "at",
        "et",
        "az",
        "ez",
        "es",
        "bin",
        "ibn",
        "ben",
        "bint",
        "binti",
        "bn",
        "ould",
        "wuld",
        "walad",
        "oglu",
        "oğlu",
        "ogly",
        "ogli",
        "kyzy",
        "qizi",
        "kizi",
        "zade",
        "de",
        "del",
        "della",
        "delle",
        "di",
        "da",
        "do",
        "das",
        "dos",
        "du",
        "des",
        "la",
        "le",
        "les",
        "los",
        "las",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "ten",
        "zu",
        "zum",
        "und",
        "of",
        "the",
        "ибн",
        "бин",
        "оглы",
        "оглу",
        "кызы",
        "بن",
        "ابن",
        "بنت",
        "ولد",
        "ال",
        "בן",
        "בת",
    ]
)

TRADITIONAL = str.maketrans(
    "張陳劉黃吳趙孫馬鄭謝許韓馮鄧蕭葉蔣蘇呂盧賈鍾譚鄒龍萬錢湯閻顧龔偉麗強軍傑國華紅東飛鳳曉蘭榮慶義寶會學長剛"
    "楊羅閆陸紀項祝倫賀賴聶齊龐車連藍鐘衛嚴歐陽馮關溫莊權鄔鄺簡饒滿單詹喬齡龜"
    "淑貞靜穎雲瑤曉賢順錦銘鋒鋼鈺鑫輝達遠進選鴻鵬鶴麟齊豔興舊樹橋樂歡歲澤濤濱灣煒燁瑋璦瓊療"
    "愛慶憲懷戰揚擇攝敏數斌書條業極槍標權歸殘氣漢潔潤濟爾獻瑩環產畢發皚盡眾確禮禎種穩競筆節"
    "純紹經維綱綺緒織繼續羅義習聖聞聯聰職肅艷萍蓮蔭薩藝蘊虛蟬術補裝見規視親覺觀計訓設詠詩誠語"
    "諾謙證識譽護讓變貝財貴費資賓賢質軒輕載辭農運邁郵鄉鄰醫釗鈞鉅銀銳鋁錫鎮鏡鐵鑒門閔閣闊陣際隨險雙難霽靈韋韻頌頓領頤題顏風飄飾館駒駿騰驍驗魯鮑鳴黨龐",
    "张陈刘黄吴赵孙马郑谢许韩冯邓萧叶蒋苏吕卢贾钟谭邹龙万钱汤阎顾龚伟丽强军杰国华红东飞凤晓兰荣庆义宝会学长刚"
    "杨罗闫陆纪项祝伦贺赖聂齐庞车连蓝钟卫严欧阳冯关温庄权邬邝简饶满单詹乔龄龟"
    "淑贞静颖云瑶晓贤顺锦铭锋钢钰鑫辉达远进选鸿鹏鹤麟齐艳兴旧树桥乐欢岁泽涛滨湾炜烨玮瑷琼疗"
    "爱庆宪怀战扬择摄敏数斌书条业极枪标权归残气汉洁润济尔献莹环产毕发皑尽众确礼祯种稳竞笔节"
    "纯绍经维纲绮绪织继续罗义习圣闻联聪职肃艳萍莲荫萨艺蕴虚蝉术补装见规视亲觉观计训设咏诗诚语"
    "诺谦证识誉护让变贝财贵费资宾贤质轩轻载辞农运迈邮乡邻医钊钧钜银锐铝锡镇镜铁鉴门闵阁阔阵际随险双难霁灵韦韵颂顿领颐题颜风飘饰馆驹骏腾骁验鲁鲍鸣党庞",
)
"""Traditional characters met in names, written as simplified ones."""
DOUBLE_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "诸葛",
        "上官",
        "司徒",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "夏侯",
        "慕容",
        "令狐",
        "端木",
        "轩辕",
        "南宫",
    ]
)
DOUBLE_HANGUL = frozenset(["남궁", "제갈", "선우", "독고", "사공", "서문"])

ONLY_SMALL = frozenset(
    [
        "de",
        "da",
        "do",
        "di",
        "du",
        "des",
        "la",
        "le",
        "les",
        "los",
        "las",
        "dos",
        "das",
        "ten",
        "ter",
        "zu",
        "zum",
        "den",
        "der",
    ]
)
"""Particles which, with a capital, may well be a name: Da-eun, Les, Do."""

APOSTROPHES = re.compile(
    r"[\u0027\u2018\u2019\u02bb\u02bc\u02be\u02bf\u02b9\u02ba\u0060\u00b4\u2032\u05f3\u05f4\"]"
)
NOT_SPOKEN = re.compile(
    r"[\u064b-\u0652\u0670\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u0591-\u05c7]"
)
SEPARATORS = re.compile(r"[\s\-_/‐-―־·・•،()\[\]]+")


@dataclass(frozen=True)
class Word:
    """One word of a name, folded, with its script. An initial is a first letter only."""

    text: str
    script: str
    initial: bool = False
    particle: bool = False


@lru_cache(maxsize=4096)
def script_of_character(character: str) -> str:
    code = ord(character)
    for name, ranges in SCRIPTS:
        if any(first <= code <= last for first, last in ranges):
            return name
    return "Other"


def script_of(text: str) -> str:
    """The script of most letters of the text; Latin where it has none."""
    counted: dict[str, int] = {}
    for character in text:
        if character.isalpha():
            script = script_of_character(character)
            counted[script] = counted.get(script, 0) + 1
    return max(counted, key=lambda s: counted[s]) if counted else "Latin"


@lru_cache(maxsize=50_000)
def words_of(name: str) -> tuple[Word, ...]:
    """The words of a name in the order written, folded; "Family, Given" is turned round.

    Titles fall away where two words stay; particles (al, bin, de, van) are kept and marked.
    """
    shown = NOT_SPOKEN.sub("", unicodedata.normalize("NFKC", name)).strip()
    if shown.count(",") == 1 and not shown.endswith(","):
        family, given = shown.split(",")
        shown = f"{given} {family}"
    found = [w for piece in _pieces(shown) for w in _words_of_piece(piece)]
    plain = [w for w in found if w.text.rstrip(".") not in TITLES]
    if sum(not w.particle for w in plain) >= 2:
        found = plain
    if found and found[-1].particle:
        found[-1] = Word(found[-1].text, found[-1].script)
    return tuple(_joined_servants(_korean(_chinese_as_once(found), shown)))


SYLLABLES = re.compile(
    r"^(?:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh|ts|tz|hs|ss)?"
    r"(?:[aeiouü]|[aeo]i|ao|ou|[aeiuü]ng?|[io]ng|ung|i[aeu]|iao|ieh|i[ae]n|iang|i[ou]ng|u[aoi]|uai|uei"
    r"|uang?|ueh?|ih|eh|erh)){1,3}$"
)
ONCE = re.compile(r"^hs|ts[eu]|tz|ung$|ien$|[ui]eh$|[csz]h?ih|^ch.*ueh|en-lai")


def _chinese_as_once(words: list[Word]) -> list[Word]:
    """Words of a Chinese name in the Wade-Giles romanisation are marked: T'ang, Teng, Hsiao-p'ing.

    It writes the unvoiced without and the aspirated with an apostrophe, which many leave out.
    """
    latin = all(w.script == "Latin" and not w.initial and SYLLABLES.match(w.text) for w in words)
    if not (latin and 2 <= len(words) <= 3 and any(ONCE.search(w.text) for w in words)):
        return words
    return [Word(w.text, "Wade-Giles", w.initial, w.particle) for w in words]


KOREAN_FAMILIES = frozenset(
    [
        "kim",
        "gim",
        "lee",
        "yi",
        "rhee",
        "park",
        "pak",
        "bak",
        "choi",
        "choe",
        "jung",
        "jeong",
        "chung",
        "cheong",
        "chong",
        "kang",
        "gang",
        "cho",
        "jo",
        "yoon",
        "yun",
        "jang",
        "chang",
        "lim",
        "im",
        "rim",
        "han",
        "oh",
        "seo",
        "suh",
        "shin",
        "sin",
        "kwon",
        "gwon",
        "hwang",
        "ahn",
        "an",
        "song",
        "ryu",
        "yoo",
        "yu",
        "hong",
        "jeon",
        "chon",
        "ko",
        "go",
        "moon",
        "mun",
        "yang",
        "son",
        "bae",
        "pae",
        "baek",
        "paek",
        "heo",
        "hur",
        "nam",
        "shim",
        "noh",
        "roh",
        "ha",
        "joo",
        "ju",
        "ku",
        "koo",
    ]
)
KOREAN_MARKS = re.compile(r"[ŏŭ]|eo|eu|yeo|\w-\w|ae")


def _korean(words: list[Word], shown: str) -> list[Word]:
    """Words of a romanised Korean name are marked, since its romanisations disagree on p and b."""
    if not 2 <= len(words) <= 3 or not all(w.script == "Latin" for w in words):
        return words
    plain = [unicodedata.normalize("NFD", w.text)[:12] for w in words]
    families = [
        "".join(c for c in p if not unicodedata.combining(c)) in KOREAN_FAMILIES for p in plain
    ]
    if not any((families[0], families[-1])) or not KOREAN_MARKS.search(shown.casefold()):
        return words
    return [Word(w.text, "Korean", w.initial, w.particle) for w in words]


def _pieces(shown: str) -> list[str]:
    shown = re.sub(r"\.(?=\w)", ". ", shown.replace("،", " ").replace(",", " "))
    return [piece for piece in SEPARATORS.split(shown) if piece]


def _words_of_piece(piece: str) -> list[Word]:
    dotted = piece.endswith(".")
    folded = APOSTROPHES.sub("", piece).strip(".·").casefold()
    folded = "".join(c for c in folded if c.isalnum() or unicodedata.category(c).startswith("M"))
    if not any(c.isalpha() for c in folded):
        return []
    script = script_of(folded)
    if script == "Han":
        plain = folded.translate(TRADITIONAL)
        cut = 2 if plain[:2] in DOUBLE_SURNAMES and len(plain) > 2 else 1
        parts = [plain[:cut], plain[cut:]] if 2 <= len(plain) <= 4 else [plain]
        return [Word(part, script) for part in parts if part]
    if script == "Hangul":
        composed = unicodedata.normalize("NFC", folded)
        cut = 2 if composed[:2] in DOUBLE_HANGUL and len(composed) > 2 else 1
        parts = [composed[:cut], composed[cut:]] if 3 <= len(composed) <= 4 else [composed]
        return [Word(part, script) for part in parts if part]
    if script == "Arabic":
        folded = _plain_arabic(folded)
        if folded.startswith("ال") and len(folded) >= 5 and not folded.startswith("اله"):
            folded = folded[2:]
    alone = len(folded) == 1 and not piece.strip(".·'’").islower()
    initial = alone or (dotted and len(folded) <= 2 and folded not in TITLES)
    if not initial and (of_the_faith := OF_THE_FAITH.match(folded)):
        faith = "din" if script == "Latin" else "دين"
        return [Word(of_the_faith[1] or of_the_faith[2], script), Word(faith, script)]
    particle = _is_particle(folded)
    if particle and folded in ONLY_SMALL and not (piece.islower() or piece.isupper()):
        particle = False
    return [Word(folded, script, initial, particle)]


OF_THE_FAITH = re.compile(r"^(?:(\w{3,}?)[aeui]dd[iîī]ne?|(\w{2,})الدين)$")


def _is_particle(folded: str) -> bool:
    plain = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    return plain in PARTICLES and len(plain) > 1


ARABIC_VARIANTS = str.maketrans(
    {**dict.fromkeys("أإآٱ", "ا"), **dict.fromkeys("ئیېے", "ي"), **dict.fromkeys("ھہۀ", "ه")}
    | {"ؤ": "و", "ۃ": "ة", "ک": "ك", "ء": "", "ۆ": "و", "ێ": "ي", "ە": "ه"}
)


def _plain_arabic(text: str) -> str:
    """One letter for the variants of alef, ya, kaf and ha."""
    return text.translate(ARABIC_VARIANTS).replace("لله", "له")


SERVANT = frozenset(
    {
        "abd",
        "abdul",
        "abdel",
        "abdal",
        "abdoul",
        "abdur",
        "abdus",
        "abdu",
        "عبد",
        "абд",
        "абдул",
        "абдель",
    }
)
GLUED = re.compile(r"^(abd)(?:ou|[aeiou])?(?:l|(?=([rsnztdjf])\2)|(?=[rsnztd]h?[aeiou]))?(\w{3,})$")
GLUED_ARABIC = re.compile(r"^عبدال(\w{2,})$")


def _joined_servants(words: list[Word]) -> list[Word]:
    """Abd al-Rahman, Abdurrahman and عبد الرحمن become one word: abd and what follows."""
    joined: list[Word] = []
    waiting: Word | None = None
    for word in words:
        if waiting is not None:
            if word.particle:
                continue
            joined.append(Word(f"{_abd(word)}{_of_god(word.text)}", word.script))
            waiting = None
        elif word.text in SERVANT:
            waiting = word
        elif word.script == "Latin" and (glued := GLUED.match(word.text)) and len(word.text) > 6:
            rest = glued[3]
            rest = rest[1:] if len(rest) > 3 and rest[0] == rest[1] else rest
            joined.append(Word(f"abd{_of_god(rest)}", "Latin"))
        elif word.script == "Arabic" and (arabic := GLUED_ARABIC.match(word.text)):
            joined.append(Word(f"عبد{_of_god(arabic[1])}", "Arabic"))
        else:
            joined.append(word)
    if waiting is not None:
        joined.append(waiting)
    return joined


def _abd(word: Word) -> str:
    return {"Arabic": "عبد", "Cyrillic": "абд"}.get(word.script, "abd")


def _of_god(text: str) -> str:
    """Allah after Abd is written llah, lah, ullah: one of them."""
    if text in {
        "allah",
        "llah",
        "lah",
        "ullah",
        "ilah",
        "alla",
        "lla",
        "olla",
        "ollah",
        "elah",
        "ellah",
    }:
        return "lah"
    if text in {"اله", "له"}:
        return "له"
    return {"аллах": "лах", "лла": "ла"}.get(text, text)
