"""How useful the help was: said in a minute after closing, and the short text that tells it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mla import feedback
from mla.letter_facts import addressee
from mla.models import Feedback
from mla.web.finding import request_or_404
from registry.deadlines import today_of
from registry.refusals import Refusal
from registry.web.posted import version_seen


@login_required
def feedback_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The form; once it is said, what was said and, where it must be sent, the text to send."""
    found = request_or_404(request.user, reference)
    if found.is_received:
        raise Http404
    errors: dict[str, list[str]] = {}
    status = 200
    common: dict[str, Any] = {
        "user": request.user,
        "expected_version": version_seen(request),
        "now": timezone.now(),
    }
    if request.method == "POST":
        posted = request.POST
        try:
            if posted.get("then") == "told":
                feedback.note_telling(found, on=posted.get("on", ""), **common)
            else:
                feedback.give(
                    found,
                    usefulness=posted.get("usefulness", ""),
                    note=posted.get("note", ""),
                    **common,
                )
        except Refusal as refusal:
            errors, status = refusal.by_field(), refusal.status
            found = request_or_404(request.user, reference)
        else:
            messages.success(request, _("Thank you: recorded."))
            return redirect("request-feedback", reference=reference)
    said = feedback.feedback_of(found)
    language = found.language if translation.check_for_language(found.language) else "en"
    context = {
        "request_shown": found,
        "dossier": found.dossier,
        "said": said,
        "has_place": feedback.has_place(found),
        "may_give": feedback.may_give(found, request.user),
        "choices": Feedback.Usefulness.choices,
        "language": language,
        "addressee": addressee(found, language),
        "today": today_of(found.dossier.owner, timezone.now()),
        "errors": errors,
        "typed": request.POST,
    }
    return render(request, "mla/feedback.html", context, status=status)
