"""What a State owes and how far it has done it: overview, one instrument, one obligation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry.access import authorities_where
from registry.deadlines import zone_of
from registry.models import Authority
from registry.refusals import Refusal
from treaties import commitments, obligation_files
from treaties.compliance import STATUSES, Row, current, office_of, tally
from treaties.models import Instrument, Obligation
from treaties.notifications_owed import owed_by_offices
from treaties.register import party
from treaties.web.days import day_asked, day_typed


def office_chosen(request: HttpRequest) -> tuple[Authority | None, list[Authority]]:
    """The person's office that the address names, else the first that assesses, else the first."""
    asked = request.POST.get("authority") or request.GET.get("authority", "")
    return office_of(request.user, asked)


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Every instrument under which the office's State owes something, with how far it has come."""
    office, mine = office_chosen(request)
    on, problem = day_asked(request)
    context: dict[str, Any] = {"office": office, "offices": mine, "on": on, "problem": problem}
    if office is not None:
        rows = current(
            office.state_id, on=on, user=request.user, owner=office, zone=zone_of(office)
        )
        context |= {
            "all": tally(rows),
            "law": tally(row for row in rows if row.obligation.binding),
            "instruments": _by_instrument(office, rows, on),
            "themes": _by_theme(rows),
            "overdue": sorted(
                (row for row in rows if row.overdue), key=lambda row: row.due_on or on
            )[:10],
            "may_assess": office.pk in authorities_where(request.user, "assess"),
            "to_tell": owed_by_offices([office.pk]).count(),
        }
    return render(request, "treaties/compliance.html", context)


@login_required
def group(request: HttpRequest, code: str) -> HttpResponse:
    """The obligations under one instrument, or the commitments of one theme."""
    office, _mine = office_chosen(request)
    if office is None or "\x00" in code:
        raise Http404
    on, problem = day_asked(request)
    theme = code if code in Obligation.Theme.values else ""
    instrument = None if theme else get_object_or_404(Instrument, pk=code)
    rows = [
        row
        for row in current(
            office.state_id,
            on=on,
            instrument="" if theme else code,
            user=request.user,
            owner=office,
            zone=zone_of(office),
        )
        if not theme or row.obligation.theme == theme
    ]
    status = request.GET.get("status", "")
    shown = shown_of_query(rows, request.GET)
    context = {
        "office": office,
        "on": on,
        "problem": problem,
        "code": code,
        "theme": Obligation.Theme(theme).label if theme else "",
        "theme_code": theme,
        "instrument": instrument,
        "standing": party(code, office.state_id, on).sentence if instrument else "",
        "tally": tally(rows),
        "groups": _by_category(shown),
        "status": status,
        "statuses": STATUSES,
        "may_assess": office.pk in authorities_where(request.user, "assess"),
    }
    return render(request, "treaties/compliance_group.html", context)


def shown_of_query(rows: list[Row], query: QueryDict) -> list[Row]:
    """The rows in the status that the page's address asks for."""
    status = query.get("status", "")
    return [
        r for r in rows if not status or r.status == status or (status == "overdue" and r.overdue)
    ]


@login_required
@require_POST
def open_file(request: HttpRequest) -> HttpResponse:
    """Open the file of an obligation and go to it."""
    office, _mine = office_chosen(request)
    code, period = request.POST.get("obligation", ""), request.POST.get("period", "1")
    obligation = Obligation.objects.filter(pk=code).first() if "\x00" not in code else None
    if office is None or obligation is None or not period.isdecimal() or len(period) > 4:
        raise Http404
    try:
        file = obligation_files.open_file(
            office, obligation, int(period), user=request.user, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
        return redirect(group_address(obligation))
    return redirect("obligation", reference=file.dossier.reference)


@login_required
def new_recommendation(request: HttpRequest) -> HttpResponse:
    """Add a recommendation of the Universal Periodic Review that the State accepted."""
    office, _mine = office_chosen(request)
    if office is None or office.pk not in authorities_where(request.user, "assess"):
        raise Http404
    errors: dict[str, list[str]] = {}
    given = request.POST
    if request.method == "POST":
        try:
            added = commitments.add_accepted_recommendation(
                office,
                number=given.get("number", ""),
                cycle=given.get("cycle", ""),
                text=given.get("text", ""),
                recommended_by=given.get("recommended_by", ""),
                source=given.get("source", ""),
                as_of=day_typed(given.get("as_of", ""), "as_of"),
                user=request.user,
            )
        except Refusal as refusal:
            errors = refusal.by_field()
        else:
            messages.success(request, _("Added: %(code)s.") % {"code": added.pk})
            return redirect("compliance-group", code=added.theme)
    context = {"office": office, "errors": errors, "typed": given}
    status = 400 if errors else 200
    return render(request, "treaties/compliance_recommendation.html", context, status=status)


def _by_instrument(office: Authority, rows: list[Row], on: date) -> list[dict[str, Any]]:
    """One line an instrument, in the register's order."""
    under: dict[str, list[Row]] = {}
    for row in rows:
        if row.obligation.instrument_id:
            under.setdefault(row.obligation.instrument_id, []).append(row)
    return [
        {
            "instrument": instrument,
            "standing": party(instrument.pk, office.state_id, on).sentence,
            "tally": tally(under[instrument.pk]),
            "preparing": under[instrument.pk][0].owed.preparing,
        }
        for instrument in Instrument.objects.filter(pk__in=under).order_by("rank", "code")
    ]


def _by_theme(rows: list[Row]) -> list[dict[str, Any]]:
    return [
        {"code": theme.value, "label": theme.label, "tally": tally(under)}
        for theme in Obligation.Theme
        if (under := [row for row in rows if row.obligation.theme == theme])
        or theme == Obligation.Theme.UNIVERSAL_PERIODIC_REVIEW
    ]


def _by_category(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.obligation.category, []).append(row)
    return [
        (str(Obligation.Category(c).label), groups[c]) for c in Obligation.Category if c in groups
    ]


def group_address(obligation: Obligation) -> str:
    return reverse("compliance-group", args=[obligation.instrument_id or obligation.theme])
