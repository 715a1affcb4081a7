"""Ask the register freely: under what may one State ask another for this, on this day?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from registry.state_directory import states_by_name
from treaties.legal_basis import Question, resolve
from treaties.models import MeasureKind, OffenceFamily, Purpose
from treaties.web.days import day_asked


def legal_basis(request: HttpRequest) -> HttpResponse:
    """The form and, once both sides are chosen, the answer; its address can be passed on."""
    query = request.GET
    on, problem = day_asked(request)
    requesting, requested = query.get("requesting", ""), query.get("requested", "")
    purpose = query.get("purpose", "") or Purpose.ASSISTANCE
    offences, measures = query.getlist("offence"), query.getlist("measure")
    context: dict[str, Any] = {
        "states": states_by_name(),
        "purposes": Purpose.choices,
        "offence_families": OffenceFamily.objects.all(),
        "measure_kinds": MeasureKind.objects.all(),
        "requesting": requesting,
        "requested": requested,
        "purpose": purpose,
        "offences": offences,
        "measures": measures,
        "on": on,
        "day_problem": problem,
    }
    if requesting and requested and not problem:
        context["answer"] = resolve(
            Question(requesting, requested, purpose, on, tuple(offences), tuple(measures))
        )
    return render(request, "treaties/legal_basis.html", context)
