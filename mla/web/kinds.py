"""What comes of a matter, and the letter that tells of an amendment."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mla import amendments
from mla.models import AssistanceRequest
from mla.move_fields import FIELDS
from mla.starting_from import start_from
from mla.web.finding import request_or_404
from registry.refusals import Refusal
from registry.web.posted import version_seen


@login_required
@require_POST
def start(request: HttpRequest, reference: str, way: str) -> HttpResponse:
    """Start a draft from this matter, and go on with it."""
    found = request_or_404(request.user, reference)
    try:
        started = start_from(
            found,
            way,
            requested_state=request.POST.get("requested_state", ""),
            user=request.user,
            expected_version=version_seen(request),
            now=timezone.now(),
        )
    except Refusal as refusal:
        for sentences in refusal.by_field().values():
            for sentence in sentences:
                messages.error(request, sentence)
        return redirect("request", reference=reference)
    messages.success(
        request,
        _("Started as %(reference)s from %(earlier)s.")
        % {"reference": started.dossier.reference, "earlier": reference},
    )
    return redirect("request-edit", reference=started.dossier.reference)


@login_required
@require_POST
def amendment_letter(request: HttpRequest, reference: str) -> HttpResponse:
    """Draft the letter that tells of the amendments, and go to it."""
    found = request_or_404(request.user, reference)
    try:
        draft = amendments.draft_letter(found, user=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
        return redirect("request", reference=reference)
    return redirect("letter", letter=draft.pk)


def facts_of_kind(found: AssistanceRequest) -> list[tuple[str, str]]:
    """What the moves of its kind recorded, each with the label of its field."""
    return [
        (str(field.label), _shown(field.name, str(found.kind_record[field.name])))
        for field in FIELDS.values()
        if found.kind_record.get(field.name)
    ]


def _shown(name: str, value: str) -> str:
    field = FIELDS[name]
    if field.kind == "moment":
        return date_format(timezone.localtime(datetime.fromisoformat(value)), "j F Y, H:i")
    if field.kind == "day":
        return date_format(date.fromisoformat(value), "j F Y")
    if field.kind == "choice":
        return str(dict(field.choices).get(value, value))
    return value
