"""Every kind of letter in every language as PDF files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config import letter_specimens
from registry.refusals import Refusal


class Command(BaseCommand):
    help = (
        "Writes a specimen of every kind of letter in every language that it is offered in, about "
        "invented matters that leave nothing in the database. Needs the register (prepare)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", required=True, type=Path, help="the folder to write to")
        parser.add_argument("--language", help="this language only, such as ar")
        parser.add_argument("--kind", help="this kind only, such as extradition.decision")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = letter_specimens.gathered(timezone.now())
        except Refusal as refusal:
            raise CommandError(str(refusal.detail), returncode=2) from refusal
        wanted = [
            specimen
            for specimen in found
            if options["language"] in (None, specimen.language)
            and options["kind"] in (None, specimen.kind)
        ]
        if not wanted:
            raise CommandError("There is no such kind of letter in this language.", returncode=2)
        options["to"].mkdir(parents=True, exist_ok=True)
        for specimen in wanted:
            name = f"{specimen.kind}.{specimen.language}.pdf"
            (options["to"] / name).write_bytes(specimen.pdf())
            self.stdout.write(name)
