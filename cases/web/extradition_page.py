"""One extradition: where it stands, what is due, what can be done next, what happened."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import assurances, custody, extradition, extradition_clocks, extradition_law
from cases.models import Assurance, ExtraditionCase, SpecialityEntry
from cases.other_states import CRITERIA
from cases.web.extradition_forms import forms_of, read
from cases.web.finding import extradition_or_404
from registry.access import may
from registry.deadlines import deadlines_of
from registry.naming import can_be_named
from registry.refusals import Refusal
from registry.state_directory import states_by_name
from registry.web.posted import version_seen
from treaties.models import OffenceFamily

ENTRIES_SHOWN = 200
PEOPLE_OFFERED = 200


@login_required
def page(request: HttpRequest, reference: str) -> HttpResponse:
    return show(request, extradition_or_404(request.user, reference))


@login_required
@require_POST
def move(request: HttpRequest, reference: str, move: str) -> HttpResponse:
    case = extradition_or_404(request.user, reference)
    try:
        known = extradition.MOVES.get(move)
        extradition.advance(
            case,
            move,
            user=request.user,
            now=timezone.now(),
            expected_version=version_seen(request),
            **(read(request, known) if known else {}),
        )
    except Refusal as refusal:
        return show(request, case, tried=move, errors=refusal.by_field(), status=refusal.status)
    messages.success(request, _("Recorded."))
    return redirect("extradition", reference=reference)


def show(
    request: HttpRequest,
    case: ExtraditionCase,
    *,
    tried: str = "",
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page; with ``tried`` and ``errors``, that form as it came back."""
    case = extradition_or_404(request.user, case.dossier.reference)
    context = _context(request, case) | {
        "tried": tried,
        "errors": errors or {},
        "typed": request.POST,
        **more,
    }
    return render(request, "cases/extradition.html", context, status=status)


def _context(request: HttpRequest, case: ExtraditionCase) -> dict[str, Any]:
    """A constant number of queries, however long the case is."""
    dossier, now, user = case.dossier, timezone.now(), request.user
    forms = forms_of(extradition.possibilities(case, user), case)
    possible = [form.move.name for form in forms if form.possibility.possible]
    runs = may(user, "run_extradition", dossier)
    periods = list(case.custody_periods.all())
    formal = extradition_law.checklist(case)
    arrest = extradition_law.checklist(case, extradition_law.PROVISIONAL_ARREST)
    return {
        "case": case,
        "dossier": dossier,
        "person": case.person,
        "forms": forms,
        "suggested": possible[0] if possible else "",
        "runs": runs and dossier.is_open,
        "lists": [
            (extradition_law.EXTRADITION, _("Formal request: what must be enclosed"), formal),
            (
                extradition_law.PROVISIONAL_ARREST,
                _("Request for provisional arrest: what it must say"),
                arrest,
            ),
        ],
        "releases_due": extradition_clocks.releases_due(case, now),
        "periods": periods,
        "custody_total": custody.total(periods, now),
        "held": any(period.ended_at is None for period in periods),
        "offences": list(dossier.offences.select_related("family")),
        "decisions": list(case.decisions.all()),
        "assurances": list(case.assurances.all()),
        "assurance_kinds": Assurance.Kind.choices,
        "next_states": {
            state: [(s, Assurance.State(s).label) for s in sorted(following)]
            for state, following in assurances.NEXT.items()
        },
        "ledger": list(case.speciality.select_related("family")),
        "consent_kinds": SpecialityEntry.Kind.choices[1:],
        "families": list(OffenceFamily.objects.all()) if runs and case.surrendered_at else [],
        "competing": list(case.concurrent_requests.all()),
        "criteria": CRITERIA,
        "transits": list(case.transits.all()),
        "states": states_by_name() if runs else [],
        "at_home": getattr(case, "at_home", None),
        "deadlines": list(deadlines_of(dossier)),
        "documents": list(
            dossier.documents.filter(removed_at__isnull=True).order_by("kind", "position", "pk")
        ),
        "entries": list(
            dossier.timeline.select_related("actor").order_by("-sequence")[:ENTRIES_SHOWN]
        ),
        "named": list(dossier.named.select_related("user").order_by("user__name")),
        "can_be_named": list(can_be_named(dossier)[:PEOPLE_OFFERED])
        if may(user, "name_people", dossier)
        else [],
        "may_seal": not dossier.is_sealed and may(user, "seal", dossier),
        "now": timezone.localtime(),
    }
