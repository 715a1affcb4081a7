"""How far away a due instant is, and how late something was: one way of counting for everything.

Calendar days of the zone in which the clock runs: what was due on Friday and is done on Monday is
three days late, whatever the hour, whoever reads it and where. Pages, mails, letters, tables and the
API all ask here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.clock_words import movement
from registry.models import Deadline


def days_between(due_at: datetime, at: datetime, zone: str) -> int:
    """How many calendar days of the zone ``at`` lies after the due day; negative before it."""
    where = ZoneInfo(zone)
    return (at.astimezone(where).date() - due_at.astimezone(where).date()).days


def days_late(due_at: datetime, until: datetime, zone: str) -> int:
    """How many days late; 0 where it is not late, or late on the due day itself."""
    return max(0, days_between(due_at, until, zone)) if until > due_at else 0


def days_in_words(due_at: datetime, now: datetime, zone: str) -> str:
    """“in 3 days”, “today”, “2 days late”, in the reader's language."""
    days = -days_between(due_at, now, zone)
    if days == 0:
        return _("today") if now <= due_at else _("ended today")
    if days > 0:
        return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
    return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}


def how_it_stands(row: Deadline | Mapping[str, Any], now: datetime) -> str:
    """One clock in a few words: how far its end is while it runs, since when it is paused and what
    is left of it, or what became of it. Of a deadline or of a row of a list."""
    state, due_at, zone, derivation = (
        row[name] if isinstance(row, Mapping) else getattr(row, name)
        for name in ("state", "due_at", "zone", "derivation")
    )
    if state == Deadline.State.RUNNING:
        return days_in_words(due_at, now, zone)
    if state == Deadline.State.SUSPENDED:
        return movement(derivation or {}) or _("paused")
    return str(Deadline.State(state).label)
