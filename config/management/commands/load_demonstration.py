"""Fill a demonstration with offices, people and requests."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from config import (
    demonstration,
    demonstration_case_files,
    demonstration_cases_extradition,
    demonstration_clocks,
    demonstration_days_off,
    demonstration_kinds,
    demonstration_letter_templates,
    demonstration_received,
    demonstration_requests,
    demonstration_settling,
)
from treaties.models import Instrument


class Command(BaseCommand):
    help = (
        "Loads the demonstration's offices, people and requests; what is already there stays. "
        "Refuses in production, since everybody knows the passwords."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "The demonstration's accounts have a known password: not in production."
            )
        if not Instrument.objects.exists():
            call_command("load_register", stdout=self.stdout)
        with transaction.atomic():
            demonstration.load_cast()
        made = demonstration_requests.load_requests(timezone.now())
        made += demonstration_received.load_received(timezone.now())
        demonstration_settling.load_settling(timezone.now())
        made += demonstration_kinds.load_kinds(timezone.now())
        demonstration_days_off.load_days_off(timezone.now())
        demonstration_clocks.load_clocks(timezone.now())
        self.stdout.write(f"  {made} requests made")
        demonstration_letter_templates.load_letter_templates(timezone.now())
        made = demonstration_cases_extradition.load_case_and_extraditions(timezone.now())
        made += demonstration_case_files.load_case_files(timezone.now())
        self.stdout.write(f"  {made} case files and extraditions made")
        self.stdout.write(f"  {settings.PUBLIC_ADDRESS}")
        self.stdout.write(demonstration.accounts_table())
