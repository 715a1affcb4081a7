"""``manage.py clock_health``: whether the sweeps run, how far behind they are, what failed."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from registry.sweeps import Health, health


class Command(BaseCommand):
    help = "The health of scan and delivery of reminders. Exit code 1 when somebody must look."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        found = health(timezone.now())
        if options["as_json"]:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False))
        else:
            self._print(found)
        if not found.healthy:
            sys.exit(1)

    def _print(self, found: Health) -> None:
        self.stdout.write("healthy" if found.healthy else "somebody must look")
        self.stdout.write(f"last scan      {found.last_scan or 'never'}")
        self.stdout.write(f"last delivery  {found.last_delivery or 'never'}")
        self.stdout.write(f"lag            {found.lag}")
        self.stdout.write(f"due            {found.due}")
        self.stdout.write(
            f"pending        {found.pending} (and {found.retrying} to be tried again)"
        )
        self.stdout.write(f"failed         {found.failed}")
        for name, error in found.errors.items():
            self.stdout.write(f"error in {name}: {error}")
