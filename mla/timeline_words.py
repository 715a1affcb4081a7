"""What happens to a request, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mla.models import AssistanceRequest
from registry import timeline_words
from registry.timeline_words import moment


def _with_reason(pattern: str, data: Mapping[str, Any], key: str = "reason") -> str:
    reason = data.get(key, "")
    return f"{pattern}: {reason}" if reason else pattern


def _sent(data: Mapping[str, Any]) -> str:
    channels = dict(AssistanceRequest.Transmission.choices)
    words = _("Sent on %(at)s, %(channel)s") % {
        "at": moment(data.get("sent_at", "")),
        "channel": channels.get(data.get("channel", ""), ""),
    }
    tracking = data.get("tracking_number", "")
    return words + (_(", tracking number %(number)s") % {"number": tracking} if tracking else "")


def _acknowledged(data: Mapping[str, Any]) -> str:
    reference = data.get("foreign_reference", "")
    words = _("Acknowledged on %(at)s") % {"at": moment(data.get("acknowledged_at", ""))}
    return words + (_(", their reference %(ref)s") % {"ref": reference} if reference else "")


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
        }
    )
