"""Compare pairs of names from a file: a score and a verdict for each line."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from cases.names.pairs_file import (
    ANSWERS,
    ComparedPair,
    Counts,
    Measure,
    Unreadable,
    compared,
    measured,
)

USAGE = 2  # the exit code of a file that cannot be read


class Command(BaseCommand):
    help = (
        "Compares the names of each line of a CSV with the columns name_a and name_b (UTF-8; "
        "further columns are kept) and writes the line again with score (0 to 1), verdict (same, "
        "possible, different) and reasons. With --json one JSON object a line. With --measure "
        "and a column same (1 or 0): precision, recall and F1, over all and by pair of scripts. "
        "Exit code 2: the file cannot be read; the error says why."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", required=True, help="the CSV; - for standard input")
        parser.add_argument("--json", action="store_true", help="answer as JSON")
        parser.add_argument("--measure", action="store_true", help="print how well it does")
        parser.add_argument(
            "--wrong", action="store_true", help="with --measure: list what is wrong"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            try:
                self._answer(_lines(options["file"]), options)
            except Unreadable as unreadable:
                raise CommandError(str(unreadable), returncode=USAGE) from None

    def _answer(self, lines: Iterable[str], options: dict[str, Any]) -> None:
        pairs = compared(lines)
        if options["measure"]:
            kept = list(pairs)
            measure = measured(kept)
            if options["json"]:
                self.stdout.write(json.dumps(_as_json(measure), ensure_ascii=False))
            else:
                self._tell(measure)
            if options["wrong"]:
                self._list_wrong(kept)
        elif options["json"]:
            for pair in pairs:
                self.stdout.write(json.dumps(pair.as_json(), ensure_ascii=False))
        else:
            self._write_csv(pairs)

    def _write_csv(self, pairs: Iterator[ComparedPair]) -> None:
        out = csv.writer(self.stdout, lineterminator="\n")
        for number, pair in enumerate(pairs):
            if number == 0:
                out.writerow([*pair.columns, *ANSWERS])
            found = pair.comparison
            out.writerow(
                [
                    *pair.columns.values(),
                    f"{found.score:.3f}",
                    found.verdict.value,
                    " ".join(found.reasons),
                ]
            )

    def _tell(self, measure: Measure) -> None:
        self.stdout.write(
            f"{'scripts':<22}{'pairs':>7}{'precision':>11}{'recall':>8}{'F1':>7}"
            f"   with possible: {'precision':>9}{'recall':>8}{'F1':>7}"
        )
        for scripts, counts in [("all", measure.all), *sorted(measure.by_scripts.items())]:
            strict, lenient = counts.rates(), counts.rates(lenient=True)
            self.stdout.write(
                f"{scripts:<22}{counts.pairs:>7}{_shown(strict[0]):>11}{_shown(strict[1]):>8}{_shown(strict[2]):>7}"
                f"{_shown(lenient[0]):>27}{_shown(lenient[1]):>8}{_shown(lenient[2]):>7}"
            )

    def _list_wrong(self, pairs: list[ComparedPair]) -> None:
        for pair in pairs:
            said, found = pair.columns["same"].strip(), pair.comparison
            if (found.verdict == "same") != (said in {"1", "true", "yes", "same"}):
                names = f"{pair.columns['name_a']} | {pair.columns['name_b']}"
                self.stdout.write(f"{said} {found.score:.3f} {found.verdict.value:<9} {names}")


def _lines(name: str) -> Iterator[str]:
    if name == "-":
        yield from sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8", newline="") as file:
            yield from file
    except OSError as unreadable:
        raise Unreadable(f"{name} cannot be read: {unreadable.strerror}.") from None


def _shown(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.3f}"


def _as_json(measure: Measure) -> dict[str, Any]:
    return {
        "all": _counts(measure.all),
        "by_scripts": {s: _counts(c) for s, c in sorted(measure.by_scripts.items())},
    }


def _counts(counts: Counts) -> dict[str, Any]:
    named = ("precision", "recall", "f1")
    return {
        "pairs": counts.pairs,
        "positives": counts.positives,
        "same": dict(zip(named, counts.rates(), strict=True)),
        "same_or_possible": dict(zip(named, counts.rates(lenient=True), strict=True)),
    }
