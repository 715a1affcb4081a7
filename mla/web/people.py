"""Who is on a request's dossier, and sealing it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mla.web.finding import request_or_404
from registry import naming
from registry.refusals import Refusal


@login_required
@require_POST
def name_person(request: HttpRequest, reference: str) -> HttpResponse:
    found = request_or_404(request.user, reference)
    try:
        person = naming.name_person(
            found.dossier, request.POST.get("person", ""), user=request.user, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, _("%(name)s is on this dossier now.") % {"name": person.name})
    return redirect("request", reference=reference)


@login_required
@require_POST
def seal(request: HttpRequest, reference: str) -> HttpResponse:
    found = request_or_404(request.user, reference)
    try:
        naming.seal(found.dossier, user=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, _("Sealed. Only those named on it see it from now on."))
    return redirect("request", reference=reference)
