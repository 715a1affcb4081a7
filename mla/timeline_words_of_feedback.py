"""What was said of the usefulness of the help, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mla.models import Feedback
from registry import timeline_words
from registry.timeline_words import day


def _usefulness(data: Mapping[str, Any]) -> str:
    labels = dict(Feedback.Usefulness.choices)
    words = str(labels.get(data.get("usefulness", ""), ""))
    return f"{words}: {data['note']}" if data.get("note") else words


def _given(data: Mapping[str, Any]) -> str:
    words = _("We said how useful it was: %(what)s") % {"what": _usefulness(data)}
    return f"{words} ({_('told to them here')})" if data.get("here") else words


def declare() -> None:
    """Make the events of feedback readable."""
    timeline_words.declare(
        {
            "mla.feedback_given": _given,
            "mla.feedback_received": lambda data: (
                _("%(office)s said how useful our help was: %(what)s")
                % {"office": data.get("office", ""), "what": _usefulness(data)}
            ),
            "mla.feedback_told": lambda data: (
                _("They were told how useful it was, on %(day)s")
                % {"day": day(data.get("day", ""))}
            ),
        }
    )
