"""How changes of the register are written in pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from treaties.models import Participation
from treaties.register_editing import editing
from treaties.register_editing.fact_kinds import kind_of_fact

register = template.Library()


@register.simple_tag(takes_context=True)
def fact_link(context: dict[str, Any], fact: Any) -> str:
    """The way to a fact's own page, where it is corrected and verified; for who is signed in."""
    kind = kind_of_fact(fact)
    return fact_link_to(context, kind.code, fact.pk) if kind else ""


@register.simple_tag(takes_context=True)
def fact_link_to(context: dict[str, Any], kind: str, key: Any) -> str:
    user = context.get("user")
    if not key or user is None or not user.is_authenticated:
        return ""
    address = reverse("fact", args=[kind, key])
    return format_html('<a class="fact-link no-print" href="{}">{}</a>', address, _("Correct"))


@register.simple_tag(takes_context=True)
def may_edit_register(context: dict[str, Any]) -> bool:
    user = context.get("user")
    return bool(user is not None and user.is_authenticated and editing.may_edit(user))


@register.filter
def value_at(values: dict[str, Any], name: str) -> Any:
    return values.get(name)


@register.filter
def value_words(value: Any) -> str:
    """A value as a reader writes it: lists with commas, yes and no, a dash for nothing."""
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)


@register.filter
def fact_field_words(name: str) -> str:
    """The name of a field as words: entry_into_force."""
    return name.removesuffix("_id").replace("_", " ")


@register.filter
def action_words(code: str) -> str:
    """What a State did: ratification, accession."""
    return str(dict(Participation.Action.choices).get(code, code))
