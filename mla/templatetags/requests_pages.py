"""How the pages of requests write labels and look things up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html

from mla import completeness, grounds_cited, move_fields
from mla.life import Move
from mla.models import AssistanceRequest
from mla.web.comparing import as_written, digest_of
from treaties.templatetags.register_words import labelled, language_name_of

register = template.Library()
register.filter("label", labelled)
register.filter("language_name_of", language_name_of)
register.filter("humanised", completeness.humanised)


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


@register.filter
def form_fields(move: Move) -> list[tuple[move_fields.MoveField, bool]]:
    """The fields of a move's form, each with whether it must be given."""
    return move_fields.fields_of(move)


IN_SEVERAL_MOVES = ("reason", "note")


@register.simple_tag
def field_choices(
    field: move_fields.MoveField, request: AssistanceRequest
) -> Iterable[tuple[str, Any]]:
    """What can be chosen: as the field says, or the grounds of the request's own legal basis."""
    if field.kind == move_fields.GROUND:
        return grounds_cited.choices(request)
    return field.choices


@register.simple_tag
def move_field_id(field: move_fields.MoveField, move: str, tried: str) -> str:
    """The field's own name, to which a sentence of the summary leads; apart from the same field of
    the other moves on the page."""
    if field.name in IN_SEVERAL_MOVES and move != tried:
        return f"{field.name}-{move}"
    return field.name


@register.simple_tag
def move_field_value(
    field: move_fields.MoveField,
    move: str,
    tried: str,
    typed: Mapping[str, Any],
    dossier: Any,
    request: AssistanceRequest,
) -> str:
    """What the field shows: what was typed into it where the form came back, else what is likely."""
    if move == tried:
        return str(typed.get(field.name, ""))
    if field.kind == move_fields.MOMENT:
        return timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    if field.name in request.kind_record and field.kind != move_fields.CHOICE:
        return str(request.kind_record[field.name])
    likely = {"channel": request.transmission, "foreign_reference": dossier.foreign_reference}
    return str(likely.get(field.name, ""))
