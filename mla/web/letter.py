"""The letter of a request: as it will look, and as it is."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from mla import letter_texts, letters, reminder_letter
from mla.models import AssistanceRequest
from mla.web.finding import request_or_404
from registry.models import Letter
from registry.refusals import Refusal
from registry.web.downloads import attachment

SHEET_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
SHEET_STYLE = "html{background:#fff;padding:12mm 0}body{max-width:170mm;margin:0 auto!important;padding:0 8mm}"


def _language(request: HttpRequest, found: AssistanceRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in settings.LETTER_LANGUAGES else found.language


def _ours_or_404(request: HttpRequest, reference: str) -> AssistanceRequest:
    """A request of ours: one that came to us is no letter that we write."""
    found = request_or_404(request.user, reference)
    if found.is_received:
        raise Http404
    return found


@login_required
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """The letter as it will look, in a language, beside its PDF."""
    found = _ours_or_404(request, reference)
    context = {
        "request_shown": found,
        "dossier": found.dossier,
        "letter_language": _language(request, found),
        "letter_languages": settings.LETTER_LANGUAGES,
    }
    return render(request, "mla/preview.html", context)


@login_required
@xframe_options_sameorigin
def sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """The letter's own HTML, alone in its frame and with its own style only."""
    found = _ours_or_404(request, reference)
    html = letters.preview_html(found, _language(request, found), now=timezone.now())
    style = letter_texts.STYLE.read_text(encoding="utf-8") + SHEET_STYLE
    html = html.replace("</head>", f"<style>{style}</style></head>", 1)
    response = HttpResponse(mark_safe(html))  # noqa: S308 (the letter's template escapes)
    response.headers["Content-Security-Policy"] = SHEET_POLICY
    return response


@login_required
def draft_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The draft as a PDF, marked as a draft on every page."""
    found = _ours_or_404(request, reference)
    language = _language(request, found)
    content = letters.draft_pdf(found, language, now=timezone.now())
    name = f"{reference}-{language}-draft.pdf"
    return attachment(content, "application/pdf", name, disposition="inline")


@login_required
def letter_state(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the final letter is: asked again and again by the page until it is made."""
    found = request_or_404(request.user, reference)
    return render(
        request,
        "mla/parts/letter_state.html",
        {"letter": found.letter, "dossier": found.dossier, "refreshed": True},
    )


@login_required
@require_POST
def reminder(request: HttpRequest, reference: str, deadline: int) -> HttpResponse:
    """Draft the reminder for an overdue clock, and go to it."""
    found = request_or_404(request.user, reference)
    clock = get_object_or_404(found.dossier.deadlines.select_related("dossier"), pk=deadline)
    try:
        made = reminder_letter.draft(clock, user=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
        return redirect("request", reference=reference)
    return redirect("letter", letter=made.pk)


@login_required
def final_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The final letter, as a download."""
    letter = request_or_404(request.user, reference).letter
    if letter is None or letter.state != Letter.State.MADE or letter.document_id is None:
        raise Http404
    return redirect("document", document=letter.document_id)
