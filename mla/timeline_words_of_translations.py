"""What happens to the translations of a request, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mla.translations import language_name
from registry import timeline_words
from registry.timeline_words import day


def _of_job(pattern: str, reason: str = "") -> timeline_words.Words:
    def words(data: Mapping[str, Any]) -> str:
        said = _(pattern) % {
            "what": data.get("what", ""),
            "from": language_name(data.get("from_language", "")),
            "into": language_name(data.get("to_language", "")),
            "whom": data.get("translator", ""),
            "due": day(data.get("due", "")),
        }
        if data.get("certified_by"):
            said += _(", certified by %(whom)s") % {"whom": data["certified_by"]}
        return f"{said}: {data[reason]}" if data.get(reason) else said

    return words


def declare() -> None:
    """Make the events of translations readable."""
    timeline_words.declare(
        {
            "mla.translation_ordered": _of_job(
                gettext_noop(
                    "Translation from %(from)s into %(into)s ordered of %(whom)s: %(what)s, "
                    "due on %(due)s"
                )
            ),
            "mla.translation_renewed": _of_job(
                gettext_noop("The translator was given the new text: %(what)s, due on %(due)s")
            ),
            "mla.translation_received": _of_job(
                gettext_noop("Translation into %(into)s received: %(what)s")
            ),
            "mla.translation_cancelled": _of_job(
                gettext_noop("Translation into %(into)s cancelled: %(what)s"), "reason"
            ),
        }
    )
