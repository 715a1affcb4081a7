"""The triage of a request received: what is missing, on what it rests, what speaks against it."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from mla import completeness, drafting
from mla import triage as domain
from mla.models import AssistanceRequest, Receipt, RefusalAssessment
from mla.web.finding import request_or_404
from registry.access import may
from registry.models import Authority
from registry.refusals import Refusal
from registry.web.posted import version_seen

GROUND = re.compile(r"^ground-(\d{1,18})$")
FINDINGS = ("priority", "competent_authority", "dual_criminality", "dual_criminality_note")


@login_required
def triage(request: HttpRequest, reference: str) -> HttpResponse:
    """The page; a POST keeps what its button says: the findings, the answers or the legal basis."""
    found = request_or_404(request.user, reference)
    if not found.is_received:
        return redirect("request", reference=reference)
    errors: dict[str, list[str]] = {}
    status = 200
    if request.method == "POST":
        try:
            _keep(request, found)
        except Refusal as refusal:
            errors, status = refusal.by_field(), refusal.status
            found = request_or_404(request.user, reference)
        else:
            messages.success(request, _("Saved."))
            return redirect("request-triage", reference=reference)
    context = _context(request, found) | {"errors": errors, "typed": request.POST}
    return render(request, "mla/triage.html", context, status=status)


def _keep(request: HttpRequest, found: AssistanceRequest) -> None:
    posted = request.POST
    common: dict[str, Any] = {
        "user": request.user,
        "expected_version": version_seen(request),
        "now": timezone.now(),
    }
    if posted.get("then") == "choose-basis":
        drafting.choose_basis(found, posted.get("basis", ""), **common)
        return
    if posted.get("then") == "findings":
        domain.note_findings(found, {n: posted[n] for n in FINDINGS if n in posted}, **common)
        return
    answers = {
        int(match[1]): (posted[name], posted.get(f"reasons-{match[1]}", ""))
        for name in posted
        if (match := GROUND.match(name)) and posted[name]
    }
    domain.answer_grounds(found, answers, **common)


def _context(request: HttpRequest, found: AssistanceRequest) -> dict[str, Any]:
    """Everything that the page shows. A constant number of queries."""
    checklist = completeness.checklist(found)
    fulfilled, required = checklist.progress
    return {
        "request_shown": found,
        "dossier": found.dossier,
        "receipt": found.receipt,
        "checklist": checklist,
        "fulfilled": fulfilled,
        "required": required,
        "bases": [
            (basis["code"], basis["short_title"])
            for basis in found.basis_answer.get("applicable", [])
            if basis.get("strength") != "supporting"
        ],
        "inapplicable": found.basis_answer.get("inapplicable", []),
        "grounds": domain.grounds_of(found),
        "answers": RefusalAssessment.Answer.choices,
        "authorities": list(Authority.objects.filter(state=found.requested_state_id)),
        "priorities": Receipt.Priority.choices,
        "dual_criminality": Receipt.DualCriminality.choices,
        "offences": list(found.dossier.offences.select_related("family")),
        "may_triage": found.dossier.is_open and may(request.user, "triage", found.dossier),
    }
