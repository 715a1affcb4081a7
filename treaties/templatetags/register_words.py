"""How the register's facts are written in pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel import Locale, UnknownLocaleError
from django import template
from django.utils.translation import get_language

from treaties.models import Purpose

register = template.Library()


@register.filter
def labelled(thing: Any) -> str:
    """The label of a measure or of a family of offences in the reader's language."""
    return thing.labels.get((get_language() or "en").split("-")[0]) or thing.label


@register.filter
def language_name_of(code: str) -> str:
    """The name of a language in the reader's language."""
    try:
        name = Locale.parse(get_language() or "en", sep="-").languages.get(code)
    except (UnknownLocaleError, ValueError):
        name = None
    return name or code


@register.filter
def purpose_name(code: str) -> str:
    """What a type of request is called."""
    return str(dict(Purpose.choices).get(code) or in_plain_words(code))


@register.filter
def in_plain_words(code: str) -> str:
    """A code of the register as words: as_soon_as_possible."""
    return code.replace("_", " ")


@register.filter
def plain_number(value: Decimal) -> str:
    """A length without idle zeros: 40, 4.5."""
    return f"{value.normalize():f}"
