"""``manage.py clock_health``: whether the sweeps run, how far behind they are, what failed."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from registry.reminder_delivery import try_failed_again
from registry.sweeps import Health, health


class Command(BaseCommand):
    help = "The health of scan and delivery of reminders. Exit code 1 when somebody must look."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument(
            "--try-again",
            action="store_true",
            help="Put the messages that were given up back into the outbox, then tell the health.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["try_again"]:
            self.stderr.write(f"{try_failed_again()} messages will be tried again")
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
        self.stdout.write(f"workers        {len(found.workers)} heard of in the last ten minutes")
        self.stdout.write(f"untold         {found.untold} about which nobody may be told")
        for queue in found.queues:
            stage = f"{queue.stage} {queue.channel}".strip()
            waits = f", the oldest for {queue.oldest}" if queue.oldest is not None else ""
            self.stdout.write(f"{stage:<15}{queue.count}{waits}")
        for name, error in found.errors.items():
            self.stdout.write(f"error in {name}: {error}")
