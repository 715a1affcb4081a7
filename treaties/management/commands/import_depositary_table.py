"""Compare a depositary's table with the register, and take it in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from registry.models import User
from registry.refusals import Refusal
from treaties.depositary_tables import importing
from treaties.depositary_tables.comparing import KINDS, Line, plan
from treaties.models import Instrument


class Command(BaseCommand):
    help = "Take in a depositary's status table (CSV, HTML, XLSX). Without --apply: only look."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("instrument", help="Code of the instrument, for example UNTOC.")
        parser.add_argument("file", help="The table.")
        parser.add_argument("--apply", action="store_true", help="Write what would change.")
        parser.add_argument("--dry-run", action="store_true", help="Only look; so it is anyway.")
        parser.add_argument("--as", dest="email", default="", help="E-mail of the administrator.")
        parser.add_argument("--source", default="", help="Where the table comes from.")
        parser.add_argument("--json", action="store_true", help="The plan as JSON.")
        parser.add_argument("--all", action="store_true", help="Also what is the same or absent.")

    def handle(self, *args: Any, **options: Any) -> None:
        instrument = Instrument.objects.filter(pk=options["instrument"]).first()
        if instrument is None:
            raise CommandError(f"The register holds no instrument {options['instrument']}.")
        path = Path(options["file"])
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        try:
            found = plan(instrument, content, path.name)
            self._show(found, options)
            if options["apply"] and not options["dry_run"]:
                self._apply(instrument, content, path, options)
        except Refusal as refusal:
            said = "; ".join(str(s) for ss in refusal.by_field().values() for s in ss)
            raise CommandError(said) from None

    def _show(self, found: Any, options: dict[str, Any]) -> None:
        shown = [
            line for line in found.lines if options["all"] or line.kind not in ("same", "absent")
        ]
        if options["json"]:
            told = {
                "rows": found.rows,
                "counts": found.counts,
                "lines": [line.as_json() for line in shown],
            }
            self.stdout.write(json.dumps(told, indent=2, ensure_ascii=False))
            return
        for line in shown:
            self.stdout.write(as_text(line))
        counts = ", ".join(f"{found.counts[kind]} {kind}" for kind in KINDS)
        self.stdout.write(f"{found.rows} participants: {counts}")

    def _apply(
        self, instrument: Instrument, content: bytes, path: Path, options: dict[str, Any]
    ) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("Say who takes it in: --as with an administrator's e-mail.")
        now = timezone.now()
        kept = importing.look_at(
            instrument,
            content=content,
            file_name=path.name,
            source=options["source"] or path.name,
            as_of=None,
            user=user,
            now=now,
        )
        done = importing.apply(kept, user=user, now=now)
        self.stdout.write(f"Applied: {done['added']} added, {done['changed']} changed.")


def as_text(line: Line) -> str:
    said = f"{line.kind:10} row {line.row}: {line.participant}"
    if line.action:
        said += f", {line.action} {line.day or ''}"
    if line.entry:
        said += f", in force {line.entry}"
    if line.before:
        said += f" (was {line.before['action']} {line.before['date']}"
        said += f", in force {line.before['entry_into_force'] or '-'})"
    if line.why:
        said += f" – {line.why}"
    if line.nearest:
        said += " Perhaps: " + ", ".join(f"{name} ({code})" for code, name in line.nearest)
    return said
