"""Writes the diagrams of the lives of a request, sent and received, from their tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from mla import lifecycle_received
from mla.life import Life, Move
from mla.lifecycle import SENT_LIFE
from registry.access import MAY
from registry.models import Role

RECEIVED_LIFE = lifecycle_received.LIFE
FILE = Path(settings.PROJECT_ROOT) / "docs" / "request-lifecycle.md"
BEGINNING = """\
# The life of a request

Made from `mla/lifecycle.py` and `mla/lifecycle_received.py` by `manage.py lifecycle_diagram`; do not
edit. What a move causes and what must be true before it is read there, from top to bottom.

"""


class Command(BaseCommand):
    help = "Writes docs/request-lifecycle.md; with --check only says whether it is current."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing, fail if outdated")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            written = document()
        if not options["check"]:
            FILE.write_text(written, encoding="utf-8")
            self.stdout.write(f"Wrote {FILE.relative_to(settings.PROJECT_ROOT)}.")
        elif not FILE.exists() or FILE.read_text(encoding="utf-8") != written:
            raise CommandError("docs/request-lifecycle.md is outdated: run lifecycle_diagram.")


def document() -> str:
    """Both lives, each as a diagram and as a table."""
    lives = (("A request that we send", SENT_LIFE), ("A request that we receive", RECEIVED_LIFE))
    return BEGINNING + "\n".join(
        f"## {title}\n\n{diagram(life)}\n{table(life)}" for title, life in lives
    )


def diagram(life: Life) -> str:
    """The moves as a Mermaid state diagram; those that leave the status alone are in the table."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {life.begins}"]
    lines += [f"    {status}: {status.label}" for status in life.statuses]
    for status in life.statuses:
        lines += [
            f"    {status} --> {move.target}: {move.label}"
            for move in life.moves.values()
            if status in move.sources and move.target
        ]
    lines += [f"    {status} --> [*]" for status in life.statuses if status in life.ended]
    return "\n".join([*lines, "```", ""])


def table(life: Life) -> str:
    """The moves as a table: who may, and what must be given and true."""
    heading = ["Move", "From", "To", "Who may", "Must be given", "Must be true"]
    lines = [_line(heading), _line(["---"] * len(heading))]
    lines += [_line(_cells(life, move)) for move in life.moves.values()]
    return "\n".join(lines) + "\n"


def _cells(life: Life, move: Move) -> list[str]:
    who = ", ".join(str(role.label) for role in Role if role in MAY[move.act])
    true = " ".join((guard.__doc__ or "").split("\n")[0].strip() for guard in move.guards)
    sources = ", ".join(str(status.label) for status in life.statuses if status in move.sources)
    given = ", ".join(move.needs)
    to = str(move.target.label) if move.target else "stays"
    return [str(move.label), sources, to, who, given, true]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
