"""Starting a request: which State, what measures, which offences; on what legal basis."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from mla import drafting, from_case_file
from mla.models import RequestKind
from mla.request_kinds import RULES, STARTED_ALONE
from registry.access import authorities_where
from registry.deadlines import today_of
from registry.models import Authority
from registry.refusals import Refusal
from registry.state_directory import states_by_name
from treaties.legal_basis import Answer
from treaties.models import MeasureKind, OffenceFamily

ASKED_MOST = (
    "taking_evidence",
    "bank_financial_records",
    "search_and_seizure",
    "service_of_documents",
)

SHOWN_FIRST = 6
"""How many offences stand open: the international crimes, with which the register begins."""


@login_required
def new_request(request: HttpRequest) -> HttpResponse:
    offices = _offices(request)
    posted = request.POST if request.method == "POST" else request.GET
    errors: dict[str, list[str]] = {}
    case = from_case_file.case_file_named(request.user, posted.get("case_file", "")[:60])
    persons = from_case_file.persons_of(case) if case else []
    chosen = [person.pk for person in persons if str(person.pk) in posted.getlist("persons")]
    if request.method != "POST":
        chosen = [person.pk for person in persons]
    if request.method == "POST":
        try:
            start = partial(from_case_file.start_request, case, chosen) if case else None
            started = (start or drafting.start_request)(
                user=request.user,
                owner=_office(offices, posted),
                requested_state=posted.get("requested_state", ""),
                measures=posted.getlist("measures"),
                offences=posted.getlist("offences"),
                basis_code=posted.get("basis") or None,
                title=posted.get("title", ""),
                kind=posted.get("kind") or RequestKind.REQUEST,
                urgent=posted.get("urgent") == "on",
                urgency_reason=posted.get("urgency_reason", ""),
                answer_wanted_by=posted.get("answer_wanted_by", ""),
                sealed=posted.get("sealed") == "on",
                now=timezone.now(),
            )
        except Refusal as refusal:
            errors = refusal.by_field()
        else:
            return redirect("request-edit", reference=started.dossier.reference)
    context = _choices(offices, posted) | _answer(request, offices, posted, timezone.now())
    context |= {"errors": errors, "case": case, "persons": persons, "chosen_persons": chosen}
    return render(request, "mla/new_request.html", context, status=400 if errors else 200)


@login_required
def legal_basis_answer(request: HttpRequest) -> HttpResponse:
    """The answer for what is chosen so far, shown beside the choices as they change."""
    offices = _offices(request)
    context = _answer(request, offices, request.GET, timezone.now())
    return render(request, "mla/basis_answer.html", context)


def _offices(request: HttpRequest) -> list[Authority]:
    """The authorities for which this person may open a request."""
    allowed = authorities_where(request.user, "open_dossier")
    offices = list(Authority.objects.filter(pk__in=allowed).select_related("state"))
    if not offices:
        raise PermissionDenied
    return offices


def _office(offices: list[Authority], posted: QueryDict) -> Authority:
    chosen = posted.get("owner", "")
    return next((office for office in offices if str(office.pk) == chosen), offices[0])


def _choices(offices: list[Authority], posted: QueryDict) -> dict[str, Any]:
    kinds = {kind.code: kind for kind in MeasureKind.objects.all()}
    first = [kinds.pop(code) for code in ASKED_MOST if code in kinds]
    families = list(OffenceFamily.objects.all())
    return {
        "offices": offices,
        "states": states_by_name(),
        "request_kinds": [(code, RULES[code].label) for code in STARTED_ALONE],
        "measures_first": first,
        "measures_more": list(kinds.values()),
        "core_crimes": families[:SHOWN_FIRST],
        "other_offences": families[SHOWN_FIRST:],
        "chosen_measures": posted.getlist("measures"),
        "chosen_offences": posted.getlist("offences"),
        "given": posted,
    }


def _asked(posted: QueryDict) -> list[str]:
    """The measures chosen, with that of the kind chosen."""
    rules = RULES.get(posted.get("kind", ""), RULES[RequestKind.REQUEST])
    return rules.asked_with(posted.getlist("measures"))


def _answer(
    request: HttpRequest, offices: list[Authority], posted: QueryDict, now: datetime
) -> dict[str, Any]:
    """The resolver's answer to what is chosen; nothing before a State is."""
    state = posted.get("requested_state", "")
    if not state:
        return {"answer": None}
    office = _office(offices, posted)
    try:
        answer: Answer = drafting.ask(
            office.state_id,
            state,
            posted.getlist("offences"),
            _asked(posted),
            today_of(office, now),
        )
    except Refusal as refusal:
        return {"answer": None, "answer_problem": str(refusal.detail)}
    chosen = posted.get("basis", "")
    proposed = answer.proposed.code if answer.proposed else ""
    codes = {basis.code for basis in answer.applicable}
    return {
        "answer": answer,
        "chosen_basis": chosen if chosen in codes else proposed,
        "proposed": proposed,
        "office": office,
        "requested_state": state,
    }
