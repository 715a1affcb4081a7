"""The buttons by which a list is taken away as a table."""

from __future__ import annotations

from typing import Any

from django import template

from registry import list_exports

register = template.Library()


@register.inclusion_tag("registry/parts/list_export_buttons.html", takes_context=True)
def take_away(context: dict[str, Any], code: str, filters: str = "") -> dict[str, Any]:
    """Take this list away with the filters of this page; ``filters`` are further ones."""
    request = context["request"]
    query = "&".join(filter(None, (request.GET.urlencode(), filters)))
    return {
        "shown": request.user.is_authenticated,
        "code": code,
        "label": list_exports.label_of(code),
        "query": list_exports.without_place(query),
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def list_label(code: str) -> str:
    return str(list_exports.label_of(code))
