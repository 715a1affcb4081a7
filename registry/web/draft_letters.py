"""The pages of letters: rework paragraphs, look at the sheet, make it final, record the sending."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from registry import (
    draft_letter_kinds,
    draft_letter_rendering,
    draft_letters,
    letter_docx,
    matter_kinds,
    signing_identity,
)
from registry.access import may
from registry.documents import keep
from registry.file_kinds import WORD
from registry.letter_rendering import LETTER_STYLE
from registry.models import Document, Dossier, DraftLetter, DraftParagraph, LetterDispatch
from registry.refusals import Invalid, Refusal
from registry.web.downloads import attachment
from registry.web.posted import number_posted, version_seen

SHEET_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
SHEET_STYLE = (
    "html{background:#fff;padding:12mm 0}"
    "body{max-width:170mm;margin:0 auto!important;padding:0 8mm}"
)


def letter_or_404(request: HttpRequest, letter: int) -> DraftLetter:
    return get_object_or_404(draft_letters.visible_to(request.user), pk=letter)


@login_required
@require_POST
def new(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin a letter of a kind, in a language, about something of the dossier."""
    dossier = get_object_or_404(Dossier.objects.visible_to(request.user), reference=reference)
    about = {
        name.removeprefix("about-"): number_posted(value) or value
        for name, value in request.POST.items()
        if name.startswith("about-") and value
    }
    try:
        made = draft_letters.start(
            dossier,
            request.POST.get("kind", ""),
            language=request.POST.get("language", ""),
            second_language=request.POST.get("second_language", ""),
            about=about,
            user=request.user,
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, " ".join(s for said in refusal.by_field().values() for s in said))
        return redirect(matter_kinds.page_of(dossier.kind, reference))
    return redirect("letter", letter=made.pk)


@login_required
def page(request: HttpRequest, letter: int) -> HttpResponse:
    return show(request, letter_or_404(request, letter))


def show(
    request: HttpRequest,
    draft: DraftLetter,
    *,
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The letter's page; with ``errors``, as a form came back."""
    kind = draft_letter_kinds.kind_of(draft.kind)
    paragraphs = list(draft.paragraphs.select_related("edited_by"))
    for paragraph in paragraphs:
        paragraph.asked = kind.asks.get(paragraph.key, "")  # type: ignore[attr-defined]
        paragraph.parts = draft_letters.parts_of(paragraph)  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "draft": draft,
        "dossier": draft.dossier,
        "kind": kind,
        "text": kind.text(draft.language),
        "matter_page": matter_kinds.page_of(draft.dossier.kind, draft.dossier.reference),
        "columns": [
            (language, [p for p in paragraphs if p.language == language])
            for language in draft_letters.languages_of(draft)
        ],
        "possible": draft_letters.possibilities(draft, request.user),
        "waits_for_another": draft.state == DraftLetter.State.AWAITING_APPROVAL,
        "missing": draft_letters.missing(draft) if draft.is_editable else {},
        "addressee": draft.addressee_text
        or draft_letters.addressee_lines(draft.gathered[draft.language]["addressee"]),
        "dispatches": list(draft.letter.dispatches.select_related("recorded_by", "proof"))
        if draft.letter
        else [],
        "channels": LetterDispatch.Channel.choices,
        "languages": settings.LETTER_LANGUAGES,
        "errors": errors or {},
        "typed": request.POST,
        "unsigned": signing_identity.source() is signing_identity.Source.NONE,
        "may_file": may(request.user, "edit", draft.dossier),
        "now": timezone.localtime(),
    }
    return render(request, "registry/letter.html", context, status=status)


@login_required
@xframe_options_sameorigin
def sheet(request: HttpRequest, letter: int) -> HttpResponse:
    """The letter's own HTML, alone in its frame and with its own style only."""
    draft = letter_or_404(request, letter)
    html = draft_letter_rendering.shown_html(draft, now=timezone.now())
    style = LETTER_STYLE.read_text(encoding="utf-8") + SHEET_STYLE
    html = html.replace("</head>", f"<style>{style}</style></head>", 1)
    response = HttpResponse(mark_safe(html))  # noqa: S308 (the letter's template escapes)
    response.headers["Content-Security-Policy"] = SHEET_POLICY
    return response


@login_required
def pdf(request: HttpRequest, letter: int) -> HttpResponse:
    """The letter as a PDF: the final one as a download, else the draft, marked on every page."""
    draft = letter_or_404(request, letter)
    if draft.letter is not None:
        if draft.letter.document_id is None:
            raise Http404
        return redirect("document", document=draft.letter.document_id)
    content = draft_letter_rendering.draft_pdf(draft, now=timezone.now())
    name = f"{draft.dossier.reference}-{draft.language}-draft.pdf"
    return attachment(content, "application/pdf", name, disposition="inline")


@login_required
def docx(request: HttpRequest, letter: int) -> HttpResponse:
    """The letter as a Word file."""
    draft = letter_or_404(request, letter)
    content = letter_docx.docx_of(draft_letter_rendering.shown_content(draft, now=timezone.now()))
    return attachment(content, WORD, f"{draft.dossier.reference}-{draft.language}.docx")


@login_required
def state(request: HttpRequest, letter: int) -> HttpResponse:
    """Where the final letter is: asked again and again by the page until it is made."""
    draft = letter_or_404(request, letter)
    context = {"draft": draft, "dossier": draft.dossier, "refreshed": True}
    return render(request, "registry/parts/letter_made.html", context)


@login_required
@require_POST
def paragraph(request: HttpRequest, letter: int, paragraph: int) -> HttpResponse:
    """Save a paragraph as it is typed, take it back, leave it out; JSON for the page's script."""
    draft = letter_or_404(request, letter)
    found = get_object_or_404(draft.paragraphs, pk=paragraph)
    quiet = request.headers.get("Accept", "").startswith("application/json")
    try:
        changed = _change(request, draft, found, timezone.now())
    except Refusal as refusal:
        if quiet:
            said = {"detail": str(refusal.detail), "errors": refusal.by_field()}
            return JsonResponse(said, status=refusal.status)
        return show(request, draft, errors=refusal.by_field(), status=refusal.status)
    if quiet:
        saved_at = timezone.localtime().strftime("%H:%M:%S")
        said = {
            "version": changed.version,
            "saved": _("Saved at %(time)s") % {"time": saved_at},
            "reworked": changed.is_reworked,
        }
        return JsonResponse(said)
    return redirect(f"{request.path.split('/paragraphs/')[0]}/#paragraph-{found.pk}")


def _change(
    request: HttpRequest, draft: DraftLetter, found: DraftParagraph, now: datetime
) -> DraftParagraph:
    """What the pressed button asks of a paragraph."""
    user, then = request.user, request.POST.get("then", "save")
    if then == "undo":
        return draft_letters.undo(found, user=user, now=now)
    if then == "keep":
        return draft_letters.keep_mine(found, user=user, now=now)
    if then in ("leave_out", "take_in"):
        out = then == "leave_out"
        return draft_letters.leave_out(found, left_out=out, user=user, now=now)
    if then == "add":
        return draft_letters.add_paragraph(
            draft, after=found, language=found.language, user=user, now=now
        )
    return draft_letters.rework(
        found,
        request.POST.get("text", ""),
        translation=request.POST.get("translation"),
        original_language=request.POST.get("original_language"),
        expected_version=version_seen(request),
        user=user,
        now=now,
    )


@login_required
@require_POST
def do(request: HttpRequest, letter: int, what: str) -> HttpResponse:
    """Move the letter on: gather anew, submit, approve, make final, record the sending…"""
    draft = letter_or_404(request, letter)
    if what not in DOINGS:
        raise Http404
    done, said = DOINGS[what]
    try:
        with transaction.atomic():
            done(request, draft, timezone.now())
    except Refusal as refusal:
        fresh = letter_or_404(request, letter)
        return show(request, fresh, errors=refusal.by_field(), status=refusal.status)
    messages.success(request, _(said))
    if what == "discard":
        return redirect(matter_kinds.page_of(draft.dossier.kind, draft.dossier.reference))
    return redirect("letter", letter=letter)


def _send(request: HttpRequest, draft: DraftLetter, now: datetime) -> None:
    """Record the sending, with its proof as a document of the dossier."""
    dispatch = draft_letters.record_sent(
        draft,
        channel=request.POST.get("channel", ""),
        sent_at=_moment(request.POST.get("sent_at", "")),
        tracking_number=request.POST.get("tracking_number", ""),
        note=request.POST.get("note", ""),
        user=request.user,
        now=now,
    )
    if file := request.FILES.get("proof"):
        dispatch.proof = keep(
            draft.dossier,
            kind=Document.Kind.PROOF_OF_SENDING,
            title=_("Proof of sending"),
            file_name=file.name or "",
            content=file.file,
            user=request.user,
            now=now,
        )
        dispatch.save(update_fields=["proof"])


def _file(request: HttpRequest, draft: DraftLetter, now: datetime) -> None:
    """Keep the letter as it came back."""
    file = request.FILES.get("file")
    if file is None:
        sentence = _("Choose the file that came back.")
        raise Invalid("no_file", sentence, fields={"file": [sentence]})
    draft_letters.file_returned(
        draft, file_name=file.name or "", content=file.file, user=request.user, now=now
    )


def _moment(given: str) -> datetime | None:
    """A day and time as the person's clocks show it; None where it is none."""
    try:
        naive = parse_datetime(given.strip())
    except ValueError:
        return None
    if naive is None:
        return None
    return naive if timezone.is_aware(naive) else timezone.make_aware(naive)


Doing = Callable[[HttpRequest, DraftLetter, datetime], Any]


DOINGS: dict[str, tuple[Doing, str]] = {
    "regenerate": (
        lambda r, d, now: draft_letters.regenerate(d, user=r.user, now=now),
        gettext_noop("Gathered anew from the dossier. What was reworked was kept."),
    ),
    "address": (
        lambda r, d, now: draft_letters.address_to(
            d, r.POST.get("addressee_text", ""), user=r.user
        ),
        gettext_noop("The addressee was changed."),
    ),
    "submit": (
        lambda r, d, now: draft_letters.submit(d, user=r.user, now=now),
        gettext_noop("Submitted: another officer can approve it now."),
    ),
    "return": (
        lambda r, d, now: draft_letters.return_to_drafter(
            d, reason=r.POST.get("reason", ""), user=r.user, now=now
        ),
        gettext_noop("Returned to the drafter."),
    ),
    "approve": (
        lambda r, d, now: draft_letters.approve(d, user=r.user, now=now),
        gettext_noop("Approved. The letter is being made."),
    ),
    "order": (
        lambda r, d, now: draft_letters.order(d, user=r.user, now=now),
        gettext_noop("The letter is being made."),
    ),
    "take_back": (
        lambda r, d, now: draft_letters.take_back(d, user=r.user, now=now),
        gettext_noop("The letter is a draft again."),
    ),
    "discard": (
        lambda r, d, now: draft_letters.discard(d, user=r.user, now=now),
        gettext_noop("The draft was put away."),
    ),
    "file_returned": (_file, gettext_noop("The file was kept among the documents.")),
    "record_sent": (_send, gettext_noop("The sending was recorded.")),
}
"""What can be done with a letter, and what the page says then."""
