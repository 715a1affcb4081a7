"""The navigation among the pages of deadlines, and how their days and entries are written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.clock_strip import strip_of
from registry.deadline_list import deadlines_of
from registry.models import Deadline, Dossier

register = template.Library()

PAGES = (
    ("my-day", _("My day")),
    ("deadlines", _("List")),
    ("deadline-calendar", _("Calendar")),
    ("team-week", _("My team's week")),
    ("deadlines-at-risk", _("At risk")),
    ("deadlines-missed", _("Missed")),
    ("urgent-matters", _("Urgent")),
    ("late-with-them", _("Late with them")),
    ("moved", _("Proposed moves")),
    ("both-calendars", _("Days off")),
    ("clock-health", _("Health")),
)
"""The pages in the order of their use. One whose address nobody has declared is left out."""


@register.inclusion_tag("registry/parts/deadline_navigation.html", takes_context=True)
def deadline_navigation(context: dict[str, Any]) -> dict[str, Any]:
    path = context["request"].path
    pages = []
    for name, label in PAGES:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        pages.append({"address": address, "label": label, "current": address == path})
    return {"pages": pages}


@register.inclusion_tag("registry/parts/clock_strip.html")
def clock_strip(dossier: Dossier, deadlines: Iterable[Deadline] | None = None) -> dict[str, Any]:
    """All clocks of a dossier that the reader may see, drawn; with ``deadlines`` no query for them."""
    clocks = deadlines_of(dossier) if deadlines is None else deadlines
    return {"strip": strip_of(dossier, clocks, now=timezone.now()), "dossier": dossier}
