"""Writes the diagram of the life of a request from its table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from mla.lifecycle import ENDED, MOVES, Move
from mla.models import Status
from registry.access import MAY
from registry.models import Role

FILE = Path(settings.PROJECT_ROOT) / "docs" / "request-lifecycle.md"
BEGINNING = """\
# The life of a request

Made from `mla/lifecycle.py` by `manage.py lifecycle_diagram`; do not edit. What a move causes and
what must be true before it is read there, from top to bottom.

"""


class Command(BaseCommand):
    help = "Writes docs/request-lifecycle.md; with --check only says whether it is current."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing, fail if outdated")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            written = BEGINNING + diagram() + "\n" + table()
        if not options["check"]:
            FILE.write_text(written, encoding="utf-8")
            self.stdout.write(f"Wrote {FILE.relative_to(settings.PROJECT_ROOT)}.")
        elif not FILE.exists() or FILE.read_text(encoding="utf-8") != written:
            raise CommandError("docs/request-lifecycle.md is outdated: run lifecycle_diagram.")


def diagram() -> str:
    """The moves as a Mermaid state diagram."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> draft"]
    lines += [f"    {status}: {status.label}" for status in Status]
    for status in Status:
        lines += [
            f"    {status} --> {move.target}: {move.label}"
            for move in MOVES.values()
            if status in move.sources
        ]
    lines += [f"    {status} --> [*]" for status in Status if status in ENDED]
    return "\n".join([*lines, "```", ""])


def table() -> str:
    """The moves as a table: who may, and what must be given and true."""
    heading = ["Move", "From", "To", "Who may", "Must be given", "Must be true"]
    lines = [_line(heading), _line(["---"] * len(heading))]
    lines += [_line(_cells(move)) for move in MOVES.values()]
    return "\n".join(lines) + "\n"


def _cells(move: Move) -> list[str]:
    who = ", ".join(str(role.label) for role in Role if role in MAY[move.act])
    true = " ".join((guard.__doc__ or "").split("\n")[0].strip() for guard in move.guards)
    sources = ", ".join(str(status.label) for status in Status if status in move.sources)
    given = ", ".join(move.needs)
    return [str(move.label), sources, str(move.target.label), who, given, true]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
