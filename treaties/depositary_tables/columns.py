"""What each column of a depositary's table holds, from its headings."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.refusals import Invalid
from registry.search_text import fold
from treaties.depositary_tables.reading import Rows

# The first words that fit decide, so that the more particular stand first.
HEADINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("participant", ("participant", "country", "countries", "state", "states", "party", "parties",
                     "partij", "pays", "etat", "etats", "member state", "land")),
    ("withdrawal_effect", ("out of force", "buiten werking", "effective date of denunciation",
                           "withdrawal takes effect", "fin d effet")),
    ("withdrawal", ("denunciation", "withdrawal", "denonciation", "retrait", "opzegging")),
    ("entry_into_force", ("entry into force", "in force", "effective date", "entree en vigueur",
                          "in werking", "inwerkingtreding", "date of effect")),
    ("type", ("type", "soort", "kind", "nature", "action", "act")),
    ("signature", ("signature", "signed", "ondertekening", "signe")),
    ("consent", ("ratification", "ratificatie", "ratified", "bekrachtiging", "consent", "deposit")),
    ("accession", ("accession", "adhesion", "toetreding")),
    ("acceptance", ("acceptance", "acceptation")),
    ("approval", ("approval", "approbation")),
    ("succession", ("succession",)),
    ("date", ("date", "datum")),
)  # fmt: skip
CONSENT_OF = {"accession": "accession", "acceptance": "acceptance", "approval": "approval",
              "succession": "succession", "consent": "ratification"}  # fmt: skip
TYPES = {
    "r": "ratification", "ratification": "ratification", "bekrachtiging": "ratification",
    "t": "accession", "a": "accession", "accession": "accession", "adhesion": "accession",
    "toetreding": "accession", "acceptance": "acceptance", "acceptation": "acceptance",
    "aa": "approval", "approval": "approval", "approbation": "approval",
    "vg": "succession", "d": "succession", "succession": "succession",
    "o": "signature", "s": "signature", "signature": "signature",
    "denunciation": "withdrawal", "withdrawal": "withdrawal",
}  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """Where each thing stands. ``first_row`` is the first below the headings."""

    places: dict[str, int]
    titles: dict[int, str]
    first_row: int

    def text(self, row: list[str], name: str) -> str:
        place = self.places.get(name)
        return row[place].strip() if place is not None and place < len(row) else ""

    def title(self, name: str) -> str:
        return self.titles.get(self.places.get(name, -1), name)


def find(tables: list[Rows]) -> tuple[Rows, Columns]:
    """The table of participants in a file and its columns. Raises Invalid (``file``)."""
    best: tuple[int, Rows, Columns] | None = None
    for table in tables:
        columns = _columns_of(table)
        if columns is None:
            continue
        weight = (len(table) - columns.first_row) * len(columns.places)
        if best is None or weight > best[0]:
            best = (weight, table, columns)
    if best is None:
        sentence = _(
            "No table of participants was found: one column must be headed Participant, State, "
            "Country or Party, and another Signature, Ratification, Accession or Date."
        )
        raise Invalid("no_table", sentence, fields={"file": [sentence]})
    return best[1], best[2]


def _columns_of(table: Rows) -> Columns | None:
    """The headings are the row, or the two rows, in the first thirty that name most columns."""
    best: Columns | None = None
    for number, row in enumerate(table[:30]):
        for lines in (1, 2):
            heads = _joined(table[number : number + lines])
            places = _places(heads)
            acts = set(places) - {"participant", "entry_into_force", "type"}
            if "participant" not in places or not acts:
                continue
            if best is None or len(places) > len(best.places):
                titles = dict(enumerate(heads))
                best = Columns(places, titles, number + lines)
        if best is not None and number > best.first_row:
            break
        del row
    return best


def _joined(rows: Rows) -> list[str]:
    width = max((len(row) for row in rows), default=0)
    columns = [[row[place] if place < len(row) else "" for row in rows] for place in range(width)]
    return [" ".join(dict.fromkeys(text for text in column if text)) for column in columns]


def _places(heads: list[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, head in enumerate(heads):
        if len(head) > 120:
            continue
        plain = f" {' '.join(c for c in _words(head))} "
        for name, words in HEADINGS:
            if any(f" {word} " in plain for word in words):
                places.setdefault(name, place)
                break
    return places


def _words(head: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in fold(head)).split()
