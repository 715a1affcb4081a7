"""A key for the API, for somebody who works from the command line."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from registry import access_tokens
from registry.models import User
from registry.refusals import Invalid


class Command(BaseCommand):
    help = "Makes a personal access token for a person and prints it, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="whose key it is")
        parser.add_argument("--name", default="command line", help="what the key is for")
        parser.add_argument("--days", type=int, default=90, help="after how many days it ends")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['email']}.", returncode=2)
        try:
            _token, text = access_tokens.create(
                user, options["name"], days=options["days"], now=timezone.now()
            )
        except Invalid as refusal:
            reasons = "; ".join(str(r) for said in refusal.fields.values() for r in said)
            raise CommandError(reasons, returncode=2) from refusal
        self.stdout.write(text)
