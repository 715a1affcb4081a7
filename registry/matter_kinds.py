"""The kinds of matter that have a dossier. Each room declares its own; this room names none.

A declaration says where the pages of a matter are, what its statuses are called, and which of them
lie on whose desk. It is made in the room's ``AppConfig.ready``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from registry.models import Deadline, DraftLetter, User
from registry.refusals import Text

DrafterOfReminders = Callable[[Deadline, User, datetime], tuple[DraftLetter, bool]]
"""Drafts the reminder to the other side for an overdue deadline. Gives the letter, and whether it is
new: one that the matter has already and that has not left is given instead of a second."""


@dataclass(frozen=True)
class Pile:
    """Matters that wait for a person: on the desk under this heading.

    ``condition`` gives the condition on Dossier for this person, or None where the person's roles
    have no part in it.
    """

    label: Text
    condition: Callable[[User], Q | None]
    query: str = ""


@dataclass(frozen=True)
class MatterKind:
    """One kind of matter. ``tone`` of a status is a word that the stylesheet knows.

    ``reminder`` is the address to which a form is sent that drafts a reminder to the other side, for a
    reference and a deadline; ``draft_reminder`` drafts it where many are drafted together
    (``registry/reminder_rounds.py``).
    """

    code: str
    label: Text
    page: Callable[[str], str]
    list_page: Callable[[], str]
    status_labels: Mapping[str, Text]
    status_tones: Mapping[str, str]
    piles: tuple[Pile, ...] = ()
    reminder: Callable[[str, int], str] | None = None
    draft_reminder: DrafterOfReminders | None = None


_KINDS: dict[str, MatterKind] = {}


def declare(kind: MatterKind) -> None:
    """Make a kind of matter known. Declaring the same code again replaces it."""
    _KINDS[kind.code] = kind


def kinds() -> list[MatterKind]:
    return list(_KINDS.values())


def page_of(code: str, reference: str) -> str:
    """The address of a matter's page; empty where its kind has none."""
    kind = _KINDS.get(code)
    return kind.page(reference) if kind else ""


def status_label(code: str, status: str) -> Text:
    kind = _KINDS.get(code)
    return kind.status_labels.get(status, status) if kind else status


def status_tone(code: str, status: str) -> str:
    kind = _KINDS.get(code)
    return kind.status_tones.get(status, "draft") if kind else "draft"


def reminder_address(code: str, reference: str, deadline: int) -> str:
    """Where a reminder to the other side is drafted; empty where the kind has no such letter."""
    kind = _KINDS.get(code)
    return kind.reminder(reference, deadline) if kind and kind.reminder else ""


def reminder_drafter(code: str) -> DrafterOfReminders | None:
    """What drafts a reminder in a matter of this kind; None where the kind has no such letter."""
    kind = _KINDS.get(code)
    return kind.draft_reminder if kind else None
