"""Amounts of money: a number of one currency, never added to another's.

Currencies are those of ISO 4217 that are tender somewhere today, as CLDR knows them.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision, get_territory_currencies
from django.utils.translation import gettext as _

from registry.field_readers import Reader

DIGITS, PLACES = 15, 3
"""How amounts are kept: three places serve every currency that is tender; fifteen digits are what
SQLite keeps exactly."""
LARGEST = Decimal(10) ** (DIGITS - PLACES) - 1


@lru_cache(maxsize=1)
def currencies() -> frozenset[str]:
    """The codes of ISO 4217 that are tender in some territory today."""
    return frozenset(
        code
        for territory in get_global("territory_currencies")
        for code in get_territory_currencies(territory, tender=True)
    )


def currency(value: Any) -> str:
    """Reads a currency by its code. Raises ValueError for one that is not tender."""
    code = value.strip().upper() if isinstance(value, str) else ""
    if code not in currencies():
        raise ValueError(_("Give the currency by its three letters of ISO 4217, such as EUR."))
    return code


def amount_in(code: str) -> Reader:
    """A reader of amounts of a currency: not negative, and no smaller part than its coins."""
    places = get_currency_precision(code) if code in currencies() else PLACES

    def reader(value: Any) -> Decimal | None:
        if value in ("", None):
            return None
        try:
            if isinstance(value, float | bool):
                raise InvalidOperation
            given = Decimal(str(value).strip().replace(" ", "").replace(",", "."))
        except InvalidOperation:
            given = Decimal("NaN")
        if not given.is_finite() or not 0 <= given <= LARGEST:
            raise ValueError(_("Write the amount as a number such as 1250.50, without separators."))
        rounded = given.quantize(Decimal(1).scaleb(-places))
        if rounded != given:
            raise ValueError(
                _("Amounts in %(currency)s have at most %(places)s decimal places.")
                % {"currency": code, "places": places}
            )
        return rounded

    return reader


def in_words(amount: Decimal, code: str, language: str) -> str:
    """An amount as the language writes it, with the code: no sign is read as another dollar."""
    written: str = format_currency(
        amount, code, format="#,##0.00 ¤¤", locale=language.replace("-", "_")
    )
    return written


def sums(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """The sum of each currency, by code."""
    totals: dict[str, Decimal] = {}
    for code, amount in amounts:
        totals[code] = totals.get(code, Decimal(0)) + amount
    return dict(sorted(totals.items()))
