"""What happens to a request, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mla.models import AssistanceRequest, Status
from registry import timeline_words
from registry.timeline_words import day, moment


def _with_reason(pattern: str, data: Mapping[str, Any], key: str = "reason") -> str:
    reason = data.get(key, "")
    return f"{pattern}: {reason}" if reason else pattern


def _sent(data: Mapping[str, Any]) -> str:
    channels = dict(AssistanceRequest.Transmission.choices)
    if data.get("imported"):
        return _("Sent on %(day)s") % {"day": day(data.get("day", ""))}
    words = _("Sent on %(at)s, %(channel)s") % {
        "at": moment(data.get("sent_at", "")),
        "channel": channels.get(data.get("channel", ""), ""),
    }
    tracking = data.get("tracking_number", "")
    return words + (_(", tracking number %(number)s") % {"number": tracking} if tracking else "")


def _acknowledged(data: Mapping[str, Any]) -> str:
    reference = data.get("foreign_reference", "")
    if data.get("imported"):
        return _("Acknowledged on %(day)s") % {"day": day(data.get("day", ""))}
    words = _("Acknowledged on %(at)s") % {"at": moment(data.get("acknowledged_at", ""))}
    return words + (_(", their reference %(ref)s") % {"ref": reference} if reference else "")


def _imported(data: Mapping[str, Any]) -> str:
    words = _("Taken in from the office's spreadsheet “%(file)s”, row %(row)s, as “%(status)s”") % {
        "file": data.get("file", ""),
        "row": data.get("row", ""),
        "status": dict(Status.choices).get(data.get("status", ""), data.get("status", "")),
    }
    notes = data.get("notes") or []
    return f"{words}. {'; '.join(notes)}" if notes else words


def _of_file(pattern: str) -> timeline_words.Words:
    return lambda data: _(pattern) % {"file": data.get("file", "")}


def declare() -> None:
    """Make the events of a request readable."""
    timeline_words.declare(
        {
            "mla.started": lambda data: _("Request started"),
            "mla.edited": lambda data: _("Draft edited"),
            "mla.basis_chosen": lambda data: (
                _("Legal basis chosen: %(basis)s") % {"basis": data.get("basis", "")}
            ),
            "mla.submitted": lambda data: _("Submitted for approval"),
            "mla.returned_to_draft": lambda data: _with_reason(_("Returned to the drafter"), data),
            "mla.approved": lambda data: _("Approved; the letter is being made"),
            "mla.sent": _sent,
            "mla.acknowledged": _acknowledged,
            "mla.partly_executed": lambda data: _with_reason(_("Partly executed"), data, "note"),
            "mla.executed": lambda data: _with_reason(_("Executed"), data, "note"),
            "mla.refused": lambda data: _with_reason(_("Refused by the other side"), data),
            "mla.withdrawn": lambda data: _with_reason(_("Withdrawn"), data),
            "mla.closed": lambda data: _("Closed"),
            "mla.imported": _imported,
            "mla.persons_imported": _of_file(
                gettext_noop("Persons added from the office's spreadsheet “%(file)s”")
            ),
            "mla.import_undone": _of_file(
                gettext_noop("What the spreadsheet “%(file)s” wrote here was undone")
            ),
        }
    )
