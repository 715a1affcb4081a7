"""A draft shared for comment: the officer's page, and what the recipient sees without signing in."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from mla import draft_sharing, letter_texts
from mla.models import AssistanceRequest
from mla.web.finding import request_or_404
from mla.web.letter import SHEET_POLICY, SHEET_STYLE
from registry.access import may
from registry.deadlines import zone_of
from registry.refusals import NotFound, Refusal
from registry.web.asked_too_often import asked_too_often
from registry.web.posted import number_posted, version_seen

QUESTIONS_A_MINUTE, COMMENTS_A_MINUTE = 60, 10
WATERMARK_STYLE = (
    ".for-comment{position:fixed;inset-block-start:40%;inset-inline:0;margin:0;text-align:center;"
    "font:700 2rem sans-serif;color:#a3231f;opacity:.22;transform:rotate(-24deg);"
    "pointer-events:none}"
)


@login_required
def sharing_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The links to the draft and what was written; makes, renews and revokes links."""
    found = request_or_404(request.user, reference)
    if found.is_received:
        raise Http404
    errors: dict[str, list[str]] = {}
    status, new_link = 200, ""
    if request.method == "POST":
        try:
            secret = _done(request, found)
        except Refusal as refusal:
            errors, status = refusal.by_field(), refusal.status
            found = request_or_404(request.user, reference)
        else:
            if not secret:
                return redirect("request-draft-sharing", reference=reference)
            new_link = settings.PUBLIC_ADDRESS + reverse("shared-draft", args=[secret])
    now = timezone.now()
    shares = draft_sharing.shares_of(found)
    has_place = draft_sharing.has_place(found)
    may_edit = may(request.user, draft_sharing.ACT, found.dossier)
    context: dict[str, Any] = {
        "request_shown": found,
        "dossier": found.dossier,
        "shares": shares,
        "living": [
            s.pk for s in shares if has_place and s.revoked_at is None and now < s.closes_at
        ],
        "unread": any(c.read_at is None for s in shares for c in s.comments.all()),
        "has_place": has_place,
        "may_edit": may_edit,
        "new_link": new_link,
        "languages": settings.LETTER_LANGUAGES,
        "usual_days": draft_sharing.USUAL_DAYS,
        "errors": errors,
        "typed": request.POST if errors else {},
    }
    return render(request, "mla/draft_sharing.html", context, status=status)


def _done(request: HttpRequest, found: AssistanceRequest) -> str:
    """What the form asked for; the secret of a new link, if one was made."""
    posted, then = request.POST, request.POST.get("then", "")
    common: dict[str, Any] = {"user": request.user, "now": timezone.now()}
    number = number_posted(posted.get("share", "")) or 0
    if then == "read":
        draft_sharing.note_read(found, **common)
        messages.success(request, _("Noted that the comments were read."))
        return ""
    if then == "revoke":
        draft_sharing.revoke(found, number, **common)
        messages.success(request, _("The link was revoked. It shows nothing any more."))
        return ""
    common["expected_version"] = version_seen(request)
    if then == "anew":
        return draft_sharing.share_anew(found, number, **common)[1]
    return draft_sharing.share(
        found,
        given=posted.dict(),
        language=posted.get("language", ""),
        days=posted.get("days", ""),
        **common,
    )[1]


@never_cache
@csrf_exempt  # the secret is the permission; the page tells no referrer, so none could be checked
@require_http_methods(["GET", "HEAD", "POST"])
def shared_draft(request: HttpRequest, secret: str) -> HttpResponse:
    """The draft, and the form for comments. Says nothing else of the matter."""
    now = timezone.now()
    writes = request.method == "POST"
    if asked_too_often(
        request,
        "draft-comment" if writes else "shared-draft",
        COMMENTS_A_MINUTE if writes else QUESTIONS_A_MINUTE,
    ):
        problem = _("Too many questions from your address. Wait a minute and ask again.")
        return _public(request, status=429, problem=problem)
    try:
        share = draft_sharing.opened(secret, now=now)
    except Refusal as refusal:
        return _closed(request, refusal)
    errors: dict[str, list[str]] = {}
    status = 200
    if writes:
        name, text = request.POST.get("name", ""), request.POST.get("text", "")
        try:
            draft_sharing.comment(secret, name=name, text=text, now=now)
        except Refusal as refusal:
            errors, status = refusal.by_field(), refusal.status
        else:
            answer = redirect(reverse("shared-draft", args=[secret]) + "#comments")
            return _kept_to_itself(answer)
    return _public(
        request,
        status=status,
        share=share,
        secret=secret,
        office=share.request.dossier.owner,
        as_of=timezone.localtime(
            share.made_at, ZoneInfo(zone_of(share.request.dossier.owner))
        ).date(),
        comments=list(share.comments.all()),
        longest=draft_sharing.LONGEST_COMMENT,
        errors=errors,
        typed=request.POST if errors else {"name": share.recipient},
    )


@never_cache
@xframe_options_sameorigin
@require_safe
def shared_sheet(request: HttpRequest, secret: str) -> HttpResponse:
    """The letter itself, alone in its frame, with the watermark across it."""
    if asked_too_often(request, "shared-draft", QUESTIONS_A_MINUTE):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    try:
        share = draft_sharing.opened(secret, now=timezone.now())
    except Refusal as refusal:
        return _closed(request, refusal)
    with translation.override(share.content["language"]):
        mark = format_html('<p class="for-comment">{}</p>', _("Draft, for comment, not a request"))
    style = letter_texts.STYLE.read_text(encoding="utf-8") + SHEET_STYLE + WATERMARK_STYLE
    html = draft_sharing.html_of(share)
    html = html.replace("</head>", f"<style>{style}</style></head>", 1)
    html = re.sub(r"<body[^>]*>", lambda body: body[0] + mark, html, count=1)
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = SHEET_POLICY
    return _kept_to_itself(response)


def _closed(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    status = 404 if isinstance(refusal, NotFound) else 410
    return _public(request, status=status, problem=refusal.detail)


def _public(request: HttpRequest, *, status: int = 200, **context: object) -> HttpResponse:
    return _kept_to_itself(render(request, "mla/shared_draft.html", context, status=status))


def _kept_to_itself(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
