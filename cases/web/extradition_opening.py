"""Opening an extradition by page, and correcting what it says."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import extradition_opening as opening
from cases.case_file_parts import add
from cases.case_files import visible_case_file
from cases.models import CaseFile, ExtraditionCase
from cases.web.finding import extradition_or_404
from registry.access import authorities_where, may
from registry.models import Authority
from registry.refusals import Refusal
from registry.state_directory import states_by_name
from registry.web.posted import number_posted, version_seen
from treaties.models import CoveredPurpose, Instrument, OffenceFamily, Purpose

TICKS = ("urgent", "convicted")


@login_required
def new(request: HttpRequest) -> HttpResponse:
    allowed = authorities_where(request.user, "run_extradition")
    offices = list(Authority.objects.filter(pk__in=allowed).select_related("state"))
    if not offices:
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else request.GET
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            case = opening.open_extradition(
                user=request.user,
                owner=_office(offices, posted),
                direction=posted.get("direction", ""),
                other_state=posted.get("other_state", ""),
                person=_person(posted),
                offences=posted.getlist("offences"),
                basis_code=posted.get("basis") or None,
                sealed=posted.get("sealed") == "on",
                now=timezone.now(),
                **_case(posted),
            )
        except Refusal as refusal:
            errors = refusal.by_field()
        else:
            _link(request, posted.get("case_file", ""), case)
            messages.success(request, _("The extradition is open."))
            return redirect("extradition", reference=case.dossier.reference)
    given = posted if request.method == "POST" else _carried_over(request)
    context = _choices() | {
        "offices": offices,
        "given": given,
        "chosen_offences": given.getlist("offences"),
        "errors": errors,
    }
    return render(request, "cases/extradition_new.html", context, status=400 if errors else 200)


@login_required
def edit(request: HttpRequest, reference: str) -> HttpResponse:
    case = extradition_or_404(request.user, reference)
    if not may(request.user, "run_extradition", case.dossier):
        if request.method == "POST":
            raise PermissionDenied
        return redirect("extradition", reference=reference)
    errors: dict[str, list[str]] = {}
    given: Any = request.POST if request.method == "POST" else _as_given(case)
    if request.method == "POST":
        try:
            opening.change(
                case,
                _person(request.POST) | _case(request.POST),
                user=request.user,
                now=timezone.now(),
                expected_version=version_seen(request),
            )
        except Refusal as refusal:
            errors = refusal.by_field()
        else:
            messages.success(request, _("Saved."))
            return redirect("extradition", reference=reference)
    context = {"case": case, "dossier": case.dossier, "given": given, "errors": errors}
    return render(request, "cases/extradition_edit.html", context, status=400 if errors else 200)


def _office(offices: list[Authority], posted: QueryDict) -> Authority:
    chosen = posted.get("owner", "")
    return next((office for office in offices if str(office.pk) == chosen), offices[0])


def _person(posted: QueryDict) -> dict[str, Any]:
    return {name: posted.get(name, "") for name in opening.person_readers()}


def _case(posted: QueryDict) -> dict[str, Any]:
    return {name: posted.get(name, "") for name in opening.case_readers()}


def _as_given(case: ExtraditionCase) -> dict[str, Any]:
    """The case as its form would bring it."""
    given = {name: getattr(case.person, name) for name in opening.person_readers()}
    given["nationalities"] = ", ".join(case.person.nationalities)
    for name in opening.case_readers():
        holder = case if hasattr(case, name) else case.dossier
        given[name] = getattr(holder, name)
    return {
        name: ("on" if value else "") if name in TICKS else _written(value)
        for name, value in given.items()
    }


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else "" if value is None else value


def _choices() -> dict[str, Any]:
    bases = CoveredPurpose.objects.filter(purpose=Purpose.EXTRADITION).exclude(
        strength__in=[CoveredPurpose.Strength.SUPPLEMENT, CoveredPurpose.Strength.SUPPORTING]
    )
    families = list(OffenceFamily.objects.all())
    return {
        "states": states_by_name(),
        "bases": Instrument.objects.filter(pk__in=bases.values("instrument")).values_list(
            "code", "short_title"
        ),
        "core_crimes": [family for family in families if family.core_crime],
        "other_offences": [family for family in families if not family.core_crime],
    }


def _carried_over(request: HttpRequest) -> QueryDict:
    """What a case file says of a person and its offences, as the form would bring it."""
    given = request.GET.copy()
    try:
        case_file = visible_case_file(request.user, given.get("case_file", ""))
    except CaseFile.DoesNotExist:
        return given
    number = number_posted(given.get("person", ""))
    person = case_file.dossier.persons.filter(pk=number or 0, protected=False).first()
    if person is not None:
        for name in opening.person_readers():
            value = getattr(person, name)
            value = ", ".join(value) if name == "nationalities" else value
            given[name] = "" if value is None else str(value)
    given["title"] = case_file.dossier.title
    given["facts"] = case_file.summary
    given.setlist("offences", list(case_file.dossier.offences.values_list("family", flat=True)))
    return given


def _link(request: HttpRequest, reference: str, case: ExtraditionCase) -> None:
    """Belongs to the case file from which it was opened, if the person keeps that one."""
    try:
        case_file = visible_case_file(request.user, reference)
        add(
            case_file,
            "linked",
            {"reference": case.dossier.reference},
            user=request.user,
            now=timezone.now(),
        )
    except CaseFile.DoesNotExist:
        return
    except Refusal as refusal:
        messages.warning(request, str(refusal.detail))
