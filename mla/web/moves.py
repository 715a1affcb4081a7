"""Moving a request on: each move has a small form on the request's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mla import lifecycle
from mla.draft_fields import text
from mla.models import AssistanceRequest
from mla.web import request_page
from mla.web.finding import request_or_404
from registry.documents import keep
from registry.models import Document
from registry.refusals import Invalid, Refusal
from registry.web.posted import moment_posted, version_seen

MOMENTS = ("sent_at", "acknowledged_at")
TEXTS = {
    "reason": 10_000,
    "note": 10_000,
    "channel": 40,
    "tracking_number": 120,
    "foreign_reference": 120,
}
"""The texts of a move's form, each with the most characters that it may have."""


@login_required
@require_POST
def move(request: HttpRequest, reference: str, move: str) -> HttpResponse:
    found = request_or_404(request.user, reference)
    try:
        with transaction.atomic():
            data = _data(request, found, move)
            lifecycle.advance(
                found,
                move,
                user=request.user,
                now=timezone.now(),
                expected_version=version_seen(request),
                **data,
            )
    except Refusal as refusal:
        errors = refusal.by_field()
        if "reasons" in errors:
            errors = {"": errors["reasons"] or [str(refusal.detail)]}
        fresh = request_or_404(request.user, reference)
        return request_page.show(request, fresh, move=move, errors=errors, status=refusal.status)
    messages.success(request, _done(move))
    return redirect("request", reference=reference)


def _data(request: HttpRequest, found: AssistanceRequest, move: str) -> dict[str, Any]:
    """What the form brought, as the life of a request takes it. Raises Invalid."""
    data: dict[str, Any] = {}
    for name, longest in TEXTS.items():
        if given := request.POST.get(name, "").strip():
            data[name] = _text(name, given, longest)
    for name in MOMENTS:
        if given := request.POST.get(name, "").strip():
            data[name] = moment_posted(name, given)
    if file := request.FILES.get("proof"):
        try:
            data["proof"] = keep(
                found.dossier,
                kind=Document.Kind.PROOF_OF_SENDING,
                title=_("Proof of sending"),
                file_name=file.name or "",
                content=file.file,
                user=request.user,
                now=timezone.now(),
            )
        except Invalid as refusal:
            said = refusal.fields.get("file", [refusal.detail])
            raise Invalid(refusal.code, refusal.detail, fields={"proof": said}) from refusal
    return data


def _text(name: str, given: str, longest: int) -> str:
    """A text that fits; one that does not is refused, never cut."""
    try:
        return str(text(longest)(given))
    except ValueError as wrong:
        raise Invalid("invalid_text", str(wrong), fields={name: [str(wrong)]}) from wrong


def _done(move: str) -> str:
    return {
        "submit": _("Submitted: another officer can approve it now."),
        "return_to_draft": _("Returned to the drafter."),
        "approve": _("Approved. The letter is being made."),
        "send": _("Marked as sent. The clocks are running."),
        "acknowledge": _("The acknowledgement was recorded."),
        "withdraw": _("The request was withdrawn."),
        "close": _("The request was closed."),
    }.get(move, _("Recorded."))
