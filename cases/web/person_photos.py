"""Photos of a person: shown to who may see the dossier, and changed on the person's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases import person_photos
from cases.web.persons import person_or_404, show
from registry.refusals import NotFound, Refusal


@login_required
@require_GET
def picture(request: HttpRequest, key: int, photo: int) -> HttpResponse:
    return _bytes(request, key, photo, "picture")


@login_required
@require_GET
def thumbnail(request: HttpRequest, key: int, photo: int) -> HttpResponse:
    return _bytes(request, key, photo, "thumbnail")


def _bytes(request: HttpRequest, key: int, photo: int, which: str) -> HttpResponse:
    try:
        found = person_photos.photo_or_refusal(request.user, key, photo)
    except NotFound:
        raise Http404 from None
    return HttpResponse(
        bytes(getattr(found, which)),
        content_type="image/jpeg",
        headers={
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Content-Disposition": f'inline; filename="photo-{found.pk}.jpg"',
        },
    )


@login_required
@require_POST
def add(request: HttpRequest, key: int) -> HttpResponse:
    found = person_or_404(request, key)
    try:
        person_photos.add(
            found,
            request.FILES.get("file"),
            **_typed(request),
            user=request.user,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return show(request, found, form="photo", refusal=refusal)
    messages.success(request, _("The photo was added."))
    return _back(key)


@login_required
@require_POST
def describe(request: HttpRequest, key: int, photo: int) -> HttpResponse:
    found = person_or_404(request, key)
    try:
        person_photos.describe(
            found, photo, **_typed(request), user=request.user, now=timezone.now()
        )
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        return show(request, found, form=f"photo-{photo}", refusal=refusal)
    messages.success(request, _("What is said of the photo was kept."))
    return _back(key)


@login_required
@require_POST
def make_main(request: HttpRequest, key: int, photo: int) -> HttpResponse:
    return _changed(request, key, photo, person_photos.make_main)


@login_required
@require_POST
def remove(request: HttpRequest, key: int, photo: int) -> HttpResponse:
    return _changed(request, key, photo, person_photos.remove)


def _changed(request: HttpRequest, key: int, photo: int, change: Any) -> HttpResponse:
    found = person_or_404(request, key)
    try:
        change(found, photo, user=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
    return _back(key)


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("caption", "source", "taken_on")}


def _back(key: int) -> HttpResponse:
    answer = redirect("person", key)
    answer["Location"] += "#photos"
    return answer
