"""Two States' provisions on the same offences, side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from registry.state_directory import states_by_name
from treaties.models import OffenceFamily
from treaties.offence_tables import side_by_side
from treaties.web.days import day_asked


def compare(request: HttpRequest) -> HttpResponse:
    """The form and, once both States are chosen, the table; its address can be passed on."""
    query = request.GET
    on, problem = day_asked(request)
    state, other = (query.get(name, "").replace("\x00", "")[:8] for name in ("state", "other"))
    families = [f.replace("\x00", "") for f in query.getlist("family") if f]
    context: dict[str, Any] = {
        "states": states_by_name(),
        "families": OffenceFamily.objects.all(),
        "state": state,
        "other": other,
        "chosen": families,
        "on": on,
        "problem": problem,
        "same": bool(state) and state == other,
    }
    if state and other and state != other:
        context["rows"] = side_by_side(state, other, on, families)
        context["asked"] = True
    return render(request, "treaties/offence_table.html", context)
