"""How texts are set in letters."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from registry.letter_words import (
    ARABIC_DIGITS,
    END_OF_ISOLATE,
    FROM_THE_LEFT,
    FROM_THE_RIGHT,
    ISOLATE,
    direction_of,
)

register = template.Library()


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


@register.filter
def numerals(number: int, language: str) -> str:
    """A number in the digits of the letter's language."""
    return str(number).translate(ARABIC_DIGITS) if language == "ar" else str(number)


@register.simple_tag
def measure_article(words: dict[str, Any], article: str) -> SafeString:
    """The sentence that names the article of a measure, the article set apart."""
    before, after = words["sentences"]["measure_article"].split("{article}")
    return format_html("{}{}{}", before, apart(article), after)


@register.simple_tag
def letter_paragraph(paragraph: dict[str, Any]) -> SafeString:
    """A paragraph of a drafted letter: in its language's direction, names and numbers set apart,
    lines that begin with a dash as a list."""
    pieces = []
    for block in re.split(r"\n\s*\n", paragraph["text"].strip()):
        written = direction_of_block(block, paragraph["direction"])
        for dashed, lines in groupby(block.splitlines(), key=lambda line: line.startswith(DASH)):
            if dashed:
                items = "".join(f"<li>{_set(line.removeprefix(DASH))}</li>" for line in lines)
                pieces.append(f'<ul dir="{written}">{items}</ul>')
            else:
                pieces.append(f'<p dir="{written}">{"<br>".join(_set(line) for line in lines)}</p>')
    return mark_safe("".join(pieces))  # noqa: S308 (every line is escaped)


@register.simple_tag
def cell_class(cell: str) -> SafeString:
    """How a cell of a table is set: digests small, short values unbroken."""
    if re.fullmatch(r"[0-9a-f]{64}", cell):
        return mark_safe(' class="digest"')
    return mark_safe(' class="plain"') if len(cell) < 12 else mark_safe("")


DASH = "– "
ISOLATED = re.compile(f"{ISOLATE}([^{ISOLATE}{END_OF_ISOLATE}]*){END_OF_ISOLATE}")
UNBROKEN = re.compile(r"(?<![\w/-])[A-Z0-9]{2,}(?:[-/][A-Z0-9]+){2,}(?![\w/-])")
"""References and numbers in parts, which are read as one word."""


def _set(line: str) -> str:
    """A line with its isolated values and references each in an element of its own."""
    apart_from_text = ISOLATED.sub(
        lambda match: f'<bdi dir="{direction_of(match[1])}">{match[1]}</bdi>', str(escape(line))
    )
    return UNBROKEN.sub(lambda m: f'<bdi class="reference" dir="ltr">{m[0]}</bdi>', apart_from_text)


def direction_of_block(block: str, letter: str) -> str:
    """The letter's own direction wherever a word of the block is written in it."""
    strong = {"ltr": FROM_THE_LEFT, "rtl": FROM_THE_RIGHT}[letter]
    outside = ISOLATED.sub("", block)
    if any(unicodedata.bidirectional(character) in strong for character in outside):
        return letter
    return direction_of(block)
