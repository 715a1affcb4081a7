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
GROUND = "ground"
"""A ground of refusal of the request's own legal basis: what can be chosen depends on the request."""


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
        MoveField(
            "ground",
            GROUND,
            _("Ground that they cite"),
            help=_("A ground that the legal basis knows."),
            longest=20,
        ),
        MoveField("changes", TEXT, _("What changes in the request")),
        MoveField("preserved_at", MOMENT, _("Preserved on")),
        MoveField(
            "preserved_until",
            DAY,
            _("Preserved until"),
            help=_("Left empty, the period of the instrument is counted, where it has one."),
        ),
        MoveField("transferred_at", MOMENT, _("Handed over on")),
        MoveField("custody_place", LINE, _("Place of custody"), longest=300),
        MoveField("return_by", DAY, _("To be returned by")),
        MoveField("returned_at", MOMENT, _("Returned on")),
        MoveField("signed_at", MOMENT, _("Agreement signed on")),
        MoveField(
            "team_members",
            TEXT,
            _("Members of the team"),
            help=_("States and authorities, one in a line."),
        ),
        MoveField("team_ends_on", DAY, _("The team ends on")),
        MoveField("ended_at", MOMENT, _("Ended on")),
        MoveField("accepted_at", MOMENT, _("Accepted on")),
        MoveField("handed_at", MOMENT, _("Case handed over on")),
        MoveField(
            "means",
            CHOICE,
            _("By which means"),
            longest=20,
            choices=(
                ("email", _("E-mail")),
                ("telephone", _("Telephone")),
                ("meeting", _("Meeting")),
                ("network", _("Judicial network or liaison magistrate")),
                ("letter", _("Letter")),
            ),
        ),
        MoveField("used_for", TEXT, _("What it was used for, and by whom")),
        MoveField(
            "considered",
            CHOICE,
            _("Their conditions"),
            help=_("Needed where they gave conditions of use."),
            longest=3,
            choices=(("yes", _("I have read the conditions, and this use keeps to them")),),
        ),
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
