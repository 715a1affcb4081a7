"""That a draft was shown to the other side, and that they commented on it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from registry import timeline_words
from registry.timeline_words import day


def _shared(data: Mapping[str, Any]) -> str:
    return _("The draft was shared for comment with %(who)s, by a link until %(day)s") % {
        "who": data.get("recipient", ""),
        "day": day(data.get("until", "")),
    }


def declare() -> None:
    """Make the events of a shared draft readable."""
    timeline_words.declare(
        {
            "mla.draft_shared": _shared,
            "mla.draft_share_revoked": lambda data: (
                _("The link to the draft for %(who)s was revoked")
                % {"who": data.get("recipient", "")}
            ),
            "mla.draft_commented": lambda data: (
                _("%(name)s commented on the draft, by the link for %(who)s")
                % {"name": data.get("name", ""), "who": data.get("recipient", "")}
            ),
        }
    )
