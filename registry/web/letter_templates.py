"""The letterhead, signature block and standard paragraphs of an office: written, seen, published."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from registry import letter_specimen, letter_templates
from registry.access import authorities_where
from registry.draft_letter_rendering import html_of
from registry.letter_rendering import LETTER_STYLE
from registry.models import Authority, LetterTemplate
from registry.refusals import Invalid, Refusal
from registry.web.draft_letters import SHEET_POLICY, SHEET_STYLE
from registry.web.posted import number_posted


def _office(request: HttpRequest, office: int, language: str = "") -> Authority:
    """An office whose templates the person keeps; otherwise there is no such page."""
    known = not language or language in letter_templates.languages()
    if not known or office not in authorities_where(request.user, letter_templates.ACT):
        raise Http404
    return get_object_or_404(Authority.objects.select_related("state"), pk=office)


@login_required
def overview(request: HttpRequest, office: int) -> HttpResponse:
    """The languages, each with its version in use and its draft."""
    authority = _office(request, office)
    kept = LetterTemplate.objects.filter(authority=authority).defer(*letter_templates.PICTURES)
    by_language: dict[str, list[LetterTemplate]] = {}
    for template in kept.select_related("published_by", "edited_by"):
        by_language.setdefault(template.language, []).append(template)
    rows = []
    for language in letter_templates.languages():
        found = by_language.get(language, [])
        versions = [template for template in found if template.version]
        draft = next((template for template in found if not template.version), None)
        rows.append((language, versions[0] if versions else None, draft))
    return render(request, "registry/letter_templates.html", {"office": authority, "rows": rows})


@login_required
def edit(request: HttpRequest, office: int, language: str) -> HttpResponse:
    """The template of one language: the form, and beside it the letter as it will look."""
    authority = _office(request, office, language)
    if request.method != "POST":
        return show(request, authority, language)
    try:
        letter_templates.keep_draft(
            authority,
            language,
            _texts(request),
            files=_files(request),
            without=_without(request),
            expected_revision=number_posted(request.POST.get("revision", "")),
            user=request.user,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return show(request, authority, language, errors=refusal.by_field(), status=refusal.status)
    messages.success(request, _("The draft was saved. Letters take it once it is published."))
    return redirect("letter-template", office=office, language=language)


def show(
    request: HttpRequest,
    authority: Authority,
    language: str,
    *,
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    draft = letter_templates.draft_of(authority, language)
    shown = draft or letter_templates.published(authority, language)
    values = {name: getattr(shown, name) if shown else "" for name in letter_templates.TEXTS}
    if errors:
        values |= _texts(request)
    context: dict[str, Any] = {
        "office": authority,
        "written_in": language,
        "draft": draft,
        "shown": shown,
        "values": values,
        "pictures": letter_templates.as_pictures(shown) if shown else {},
        "history": letter_templates.history(authority, language),
        "blanks": [f"{{{name}}}" for name in sorted(letter_templates.BLANKS)],
        "errors": errors or {},
    }
    return render(request, "registry/letter_template.html", context, status=status)


@login_required
@xframe_options_sameorigin
def preview(request: HttpRequest, office: int, language: str) -> HttpResponse:
    """A specimen letter: with what the form holds; for ``?version=``, as that version has it."""
    authority = _office(request, office, language)
    if request.method == "POST":
        template = _as_typed(request, authority, language)
    elif request.GET.get("version"):
        template = get_object_or_404(
            LetterTemplate,
            authority=authority,
            language=language,
            version=number_posted(request.GET["version"]),
        )
    else:
        draft = letter_templates.draft_of(authority, language)
        template = draft or letter_templates.published(authority, language)
    content = letter_specimen.content_for(
        authority, language, letter_templates.as_content(template) if template else {}
    )
    pictures = letter_templates.as_pictures(template) if template else {}
    html = html_of(content, pictures=pictures)
    style = LETTER_STYLE.read_text(encoding="utf-8") + SHEET_STYLE
    html = html.replace("</head>", f"<style>{style}</style></head>", 1)
    response = HttpResponse(mark_safe(html))  # noqa: S308 (the letter's template escapes)
    response.headers["Content-Security-Policy"] = SHEET_POLICY
    return response


def _as_typed(request: HttpRequest, authority: Authority, language: str) -> LetterTemplate:
    """What the form holds, not saved; a field that cannot be kept stays as it was."""
    kept = letter_templates.draft_of(authority, language) or letter_templates.published(
        authority, language
    )
    template = kept or LetterTemplate(authority=authority, language=language)
    given: list[tuple[dict, dict]] = [({n: text}, {}) for n, text in _texts(request).items()]
    given += [({}, {name: file}) for name, file in _files(request).items()]
    for texts, files in given:
        with suppress(Invalid):
            for name, value in letter_templates.read(language, texts, files).items():
                setattr(template, name, value)
    for name in _without(request) - set(_files(request)):
        setattr(template, name, None)
    return template


@login_required
@require_POST
def do(request: HttpRequest, office: int, language: str, what: str) -> HttpResponse:
    """Publish the draft, or throw it away."""
    authority = _office(request, office, language)
    if what not in ("publish", "discard"):
        raise Http404
    try:
        if what == "publish":
            made = letter_templates.publish(
                authority, language, user=request.user, now=timezone.now()
            )
            said = _("Published as version %(version)s. New letters take it.")
            messages.success(request, said % {"version": made.version})
        else:
            letter_templates.discard(authority, language, user=request.user)
            messages.success(request, _("The draft was thrown away."))
    except Refusal as refusal:
        return show(request, authority, language, errors=refusal.by_field(), status=refusal.status)
    return redirect("letter-template", office=office, language=language)


def _texts(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in letter_templates.TEXTS}


def _files(request: HttpRequest) -> dict[str, Any]:
    return {n: request.FILES[n].file for n in letter_templates.PICTURES if n in request.FILES}


def _without(request: HttpRequest) -> frozenset[str]:
    return frozenset(n for n in letter_templates.PICTURES if request.POST.get(f"without-{n}"))
