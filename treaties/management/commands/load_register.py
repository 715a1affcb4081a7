"""Load States, instruments, participation and rules from the project's data files."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from treaties.register_loading import load_register


class Command(BaseCommand):
    help = (
        "Loads the register (States, instruments, participation, declarations, rules) from the "
        "data files. Run it as often as you like: it adds what is new, changes what has changed, "
        "and keeps every row that an office has edited."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        reports = load_register(now=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps({"tables": [r.as_dict() for r in reports]}, indent=2))
            return
        heads = ("added", "changed", "unchanged", "kept", "removed")
        width = max(len(r.table) for r in reports)
        self.stdout.write(" " * width + "".join(f"{h:>11}" for h in heads))
        for report in reports:
            counts = "".join(f"{getattr(report, h):>11}" for h in heads)
            self.stdout.write(f"{report.table:<{width}}{counts}")
        total = {h: sum(getattr(r, h) for r in reports) for h in heads}
        self.stdout.write(f"{'total':<{width}}" + "".join(f"{total[h]:>11}" for h in heads))
