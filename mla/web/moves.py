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

from mla import lifecycle, move_fields
from mla.draft_fields import Reader, day, text
from mla.models import AssistanceRequest
from mla.move_fields import FIELDS
from mla.web import request_page
from mla.web.finding import request_or_404
from registry.documents import keep
from registry.models import Document
from registry.refusals import Invalid, Refusal
from registry.web.posted import moment_posted, version_seen


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
    for field in FIELDS.values():
        given = request.POST.get(field.name, "").strip()
        if not given or field.kind == move_fields.FILE:
            continue
        if field.kind == move_fields.MOMENT:
            data[field.name] = moment_posted(field.name, given)
        elif field.kind == move_fields.DAY:
            data[field.name] = _read(field.name, given, day)
        else:
            data[field.name] = _read(field.name, given, text(field.longest))
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


def _read(name: str, given: str, reader: Reader) -> Any:
    """A value that fits; one that does not is refused, never cut."""
    try:
        return reader(given)
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
        "accept": _("Accepted for execution."),
        "refuse": _("The refusal was recorded."),
        "reopen": _("Reopened."),
    }.get(move, _("Recorded."))
