"""The link chart of a case as SVG: persons, the case, its matters, the States. No script needed.

Drawn from what the reader may see, and nothing else; protected persons stand under their alias.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.translation import gettext as _

from cases.models import Person
from registry.matter_kinds import status_label
from registry.models import Dossier, State

WIDTH, ROW, BOX, MARGIN = 920, 64, 200, 20
COLUMNS = (MARGIN, 250, 480, 700)
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1b2430}rect{fill:#fff;stroke:#0f4c5c}"
    "line{stroke:#8b93a0}.person{fill:#e3eef0}.state{fill:#fbf0d9;stroke:#8a5a00}"
)


@dataclass(frozen=True)
class Node:
    """A box: its column and row, its two lines, its kind."""

    column: int
    row: int
    lines: tuple[str, str]
    kind: str

    @property
    def x(self) -> int:
        return COLUMNS[self.column]

    @property
    def y(self) -> int:
        return 50 + self.row * ROW


def chart(
    title: str, persons: Iterable[Person], matters: Sequence[Dossier], states: Mapping[str, State]
) -> str:
    """The chart as an SVG document of its own."""
    people = [
        Node(0, row, (person.name_for_letters, person.get_role_display()), "person")
        for row, person in enumerate(persons)
    ]
    files = [
        Node(2, row, (m.reference, str(status_label(m.kind, m.status))), "matter")
        for row, m in enumerate(matters)
    ]
    lands = [Node(3, row, (str(state), code), "state") for row, (code, state) in enumerate(
        sorted(states.items())
    )]  # fmt: skip
    by_code = {node.lines[1]: node for node in lands}
    rows = max(len(people), len(files), len(lands), 1)
    centre = Node(1, (rows - 1) // 2, (title, _("Case file")), "case")
    joined = [(person, centre) for person in people] + [(centre, file) for file in files]
    joined += [
        (node, by_code[m.counterpart_id])
        for node, m in zip(files, matters, strict=True)
        if m.counterpart_id in by_code
    ]
    height = 70 + rows * ROW
    drawn = "".join(_line(one, other) for one, other in joined)
    drawn += "".join(_box(node) for node in (*people, centre, *files, *lands))
    label = escape(_("Link chart: %(title)s") % {"title": title})
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-label="{label}"><title>{label}</title>'
        f"<style>{STYLE}</style>{drawn}</svg>"
    )


def _line(one: Node, other: Node) -> str:
    return f'<line x1="{one.x + BOX}" y1="{one.y + 20}" x2="{other.x}" y2="{other.y + 20}"/>'


def _box(node: Node) -> str:
    first, second = (_cut(line) for line in node.lines)
    return (
        f'<rect class="{node.kind}" x="{node.x}" y="{node.y}" width="{BOX}" height="44" rx="4"/>'
        f'<text x="{node.x + 8}" y="{node.y + 18}">{escape(first)}</text>'
        f'<text x="{node.x + 8}" y="{node.y + 36}">{escape(second)}</text>'
    )


def _cut(words: str) -> str:
    """As many characters as the box holds."""
    return words if len(words) <= 26 else f"{words[:25]}…"
