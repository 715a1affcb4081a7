"""How a report of compliance is drawn and written, in pages and in its PDF."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi

from treaties.compliance_report import charts, showing
from treaties.models import Obligation

register = template.Library()
register.filter("article_words", showing.article_words)


@register.simple_tag
def chart_bar(counts: dict[str, int], longest: int = 0) -> SafeString:
    return charts.bar(counts, longest=longest, from_the_right=get_language_bidi())


@register.simple_tag
def chart_ring(tally: dict[str, Any]) -> SafeString:
    return charts.ring(tally["counts"], said=f"{tally['assessed']}/{tally['total']}")


@register.filter
def count_of(counts: dict[str, int], status: str) -> int:
    return counts.get(status, 0)


@register.filter
def obligation_kind_words(code: str) -> str:
    return str(Obligation.Kind(code).label)


@register.filter
def due_from_words(code: str) -> str:
    return str(Obligation.DueFrom(code).label)
