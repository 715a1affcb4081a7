"""Reading a row of an office's spreadsheet: what it says, and what is wrong with it.

What the register knows (States, instruments, measures, offences, people of the office) is read once
for a whole file. Nothing is guessed by likeness: what is not known is asked, with the nearest names.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import override

from cases.models import Person
from mla.models import STATUS_LABELS, ReceivedStatus, SpreadsheetImport, Status
from mla.office_spreadsheets import fields, words
from mla.office_spreadsheets.problems import problem
from registry import written_days
from registry.access import MAY
from registry.deadlines import today_of
from registry.models import Dossier, State, User
from registry.search_text import fold
from treaties.depositary_tables.names import Names
from treaties.models import Instrument, MeasureKind, OffenceFamily

LENGTHS = {
    "own_reference": 120, "foreign_reference": 120, "title": 300, "family_name": 160,
    "given_names": 160, "original_name": 240, "aliases": 400, "birth_place": 160,
    "protected_alias": 80, "label": 240,
}  # fmt: skip
AFTER_A_DAY = {"", "г", "г.", "года", "م", "г. ", "h"}
KEEP_AS_NOTE = "-"
"""The answer that a value stays as it is, in the note."""
ENDED: tuple[str, ...] = (Status.CLOSED, Status.WITHDRAWN)
"""The same two in both directions."""
WITH_THEM = (Status.SENT, Status.ACKNOWLEDGED, Status.PARTLY_EXECUTED, Status.EXECUTED, Status.REFUSED)  # fmt: skip
Listed = type[Instrument] | type[MeasureKind] | type[OffenceFamily]


@dataclass
class Row:
    """What a row says. ``said`` holds codes and days as the database keeps them."""

    number: int
    said: dict[str, Any] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def received(self) -> bool:
        return bool(self.said.get("direction") == Dossier.Direction.RECEIVED)


class Understanding:
    """What is needed to read the rows of one spreadsheet."""

    def __init__(self, taken_in: SpreadsheetImport, *, now: datetime) -> None:
        self.taken_in = taken_in
        self.places = fields.places(taken_in.mapping)
        self.today = today_of(taken_in.owner, now)
        self.names = Names.known()
        self.codes = {code.casefold(): code for code in self.names.shown}
        short = State.objects.exclude(alpha2="").values_list("alpha2", "code")
        self.codes |= {alpha2.casefold(): code for alpha2, code in short}
        self.listed: dict[str, tuple[dict[str, str], dict[str, str]]] = {}
        if taken_in.kind == fields.REQUESTS:
            self.listed = {
                "instrument": _known(Instrument, "short_title", "title"),
                "measures": _known(MeasureKind, "label"),
                "offences": _known(OffenceFamily, "label"),
            }
        self.people = _people(taken_in)
        self._matched: dict[str, str] = {}
        self._nearest: dict[tuple[str, str], list[tuple[str, str]]] = {}

    def read(self, number: int, cells: Sequence[str]) -> Row:
        """The row as it is understood. A cell that is not understood is told, never skipped."""
        row = Row(number)
        text = {
            code: " ".join(cells[p] for p in places if p < len(cells) and cells[p]).strip()
            for code, places in self.places.items()
            if code != "note"
        }
        if self.taken_in.kind == fields.REQUESTS:
            row.said["direction"] = self._direction(row, text)
        for each in fields.of_kind(self.taken_in.kind):
            given = text.get(each.code, "")
            if given and each.code != "direction":
                self._field(row, each.code, given)
            elif each.needed:
                row.problems.append(problem("needed", each.code))
        self._notes(row, cells)
        if self.taken_in.kind == fields.REQUESTS:
            self._life(row)
        return row

    # --- one cell -------------------------------------------------------------------------

    def _field(self, row: Row, code: str, text: str) -> None:
        if code in LENGTHS:
            if len(text) > LENGTHS[code]:
                row.problems.append(problem("too_long", code, text, most=LENGTHS[code]))
            row.said[code] = text
        elif code in fields.DAYS:
            row.said[code] = self._day(row, code, text)
        elif code in ("urgent", "sealed", "critical"):
            row.said[code] = fold(text) in words.YES
        elif code == "state":
            row.said[code] = self._state(row, code, text)
            if row.said[code] == self.taken_in.owner.state_id:
                row.problems.append(problem("state_own", code, text))
        elif code == "nationality":
            given = [self._state(row, code, part) for part in words.parts_of(text, commas=True)]
            row.said[code] = [state for state in given if state]
        elif code == "persons":
            row.said[code] = words.parts_of(text)
        elif code == "birth":
            row.said[code] = self._birth(row, text)
        else:
            self._of_a_list(row, code, text)

    def _of_a_list(self, row: Row, code: str, text: str) -> None:
        if code == "status":
            row.said[code] = self._status(row, text)
        elif code == "role":
            row.said[code] = self._chosen(row, code, text, _roles(), "value_unknown")
        elif code == "responsible":
            row.said[code] = self._chosen(row, code, text, self.people, "responsible_unknown")
        elif code == "instrument":
            row.said[code] = self._chosen(row, code, text, self.listed[code][0], "value_unknown")
        elif code in self.listed:
            known = self.listed[code][0]
            whole = known.get(_plain(text))
            parts = [text] if whole else words.parts_of(text, commas=True)
            given = [self._chosen(row, code, part, known, "value_unknown") for part in parts]
            row.said[code] = list(dict.fromkeys(each for each in given if each))

    def _direction(self, row: Row, text: Mapping[str, str]) -> str:
        """What the column says; without one, a row that says when it was received was received."""
        given, received_on = text.get("direction", ""), text.get("received_on", "")
        way = fold(given)
        if way in words.RECEIVED:
            return Dossier.Direction.RECEIVED
        if way in words.SENT:
            if received_on:
                row.problems.append(problem("received_day_of_one_sent", "received_on", received_on))
        elif given:
            row.problems.append(problem("direction_unknown", "direction", given))
        elif received_on:
            return Dossier.Direction.RECEIVED
        return Dossier.Direction.SENT

    def _status(self, row: Row, text: str) -> str | None:
        """The status in the life of the row's direction, in which a word may mean another thing."""
        known = _received_statuses() if row.received else _statuses()
        found = self._chosen(row, "status", text, known, "status_unknown")
        if not found:
            return None
        if row.received and found not in ReceivedStatus.values:
            return words.OF_ONE_RECEIVED[found]
        if not row.received and found not in Status.values:
            nearest = self.nearest("status", text)
            row.problems.append(problem("status_unknown", "status", text, nearest))
            return None
        return str(found)

    def _chosen(
        self, row: Row, code: str, text: str, known: Mapping[str, Any], otherwise: str
    ) -> Any:
        """What a text means by the words known, else by what the officer said of it."""
        if (found := known.get(_plain(text))) is not None:
            return found
        answer = self.taken_in.choices.get(code, {}).get(text)
        if answer == KEEP_AS_NOTE:
            row.notes.append(f"{self._heading(code)}: {text}")
            return None
        if answer:
            return int(answer) if code == "responsible" else answer
        row.problems.append(problem(otherwise, code, text, self.nearest(code, text)))
        return None

    def _state(self, row: Row, code: str, text: str) -> str | None:
        if text not in self._matched:
            known = self.codes.get(text.casefold()) or self.names.match(text)
            self._matched[text] = known
        found = self._matched[text]
        found = found or self.taken_in.choices.get(code, {}).get(text)
        if found == KEEP_AS_NOTE:
            row.notes.append(f"{self._heading(code)}: {text}")
            return None
        if not found:
            row.problems.append(problem("state_unknown", code, text, self.nearest(code, text)))
        return found or None

    def _day(self, row: Row, code: str, text: str) -> date | None:
        order = self.taken_in.choices.get("day_order") or self._order(code)
        found = written_days.read(text, order)
        if found.day is None or found.rest.strip() not in AFTER_A_DAY:
            row.problems.append(problem("day_unreadable", code, text))
            return None
        if found.other:
            first, second = found.day.isoformat(), found.other.isoformat()
            row.problems.append(problem("day_ambiguous", code, text, first=first, second=second))
            return None
        if code in ("wanted_by", "due_on"):
            if code == "due_on" and found.day < self.today:
                row.problems.append(problem("day_over", code, text))
        elif found.day > self.today:
            row.problems.append(problem("day_to_come", code, text))
        return found.day

    def _order(self, code: str) -> str:
        """How this column writes its days, as far as its cells prove one way and not the other."""
        told = {
            order
            for place in self.places.get(code, [])
            for order in self.taken_in.orders.get(str(place), [])
        }
        return told.pop() if len(told) == 1 else ""

    def _birth(self, row: Row, text: str) -> list[int | None]:
        """Year, month and day, as far as they are known."""
        year, month = written_days.in_part(text)
        if year:
            return [year, month, None]
        found = self._day(row, "birth", text)
        return [found.year, found.month, found.day] if found else [None, None, None]

    # --- the row --------------------------------------------------------------------------

    def _notes(self, row: Row, cells: Sequence[str]) -> None:
        for place in self.places.get("note", []):
            if place < len(cells) and cells[place]:
                row.notes.append(f"{self.taken_in.headings[place]}: {cells[place]}")

    def _life(self, row: Row) -> None:
        """The status, where it is not said, follows from the days; and days must be in order."""
        said = row.said
        told_wrong = {each["field"] for each in row.problems}
        if row.received and not said.get("received_on"):
            # The only day known, their letter's, stands for that of its receipt.
            said["received_on"] = said.get("sent_on")
        begun = said.get("received_on" if row.received else "sent_on")
        if not said.get("status") and "status" not in told_wrong:
            said["status"] = _status_by_days(said, row.received)
        status = said.get("status")
        if row.received and not begun and not {"received_on", "sent_on"} & told_wrong:
            row.problems.append(problem("received_day_missing", "received_on"))
        if not row.received and status in WITH_THEM and not begun and "sent_on" not in told_wrong:
            row.problems.append(problem("sent_day_missing", "sent_on"))
        if status in ENDED and not said.get("closed_on") and "closed_on" not in told_wrong:
            row.problems.append(problem("end_day_missing", "closed_on"))
        for code in ("acknowledged_on", "answered_on", "closed_on"):
            if begun and (day := said.get(code)) and day < begun:
                row.problems.append(
                    problem("days_in_disorder", code, day.isoformat(), sent=begun.isoformat())
                )

    # --- what may be meant ----------------------------------------------------------------

    def nearest(self, code: str, text: str) -> list[tuple[str, str]]:
        """What is likest to a value that is not known: value and label."""
        key = (code, text)
        if key not in self._nearest:
            self._nearest[key] = self._find_nearest(code, text)
        return self._nearest[key]

    def _find_nearest(self, code: str, text: str) -> list[tuple[str, str]]:
        if code in ("state", "nationality"):
            return self.names.nearest(text)
        options = dict(self.options(code))
        by_label = {_plain(label): value for value, label in options.items()}
        likely = difflib.get_close_matches(_plain(text), by_label, n=3, cutoff=0.5)
        return [(by_label[each], options[by_label[each]]) for each in likely]

    def options(self, code: str) -> list[tuple[str, str]]:
        """Everything that a value of this field may mean: value and label."""
        if code in ("state", "nationality"):
            return sorted(self.names.shown.items(), key=lambda pair: pair[1])
        if code == "status":
            return [(value, str(label)) for value, label in STATUS_LABELS.items()]
        if code == "role":
            return [(value, str(label)) for value, label in Person.Role.choices]
        if code == "responsible":
            people = User.objects.filter(pk__in=set(self.people.values())).order_by("name")
            return [(str(pk), name) for pk, name in people.values_list("pk", "name")]
        if code in self.listed:
            return sorted(self.listed[code][1].items(), key=lambda pair: pair[1])
        return []

    def _heading(self, code: str) -> str:
        place = (self.places.get(code) or [-1])[0]
        return str(self.taken_in.headings[place]) if place >= 0 else code


def _status_by_days(said: Mapping[str, Any], received: bool) -> str:
    if received and not (said.get("closed_on") or said.get("answered_on")):
        return ReceivedStatus.REGISTERED
    if said.get("closed_on"):
        return Status.CLOSED
    if said.get("answered_on"):
        return Status.EXECUTED
    if said.get("acknowledged_on"):
        return Status.ACKNOWLEDGED
    return Status.SENT if said.get("sent_on") else Status.DRAFT


def _known(model: Listed, *columns: str) -> tuple[dict[str, str], dict[str, str]]:
    """Codes by every name, and the label of each code."""
    by_name: dict[str, str] = {}
    labels: dict[str, str] = {}
    for code, *names in model.objects.values_list("code", *columns):
        labels[code] = names[0]
        for name in (code, *names):
            by_name.setdefault(_plain(name), code)
    return by_name, labels


def _people(taken_in: SpreadsheetImport) -> dict[str, int]:
    """Who in the office may have a request in charge, by name and by address."""
    people = User.objects.filter(
        is_active=True,
        memberships__authority=taken_in.owner_id,
        memberships__role__in=MAY["open_dossier"],
    ).distinct()
    found: dict[str, int] = {}
    for pk, name, email in people.values_list("pk", "name", "email"):
        found[_plain(name)] = found[_plain(email)] = pk
    return found


def _in_every_language(choices: Sequence[tuple[str, Any]]) -> dict[str, str]:
    found = {_plain(value.replace("_", " ")): value for value, _label in choices}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {_plain(str(label)): value for value, label in choices}
    return found


@lru_cache(maxsize=1)
def _statuses() -> dict[str, str]:
    return _worded(words.STATUSES, Status.choices)


@lru_cache(maxsize=1)
def _received_statuses() -> dict[str, str]:
    return _worded(words.RECEIVED_STATUSES, ReceivedStatus.choices)


@lru_cache(maxsize=1)
def _roles() -> dict[str, str]:
    return _worded(words.ROLES, Person.Role.choices)


def _worded(more: Mapping[str, str], choices: Sequence[tuple[str, Any]]) -> dict[str, str]:
    return {_plain(word): str(value) for word, value in more.items()} | _in_every_language(choices)


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())
