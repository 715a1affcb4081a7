"""What happens to letters, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registry import timeline_words
from registry.draft_letter_kinds import label_of
from registry.timeline_words import Words, moment


def _letter(pattern: str) -> Words:
    def words(data: Mapping[str, Any]) -> str:
        said = [_(pattern) % {"kind": label_of(data.get("kind", ""))}, data.get("reason", "")]
        return ": ".join(part for part in said if part)

    return words


def _sent(data: Mapping[str, Any]) -> str:
    return _("Letter sent on %(at)s: %(kind)s") % {
        "at": moment(data.get("sent_at", "")),
        "kind": label_of(data.get("kind", "")),
    }


def declare() -> None:
    """Make the events of letters readable."""
    timeline_words.declare(
        {
            "letter.drafted": _letter(gettext_noop("Letter drafted: %(kind)s")),
            "letter.submitted": _letter(gettext_noop("Letter submitted for approval: %(kind)s")),
            "letter.returned": _letter(gettext_noop("Letter returned to the drafter: %(kind)s")),
            "letter.ordered": _letter(gettext_noop("Letter made final: %(kind)s")),
            "letter.taken_back": _letter(gettext_noop("Letter taken back to a draft: %(kind)s")),
            "letter.discarded": _letter(gettext_noop("Draft letter discarded: %(kind)s")),
            "letter.filed": _letter(gettext_noop("Letter filed as it came back: %(kind)s")),
            "letter.sent": _sent,
        }
    )
