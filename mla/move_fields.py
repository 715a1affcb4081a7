"""What a move of a request's life may be given: the words, the kind and the bounds of each field.

Forms and the API are made from this table, so that a move that needs something new says so once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from mla.life import Move
from mla.models import AssistanceRequest
from registry.refusals import Text

TEXT, LINE, DAY, MOMENT, CHOICE, FILE = "text", "line", "day", "moment", "choice", "file"


@dataclass(frozen=True)
class MoveField:
    """One field. ``kind`` is one of the words above; ``longest`` counts characters."""

    name: str
    kind: str
    label: Text
    help: Text = ""
    longest: int = 10_000
    choices: tuple[tuple[str, Text], ...] = ()


FIELDS: dict[str, MoveField] = {
    field.name: field
    for field in (
        MoveField(
            "channel",
            CHOICE,
            _("Channel"),
            longest=40,
            choices=tuple(AssistanceRequest.Transmission.choices),
        ),
        MoveField("sent_at", MOMENT, _("Sent on")),
        MoveField(
            "original_follows",
            CHOICE,
            _("The original"),
            help=_("For the electronic channel and INTERPOL: a clock then waits for the paper."),
            longest=3,
            choices=(("yes", _("Sent ahead: the original follows on paper")),),
        ),
        MoveField("tracking_number", LINE, _("Tracking number"), longest=120),
        MoveField(
            "proof",
            FILE,
            _("Proof of sending"),
            help=_("A receipt, a delivery report, a scan of the note."),
        ),
        MoveField("acknowledged_at", MOMENT, _("Acknowledged on")),
        MoveField("foreign_reference", LINE, _("Their reference"), longest=120),
        MoveField("question", TEXT, _("What is asked")),
        MoveField("asked_at", MOMENT, _("Asked on")),
        MoveField("wanted_by", DAY, _("Answer wanted by")),
        MoveField("answered_at", MOMENT, _("Answered on")),
        MoveField("answer", TEXT, _("The answer, in short")),
        MoveField("until", DAY, _("Until")),
        MoveField("referred_to", LINE, _("To which authority"), longest=300),
        MoveField("reason", TEXT, _("Reason")),
        MoveField("note", TEXT, _("Note")),
    )
}


def fields_of(move: Move) -> list[tuple[MoveField, bool]]:
    """The fields of a move's form, each with whether it must be given."""
    return [(FIELDS[name], True) for name in move.needs] + [
        (FIELDS[name], False) for name in move.takes
    ]


def named(names: Iterable[str], *kinds: str) -> list[MoveField]:
    """Those of the fields named that are of one of these kinds."""
    return [FIELDS[name] for name in names if FIELDS[name].kind in kinds]
