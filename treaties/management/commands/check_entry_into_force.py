"""Compare the recorded days of entry into force with each instrument's own rule."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from treaties.entry_into_force import CONSENTS, disagreements
from treaties.models import EntryIntoForceRule, Participation


class Command(BaseCommand):
    help = "List the acts whose day of entry into force is not the one that the rule gives."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("instrument", nargs="?", default="", help="Only this one (its code).")
        parser.add_argument("--all", action="store_true", help="Each act, not only the counts.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(disagreements(options["instrument"]))
        wrong = Counter(d.act.instrument_id for d in found)
        for rule in EntryIntoForceRule.objects.order_by("pk"):
            if options["instrument"] in ("", rule.pk):
                acts = Participation.objects.filter(
                    instrument=rule.pk, action__in=CONSENTS, date__isnull=False
                ).count()
                self.stdout.write(f"{rule.pk:14} {acts:4} acts, {wrong[rule.pk]:3} differ")
        if options["all"] or options["instrument"]:
            for disagreement in found:
                self.stdout.write(disagreement.sentence)
