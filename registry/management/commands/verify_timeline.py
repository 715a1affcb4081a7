"""Prove that timelines are whole: nothing changed, nothing taken out, nothing put in between."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.models import Dossier
from registry.timeline import breaks


class Command(BaseCommand):
    help = (
        "Checks the chain of every dossier's timeline, or of one dossier. Prints where it is "
        "broken and then ends with an error. It cannot tell that the last entries of a chain are "
        "missing: compare the digest it prints for a dossier with one that you kept."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", nargs="?", help="the dossier; all of them without it")

    def handle(self, *args: Any, **options: Any) -> None:
        dossiers = Dossier.objects.order_by("pk")
        reference = options["reference"]
        if reference:
            dossiers = dossiers.filter(reference=reference)
            if not dossiers.exists():
                raise CommandError(f"There is no dossier {reference}.")
        checked = broken = 0
        for dossier in dossiers.only("pk", "reference").iterator(chunk_size=1000):
            checked += 1
            faults = list(breaks(dossier))
            broken += bool(faults)
            for sequence, fault in faults:
                self.stdout.write(f"{dossier.reference} entry {sequence}: {fault}")
        if broken:
            raise CommandError(f"{broken} of {checked} timelines are broken.")
        self.stdout.write(f"{checked} timelines checked: all whole.")
        if reference:
            last = dossiers.get().timeline.order_by("sequence").last()
            if last:
                self.stdout.write(f"{last.sequence} entries; last digest {last.digest}")
