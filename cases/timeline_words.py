"""What happened to persons, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registry import timeline_words


def _named(pattern: str) -> timeline_words.Words:
    def words(data: Mapping[str, Any]) -> str:
        said = _(pattern) % {"name": data.get("name", "")}
        reason = data.get("reason") or data.get("note") or ""
        return f"{said}: {reason}" if reason else said

    return words


def declare() -> None:
    timeline_words.declare(
        {
            "person.name_added": _named(gettext_noop("A name of %(name)s was added")),
            "person.name_removed": _named(gettext_noop("A name of %(name)s was taken away")),
            "person.document_added": _named(
                gettext_noop("An identity document of %(name)s was added")
            ),
            "person.document_removed": _named(
                gettext_noop("An identity document of %(name)s was taken away")
            ),
            "person.photo_added": _named(gettext_noop("A photo of %(name)s was added")),
            "person.photo_changed": _named(
                gettext_noop("What is said of a photo of %(name)s was changed")
            ),
            "person.photo_made_main": _named(
                gettext_noop("Another photo of %(name)s was made the main one")
            ),
            "person.photo_removed": _named(gettext_noop("A photo of %(name)s was taken away")),
            "person.identity_read": _named(
                gettext_noop("Read who the protected person %(name)s is")
            ),
            "person.protection_began": _named(
                gettext_noop("The person is protected from now on, as %(name)s")
            ),
            "person.protection_ended": _named(gettext_noop("The protection of %(name)s was ended")),
            "match.agreed": _named(
                gettext_noop("Agreed to be put in touch about a match of %(name)s")
            ),
            "match.declined": _named(
                gettext_noop("Declined to be put in touch about a match of %(name)s")
            ),
            "match.same": _named(gettext_noop("%(name)s is the same person as in another matter")),
            "match.not_same": _named(
                gettext_noop("%(name)s is not the same person as in another matter")
            ),
        }
    )
