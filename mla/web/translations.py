"""The translations of a request: ordered, due, received; and which source changed since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mla import money, translations
from mla.models import AssistanceRequest, TranslationJob
from mla.translation_sources import sources_of
from mla.web.finding import request_or_404
from registry.deadlines import today_of
from registry.refusals import Refusal
from registry.web.posted import number_posted, version_seen


@login_required
def translations_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The page; a POST does what its button says, on the job that it names."""
    found = request_or_404(request.user, reference)
    errors: dict[str, list[str]] = {}
    status = 200
    if request.method == "POST":
        try:
            with transaction.atomic():
                anchor = _do(request, found)
        except Refusal as refusal:
            errors, status = refusal.by_field(), refusal.status
            found = request_or_404(request.user, reference)
        else:
            messages.success(request, _("Recorded."))
            return redirect(reverse("request-translations", args=[reference]) + anchor)
    sources = sources_of(found)
    context = {
        "request_shown": found,
        "dossier": found.dossier,
        "jobs": translations.shown(found, sources),
        "sources": list(sources.values()),
        "languages": translations.languages(),
        "currencies": sorted(money.currencies()),
        "may_order": translations.may_order(found, request.user),
        "today": today_of(found.dossier.owner, timezone.now()),
        "errors": errors,
        "typed": request.POST,
    }
    return render(request, "mla/translations.html", context, status=status)


def _do(request: HttpRequest, found: AssistanceRequest) -> str:
    """Do what was asked, and tell where on the page it shows."""
    posted = request.POST
    part = number_posted(posted.get("part", "")) or 0
    common: dict[str, Any] = {
        "user": request.user,
        "expected_version": version_seen(request),
        "now": timezone.now(),
    }

    def ordered() -> TranslationJob:
        names = ("from_language", "to_language", "translator", "due_on")
        given = {name: posted.get(name, "") for name in names}
        return translations.order(found, posted.get("source", ""), **given, **common)

    def received() -> TranslationJob:
        file = request.FILES.get("file")
        return translations.receive(
            found,
            part,
            received_on=posted.get("received_on", ""),
            certified_by=posted.get("certified_by", ""),
            amount=posted.get("amount", ""),
            currency=posted.get("currency", ""),
            file_name=(file.name or "") if file else "",
            content=file.file if file else None,
            **common,
        )

    def renewed() -> TranslationJob:
        return translations.give_new_text(found, part, due_on=posted.get("due_on", ""), **common)

    def cancelled() -> TranslationJob:
        return translations.cancel(found, part, reason=posted.get("reason", ""), **common)

    actions: dict[str, Callable[[], TranslationJob]] = {
        "order": ordered,
        "receive": received,
        "renew": renewed,
        "cancel": cancelled,
    }
    action = actions.get(posted.get("then", ""))
    return f"#job-{action().pk}" if action else ""
