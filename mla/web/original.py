"""Registering the original of a request that was sent ahead of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mla import paper_follows
from mla.web import request_page
from mla.web.finding import request_or_404
from registry.refusals import Refusal
from registry.web.posted import moment_posted, version_seen


@login_required
@require_POST
def original(request: HttpRequest, reference: str) -> HttpResponse:
    found = request_or_404(request.user, reference)
    try:
        paper_follows.register_original(
            found,
            channel=request.POST.get("channel", ""),
            sent_at=moment_posted("sent_at", request.POST.get("sent_at", "")),
            tracking_number=request.POST.get("tracking_number", ""),
            user=request.user,
            now=timezone.now(),
            expected_version=version_seen(request),
        )
    except Refusal as refusal:
        fresh = request_or_404(request.user, reference)
        errors = refusal.by_field()
        return request_page.show(
            request, fresh, move="original", errors=errors, status=refusal.status
        )
    messages.success(request, _("The original was registered."))
    return redirect("request", reference=reference)
