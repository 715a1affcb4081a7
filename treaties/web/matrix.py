"""One State against all others: under what it may ask each, for a purpose, on a day."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from registry.spreadsheets import Sheet
from registry.state_directory import states_by_name
from registry.web.downloads import TABLES, table
from treaties.asking import Unclear
from treaties.legal_basis_matrix import Line, one_against_all
from treaties.models import OffenceFamily, Purpose
from treaties.web.days import day_asked


def matrix(request: HttpRequest) -> HttpResponse:
    """The form, the answer, and with ``?form=csv`` or ``xlsx`` the answer as a file."""
    query = request.GET
    on, problem = day_asked(request)
    state = query.get("state", "").replace("\x00", "")
    purpose = query.get("purpose", "") or Purpose.ASSISTANCE
    offences = [o.replace("\x00", "") for o in query.getlist("offence") if o]
    under = query.get("under", "").replace("\x00", "")
    lines: list[Line] = []
    error = ""
    if state and not problem:
        try:
            lines = one_against_all(state, purpose=purpose, on=on, offences=offences)
        except Unclear as unclear:
            error = unclear.problem.sentence
    instruments = {i.code: i for line in lines for i in line.applicable}
    shown = [line for line in lines if _wanted(line, under)]
    form = query.get("form", "")
    if form in TABLES and lines:
        return table(sheet_of(shown), form, f"legal-basis-{state}-{purpose}-{on.isoformat()}")
    context: dict[str, Any] = {
        "states": states_by_name(),
        "purposes": Purpose.choices,
        "offence_families": OffenceFamily.objects.all(),
        "state": state,
        "purpose": purpose,
        "offences": offences,
        "under": under,
        "on": on,
        "problem": problem,
        "error": error,
        "lines": shown,
        "asked": bool(lines),
        "instruments": sorted(instruments.values(), key=lambda i: i.rank),
        "with_treaty": sum(not line.only_reciprocity for line in lines),
        "all": len(lines),
        "address": query.urlencode(),
    }
    return render(request, "treaties/matrix.html", context)


def _wanted(line: Line, under: str) -> bool:
    if under == "treaty":
        return not line.only_reciprocity
    if under == "no_treaty":
        return line.only_reciprocity
    return not under or any(i.code == under for i in line.applicable)


def sheet_of(lines: list[Line]) -> Sheet:
    columns = [_("Code"), _("State"), _("Best basis"), _("Article"), _("All bases"), _("Verified")]
    rows = [
        [
            line.state.code,
            line.state.called(),
            line.best.short_title if line.best else "",
            line.article,
            "; ".join(i.short_title for i in line.applicable),
            _("yes") if line.verified else _("no"),
        ]
        for line in lines
    ]
    return Sheet(_("Legal basis"), columns, rows)
