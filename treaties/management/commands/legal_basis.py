"""Under what may one State ask another: for one question, or for a file of them."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from treaties import asking
from treaties.asking import Unclear
from treaties.legal_basis import Answer, Question, resolve
from treaties.legal_basis_questions import COLUMNS, MissingColumns, answers
from treaties.register_index import RegisterIndex

USAGE = 2  # the exit code of a question that cannot be read


class Command(BaseCommand):
    help = (
        "Tells under what one State may ask another, in order of preference, and why every other "
        "instrument does not apply. Example: legal_basis FRA DEU --purpose mla --offence corruption "
        f"--on 2014-12-12 --json. With --file, a CSV of questions ({', '.join(COLUMNS)}) is "
        "answered with one JSON object a line. Exit code 0: answered; 1: the question cannot be "
        "answered (the error says why); 2: the command cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("requesting", nargs="?", help="the State that asks (BEL, be, ICC)")
        parser.add_argument("requested", nargs="?", help="the State that is asked")
        parser.add_argument("--purpose", default="mla", help="mla (default), extradition…")
        parser.add_argument("--offence", action="append", default=[], help="may be repeated")
        parser.add_argument("--measure", action="append", default=[], help="may be repeated")
        parser.add_argument("--on", help="the day, like 2014-12-12; today if not given")
        parser.add_argument("--json", action="store_true", help="answer as JSON")
        parser.add_argument("--file", help="a CSV of questions; - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        if not RegisterIndex.current().instruments:
            raise CommandError("The register is empty: run manage.py load_register first.")
        if options["file"]:
            self._answer_file(options["file"])
            return
        if not (options["requesting"] and options["requested"]):
            raise CommandError("Name two States, or give --file.", returncode=USAGE)
        try:
            on = asking.day(options["on"], "on") if options["on"] else timezone.localdate()
        except Unclear as unclear:
            raise CommandError(str(unclear), returncode=USAGE) from None
        question = Question(
            options["requesting"],
            options["requested"],
            options["purpose"],
            on,
            tuple(options["offence"]),
            tuple(options["measure"]),
        )
        answer = resolve(question)
        if options["json"]:
            self.stdout.write(json.dumps(answer.as_json(), ensure_ascii=False, indent=2))
        elif answer.error is None:
            self._tell(answer)
        if answer.error:
            raise CommandError(answer.error.sentence, returncode=1)

    def _answer_file(self, name: str) -> None:
        try:
            if name == "-":
                self._write_lines(sys.stdin)
                return
            with Path(name).open(encoding="utf-8-sig", errors="replace", newline="") as file:
                self._write_lines(file)
        except OSError as unreadable:
            raise CommandError(
                f"{name} cannot be read: {unreadable.strerror}.", returncode=USAGE
            ) from None
        except MissingColumns as missing:
            raise CommandError(str(missing), returncode=USAGE) from None

    def _write_lines(self, file: Any) -> None:
        for line in answers(file):
            self.stdout.write(json.dumps(line, ensure_ascii=False))

    def _tell(self, answer: Answer) -> None:
        asked = answer.question
        index = RegisterIndex.current()
        about = ", ".join(index.family_label(o) for o in asked.offences) or "any offence"
        self.stdout.write(
            f"{index.states[asked.requesting].called()} asks "
            f"{index.states[asked.requested].called()}: {asked.purpose}, {about}, on {asked.on}\n"
        )
        self.stdout.write(self.style.MIGRATE_HEADING("\nApplicable, in order of preference"))
        for place, basis in enumerate(answer.applicable, 1):
            mark = "" if basis.verified else " [not every fact verified]"
            strength = "" if basis.strength == "basis" else f" ({basis.strength})"
            self.stdout.write(f"{place:>3}. {basis.code}  {basis.short_title}{strength}{mark}")
            for reason in basis.reasons:
                self.stdout.write(f"       {reason}")
            for declaration in basis.declarations:
                self.stdout.write(
                    f"       {declaration['state']} to {declaration['provision']}: "
                    f"{declaration['paraphrase']}"
                )
            offices = ", ".join(a["name"] for a in basis.authorities)
            if offices:
                self.stdout.write(f"       Send to: {offices}")
        self.stdout.write(self.style.MIGRATE_HEADING("\nNot applicable"))
        for other in answer.inapplicable:
            self.stdout.write(f"  {other.code} ({other.reason}): {other.sentence}")
