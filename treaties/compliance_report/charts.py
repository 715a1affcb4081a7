"""Charts of a report as SVG: drawn here, in page and PDF alike; tables beside them say the same."""

from __future__ import annotations

import math
from collections.abc import Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from treaties.compliance import STATUSES

WIDTH, HEIGHT = 100.0, 6.0
COLOURS = {
    "met": "#2d6a4f",
    "partly_met": "#d99a2b",
    "not_met": "#a3231f",
    "not_applicable": "#5b8aa0",
    "not_assessed": "#c9cdd0",
}
"""For paper; a page's own stylesheet knows better what suits the screen."""
RADIUS, HOLE, MIDDLE = 48.0, 30.0, 50.0


def bar(
    counts: Mapping[str, int],
    *,
    longest: int = 0,
    from_the_right: bool = False,
    look: str = "chart-bar",
) -> SafeString:
    """The statuses as one bar; its length is its total beside the ``longest`` of the chart.

    ``look`` is its class in the stylesheet.
    """
    total = sum(counts.values())
    full = max(longest, total) or 1
    parts, at = [], 0.0
    for status in STATUSES:
        width = WIDTH * counts.get(status, 0) / full
        if width:
            start = WIDTH - at - width if from_the_right else at
            parts.append((status, COLOURS[status], f"{start:.2f}", f"{width:.2f}"))
            at += width
    drawn = format_html_join(
        "",
        f'<rect class="tally__{{}}" fill="{{}}" x="{{}}" y="0" width="{{}}" height="{HEIGHT}"/>',
        parts,
    )
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        look,
        f"{WIDTH:.0f}",
        f"{HEIGHT:.0f}",
        drawn,
    )


def ring(counts: Mapping[str, int], *, said: str) -> SafeString:
    """The statuses as a ring, beginning at the top; ``said`` is the number in its middle."""
    total = sum(counts.values())
    parts, at = [], 0.0
    for status in STATUSES:
        share = counts.get(status, 0) / total if total else 0
        if share:
            parts.append((status, COLOURS[status], _sector(at, at + share)))
            at += share
    drawn = format_html_join("", '<path class="tally__{}" fill="{}" d="{}"/>', parts)
    return format_html(
        '<svg class="chart-ring" viewBox="0 0 100 100" aria-hidden="true">{}'
        '<text x="50" y="56" text-anchor="middle" font-size="17">{}</text></svg>',
        drawn,
        said,
    )


def _sector(start: float, end: float) -> str:
    """A piece of the ring between two shares of a whole turn."""
    end = min(end, start + 0.99999)  # a whole turn would end where it began, and draw nothing
    far = 1 if end - start > 0.5 else 0
    a, b, c, d = _at(start, RADIUS), _at(end, RADIUS), _at(end, HOLE), _at(start, HOLE)
    return f"M{a} A{RADIUS} {RADIUS} 0 {far} 1 {b} L{c} A{HOLE} {HOLE} 0 {far} 0 {d} Z"


def _at(share: float, radius: float) -> str:
    angle = 2 * math.pi * share - math.pi / 2
    return f"{MIDDLE + radius * math.cos(angle):.3f} {MIDDLE + radius * math.sin(angle):.3f}"
