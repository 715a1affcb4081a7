"""Who is bound by an instrument, over the years and over the world, as SVG.

The map has no borders: each State is a dot at its principal place, whose position the time zone
database gives. Beside it the table of parties says the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from importlib import resources

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from treaties.participation import position
from treaties.register import Party
from treaties.register_index import RegisterIndex

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, BOTTOM, TOP = 40, 24, 24, 12
COLOURS = {"bound": "#2d6a4f", "signed_only": "#d99a2b", "withdrawn": "#a3231f"}
OTHER = "#c9cdd0"
PLACE = re.compile(r"^([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?$")


def bound_by_year(instrument: str, until: int) -> list[tuple[int, int]]:
    """How many States an instrument bound at the end of each year, from the first that did."""
    index = RegisterIndex.current()
    return list(_bound_by_year(index.stamp, instrument, until))


@lru_cache(maxsize=128)
def _bound_by_year(stamp: str, instrument: str, until: int) -> tuple[tuple[int, int], ...]:
    index = RegisterIndex.current()
    footing = index.instruments[instrument].footing
    acts = [rows for (code, _state), rows in index.acts.items() if code == instrument]
    days = [day for rows in acts for act in rows if (day := act.binds_from or act.date)]
    if not days:
        return ()
    counted = [
        (year, sum(position(rows, date(year, 12, 31), footing).bound for rows in acts))
        for year in range(min(day.year for day in days), until + 1)
    ]
    first = next((place for place, (_year, number) in enumerate(counted) if number), len(counted))
    return tuple(counted[max(0, first - 1) :])


def curve(points: Sequence[tuple[int, int]]) -> SafeString:
    """The number of parties over the years, as steps; empty for fewer than two years."""
    if len(points) < 2:
        return SafeString("")
    most = max(number for _year, number in points) or 1
    first, last = points[0][0], points[-1][0]

    def x(year: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (year - first) / (last - first)

    def y(number: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * number / most

    path = " ".join(
        f"{'M' if place == 0 else 'L'}{x(year):.1f} {y(number):.1f}"
        for place, (year, number) in enumerate(points)
    )
    area = f"{path} L{x(last):.1f} {y(0):.1f} L{x(first):.1f} {y(0):.1f} Z"
    step = max(1, round((last - first) / 6))
    years = [
        (f"{x(year):.1f}", str(HEIGHT - 6), str(year)) for year in range(first, last + 1, step)
    ]
    numbers = [
        (f"{y(number):.1f}", f"{y(number) + 4:.1f}", str(number))
        for number in sorted({0, most // 2, most})
    ]
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" aria-hidden="true">{}'
        '<path class="chart__area" fill="#d9e6e9" d="{}"/><path class="chart__line" fill="none" stroke="#0f4c5c" d="{}"/>{}</svg>',
        str(WIDTH),
        str(HEIGHT),
        format_html_join(
            "",
            f'<line class="chart__rule" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{{0}}" y2="{{0}}"/>'
            f'<text class="chart__text" x="{LEFT - 6}" y="{{1}}" text-anchor="end">{{2}}</text>',
            numbers,
        ),
        area,
        path,
        format_html_join(
            "", '<text class="chart__text" x="{}" y="{}" text-anchor="middle">{}</text>', years
        ),
    )


def world(parties: Iterable[Party]) -> SafeString:
    """A dot for each State of the register, coloured by how it stands; its name on each dot."""
    standing = {party.state.code: party for party in parties}
    places = _places()
    dots = []
    for state in RegisterIndex.current().states.values():
        place = places.get(state.alpha2)
        if state.kind != "state" or place is None:
            continue
        party = standing.get(state.code)
        code = party.standing if party else "none"
        words = party.sentence if party else state.called()
        latitude, longitude = place
        dots.append(
            (
                code,
                f"{(longitude + 180) * 2:.1f}",
                f"{(84 - latitude) * 2:.1f}",
                COLOURS.get(code, OTHER),
                words,
            )
        )
    dots.sort(key=lambda dot: (dot[3] != OTHER, dot[0]))
    return format_html(
        '<svg class="chart chart--world" viewBox="-8 0 736 290" aria-hidden="true">'
        '<line class="chart__rule" x1="0" x2="720" y1="168" y2="168"/>{}</svg>',
        format_html_join(
            "",
            '<circle class="dot dot--{}" cx="{}" cy="{}" r="4.5" fill="{}"><title>{}</title></circle>',
            dots,
        ),
    )


@lru_cache(maxsize=1)
def _places() -> dict[str, tuple[float, float]]:
    """Latitude and longitude of each country's principal place, by ISO 3166 alpha-2."""
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    found: dict[str, tuple[float, float]] = {}
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        code, place, *_rest = line.split("\t")
        if code not in found and (match := PLACE.match(place)):
            found[code] = (_degrees(match, 1), _degrees(match, 5))
    return found


def _degrees(match: re.Match[str], at: int) -> float:
    value = int(match[at + 1]) + int(match[at + 2]) / 60
    return -value if match[at] == "-" else value
