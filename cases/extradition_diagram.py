"""The life of an extradition drawn from its table, for docs/extradition-life.md."""

from __future__ import annotations

from cases.extradition import BOTH, ENDED, MOVES, SENT, Move
from cases.models import ExtraditionStatus as Status
from registry.access import MAY
from registry.models import Role

BEGINNING = """\
# The life of an extradition

Made from `cases/extradition_moves.py` by `make docs`; do not edit. Moves that leave the status as it is
stand in the table alone. What a move causes is in `cases/extradition_consequences.py`.

"""


def diagram() -> str:
    """The moves that change the status, as a Mermaid state diagram."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {Status.OPENED}"]
    lines += [f"    {status}: {status.label}" for status in Status]
    for status in Status:
        lines += [
            f"    {status} --> {move.target}: {move.label}"
            for move in MOVES.values()
            if move.target is not None and status in move.sources
        ]
    lines += [f"    {status} --> [*]" for status in Status if status in ENDED]
    return "\n".join([*lines, "```", ""])


def table() -> str:
    """The moves as a table: in which direction, from where, who may, what must be true."""
    heading = ["Move", "Direction", "From", "To", "Who may", "Must be given", "Must be true"]
    lines = [_line(heading), _line(["---"] * len(heading))]
    lines += [_line(_cells(move)) for move in MOVES.values()]
    return "\n".join(lines) + "\n"


def _cells(move: Move) -> list[str]:
    direction = (
        "both" if move.directions == BOTH else "sent" if SENT in move.directions else "received"
    )
    sources = ", ".join(str(status.label) for status in Status if status in move.sources)
    target = str(move.target.label) if move.target is not None else "stays"
    who = ", ".join(str(role.label) for role in Role if role in MAY[move.act])
    true = " ".join((guard.__doc__ or "").split("\n")[0].strip() for guard in move.guards)
    return [str(move.label), direction, sources, target, who, ", ".join(move.needs), true]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
