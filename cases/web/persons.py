"""Persons: found by name across scripts, each with names, identity documents and matches."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import (
    deconfliction,
    identities,
    person_photos,
    person_search,
    protected_identities,
)
from cases.models import IdentityDocument, Person, PersonName
from registry.refusals import NotFound, Refusal
from registry.state_directory import states_by_name


def person_or_404(request: HttpRequest, key: int) -> Person:
    try:
        return deconfliction.person_or_refusal(request.user, key)
    except NotFound:
        raise Http404 from None


@login_required
def persons(request: HttpRequest) -> HttpResponse:
    name = request.GET.get("name", "")[: person_search.LONGEST_NAME]
    found = person_search.search(request.user, name) if name.strip() else []
    return render(request, "cases/persons.html", {"name": name, "found": found})


@login_required
def person(request: HttpRequest, key: int) -> HttpResponse:
    return show(request, person_or_404(request, key))


def show(
    request: HttpRequest,
    shown: Person,
    *,
    form: str = "",
    refusal: Refusal | None = None,
    identity: list[protected_identities.Line] | None = None,
) -> HttpResponse:
    errors = refusal.by_field() if refusal else {}
    context: dict[str, Any] = {
        "person": shown,
        "dossier": shown.dossier,
        "names": list(shown.names.all()),
        "documents": list(shown.documents_of_identity.select_related("issued_by")),
        "photos": person_photos.of(shown),
        "may_change_photos": person_photos.may_change(shown, request.user),
        "matches": deconfliction.matches_on(shown, request.user),
        "may_change": identities.may_change(shown, request.user),
        "name_kinds": PersonName.Kind.choices,
        "document_kinds": IdentityDocument.Kind.choices,
        "states": states_by_name(),
        "form": form,
        "typed": request.POST if refusal else {},
        "errors": errors,
        "general": errors.get("", []),
    }
    if shown.protected:
        context |= {
            "identity": identity,
            "known": protected_identities.known_of(shown),
            "may_read": protected_identities.may_read(shown, request.user),
            "readings": protected_identities.readings_of(shown),
        }
    status = refusal.status if refusal else 200
    answer = render(request, "cases/person.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def identity(request: HttpRequest, key: int) -> HttpResponse:
    """Who a protected person is, shown once and logged with the reason."""
    found = person_or_404(request, key)
    try:
        lines = protected_identities.read_identity(
            found,
            reason=request.POST.get("reason", ""),
            user=request.user,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return show(request, found, form="identity", refusal=refusal)
    return show(request, found, identity=lines)


@login_required
@require_POST
def add_name(request: HttpRequest, key: int) -> HttpResponse:
    found, given = person_or_404(request, key), request.POST
    try:
        identities.add_name(
            found,
            kind=given.get("kind", ""),
            name=given.get("name", ""),
            language=given.get("language", ""),
            source=given.get("source", ""),
            user=request.user,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return show(request, found, form="name", refusal=refusal)
    messages.success(request, _("The name was added."))
    return redirect("person", key)


@login_required
@require_POST
def add_document(request: HttpRequest, key: int) -> HttpResponse:
    found, given = person_or_404(request, key), request.POST
    try:
        identities.add_document(
            found,
            kind=given.get("kind", ""),
            number=given.get("number", ""),
            issued_by=given.get("issued_by", ""),
            valid_until=given.get("valid_until", ""),
            user=request.user,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return show(request, found, form="document", refusal=refusal)
    messages.success(request, _("The identity document was added."))
    return redirect("person", key)


@login_required
@require_POST
def remove_name(request: HttpRequest, key: int, name: int) -> HttpResponse:
    return _removed(request, key, identities.remove_name, name)


@login_required
@require_POST
def remove_document(request: HttpRequest, key: int, document: int) -> HttpResponse:
    return _removed(request, key, identities.remove_document, document)


def _removed(request: HttpRequest, key: int, remove: Any, which: int) -> HttpResponse:
    found = person_or_404(request, key)
    try:
        remove(found, which, user=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
    return redirect("person", key)


@login_required
def matches(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None
    return _matches(request, before)


def _matches(
    request: HttpRequest, before: int | None, *, tried: int = 0, refusal: Refusal | None = None
) -> HttpResponse:
    shown, more = deconfliction.matches_page(request.user, before=before)
    context = {
        "matches": shown,
        "next": f"before={more}" if more else "",
        "tried": tried,
        "typed": request.POST if refusal else {},
        "errors": refusal.by_field() if refusal else {},
    }
    return render(request, "cases/matches.html", context, status=400 if refusal else 200)


@login_required
@require_POST
def answer(request: HttpRequest, key: int) -> HttpResponse:
    given = request.POST
    try:
        deconfliction.answer(
            key,
            agree=given.get("answer") == "agree",
            reason=given.get("reason", ""),
            user=request.user,
            now=timezone.now(),
        )
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        return _matches(request, key + 1, tried=key, refusal=refusal)
    messages.success(request, _("Your answer was kept."))
    return redirect("matches")


@login_required
@require_POST
def decide(request: HttpRequest, key: int) -> HttpResponse:
    given = request.POST
    try:
        deconfliction.decide(
            key,
            same=given.get("decision") == "same",
            note=given.get("note", ""),
            user=request.user,
            now=timezone.now(),
        )
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        return _matches(request, key + 1, tried=key, refusal=refusal)
    messages.success(request, _("Your decision was kept."))
    return redirect("matches")
