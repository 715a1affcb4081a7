"""Put a new key before the others and seal all protected identities under it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases import identity_keys, protected_identities
from cases.models import ProtectedIdentity


class Command(BaseCommand):
    help = (
        "Make a new key for the identities of protected persons and seal all of them under it. "
        "The old key stays in the file, for backups of the database, until --drop-old."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--drop-old",
            action="store_true",
            help="afterwards leave the new key alone in the file",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        mark = identity_keys.add_key()
        done, last = 0, 0
        while True:
            count, last = protected_identities.seal_anew(after=last)
            if not count:
                break
            done += count
        self.stdout.write(f"{done} identities are sealed under the new key {mark}.")
        if not options["drop_old"]:
            return
        if ProtectedIdentity.objects.exclude(key_mark=mark).exists():
            self.stderr.write("Some were sealed under another key meanwhile: the old keys stay.")
            return
        self.stdout.write(f"{identity_keys.drop_other_keys()} old keys were dropped.")
