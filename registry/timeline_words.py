"""What happened, in words: each room says how its own events read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registry.models import ClockEvent, TimelineEntry

Words = Callable[[Mapping[str, Any]], str]
_WORDS: dict[str, Words] = {}


def declare(words: Mapping[str, Words]) -> None:
    """Make events readable: for each, a function from its data to a sentence."""
    _WORDS.update(words)


def sentence(entry: TimelineEntry) -> str:
    """The entry in the reader's language; the event's own name where nobody has words for it."""
    words = _WORDS.get(entry.event)
    return words(entry.data) if words else entry.event


def moment(value: str, zone: str = "") -> str:
    """An instant kept in an entry, as the reader's clocks (or those of a zone) show it."""
    if not value:
        return ""
    instant = datetime.fromisoformat(value)
    local = instant.astimezone(ZoneInfo(zone)) if zone else timezone.localtime(instant)
    return date_format(local, "j F Y, H:i")


def day(value: str) -> str:
    """A day kept in an entry, as the reader's language writes it."""
    return date_format(date.fromisoformat(value), "j F Y") if value else ""


def _deadline(pattern: str) -> Words:
    def words(data: Mapping[str, Any]) -> str:
        return _(pattern) % {
            "label": data.get("label", ""),
            "due": moment(data.get("due", ""), data.get("zone", "")),
        }

    return words


def _changed(pattern: str) -> Words:
    """What was done to a clock, with what has moved it since it started."""
    plain = _deadline(pattern)

    def words(data: Mapping[str, Any]) -> str:
        said = [plain(data), data.get("reason", "")]
        return _("; ").join(part for part in said if part)

    return words


def _moved(data: Mapping[str, Any]) -> str:
    zone = data.get("zone", "")
    text = _("Clock moved: %(label)s, from %(before)s to %(after)s") % {
        "label": data.get("label", ""),
        "before": moment(data.get("was_due", ""), zone),
        "after": moment(data.get("due", ""), zone),
    }
    return _("; ").join(part for part in (text, data.get("cause", "")) if part)


def _kept(data: Mapping[str, Any]) -> str:
    zone = data.get("zone", "")
    text = _("Clock kept: %(label)s stays on %(before)s and does not move to %(after)s") % {
        "label": data.get("label", ""),
        "before": moment(data.get("due", ""), zone),
        "after": moment(data.get("would_be", ""), zone),
    }
    return _("; ").join(part for part in (text, data.get("cause"), data.get("reason")) if part)


def _corrected(data: Mapping[str, Any]) -> str:
    zone = data.get("zone", "")
    return _(
        "Clock corrected: %(label)s, “%(kind)s” was on %(after)s and not on %(before)s; %(reason)s"
    ) % {
        "label": data.get("label", ""),
        "kind": _kind_of_event(data),
        "before": moment(data.get("was_at", ""), zone),
        "after": moment(data.get("now_at", ""), zone),
        "reason": data.get("reason", ""),
    }


def _withdrawn(data: Mapping[str, Any]) -> str:
    return _("Clock corrected: %(label)s, “%(kind)s” of %(before)s never happened; %(reason)s") % {
        "label": data.get("label", ""),
        "kind": _kind_of_event(data),
        "before": moment(data.get("was_at", ""), data.get("zone", "")),
        "reason": data.get("reason", ""),
    }


def _kind_of_event(data: Mapping[str, Any]) -> str:
    kind = data.get("event_kind", "")
    return str(ClockEvent.Kind(kind).label) if kind in ClockEvent.Kind.values else kind


declare(
    {
        "dossier.opened": lambda data: _("Dossier opened"),
        "dossier.sealed": lambda data: _("Sealed: from now on only those named on it see it"),
        "dossier.reassigned": lambda data: (
            _("Given to %(name)s; before: %(before)s")
            % {"name": data.get("name", ""), "before": data.get("before", "")}
        ),
        "dossier.person_named": lambda data: (
            _("%(name)s was named on the dossier") % {"name": data.get("name", "")}
        ),
        "deadline.started": _deadline(gettext_noop("Clock started: %(label)s, due %(due)s")),
        "deadline.met": _deadline(gettext_noop("Deadline met: %(label)s")),
        "deadline.missed": _deadline(gettext_noop("Deadline missed: %(label)s, was due %(due)s")),
        "deadline.cancelled": _deadline(gettext_noop("Deadline cancelled: %(label)s")),
        "deadline.suspended": _changed(gettext_noop("Clock paused: %(label)s")),
        "deadline.resumed": _changed(gettext_noop("Clock goes on: %(label)s, due %(due)s")),
        "deadline.restarted": _changed(
            gettext_noop("Clock counted afresh: %(label)s, due %(due)s")
        ),
        "deadline.extended": _changed(gettext_noop("Clock extended: %(label)s, due %(due)s")),
        "deadline.moved": _moved,
        "deadline.kept": _kept,
        "deadline.released": _deadline(
            gettext_noop("Date no longer kept: %(label)s, so far due %(due)s")
        ),
        "deadline.event_corrected": _corrected,
        "deadline.event_withdrawn": _withdrawn,
        "reminder.acknowledged": lambda data: (
            _("Reminder acknowledged: %(label)s") % {"label": data.get("label", "")}
        ),
        "deadline.miss_explained": lambda data: (
            _("Said why “%(label)s” was missed: %(text)s")
            % {"label": data.get("label", ""), "text": data.get("text", "")}
        ),
        "letter.made": lambda data: _("The letter was made as a PDF"),
        "letter.voided": lambda data: _("The letter was taken out of use"),
    }
)
