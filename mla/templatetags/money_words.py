"""How pages write amounts of money."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import get_language

from mla import money

register = template.Library()


@register.filter
def money_in(amount: Decimal | None, currency: str) -> str:
    """An amount in a currency as the reader's language writes it; a dash for none."""
    return "–" if amount is None else money.in_words(amount, currency, get_language() or "en")
