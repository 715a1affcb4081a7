"""Identifiers of things as they are compared: without separators, and with their check digits right.

``key_of`` gives what two writings of one identifier have in common, or raises ValueError with a
sentence that says what is wrong. No two kinds of identifier are compared with each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from django.utils.translation import gettext as _

from cases.models import LinkedObject
from registry.search_text import fold

Kind, Identifier = LinkedObject.Kind, LinkedObject.IdentifierKind
OFFERED: dict[str, tuple[str, ...]] = {
    Kind.ACCOUNT: (Identifier.IBAN, Identifier.ACCOUNT_NUMBER, Identifier.WALLET),
    Kind.ASSET: (Identifier.REGISTER_NUMBER, Identifier.SERIAL_NUMBER, Identifier.NAME),
    Kind.DEVICE: (Identifier.IMEI, Identifier.PHONE, Identifier.SERIAL_NUMBER),
    Kind.PLACE: (Identifier.ADDRESS, Identifier.NAME),
    Kind.VESSEL: (Identifier.IMO, Identifier.REGISTER_NUMBER, Identifier.NAME),
    Kind.VEHICLE: (Identifier.PLATE, Identifier.VIN),
}
"""Which identifiers a kind of thing may have."""
NEED_A_STATE = frozenset({Identifier.PLATE, Identifier.REGISTER_NUMBER, Identifier.ACCOUNT_NUMBER})
"""Numbers that mean something within one State only."""
COUNTED = frozenset({Identifier.NAME, Identifier.ADDRESS})
"""Told by words: the same words may be another thing."""


def key_of(kind: str, written: str, country: str = "") -> str:
    """The identifier as it is compared. Raises ValueError with a sentence."""
    key = READERS.get(kind, _plain)(unicodedata.normalize("NFKC", written))
    if not key:
        raise ValueError(_("Write the identifier."))
    return f"{country}:{key}" if kind in NEED_A_STATE else key


def _plain(written: str) -> str:
    return "".join(c for c in written.upper() if c.isalnum())


def _iban(written: str) -> str:
    key = _plain(written)
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}", key):
        raise ValueError(_("An IBAN has two letters, two figures and the account, like BE71 0961…"))
    turned = "".join(str(int(c, 36)) for c in key[4:] + key[:4])
    if int(turned) % 97 != 1:
        raise ValueError(_("The check figures of this IBAN are not right. Compare it again."))
    return key


def _imei(written: str) -> str:
    """The fourteen figures that name the device; the fifteenth is a check, two more a version."""
    figures = _figures(written)
    if len(figures) not in (14, 15, 16):
        raise ValueError(_("An IMEI has fifteen figures."))
    if len(figures) == 15 and _luhn(figures):
        raise ValueError(_("The check figure of this IMEI is not right. Compare it again."))
    return figures[:14]


def _luhn(figures: str) -> int:
    doubled = [int(f) * (2 if place % 2 else 1) for place, f in enumerate(reversed(figures))]
    return sum(value // 10 + value % 10 for value in doubled) % 10


def _imo(written: str) -> str:
    figures = _figures(written)
    if len(figures) != 7:
        raise ValueError(_("An IMO number has seven figures."))
    if sum(int(f) * (7 - place) for place, f in enumerate(figures[:6])) % 10 != int(figures[6]):
        raise ValueError(_("The check figure of this IMO number is not right. Compare it again."))
    return figures


def _phone(written: str) -> str:
    figures = _figures(written)
    if not written.strip().startswith("+") and not figures.startswith("00"):
        raise ValueError(_("Write the number with the code of its State, like +32 2 555 00 00."))
    figures = figures.removeprefix("00") if not written.strip().startswith("+") else figures
    if not 6 <= len(figures) <= 15:
        raise ValueError(_("A telephone number has six to fifteen figures."))
    return figures


def _vin(written: str) -> str:
    key = _plain(written)
    if len(key) != 17:
        raise ValueError(_("A vehicle identification number has seventeen characters."))
    return key


def _wallet(written: str) -> str:
    """As it stands, for capitals may matter; two ways of writing know none."""
    key = "".join(written.split())
    return key.lower() if key.lower().startswith(("bc1", "0x")) else key


def _words(written: str) -> str:
    return " ".join(re.findall(r"\w+", fold(written)))[:160]


def _figures(written: str) -> str:
    return "".join(str(unicodedata.digit(c)) for c in written if c.isdigit())


READERS: dict[str, Callable[[str], str]] = {
    Identifier.IBAN: _iban,
    Identifier.IMEI: _imei,
    Identifier.IMO: _imo,
    Identifier.PHONE: _phone,
    Identifier.VIN: _vin,
    Identifier.WALLET: _wallet,
    Identifier.ADDRESS: _words,
    Identifier.NAME: _words,
}
