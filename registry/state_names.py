"""Names of States as a language writes them, from the Unicode CLDR through Babel."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=32)
def _territories(language: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(language.replace("-", "_")).territories)
    except (UnknownLocaleError, ValueError):
        return {}


def state_name(code: str, alpha2: str, name: str, names: dict[str, str], language: str) -> str:
    """The State's name in a language: the office's own, else CLDR's, else the register's."""
    short = language.split("-")[0]
    if own := names.get(language) or names.get(short):
        return own
    if short == "en" or not alpha2:
        return name
    return _territories(short).get(alpha2, name)
