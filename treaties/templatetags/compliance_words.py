"""How obligations and their assessments are written in pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from registry import matter_kinds
from treaties.compliance import STATUSES, Row, Tally
from treaties.compliance_report import charts
from treaties.models import Assessment, Obligation
from treaties.obligation_files import KIND

register = template.Library()


@register.filter
def status_words(code: str) -> str:
    """A status of an obligation in the reader's language."""
    return str(matter_kinds.status_label(KIND, code))


@register.simple_tag
def tally_bar(tally: Tally) -> SafeString:
    """The statuses as one bar; the words beside it say the same."""
    return charts.bar(tally.counts, look="tally__bar")


@register.simple_tag
def tally_words(tally: Tally) -> str:
    said = [
        f"{tally.counts[status]} {status_words(status).lower()}"
        for status in STATUSES
        if tally.counts[status]
    ]
    return ", ".join(said) or _("none")


@register.simple_tag
def due_words(row: Row) -> str:
    """When an obligation is due, in words."""
    if row.due_on:
        return _("due %(day)s") % {"day": date_format(row.due_on, "j F Y")}
    if row.owed.preparing and row.obligation.due_from in (
        Obligation.DueFrom.BINDING,
        Obligation.DueFrom.DEPOSIT,
    ):
        return _("due once the State is bound")
    return str(row.obligation.get_due_from_display()).lower()


def _value(typed: Mapping[str, str] | None, held: Assessment, name: str) -> str:
    if typed is not None and name in typed:
        return typed[name]
    value = (
        getattr(held, f"{name}_id", None) if name.endswith("_authority") else getattr(held, name)
    )
    return value.isoformat() if isinstance(value, date) else str(value or "")


@register.simple_tag
def typed_value(typed: Mapping[str, str] | None, held: Assessment, name: str) -> str:
    """What stands in a field: as typed when something was wrong, else as saved."""
    return _value(typed, held, name)


@register.simple_tag
def typed_checked(
    typed: Mapping[str, str] | None, held: Assessment, name: str, code: str
) -> SafeString:
    return format_html("{}", " checked" if _value(typed, held, name) == code else "")


@register.simple_tag
def typed_selected(
    typed: Mapping[str, str] | None, held: Assessment, name: str, key: int
) -> SafeString:
    return format_html("{}", " selected" if _value(typed, held, name) == str(key) else "")


@register.simple_tag
def measure_wrong(errors: Mapping[str, Any], place: int) -> str:
    return " field--wrong" if f"national_measures.{place}" in errors else ""


@register.simple_tag
def measure_errors(errors: Mapping[str, list[str]], place: int) -> SafeString:
    said = errors.get(f"national_measures.{place}", [])
    return format_html_join("", '<p class="field__error">{}</p>', ((s,) for s in said))
