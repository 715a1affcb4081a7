"""What letters of every room say of law and time, as the letter's language writes it."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from registry import standard_texts
from registry.data_files import read_yaml
from registry.deadlines import zone_of
from registry.letter_words import in_digits, in_words
from registry.models import Dossier
from treaties.models import Instrument

TITLES = Path(__file__).parent / "data" / "instrument_titles.yaml"
LEADING_ARTICLE = re.compile(r"^\s*(art(icle)?s?\.?)\s+", re.IGNORECASE)
DASH = "– "


def instrument_title(instrument: Instrument | None, language: str) -> str:
    """The title of an instrument in the language, where it is known in it; else its own."""
    if instrument is None or instrument.kind == Instrument.Kind.COMITY:
        return ""
    return title_in(instrument.code, language) or instrument.title


def title_in(code: str, language: str) -> str:
    """The title that an instrument has in a language; empty where it is not established in it."""
    return _titles().get(language, {}).get(code, "")


@lru_cache(maxsize=1)
def _titles() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = read_yaml(TITLES)
    return loaded


def article_in(article: str, language: str) -> str:
    """An article as the language names it: Art. 18(24), المادة 18(24)."""
    bare = LEADING_ARTICLE.sub("", article)
    if not bare:
        return ""
    pattern: str = standard_texts.frame(language)["labels"]["article"]
    return pattern.replace("{article}", in_digits(bare, language))


def day_of(instant: datetime | None, dossier: Dossier, language: str) -> str:
    """The day of an instant where our office sits, in words; empty for none."""
    if instant is None:
        return ""
    return in_words(instant.astimezone(ZoneInfo(zone_of(dossier.owner))).date(), language)
