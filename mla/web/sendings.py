"""The sending log of a request: what left, by which channel, and what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from mla import sending_log
from mla.models import AssistanceRequest
from mla.web.finding import request_or_404
from registry import documents
from registry.models import Document
from registry.refusals import Refusal
from registry.web.posted import moment_posted, number_posted, version_seen


@login_required
def sendings(request: HttpRequest, reference: str) -> HttpResponse:
    """The page; a POST records a further sending, or what became of one."""
    found = request_or_404(request.user, reference)
    errors: dict[str, list[str]] = {}
    status = 200
    if request.method == "POST":
        try:
            _record(request, found)
        except Refusal as refusal:
            errors, status = refusal.by_field(), refusal.status
            found = request_or_404(request.user, reference)
        else:
            messages.success(request, _("Recorded."))
            return redirect("request-sendings", reference=reference)
    every = sending_log.sendings_of(found)
    channel = request.GET.get("channel", "")
    context = {
        "dossier": found.dossier,
        "sendings": [each for each in every if channel in ("", each.channel)],
        "channel": channel,
        "channels_in": sending_log.channels_in(every),
        "channels": AssistanceRequest.Transmission.choices,
        "may_record": sending_log.may_record(found, request.user),
        "errors": errors,
        "typed": request.POST,
        "now": timezone.localtime(),
    }
    return render(request, "mla/sendings.html", context, status=status)


def _record(request: HttpRequest, found: AssistanceRequest) -> None:
    posted, user, now = request.POST, request.user, timezone.now()
    act = posted.get("then", "")
    if act in ("arrived", "came-back"):
        sending_log.record_outcome(
            found,
            number_posted(posted.get("part", "")) or 0,
            arrived=act == "arrived",
            at=moment_posted("at", posted.get("at", "")),
            note=posted.get("note", ""),
            user=user,
            now=now,
            expected_version=version_seen(request),
        )
        return
    if act != "send-again":
        raise Http404
    upload = request.FILES.get("proof")
    with transaction.atomic():
        made = sending_log.send_again(
            found,
            channel=posted.get("channel", ""),
            sent_at=moment_posted("sent_at", posted.get("sent_at", "")),
            tracking_number=posted.get("tracking_number", ""),
            note=posted.get("note", ""),
            user=user,
            now=now,
            expected_version=version_seen(request),
        )
        if upload is not None:
            made.proof = documents.keep(
                found.dossier,
                kind=Document.Kind.PROOF_OF_SENDING,
                title=_("Proof of sending"),
                file_name=upload.name or "",
                content=upload,
                user=user,
                now=now,
            )
            made.save(update_fields=["proof"])
