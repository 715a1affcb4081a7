"""Reading what was typed, field by field, and the sentence for what cannot be kept.

Each reader takes the value as it came, from a form or from JSON, and gives it as it is stored, or
raises ``ValueError`` with a sentence that says how to mend it. ``read`` gathers the sentences of all
wrong fields, so that an officer sees them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from registry.models import State
from registry.refusals import Invalid, Text

TEXT_MAX_CHARACTERS = 100_000
Reader = Callable[[Any], Any]


def text(maximum: int = TEXT_MAX_CHARACTERS, *, lines: bool = True) -> Reader:
    """A text of at most so many characters; ``lines``: whether it may have several."""

    def reader(value: Any) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            raise ValueError(_("Write this as text."))
        if len(value) > maximum:
            raise ValueError(
                _(
                    "This is %(given)s characters long; at most %(maximum)s are possible. "
                    "Shorten it, or add the long version as an annex."
                )
                % {"given": f"{len(value):,}", "maximum": f"{maximum:,}"}
            )
        written = value.replace("\r\n", "\n").replace("\r", "\n")
        if not is_writable(written):
            raise ValueError(_("This contains characters that cannot be stored. Type it again."))
        return written if lines else " ".join(written.split())

    return reader


def is_writable(value: str) -> bool:
    """Without the null character and half characters, which a database cannot keep."""
    return not any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in value)


def choice(values: Iterable[str]) -> Reader:
    allowed = [str(value) for value in values]

    def reader(value: Any) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        raise ValueError(_("Choose one of: %(values)s.") % {"values": ", ".join(allowed)})

    return reader


def truth(value: Any) -> bool:
    """True or false, as JSON or as a form's checkbox gives it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "on", "1", "yes"}:
        return True
    if value in ("", None) or (isinstance(value, str) and value.lower() in {"false", "off", "0"}):
        return False
    raise ValueError(_("Say true or false."))


def whole_number(minimum: int, maximum: int) -> Reader:
    """A whole number within bounds, or nothing."""

    def reader(value: Any) -> int | None:
        if value in ("", None):
            return None
        if isinstance(value, str) and value.strip().isdecimal():
            value = int(value) if len(value.strip()) < 10 else maximum + 1
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError(_("Write a whole number."))
        if not minimum <= value <= maximum:
            raise ValueError(
                _("Write a number from %(minimum)s to %(maximum)s.")
                % {"minimum": minimum, "maximum": maximum}
            )
        return value

    return reader


def day(value: Any) -> date | None:
    """A day of the calendar written 2028-02-29, or nothing."""
    if value in ("", None):
        return None
    if isinstance(value, date):
        return value
    written = value.strip() if isinstance(value, str) else ""
    try:
        found = date.fromisoformat(written)
        if found.isoformat() != written:  # Python reads other ways of writing days too
            raise ValueError
        return found
    except ValueError:
        raise ValueError(
            _("“%(given)s” is not a day of the calendar. Write it like 2028-02-29.")
            % {"given": str(value)[:40]}
        ) from None


def day_to_come(today: date) -> Reader:
    def reader(value: Any) -> date | None:
        wanted = day(value)
        if wanted is not None and wanted < today:
            raise ValueError(_("This day has passed. Choose today or a later day."))
        return wanted

    return reader


def texts_by_key(known: Iterable[str], maximum: int = TEXT_MAX_CHARACTERS) -> Reader:
    """Texts under known keys; an empty text takes the key away."""
    allowed = list(known)

    def reader(value: Any) -> dict[str, str]:
        if not isinstance(value, Mapping):
            raise ValueError(_("Write this as texts, each under its key."))
        if unknown := sorted(str(key)[:60] for key in value if key not in allowed):
            raise ValueError(
                _("Not known here: %(unknown)s. Known: %(known)s.")
                % {"unknown": ", ".join(unknown), "known": ", ".join(allowed) or "–"}
            )
        read_text = text(maximum)
        return {key: read_text(given) for key, given in value.items()}

    return reader


def state_codes(value: Any) -> list[str]:
    """Codes of States, each once."""
    if isinstance(value, str):
        value = value.replace(",", " ").split()
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise ValueError(_("Write this as a list of codes of States, for example BEL."))
    codes = list(dict.fromkeys(code.strip().upper() for code in value if code.strip()))
    if len(codes) > 20:
        raise ValueError(_("At most 20 can be given."))
    writable = [code for code in codes if is_writable(code)]
    known = set(State.objects.filter(code__in=writable).values_list("code", flat=True))
    if unknown := [code[:12] for code in codes if code not in known]:
        raise ValueError(
            _("Unknown to the register: %(codes)s. Use the three-letter codes of ISO 3166.")
            % {"codes": ", ".join(unknown)}
        )
    return codes


def read(changes: Mapping[str, Any], readers: Mapping[str, Reader]) -> dict[str, Any]:
    """The changes as they are stored; raises Invalid that names every wrong field."""
    stored: dict[str, Any] = {}
    wrong: dict[str, list[Text]] = {}
    for name, value in changes.items():
        reader = readers.get(name)
        if reader is None:
            wrong[str(name)[:80]] = [_("There is no such field here.")]
            continue
        try:
            stored[name] = reader(value)
        except ValueError as mistake:
            wrong[name] = [str(mistake)]
    if wrong:
        raise Invalid("invalid", _("Some of what was written cannot be kept."), fields=wrong)
    return stored
