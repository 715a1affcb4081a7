"""How texts are set in letters."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@register.filter
def paragraphs(text: Any) -> SafeString:
    """What an officer typed, as paragraphs, each in its own direction: Latin text in an Arabic letter
    reads from the left. The direction is found here, since the PDF maker does not find it."""
    blocks = re.split(r"\n\s*\n", str(text or "").replace("\r\n", "\n").strip())
    return mark_safe(  # noqa: S308 (every block is escaped)
        "".join(
            f'<p dir="{direction_of(block)}">'
            f"{'<br>'.join(escape(line) for line in block.splitlines())}</p>"
            for block in blocks
            if block.strip()
        )
    )


@register.filter
def apart(text: Any) -> SafeString:
    """A name or number within a sentence, set apart so that scripts do not mix."""
    return format_html('<bdi dir="{}">{}</bdi>', direction_of(str(text)), text)


def direction_of(text: str) -> str:
    """The direction of the first letter that has one; left to right where none has."""
    for character in text:
        strength = unicodedata.bidirectional(character)
        if strength == "L":
            return "ltr"
        if strength in {"R", "AL"}:
            return "rtl"
    return "ltr"


@register.filter
def numerals(number: int, language: str) -> str:
    """A number in the digits of the letter's language."""
    return str(number).translate(ARABIC_DIGITS) if language == "ar" else str(number)


@register.simple_tag
def measure_article(words: dict[str, Any], article: str) -> SafeString:
    """The sentence that names the article of a measure, the article set apart."""
    before, after = words["sentences"]["measure_article"].split("{article}")
    return format_html("{}{}{}", before, apart(article), after)
