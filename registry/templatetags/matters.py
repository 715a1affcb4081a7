"""How matters, deadlines and States are written in pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from registry import clock_words, lateness, matter_kinds, time_rules, timeline_words
from registry.models import Deadline, TimelineEntry
from registry.state_directory import state_label

register = template.Library()


@register.simple_tag
def matter_page(kind: str, reference: str) -> str:
    return matter_kinds.page_of(kind, reference)


@register.simple_tag
def status_badge(kind: str, status: str) -> SafeString:
    return format_html(
        '<span class="badge badge--{}">{}</span>',
        matter_kinds.status_tone(kind, status),
        matter_kinds.status_label(kind, status),
    )


@register.filter
def state_name(code: str) -> str:
    """The name of a State, by its code, in the reader's language."""
    return state_label(code)


@register.filter
def derivation(value: dict[str, Any]) -> str:
    """How a deadline was reached, in words."""
    return clock_words.sentence(value)


@register.filter
def counted(value: dict[str, Any]) -> str:
    """How the first due instant was counted, without what moved it since."""
    return time_rules.sentence(value) if "length" in value else ""


@register.filter
def is_past(instant: datetime) -> bool:
    return instant < timezone.now()


@register.filter
def said_in_words(text: str) -> str:
    """A text of the product's own in the reader's language; what people wrote stays."""
    return _(text) if text else ""


@register.filter
def in_zone(instant: datetime, zone: str) -> str:
    """An instant as the clocks of a zone show it, with the zone's city."""
    local = instant.astimezone(ZoneInfo(zone))
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    return f"{date_format(local, 'j F Y, H:i')} ({city})"


@register.filter
def days_left(instant: datetime, zone: str = "") -> str:
    """How far away a due instant is, in calendar days of the zone in which it runs."""
    where = zone or timezone.get_current_timezone_name()
    return lateness.days_in_words(instant, timezone.now(), where)


@register.filter
def how_it_stands(row: Any) -> str:
    """A clock in a few words: how far its end is, or since when it is paused and what remains."""
    return lateness.how_it_stands(row, timezone.now())


@register.filter
def deadline_state(state: str) -> str:
    """The state of a deadline in words."""
    return str(Deadline.State(state).label)


@register.filter
def unlocalized(number: int) -> str:
    """A number as an address or a form field has it."""
    return str(number)


@register.filter
def in_words(entry: TimelineEntry) -> str:
    """A timeline entry as a sentence."""
    return timeline_words.sentence(entry)
