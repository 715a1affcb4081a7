"""A running clock in words: how its end was reached, and what has moved it since.

Both read the derivation that a deadline keeps, so that pages, the API and letters say the same in
the reader's language. "paused 23 days awaiting translation; due 4 May, now 27 May".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from registry import time_rules
from registry.running_clock import ANYONE, Allowance
from registry.time_rules import length_in_words, time_in_words

SIDES = {
    "requesting": _("by the requesting side"),
    "requested": _("by the requested side"),
    "both": _("by agreement of both sides"),
    "office": _("by the office"),
    "court": _("by a court"),
}


def sentence(derivation: Mapping[str, Any]) -> str:
    """How the due instant was reached, with what moved it; empty for a bare date."""
    counted = time_rules.sentence(derivation) if "length" in derivation else ""
    return gettext("; ").join(part for part in (counted, movement(derivation)) if part)


def movement(derivation: Mapping[str, Any]) -> str:
    """What has moved the end since the clock started; empty where nothing has."""
    moved: Mapping[str, Any] = derivation.get("run") or {}
    kept = [_kept(derivation["kept"], moved)] if derivation.get("kept") else []
    if not moved:
        return "".join(kept)
    first, now = (datetime.fromisoformat(moved[key]) for key in ("first_due", "due"))
    years = {first.year, now.year}
    parts = []
    if moved["restarted_at"]:
        day = _day(moved["restarted_at"], moved, years)
        parts.append(gettext("counted afresh from %(day)s") % {"day": day})
    parts += _pauses(moved)
    parts += [_extension(extension, years) for extension in moved["extensions"]]
    if moved["suspended_since"]:
        parts.append(_open_pause(moved, years))
    elif first != now:
        parts.append(_now_due(moved, first, now))
    return gettext("; ").join(parts + kept)


def allowance(permitted: Allowance) -> str:
    """How far a rule lets a limit be extended; empty where it sets no bound."""
    if not permitted.permits or permitted.by == ANYONE:
        return ""
    parts = [gettext("The rule allows an extension %(by)s") % {"by": SIDES[permitted.by]}]
    if permitted.length is not None and permitted.unit is not None:
        length = length_in_words(time_rules.plain(permitted.length), permitted.unit)
        parts.append(gettext("by at most %(length)s") % {"length": length})
    if permitted.times is not None:
        times = ngettext("once", "%(times)s times", permitted.times) % {"times": permitted.times}
        parts.append(times)
    if permitted.article:
        parts.append(gettext("Art. %(article)s") % {"article": permitted.article})
    return gettext(", ").join(parts)


def _pauses(moved: Mapping[str, Any]) -> list[str]:
    """The pauses that are over, those on the same grounds added up."""
    by_grounds: dict[tuple[tuple[str, ...], str], Any] = {}
    for pause in moved["pauses"]:
        if pause["counted"]:
            key = (tuple(pause["grounds"]), pause["unit"])
            by_grounds[key] = by_grounds.get(key, Decimal()) + Decimal(pause["lost"])
    return [
        _paused(length_in_words(_short(lost), unit), grounds)
        for (grounds, unit), lost in by_grounds.items()
    ]


def _paused(length: str, grounds: tuple[str, ...]) -> str:
    values = {"length": length, "reason": _grounds(grounds)}
    if values["reason"]:
        return gettext("paused %(length)s %(reason)s") % values
    return gettext("paused %(length)s") % values


def _open_pause(moved: Mapping[str, Any], years: set[int]) -> str:
    values = {
        "day": _day(moved["suspended_since"], moved, years),
        "reason": _grounds(moved["grounds"]),
        "length": length_in_words(_short(Decimal(moved["remaining"])), moved["unit"]),
    }
    if values["reason"]:
        return gettext("paused since %(day)s %(reason)s; %(length)s left when it goes on") % values
    return gettext("paused since %(day)s; %(length)s left when it goes on") % values


def _grounds(grounds: Any) -> str:
    return gettext(", ").join(gettext(ground) for ground in grounds if ground)


def _extension(extension: Mapping[str, Any], years: set[int]) -> str:
    if extension["until"]:
        day = date.fromisoformat(extension["until"])
        text = gettext("extended to %(day)s") % {"day": day_in_words(day, years | {day.year})}
    else:
        length = length_in_words(extension["length"], extension["unit"])
        text = gettext("extended by %(length)s") % {"length": length}
    if by := SIDES.get(extension["by"]):
        text += f" {by}"
    if extension["article"]:
        text += gettext(", Art. %(article)s") % {"article": extension["article"]}
    return text


def _now_due(moved: Mapping[str, Any], first: datetime, now: datetime) -> str:
    years = {first.year, now.year}
    before, after = day_in_words(first.date(), years), day_in_words(now.date(), years)
    if moved["exact"]:
        before, after = before + time_in_words(first), after + time_in_words(now)
    text = gettext("due %(before)s, now %(after)s") % {"before": before, "after": after}
    if over := moved["rolled_over"]:
        text += gettext(" (rolls from %(day)s, %(why)s)") % {
            "day": day_in_words(date.fromisoformat(over[0]["day"]), years),
            "why": over[0]["why"],
        }
    return text


def _kept(instant: str, moved: Mapping[str, Any]) -> str:
    zone = _zone(moved) if moved else UTC
    day = datetime.fromisoformat(instant).astimezone(zone).date()
    return gettext("kept on %(day)s, as an officer decided") % {"day": time_rules.day_in_words(day)}


def _day(instant: str, moved: Mapping[str, Any], years: set[int]) -> str:
    day = datetime.fromisoformat(instant).astimezone(_zone(moved)).date()
    return day_in_words(day, years | {day.year})


def _zone(moved: Mapping[str, Any]) -> Any:
    """The zone of the clock: that of its due instant where only an offset was known."""
    try:
        return ZoneInfo(moved["zone"])
    except (KeyError, ValueError):
        return datetime.fromisoformat(moved["due"]).tzinfo


def day_in_words(day: date, years: set[int]) -> str:
    """The day, with its year only where more than one year is spoken of."""
    if len(years) > 1:
        return time_rules.day_in_words(day)
    return date_format(day, pgettext("date without its year, Django format", "j F"))


def _short(length: Any) -> str:
    """Hours of a pause to two places: a pause is measured exactly and read roughly."""
    rounded = round(length, 2)
    return time_rules.plain(rounded if rounded else Decimal())
