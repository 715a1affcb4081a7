"""How the pages of requests write labels and look things up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html

from mla import completeness
from mla.web.comparing import as_written, digest_of
from treaties.templatetags.register_words import labelled, language_name_of

register = template.Library()
register.filter("label", labelled)
register.filter("language_name_of", language_name_of)


@register.filter
def under(mapping: Mapping[str, Any], key: Any) -> Any:
    """What a mapping holds under a key; nothing where it holds nothing."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def as_anchor(name: str) -> str:
    """Where on the page a field of the checklist is: ``measures.12.particulars.period`` is the field
    measure-12-period."""
    if name.startswith("measures."):
        _measures, key, _particulars, particular = name.split(".", 3)
        return f"measure-{key}-{particular}"
    return name.replace("further_contents.", "further-").replace(".", "-")


@register.filter
def numbered(prefix: str, key: int) -> str:
    """A field's prefix with the number of its part: measure-12."""
    return f"{prefix}{key}"


@register.filter
def particular_label(particular: Any) -> str:
    """What a particular is called, with a mark when it is required."""
    return completeness.particular_label(particular.key)


@register.filter
def particular_help(particular: Any) -> str:
    """What a particular is for, whether it is required, and the article that says so."""
    said = [str(particular.help), f"({particular.get_requirement_display()}"]
    if particular.article:
        said[-1] += f", {particular.article}"
    return " ".join(said) + ")"


@register.filter
def as_text(value: Any) -> str:
    return str(value)


@register.simple_tag
def typed_or(typed: Mapping[str, Any], name: str, stored: Any) -> str:
    """What a field shows: what was typed into it where the form came back, else what is stored."""
    return as_written(typed.get(name, stored))


@register.simple_tag
def seen(name: str, stored: Any) -> str:
    """A hidden field that tells, when the form comes back, what its sender had before them."""
    return format_html('<input type="hidden" name="seen-{}" value="{}">', name, digest_of(stored))
