"""Files of pairs of names: read, compared, and measured against what somebody knows of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from cases.names.comparison import Comparison, Verdict, compare
from cases.names.scripts import script_of

COLUMNS = ("name_a", "name_b")
KNOWN = "same"
ANSWERS = ("score", "verdict", "reasons")
YES, NO = frozenset({"1", "true", "yes", "same"}), frozenset({"0", "false", "no", "different"})


class Unreadable(Exception):
    """The file is not one of pairs; the message says what is wrong and where."""


@dataclass(frozen=True)
class ComparedPair:
    """A line of the file with its comparison; ``columns`` is the line as given, in its order."""

    line: int
    columns: Mapping[str, str]
    comparison: Comparison

    def as_json(self) -> dict[str, Any]:
        found = self.comparison
        return {
            **self.columns,
            "score": found.score,
            "verdict": found.verdict.value,
            "reasons": list(found.reasons),
        }


def compared(file: Iterable[str]) -> Iterator[ComparedPair]:
    """Each line of a CSV with the columns name_a and name_b, in whatever order, compared.

    Columns are parted by comma, semicolon or tab; further ones are kept. Raises Unreadable where the columns are missing, a line has more
    fields than the heading, or the file is no text.
    """
    try:
        rest = _without_mark(file)
        first = next(rest, "")
        if not first.strip():
            raise Unreadable("The file is empty: it needs a heading with name_a and name_b.")
        lines = csv.reader(chain([first], rest), delimiter=max(",;\t", key=first.count))
        heading = next(lines)
        names = [name.strip().casefold() for name in heading]
        missing = [column for column in COLUMNS if column not in names]
        if missing:
            raise Unreadable(
                f"The heading lacks {' and '.join(missing)}; it has: {', '.join(heading) or 'nothing'}."
            )
        labels = [
            n if n in {*COLUMNS, KNOWN} else h.strip() for n, h in zip(names, heading, strict=True)
        ]
        for values in lines:
            if not any(value.strip() for value in values):
                continue
            if len(values) > len(labels):
                raise Unreadable(
                    f"Line {lines.line_num} has {len(values)} fields, the heading {len(labels)}. "
                    "Put names that hold a comma in double quotes."
                )
            filled = values + [""] * (len(labels) - len(values))
            columns = dict(zip(labels, filled, strict=True))
            found = compare(columns["name_a"], columns["name_b"])
            yield ComparedPair(lines.line_num, columns, found)
    except UnicodeDecodeError as error:
        raise Unreadable(f"The file is not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
    except csv.Error as error:
        raise Unreadable(f"The file is not CSV: {error}.") from None


def _without_mark(file: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(file):
        text = line.lstrip("\ufeff") if number == 0 else line
        yield text.replace("\0", "")


@dataclass
class Counts:
    """How verdicts and truth agree. ``lenient`` counts "possible" as found, the rest as missed."""

    true_same: int = 0
    false_same: int = 0
    true_possible: int = 0
    false_possible: int = 0
    missed: int = 0
    kept_apart: int = 0

    def add(self, verdict: Verdict, same: bool) -> None:
        match verdict, same:
            case Verdict.SAME, True:
                self.true_same += 1
            case Verdict.SAME, False:
                self.false_same += 1
            case Verdict.POSSIBLE, True:
                self.true_possible += 1
            case Verdict.POSSIBLE, False:
                self.false_possible += 1
            case _, True:
                self.missed += 1
            case _:
                self.kept_apart += 1

    @property
    def pairs(self) -> int:
        return self.positives + self.false_same + self.false_possible + self.kept_apart

    @property
    def positives(self) -> int:
        return self.true_same + self.true_possible + self.missed

    def rates(self, *, lenient: bool = False) -> tuple[float | None, float | None, float | None]:
        """Precision, recall and F1; None where nothing was found or there was nothing to find."""
        hit = self.true_same + (self.true_possible if lenient else 0)
        wrong = self.false_same + (self.false_possible if lenient else 0)
        precision = hit / (hit + wrong) if hit + wrong else None
        recall = hit / self.positives if self.positives else None
        if precision is None or recall is None:
            return precision, recall, None
        return precision, recall, (2 * precision * recall / (precision + recall) if hit else 0.0)


@dataclass
class Measure:
    """Counts over all pairs, and for each pair of scripts, like Arabic-Latin."""

    all: Counts = field(default_factory=Counts)
    by_scripts: dict[str, Counts] = field(default_factory=dict)

    def add(self, pair: ComparedPair) -> None:
        same = truth(pair)
        scripts = "-".join(sorted(script_of(pair.columns[c]) for c in COLUMNS))
        self.all.add(pair.comparison.verdict, same)
        self.by_scripts.setdefault(scripts, Counts()).add(pair.comparison.verdict, same)


def truth(pair: ComparedPair) -> bool:
    """What the column ``same`` says. Raises Unreadable where it says neither 1 nor 0."""
    if KNOWN not in pair.columns:
        raise Unreadable("Measuring needs a column same with 1 or 0.")
    said = pair.columns[KNOWN].strip().casefold()
    if said not in YES | NO:
        raise Unreadable(f"Line {pair.line}: same is “{said}”, but must be 1 or 0.")
    return said in YES


def measured(pairs: Iterable[ComparedPair]) -> Measure:
    measure = Measure()
    for pair in pairs:
        measure.add(pair)
    return measure
