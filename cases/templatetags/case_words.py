"""How the pages of extraditions write durations, labels and fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.extradition_law import ground_label
from treaties.templatetags.register_words import labelled

register = template.Library()
register.filter("label", labelled)
register.filter("ground_label", ground_label)


@register.filter
def under(mapping: Mapping[str, Any], key: Any) -> Any:
    """What a mapping holds under a key; nothing where it holds nothing."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def as_duration(lasted: timedelta) -> str:
    """Whole days and hours: 12 days, 5 hours."""
    days, hours = lasted.days, lasted.seconds // 3600
    said = [ngettext("%(days)s day", "%(days)s days", days) % {"days": days}] if days else []
    if hours or not days:
        said.append(ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours})
    return _(", ").join(said)


@register.simple_tag
def given_or(typed: Mapping[str, Any], here: bool, name: str, stored: Any) -> str:
    """What a field shows: what was typed where this form came back, else what is stored."""
    return str(typed.get(name, stored)) if here else str(stored)


@register.filter("is")
def is_the_same(one: Any, other: Any) -> bool:
    return bool(one == other)


@register.inclusion_tag("cases/parts/part_edit.html", takes_context=True)
def edit_part(context: Mapping[str, Any], part: str, row: Any) -> dict[str, Any]:
    """The form that corrects one entry of a case file or takes it away; nothing for who may not."""
    form = context["form_of"].get(part)
    if form is None:
        return {"form": None}
    name = f"{part}-{row.pk}"
    return {
        "form": form,
        "fields": form.of_row(row),
        "what": form.name_of_row(row),
        "name": name,
        "row": row,
        "here": context["tried"] == name,
        "dossier": context["dossier"],
        "errors": context["errors"],
        "typed": context["typed"],
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def and_number(prefix: str, number: int) -> str:
    """A part's name with the number of its row: assurances-12."""
    return f"{prefix}{number}"
