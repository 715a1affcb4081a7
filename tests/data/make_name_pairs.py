"""Makes tests/data/name_pairs_held_out.csv: pairs of names on which the matcher was never tuned.

Run it from the project's root: ``python tests/data/make_name_pairs.py``. It uses nothing of the matcher.

Positives: invented combinations of given and family names, written in their own script and
romanised by the published systems (ISO 9, BGN/PCGN, the French, German and national tables for
Cyrillic; the scholarly, English and French ways for Arabic, from vocalised spellings; ISO 843 and
the passport table for Greek; the national table and ISO 9984 for Georgian; BGN and ISO 9985 for
Armenian; Hunterian and IAST for Devanagari; Revised Romanisation and McCune-Reischauer for Korean;
pinyin with and without tones for Chinese; two usual ways for Hebrew). The pair is original against
romanised, or one romanisation against another; every third has its order turned, every fifth loses
a patronymic or gains a second name.

Negatives: the same family name with another given name of the same list (the nearest in spelling
first), the same given name with the nearest other family name, and a man's and a woman's form.
"""

from __future__ import annotations

import csv
import random
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

TARGET = Path(__file__).with_name("name_pairs_held_out.csv")
CHANCE = random.Random(20260303)

RUSSIAN = list("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
SYSTEMS = {
    "iso9": [
        "a",
        "b",
        "v",
        "g",
        "d",
        "e",
        "ë",
        "ž",
        "z",
        "i",
        "j",
        "k",
        "l",
        "m",
        "n",
        "o",
        "p",
        "r",
        "s",
        "t",
        "u",
        "f",
        "h",
        "c",
        "č",
        "š",
        "ŝ",
        "ʺ",
        "y",
        "ʹ",
        "è",
        "û",
        "â",
    ],
    "bgn": [
        "a",
        "b",
        "v",
        "g",
        "d",
        "e",
        "yo",
        "zh",
        "z",
        "i",
        "y",
        "k",
        "l",
        "m",
        "n",
        "o",
        "p",
        "r",
        "s",
        "t",
        "u",
        "f",
        "kh",
        "ts",
        "ch",
        "sh",
        "shch",
        "”",
        "y",
        "’",
        "e",
        "yu",
        "ya",
    ],
    "passport": [
        "a",
        "b",
        "v",
        "g",
        "d",
        "e",
        "e",
        "zh",
        "z",
        "i",
        "i",
        "k",
        "l",
        "m",
        "n",
        "o",
        "p",
        "r",
        "s",
        "t",
        "u",
        "f",
        "kh",
        "ts",
        "ch",
        "sh",
        "shch",
        "ie",
        "y",
        "-",
        "e",
        "iu",
        "ia",
    ],
    "french": [
        "a",
        "b",
        "v",
        "g",
        "d",
        "e",
        "io",
        "j",
        "z",
        "i",
        "ï",
        "k",
        "l",
        "m",
        "n",
        "o",
        "p",
        "r",
        "s",
        "t",
        "ou",
        "f",
        "kh",
        "ts",
        "tch",
        "ch",
        "chtch",
        "-",
        "y",
        "-",
        "e",
        "iou",
        "ia",
    ],
    "german": [
        "a",
        "b",
        "w",
        "g",
        "d",
        "e",
        "jo",
        "sch",
        "s",
        "i",
        "i",
        "k",
        "l",
        "m",
        "n",
        "o",
        "p",
        "r",
        "s",
        "t",
        "u",
        "f",
        "ch",
        "z",
        "tsch",
        "sch",
        "schtsch",
        "-",
        "y",
        "-",
        "e",
        "ju",
        "ja",
    ],
    "slovene": [
        "a",
        "b",
        "v",
        "g",
        "d",
        "e",
        "jo",
        "ž",
        "z",
        "i",
        "j",
        "k",
        "l",
        "m",
        "n",
        "o",
        "p",
        "r",
        "s",
        "t",
        "u",
        "f",
        "h",
        "c",
        "č",
        "š",
        "šč",
        "-",
        "i",
        "-",
        "e",
        "ju",
        "ja",
    ],
}
UKRAINIAN = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’",
        [
            "a",
            "b",
            "v",
            "h",
            "g",
            "d",
            "e",
            "ie",
            "zh",
            "z",
            "y",
            "i",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "-",
            "iu",
            "ia",
            "-",
        ],
        strict=True,
    )
)
BULGARIAN = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъьюя",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "h",
            "ts",
            "ch",
            "sh",
            "sht",
            "a",
            "y",
            "yu",
            "ya",
        ],
        strict=True,
    )
)
SERBIAN = dict(
    zip(
        "абвгдђежзијклљмнњопрстћуфхцчџш",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "đ",
            "e",
            "ž",
            "z",
            "i",
            "j",
            "k",
            "l",
            "lj",
            "m",
            "n",
            "nj",
            "o",
            "p",
            "r",
            "s",
            "t",
            "ć",
            "u",
            "f",
            "h",
            "c",
            "č",
            "dž",
            "š",
        ],
        strict=True,
    )
)


def by_table(text: str, table: dict[str, str]) -> str:
    words = []
    for word in text.split():
        written = "".join(table.get(c, c).replace("-", "") for c in word.lower())
        words.append(written[:1].upper() + written[1:])
    return " ".join(words)


def russian(system: str):
    table = dict(zip(RUSSIAN, SYSTEMS[system], strict=True))
    return lambda text: by_table(text, table)


def plain(text: str) -> str:
    """Without diacritics, as a form that knows none keeps it."""
    return (
        text.translate(
            str.maketrans("žčšŝëèûâđćāīūḥḫṣḍṭẓġṯḏǧēōʹʺʿʾ’”", "zcsseeuadcaiuhhsdtzgtdgeo      ")
        )
        .replace(" ", " ")
        .replace("  ", " ")
        .strip()
    )


RUSSIAN_NAMES = (
    ["Афанасий", "Борислав", "Виссарион", "Геннадий", "Давыд", "Ерофей", "Игнатий", "Кузьма", "Леонтий", "Макар", "Наум", "Осип", "Пантелеймон", "Родион", "Серафим", "Трофим", "Феликс", "Харитон", "Эрнест", "Яков"],
    ["Алевтина", "Василиса", "Дарья", "Евдокия", "Жозефина", "Клавдия", "Любовь", "Марфа", "Прасковья", "Ющена"],
    ["Алёхин", "Бурлюк", "Верещагин", "Гайдай", "Дзержинский", "Ежов", "Жданов", "Ильюшин", "Кузнецов", "Лещенко", "Меньшиков", "Нахимов", "Островский",
     "Пржевальский", "Рылеев", "Солженицын", "Трубецкой", "Ушаков", "Хлебников", "Церетелев", "Чайкин", "Шостакович", "Щепкин", "Эйзенштейн", "Юсупов", "Ягужинский"],
)  # fmt: skip
PATRONYMICS = [
    "Афанасьевич",
    "Геннадьевич",
    "Игнатьевич",
    "Кузьмич",
    "Леонтьевич",
    "Родионович",
    "Яковлевич",
]
UKRAINIAN_NAMES = (
    ["Віталій", "Григорій", "Євген", "Ігор", "Кирило", "Лесь", "Михайло", "Назар", "Панас", "Сергій", "Тиміш", "Яків"],
    ["Антоненко", "Верховинець", "Городецький", "Драгоманов", "Єфремов", "Загребельний", "Ігнатенко", "Кобилянський", "Лисенко", "Хвильовий", "Чорновіл", "Яворницький"],
)  # fmt: skip
BULGARIAN_NAMES = (
    [
        "Ангел",
        "Борислав",
        "Владимир",
        "Георги",
        "Димитър",
        "Желю",
        "Захари",
        "Йордан",
        "Кирил",
        "Момчил",
        "Петър",
    ],
    [
        "Ангелов",
        "Боянов",
        "Върбанов",
        "Гешев",
        "Дойчинов",
        "Желязков",
        "Йовчев",
        "Къцаров",
        "Михайловски",
        "Стоянов",
        "Църноречки",
        "Шиваров",
    ],
)
SERBIAN_NAMES = (
    ["Божидар", "Владислав", "Ђорђе", "Зоран", "Јован", "Лазар", "Миодраг", "Никола", "Радован", "Стојан", "Ђурађ", "Жарко"],
    ["Алексић", "Бошковић", "Васиљевић", "Гајић", "Ђинђић", "Жугић", "Ивковић", "Јањић", "Кнежевић", "Љутица", "Милићевић", "Николић", "Чолаковић", "Шћепановић"],
)  # fmt: skip

# Arabic: original, vocalised in scholarly, English and French spelling.
ARABIC_GIVEN = [
    ("بهاء الدين", "Bahāʾ al-Dīn", "Baha al-Din", "Bahaeddine"), ("عبد الحفيظ", "ʿAbd al-Ḥafīẓ", "Abdul Hafeez", "Abdelhafid"), ("عبد الجليل", "ʿAbd al-Ǧalīl", "Abdul Jalil", "Abdeldjalil"),
    ("عبد اللطيف", "ʿAbd al-Laṭīf", "Abdul Latif", "Abdellatif"), ("برهان", "Burhān", "Burhan", "Borhane"), ("توفيق", "Tawfīq", "Tawfiq", "Toufik"), ("جلال", "Ǧalāl", "Jalal", "Djellal"),
    ("حسام", "Ḥusām", "Husam", "Houssam"), ("خليفة", "Ḫalīfa", "Khalifa", "Khelifa"), ("رضوان", "Riḍwān", "Ridwan", "Redouane"), ("سهيل", "Suhayl", "Suhail", "Souhil"), ("شريف", "Šarīf", "Sharif", "Cherif"),
    ("طلال", "Ṭalāl", "Talal", "Tallal"), ("عاصم", "ʿĀṣim", "Asim", "Assem"), ("غالب", "Ġālib", "Ghalib", "Ghaleb"), ("فوزي", "Fawzī", "Fawzi", "Faouzi"), ("مأمون", "Maʾmūn", "Mamoun", "Mamoune"),
    ("نوفل", "Nawfal", "Nawfal", "Naoufel"), ("وهيب", "Wahīb", "Wahib", "Ouahib"), ("يعقوب", "Yaʿqūb", "Yaqoub", "Yacoub"), ("لميس", "Lamīs", "Lamees", "Lamis"), ("سلوى", "Salwā", "Salwa", "Saloua"),
]  # fmt: skip
ARABIC_FAMILY = [
    ("البغدادي", "al-Baġdādī", "al-Baghdadi", "El Baghdadi"), ("الجوهري", "al-Ǧawharī", "al-Jawhari", "El Djouhri"), ("الدباغ", "ad-Dabbāġ", "al-Dabbagh", "Debbagh"), ("الزهراني", "az-Zahrānī", "al-Zahrani", "El Zahrani"),
    ("السلاوي", "as-Salāwī", "al-Salawi", "Slaoui"), ("الشنقيطي", "aš-Šinqīṭī", "al-Shanqiti", "Chinguiti"), ("الصباح", "aṣ-Ṣabāḥ", "al-Sabah", "Essabah"), ("العياشي", "al-ʿAyyāšī", "al-Ayashi", "Layachi"),
    ("الفاسي", "al-Fāsī", "al-Fasi", "El Fassi"), ("القرضاوي", "al-Qaraḍāwī", "al-Qaradawi", "Kardaoui"), ("الكواكبي", "al-Kawākibī", "al-Kawakibi", "El Kaouakibi"), ("المنصوري", "al-Manṣūrī", "al-Mansouri", "El Mansouri"),
    ("بوعزيز", "Būʿazīz", "Buaziz", "Bouaziz"), ("غنوشي", "Ġannūšī", "Ghannushi", "Ghannouchi"), ("بن عاشور", "bin ʿĀšūr", "bin Ashour", "Ben Achour"), ("هاشمي", "Hāšimī", "Hashimi", "Hachemi"), ("ياسين", "Yāsīn", "Yasin", "Yacine"),
]  # fmt: skip

GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l", "μ": "m",
    "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
GREEK_NAMES = (
    ["Αθανάσιος", "Βύρων", "Γρηγόρης", "Διονύσης", "Ευτυχία", "Ηρακλής", "Θεόδωρος", "Ιάσονας", "Κλεάνθης", "Μάρκος", "Ορέστης", "Παύλος", "Σταύρος", "Φίλιππος", "Χρήστος"],
    ["Αλεξίου", "Βαρδαλάχος", "Γεωργακόπουλος", "Δρακόπουλος", "Ευθυμίου", "Θεοφιλόπουλος", "Κατσούλης", "Λουκάς", "Μπαλτάς", "Ξανθόπουλος", "Παπαγεωργίου", "Σαμαράς", "Τζανετάκης", "Φραγκιαδάκης", "Χρυσανθόπουλος"],
)  # fmt: skip


def greek(passport: bool):
    def write(text: str) -> str:
        bare = text.lower().translate(str.maketrans("άέήίόύώϊϋΐΰ", "αεηιουωιυιυ"))
        if passport:
            for before, after in (
                ("ου", "ou"),
                ("ευ", "ev"),
                ("αυ", "av"),
                ("γγ", "ng"),
                ("γκ", "gk"),
                ("γξ", "nx"),
            ):
                bare = bare.replace(before, after)
            bare = " ".join(("b" + w[2:]) if w.startswith("μπ") else w for w in bare.split())
        written = "".join(GREEK.get(c, c) for c in bare)
        return written.title()

    return write


GEORGIAN_LETTERS = "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ"
GEORGIAN = {
    "national": [
        "a",
        "b",
        "g",
        "d",
        "e",
        "v",
        "z",
        "t",
        "i",
        "k'",
        "l",
        "m",
        "n",
        "o",
        "p'",
        "zh",
        "r",
        "s",
        "t'",
        "u",
        "p",
        "k",
        "gh",
        "q'",
        "sh",
        "ch",
        "ts",
        "dz",
        "ts'",
        "ch'",
        "kh",
        "j",
        "h",
    ],
    "iso": [
        "a",
        "b",
        "g",
        "d",
        "e",
        "v",
        "z",
        "t'",
        "i",
        "k",
        "l",
        "m",
        "n",
        "o",
        "p",
        "ž",
        "r",
        "s",
        "t",
        "u",
        "p'",
        "k'",
        "ḡ",
        "q",
        "š",
        "č'",
        "c'",
        "j",
        "c",
        "č",
        "x",
        "ǰ",
        "h",
    ],
}
GEORGIAN_NAMES = (
    ["ალექსანდრე", "ბაჩანა", "გიგა", "დავით", "ვახტანგ", "თენგიზ", "ირაკლი", "მერაბ", "პაატა", "ჯემალ"],
    ["ანდრონიკაშვილი", "გაბუნია", "დადიანი", "ელიავა", "თოფურია", "კიკნაძე", "მაჩაბელი", "ჟვანია", "ყაზბეგი", "შენგელია", "ცხადაია", "ხოშტარია"],
)  # fmt: skip
ARMENIAN_LETTERS = "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցփքօֆ"
ARMENIAN = {
    "bgn": [
        "a",
        "b",
        "g",
        "d",
        "e",
        "z",
        "e",
        "y",
        "t’",
        "zh",
        "i",
        "l",
        "kh",
        "ts",
        "k",
        "h",
        "dz",
        "gh",
        "ch",
        "m",
        "y",
        "n",
        "sh",
        "o",
        "ch’",
        "p",
        "j",
        "rr",
        "s",
        "v",
        "t",
        "r",
        "ts’",
        "p’",
        "k’",
        "o",
        "f",
    ],
    "iso": [
        "a",
        "b",
        "g",
        "d",
        "e",
        "z",
        "ē",
        "ë",
        "t’",
        "ž",
        "i",
        "l",
        "x",
        "ç",
        "k",
        "h",
        "j",
        "ġ",
        "č̣",
        "m",
        "y",
        "n",
        "š",
        "o",
        "č",
        "p",
        "ǰ",
        "ṙ",
        "s",
        "v",
        "t",
        "r",
        "c’",
        "p’",
        "k’",
        "ò",
        "f",
    ],
}
ARMENIAN_NAMES = (
    ["Արսեն", "Գարեգին", "Դավիթ", "Երվանդ", "Լեվոն", "Մկրտիչ", "Շավարշ", "Ռուբեն", "Վահան"],
    [
        "Ազնավուրյան",
        "Բաղդասարյան",
        "Գրիգորյան",
        "Իսահակյան",
        "Կարապետյան",
        "Մարտիրոսյան",
        "Պողոսյան",
        "Տերյան",
        "Օհանյան",
    ],
)

# Devanagari, Hebrew, Korean, Chinese: original and two ways of writing it.
INDIAN_GIVEN = [
    ("अभिषेक", "Abhishek", "Abhiṣek"), ("चन्दन", "Chandan", "Candan"), ("दिनेश", "Dinesh", "Dineś"), ("गोपाल", "Gopal", "Gopāl"), ("हेमन्त", "Hemant", "Hemant"), ("जगदीश", "Jagdish", "Jagadīś"),
    ("किरण", "Kiran", "Kiraṇ"), ("माधुरी", "Madhuri", "Mādhurī"), ("पंकज", "Pankaj", "Paṅkaj"), ("शैलेश", "Shailesh", "Śaileś"), ("उमेश", "Umesh", "Umeś"), ("यशवन्त", "Yashwant", "Yaśvant"),
]  # fmt: skip
INDIAN_FAMILY = [
    ("बंसल", "Bansal", "Bansal"), ("भारद्वाज", "Bharadwaj", "Bhāradvāj"), ("चतुर्वेदी", "Chaturvedi", "Caturvedī"), ("द्विवेदी", "Dwivedi", "Dvivedī"), ("गोखले", "Gokhale", "Gokhale"), ("कपूर", "Kapoor", "Kapūr"),
    ("माथुर", "Mathur", "Māthur"), ("पाण्डेय", "Pandey", "Pāṇḍey"), ("राजपूत", "Rajput", "Rājpūt"), ("शुक्ला", "Shukla", "Śuklā"), ("तिवारी", "Tiwari", "Tivārī"), ("यादव", "Yadav", "Yādav"),
]  # fmt: skip
HEBREW_GIVEN = [
    ("אביגדור", "Avigdor", "Avigdor"), ("בועז", "Boaz", "Bo'az"), ("גרשון", "Gershon", "Gerschon"), ("יחיאל", "Yehiel", "Yechiel"), ("מנחם", "Menahem", "Menachem"), ("נחמן", "Nahman", "Nachman"),
    ("עמיחי", "Amihai", "Amichai"), ("פנחס", "Pinhas", "Pinchas"), ("צדוק", "Tzadok", "Zadok"), ("רות", "Rut", "Ruth"), ("אפרים", "Efraim", "Ephraim"), ("דבורה", "Dvora", "Devorah"),
]  # fmt: skip
HEBREW_FAMILY = [
    ("אלמוג", "Almog", "Almog"), ("בן דוד", "Ben David", "Ben-David"), ("גרינברג", "Greenberg", "Grinberg"), ("זילברמן", "Zilberman", "Silberman"), ("חדד", "Hadad", "Chadad"), ("טויטו", "Toito", "Touitou"),
    ("יצחקי", "Yitzhaki", "Itzchaki"), ("לוינסון", "Levinson", "Lewinson"), ("מועלם", "Moalem", "Muallem"), ("סויסה", "Swissa", "Suissa"), ("עובדיה", "Ovadia", "Obadiah"), ("קפלן", "Kaplan", "Caplan"), ("שטרן", "Stern", "Shtern"),
]  # fmt: skip
KOREAN_GIVEN = [
    ("경호", "Gyeong-ho", "Kyŏngho"), ("다은", "Da-eun", "Taŭn"), ("명희", "Myeong-hui", "Myŏnghŭi"), ("민수", "Min-su", "Minsu"), ("보영", "Bo-yeong", "Poyŏng"), ("성민", "Seong-min", "Sŏngmin"),
    ("용준", "Yong-jun", "Yongjun"), ("재석", "Jae-seok", "Chaesŏk"), ("창민", "Chang-min", "Ch'angmin"), ("혜진", "Hye-jin", "Hyejin"),
]  # fmt: skip
KOREAN_FAMILY = [
    ("최", "Choe", "Ch'oe"),
    ("정", "Jeong", "Chŏng"),
    ("임", "Im", "Im"),
    ("한", "Han", "Han"),
    ("권", "Gwon", "Kwŏn"),
    ("황", "Hwang", "Hwang"),
    ("안", "An", "An"),
    ("송", "Song", "Song"),
    ("유", "Yu", "Yu"),
    ("배", "Bae", "Pae"),
]
CHINESE_GIVEN = [
    ("爱民", "Aimin", "Àimín"), ("宝玉", "Baoyu", "Bǎoyù"), ("成龙", "Chenglong", "Chénglóng"), ("德华", "Dehua", "Déhuá"), ("凤仪", "Fengyi", "Fèngyí"), ("桂兰", "Guilan", "Guìlán"),
    ("家辉", "Jiahui", "Jiāhuī"), ("立新", "Lixin", "Lìxīn"), ("淑珍", "Shuzhen", "Shūzhēn"), ("玉珍", "Yuzhen", "Yùzhēn"), ("学军", "Xuejun", "Xuéjūn"),
]  # fmt: skip
CHINESE_FAMILY = [
    ("白", "Bai", "Bái"),
    ("崔", "Cui", "Cuī"),
    ("丁", "Ding", "Dīng"),
    ("方", "Fang", "Fāng"),
    ("高", "Gao", "Gāo"),
    ("贺", "He", "Hè"),
    ("贾", "Jia", "Jiǎ"),
    ("康", "Kang", "Kāng"),
    ("罗", "Luo", "Luó"),
    ("彭", "Peng", "Péng"),
    ("秦", "Qin", "Qín"),
    ("司马", "Sima", "Sīmǎ"),
    ("谢", "Xie", "Xiè"),
]


def written(lists: list[list[str]], ways: list) -> list[list[tuple[str, ...]]]:
    return [[(name, *(way(name) for way in ways)) for name in names] for names in lists]


def families() -> dict[str, tuple[list[tuple[str, ...]], list[tuple[str, ...]]]]:
    """For each language: given names and family names, each as (original, romanised, romanised…)."""
    ways = [russian(s) for s in SYSTEMS]
    men, _women, surnames = written(list(RUSSIAN_NAMES), ways)
    found = {"Russian": (men, surnames)}
    for language, table, names in (
        ("Ukrainian", UKRAINIAN, UKRAINIAN_NAMES),
        ("Bulgarian", BULGARIAN, BULGARIAN_NAMES),
        ("Serbian", SERBIAN, SERBIAN_NAMES),
    ):
        one = lambda t, table=table: by_table(t, table)  # noqa: E731
        given, family = written(list(names), [one, lambda t, one=one: plain(one(t))])
        found[language] = (given, family)
    found["Arabic"] = (ARABIC_GIVEN, ARABIC_FAMILY)
    given, family = written(list(GREEK_NAMES), [greek(True), greek(False)])
    found["Greek"] = (given, family)
    for language, letters, tables, names in (
        ("Georgian", GEORGIAN_LETTERS, GEORGIAN, GEORGIAN_NAMES),
        ("Armenian", ARMENIAN_LETTERS, ARMENIAN, ARMENIAN_NAMES),
    ):
        ways = [
            lambda t, table=table: by_table(t.replace("ու", "u"), table)
            for table in (dict(zip(letters, latin, strict=True)) for latin in tables.values())
        ]
        given, family = written(list(names), ways)
        found[language] = (given, family)
    found["Hindi"] = (INDIAN_GIVEN, INDIAN_FAMILY)
    found["Hebrew"] = (HEBREW_GIVEN, HEBREW_FAMILY)
    found["Korean"] = (KOREAN_GIVEN, KOREAN_FAMILY)
    found["Chinese"] = (CHINESE_GIVEN, CHINESE_FAMILY)
    return found


JOINED = {"Korean": "", "Chinese": ""}


def put(language: str, given: str, family: str, original: bool, turned: bool) -> str:
    if language in JOINED:
        if original:
            return family + given
        return f"{given} {family}" if turned else f"{family} {given}"
    return f"{family} {given}" if turned else f"{given} {family}"


def positives(language: str, given, family, count: int) -> list[tuple[str, str, int, str]]:
    rows = []
    for number in range(count):
        g, f = CHANCE.choice(given), CHANCE.choice(family)
        variants = list(range(len(g)))
        a, b = CHANCE.sample(variants, 2)
        if number % 2 == 0:
            a, b = 0, CHANCE.choice(variants[1:])
        name_a = put(language, g[a], f[a], a == 0, False)
        name_b = put(language, g[b], f[b], b == 0, number % 3 == 0)
        if language == "Russian" and number % 5 == 0:
            middle = CHANCE.choice(PATRONYMICS)
            name_a = f"{g[0]} {middle} {f[0]}"
            name_b = f"{g[b or 1]} {f[b or 1]}"
        elif number % 5 == 0 and language not in JOINED:
            extra = CHANCE.choice(given)
            if extra != g:
                name_a = f"{g[a]} {extra[a]} {f[a]}"
        rows.append((name_a, name_b, 1, f"{language}: romanisation"))
    return rows


def nearest(one: tuple[str, ...], others: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    ranked = [o for o in others if o[0] != one[0]]
    return sorted(
        ranked, key=lambda o: -SequenceMatcher(None, one[1].lower(), o[1].lower()).ratio()
    )


def negatives(language: str, given, family, count: int) -> list[tuple[str, str, int, str]]:
    rows = []
    for number in range(count):
        g, f = CHANCE.choice(given), CHANCE.choice(family)
        variants = list(range(len(g)))
        a, b = CHANCE.choice(variants), CHANCE.choice(variants)
        if number % 3 == 2:
            other = CHANCE.choice(nearest(f, family)[:2])
            rows.append(
                (
                    put(language, g[a], f[a], a == 0, False),
                    put(language, g[b], other[b], b == 0, False),
                    0,
                    f"{language}: same given name",
                )
            )
        else:
            other = CHANCE.choice(nearest(g, given)[:2])
            rows.append(
                (
                    put(language, g[a], f[a], a == 0, False),
                    put(language, other[b], f[b], b == 0, number % 4 == 0),
                    0,
                    f"{language}: same family name",
                )
            )
    return rows


GENDER = [
    ("Анатолий", "Анатолия"),
    ("Антонин", "Антонина"),
    ("Василий", "Василиса"),
    ("Олег", "Ольга"),
    ("Станислав", "Станислава"),
    ("Роман", "Романа"),
]
WEST_AFRICAN = [
    ("Pape Malick Thiam", "Pape Malick Cham"), ("Aliou Cissé", "Aliu Ceesay"), ("Moustapha Diagne", "Mustafa Jagne"), ("Khady Diouf", "Khady Joof"), ("Souleymane Diakité", "Sulayman Jakite"),
    ("Oumar Dieng", "Umar Jeng"), ("Binta Ndiaye", "Binta Njie"), ("Kadiatou Sidibé", "Kadijatou Sidibeh"), ("Ousseynou Samb", "Usainou Samb"), ("Boubou Sow", "Bubu Sow"), ("Djeneba Traoré", "Jeneba Traore"),
    ("Issouf Ouattara", "Isuf Wattara"), ("Tiémoko Coulibaly", "Chemoko Kulibali"), ("Mamoudou Touray", "Mamudu Turay"), ("Awa Kouyaté", "Awa Kuyateh"), ("Baboucar Jallow", "Boubacar Diallo"),
]  # fmt: skip


def main() -> None:
    rows: list[tuple[str, str, int, str]] = []
    found = families()
    for language, (given, family) in found.items():
        many = 60 if language in {"Russian", "Arabic"} else 26
        rows += positives(language, given, family, many)
        rows += negatives(language, given, family, many)
    table = dict(zip(RUSSIAN, SYSTEMS["bgn"], strict=True))
    for man, woman in GENDER:
        surname = CHANCE.choice(RUSSIAN_NAMES[2][:8])
        rows.append(
            (
                f"{man} {surname}",
                by_table(f"{woman} {surname}а", table),
                0,
                "Russian: man and woman",
            )
        )
        rows.append(
            (
                by_table(f"{man} {surname}", table),
                f"{woman} {surname}а",
                0,
                "Russian: man and woman",
            )
        )
    rows += [(a, b, 1, "West African: French and English spelling") for a, b in WEST_AFRICAN]
    rows += [
        (a, c, 0, "West African: other name")
        for (a, _b), (_a, c) in list(combinations(WEST_AFRICAN, 2))[::9]
    ]
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["name_a", "name_b", "same", "made"])
        out.writerows(dict.fromkeys(rows))


if __name__ == "__main__":
    main()
