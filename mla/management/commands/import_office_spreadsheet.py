"""Check an office's spreadsheet, and take it in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mla.models import SpreadsheetImport, SpreadsheetRow
from mla.office_spreadsheets import importing, showing
from mla.office_spreadsheets.working import work_until_done
from registry.models import User
from registry.refusals import Refusal

MOST_SHOWN = 200


class Command(BaseCommand):
    help = "Check an office's spreadsheet (CSV, XLSX) row by row. With --apply: take it in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="The spreadsheet.")
        parser.add_argument("--kind", choices=SpreadsheetImport.Kind.values, default="requests")
        parser.add_argument("--as", dest="email", required=True, help="E-mail of the officer.")
        parser.add_argument("--office", default="", help="Prefix of the office, if there are two.")
        parser.add_argument("--day-order", choices=("dmy", "mdy"), default="")
        parser.add_argument("--apply", action="store_true", help="Write the rows that are ready.")
        parser.add_argument("--although-known", action="store_true", help="Also those known.")
        parser.add_argument("--json", action="store_true", help="The result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        offices = importing.offices_of(user)
        if options["office"]:
            offices = offices.filter(reference_prefix=options["office"])
        if len(offices) != 1:
            raise CommandError(
                "Say with --office for which office; the person must be its officer."
            )
        try:
            content = Path(options["file"]).read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None
        try:
            self._take_in(user, offices[0], content, options)
        except Refusal as refusal:
            said = [s for sentences in refusal.by_field().values() for s in sentences]
            raise CommandError(" ".join(said)) from None

    def _take_in(self, user: User, owner: Any, content: bytes, options: dict[str, Any]) -> None:
        taken_in = importing.take_in(
            owner=owner,
            kind=options["kind"],
            content=content,
            file_name=Path(options["file"]).name,
            user=user,
            now=timezone.now(),
        )
        self._work(taken_in, options)
        if taken_in.stage == SpreadsheetImport.Stage.MAPPING:
            importing.map_columns(taken_in, taken_in.mapping, user=user, now=timezone.now())
        if options["day_order"]:
            choices = {"day_order": options["day_order"]}
            importing.answer(taken_in, choices, user=user, now=timezone.now())
            self._work(taken_in, options)
        if options["apply"] and taken_in.stage == SpreadsheetImport.Stage.CHECKED:
            importing.apply(
                taken_in,
                user=user,
                now=timezone.now(),
                although_known=options["although_known"],
                without_the_wrong=True,
            )
            self._work(taken_in, options)
        self._tell(taken_in, options)

    def _work(self, taken_in: SpreadsheetImport, options: dict[str, Any]) -> None:
        def told() -> None:
            taken_in.refresh_from_db()
            if not options["json"] and taken_in.is_working:
                done = f"{taken_in.handled} of {taken_in.rows}"
                self.stderr.write(f"{taken_in.get_stage_display()}: {done}")

        work_until_done(taken_in, told)

    def _tell(self, taken_in: SpreadsheetImport, options: dict[str, Any]) -> None:
        counts = importing.counts_of(taken_in)
        told: dict[str, Any] = {
            "id": taken_in.pk,
            "stage": taken_in.stage,
            "rows": taken_in.rows,
            "counts": counts,
            "columns": {column.heading: column.field for column in showing.columns_of(taken_in)},
            "lines": [
                line
                for state in (SpreadsheetRow.State.WRONG, SpreadsheetRow.State.DUPLICATE)
                for line in showing.lines_of(taken_in, state, size=MOST_SHOWN)[0]
            ],
        }
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        for heading, field in told["columns"].items():
            self.stdout.write(f"{heading}: {field or 'left out'}")
        for line in told["lines"]:
            for problem in line["problems"]:
                nearest = ", ".join(each["label"] for each in problem["nearest"])
                said = (
                    f"row {line['row']}, {problem['column']} “{problem['text']}”: {problem['why']}"
                )
                self.stdout.write(f"{said}{f' Perhaps: {nearest}' if nearest else ''}")
        summary = ", ".join(f"{state} {n}" for state, n in counts.items() if n)
        self.stdout.write(f"{taken_in.get_stage_display()}. {taken_in.rows} rows: {summary}")
