"""What taking in a depositary's table would do to the register: nothing is written here.

Each act that the table tells of becomes one line of the plan:

* *same*: the register holds it already;
* *add*: the register does not hold it;
* *change*: the register holds it with another day, act or entry into force;
* *kept*: it differs from what an office has corrected or verified, which stays unless somebody
  chooses the table's, with a reason;
* *unmatched*: no State is known by this name; *unreadable*: a cell is neither empty nor a day.

An act that the register holds and the table does not tell of is *absent*: reported, never removed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from treaties.depositary_tables import cells, columns, reading
from treaties.depositary_tables.names import Names
from treaties.entry_into_force import CONSENTS, computed_day
from treaties.models import Instrument, Participation, RegisterChange

BY_HAND = (
    RegisterChange.Origin.OFFICE,
    RegisterChange.Origin.PROPOSAL,
    RegisterChange.Origin.UNDO,
)
KINDS = ("add", "change", "kept", "unmatched", "unreadable", "absent", "same")


@dataclass
class Line:
    """One line of the plan. ``row`` is its number in the file, ``column`` the heading concerned."""

    row: int
    participant: str
    kind: str
    column: str = ""
    text: str = ""
    state: str = ""
    action: str = ""
    day: date | None = None
    entry: date | None = None
    fact: int | None = None
    before: dict[str, Any] = field(default_factory=dict)
    nearest: list[tuple[str, str]] = field(default_factory=list)
    why: str = ""

    @property
    def key(self) -> str:
        """What names the line in a form: the same each time the same file is read."""
        return f"{self.row}:{self.action}:{self.day or ''}"

    def as_json(self) -> dict[str, Any]:
        """The line as programs read it."""
        return {
            "key": self.key,
            "row": self.row,
            "participant": self.participant,
            "kind": self.kind,
            "column": self.column,
            "text": self.text,
            "state": self.state,
            "action": self.action,
            "date": self.day.isoformat() if self.day else None,
            "entry_into_force": self.entry.isoformat() if self.entry else None,
            "before": self.before,
            "nearest": [{"code": code, "name": name} for code, name in self.nearest],
            "why": self.why,
        }


@dataclass
class Plan:
    """Everything that the table tells of, compared with the register."""

    lines: list[Line]
    rows: int

    def of(self, kind: str) -> list[Line]:
        return [line for line in self.lines if line.kind == kind]

    @property
    def counts(self) -> dict[str, int]:
        return {kind: len(self.of(kind)) for kind in KINDS}


@dataclass
class _Told:
    row: int
    participant: str
    state: str
    action: str
    day: date | None
    entry: date | None
    column: str


def plan(
    instrument: Instrument,
    content: bytes,
    file_name: str = "",
    named: Mapping[str, str] | None = None,
) -> Plan:
    """Compare a file with the register. ``named`` says whom a name that is not known means.

    Raises Invalid (``file``) for a file without a table of participants.
    """
    table, found = columns.find(reading.rows_of(content, file_name))
    names = Names.known()
    lines: list[Line] = []
    told: list[_Told] = []
    rows = 0
    for number, row in enumerate(table[found.first_row :], found.first_row + 1):
        written = found.text(row, "participant")
        if not written or not any(cell.strip() for cell in row[1:]):
            continue
        rows += 1
        state = names.match(written) or (named or {}).get(written, "")
        acts, wrong = _acts(row, found)
        for title, text in wrong:
            lines.append(
                Line(
                    number,
                    written,
                    "unreadable",
                    title,
                    text,
                    state,
                    why=_("“%(text)s” is not a day that can be read.") % {"text": text[:60]},
                )
            )
        if not state:
            if acts:
                why = _("No State is known by this name, or more than one.")
                nearest = names.nearest(written)
                title = found.title("participant")
                lines.append(
                    Line(number, written, "unmatched", title, written, nearest=nearest, why=why)
                )
            continue
        told.extend(_Told(number, written, state, *act) for act in acts)
    lines.extend(_compared(instrument, told))
    order = {kind: place for place, kind in enumerate(KINDS)}
    lines.sort(key=lambda line: (order[line.kind], line.row))
    return Plan(lines, rows)


def _acts(
    row: list[str], found: columns.Columns
) -> tuple[list[tuple[str, date | None, date | None, str]], list[tuple[str, str]]]:
    """The acts of one row: action, day, entry into force, column; and the cells not understood."""
    wrong: list[tuple[str, str]] = []

    def read(name: str) -> cells.Cell:
        text = found.text(row, name)
        cell = cells.read(text)
        if not cell.readable:
            wrong.append((found.title(name), text))
            return cells.Cell(None)
        return cell

    acts: list[tuple[str, date | None, date | None, str]] = []
    entry = read("entry_into_force").day
    kind = columns.TYPES.get(found.text(row, "type").casefold().strip(" ()*"), "")
    signature = read("signature")
    if signature.day:
        title = found.title("signature")
        if signature.mark and signature.mark != "signature":
            acts.append((signature.mark, signature.day, entry, title))
        else:
            acts.append(("signature", signature.day, None, title))
    for name, action in columns.CONSENT_OF.items():
        cell = read(name)
        if cell.day:
            done = cell.mark or (kind if name == "consent" and kind in TO_CONSENT else "") or action
            acts.append((done, cell.day, None if done == "signature" else entry, found.title(name)))
    cell = read("date")
    if cell.day and (cell.mark or kind):
        done = cell.mark or kind
        acts.append((done, cell.day, None if done == "signature" else entry, found.title("date")))
    cell, effect = read("withdrawal"), read("withdrawal_effect")
    if cell.day or effect.day:
        acts.append(("withdrawal", cell.day, effect.day, found.title("withdrawal")))
    return acts, wrong


TO_CONSENT = {*CONSENTS, "succession"}


def _compared(instrument: Instrument, told: list[_Told]) -> Iterator[Line]:
    held: dict[str, list[Participation]] = defaultdict(list)
    acts = Participation.objects.filter(instrument=instrument).select_related("state")
    for act in acts.order_by("date", "id"):
        held[act.state_id].append(act)
    by_hand = _corrected_by_hand(instrument)
    seen: set[int] = set()
    # Exact days first, so that the second of two consents is not taken for a changed first one.
    waiting: list[_Told] = []
    for one in told:
        found = next(
            (a for a in held[one.state] if a.action == one.action and a.date == one.day
             and a.pk not in seen), None,
        )  # fmt: skip
        if found is None:
            waiting.append(one)
            continue
        seen.add(found.pk)
        yield _line(one, found, instrument, by_hand)
    for one in waiting:
        likely = next((a for a in held[one.state] if a.pk not in seen and _may_be(a, one)), None)
        if likely is not None:
            seen.add(likely.pk)
        yield _line(one, likely, instrument, by_hand)
    for state, rows in held.items():
        for act in rows:
            if act.pk not in seen:
                yield Line(
                    0,
                    str(act.state),
                    "absent",
                    state=state,
                    action=act.action,
                    day=act.date,
                    entry=act.entry_into_force,
                    fact=act.pk,
                    why=_("The register holds it; the table does not tell of it."),
                )


def _may_be(act: Participation, one: _Told) -> bool:
    """Whether the register may hold this act under another day or another kind of consent."""
    if act.action == one.action:
        return True
    consents = {*CONSENTS, "succession"}
    return act.date == one.day and {act.action, one.action} <= consents


def _line(one: _Told, act: Participation | None, instrument: Instrument, by_hand: set[str]) -> Line:
    entry = one.entry or computed_day(instrument, one.action, one.day)
    line = Line(
        one.row, one.participant, "add", one.column, "", one.state, one.action, one.day, entry
    )
    if act is None:
        return line
    line.fact = act.pk
    if one.entry is None and act.date == one.day:
        line.entry = act.entry_into_force or entry
    line.before = {
        "action": act.action,
        "date": act.date.isoformat() if act.date else "",
        "entry_into_force": act.entry_into_force.isoformat() if act.entry_into_force else "",
    }
    if (act.action, act.date, act.entry_into_force) == (line.action, line.day, line.entry):
        line.kind = "same"
    elif act.verified_by_id or str(act.pk) in by_hand:
        line.kind = "kept"
        line.why = _(
            "An office has corrected or verified this: it stays, unless you choose otherwise."
        )
    else:
        line.kind = "change"
    return line


def _corrected_by_hand(instrument: Instrument) -> set[str]:
    """The acts whose last change was made by a person, not by a table or the register's files."""
    changes = RegisterChange.objects.filter(kind="participation", instrument=instrument.pk)
    last = dict(changes.order_by("id").values_list("key", "origin"))
    return {key for key, origin in last.items() if origin in BY_HAND}
