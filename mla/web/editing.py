"""Writing a draft: the editor, its autosave, its checklist."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.models import Person
from mla import completeness, drafting
from mla.draft_editing import is_editable
from mla.draft_fields import TEXT_MAX_CHARACTERS
from mla.models import AssistanceRequest
from mla.web import draft_form
from mla.web.comparing import compare, digest_of, stored_fields
from mla.web.finding import request_or_404
from registry.access import may
from registry.models import Authority
from registry.refusals import Invalid, Refusal, Stale
from registry.state_directory import states_by_name
from registry.web.posted import number_posted, version_seen
from treaties.models import MeasureKind, OffenceFamily
from treaties.templatetags.register_words import language_name_of


@login_required
def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """The editor. A POST saves all that came and then does what its button says."""
    found = request_or_404(request.user, reference)
    if not is_editable(found.dossier) or not may(request.user, "edit", found.dossier):
        messages.warning(request, _("This request can no longer be edited by you: here it is."))
        return redirect("request", reference=reference)
    if request.method != "POST":
        return render(request, "mla/edit.html", _context(request, found, {}))
    try:
        errors = draft_form.write(
            found,
            request.POST,
            user=request.user,
            expected_version=version_seen(request),
            now=timezone.now(),
        )
        target = _then(request, found, errors)
    except Stale:
        return _late(request, request_or_404(request.user, reference))
    except Invalid as refusal:
        return _again(request, found, refusal.by_field(), status=400)
    except Refusal as refusal:
        return _again(request, found, {"": [str(refusal.detail)]}, status=refusal.status)
    if errors:
        return _again(request, found, errors, status=400)
    messages.success(request, _("Saved."))
    return redirect(target)


def _again(
    request: HttpRequest, found: AssistanceRequest, errors: dict[str, list[str]], *, status: int
) -> HttpResponse:
    """The editor once more, with what was typed and what is wrong with it."""
    fresh = request_or_404(request.user, found.dossier.reference)
    typed = compare(request.POST, stored_fields(fresh)).typed
    typed |= {k: v for k, v in request.POST.items() if k.startswith("new-person-")}
    context = _context(request, fresh, errors) | {"typed": typed}
    return render(request, "mla/edit.html", context, status=status)


def _late(request: HttpRequest, fresh: AssistanceRequest) -> HttpResponse:
    """Somebody else changed the draft meanwhile: what the sender typed beside what is stored now."""
    comparison = compare(request.POST, stored_fields(fresh))
    sentence = _("What you typed is still in its place, but not saved: compare, then save again.")
    errors = {"": [f"{_who_changed(fresh)} {sentence}"]}
    for name, stored in comparison.both.items():
        words = {"text": Truncator(stored).chars(500)}
        errors[name] = [
            _("Here it now says: “%(text)s”. Save again to put your text in its place.") % words
            if stored
            else _("This was emptied. Save again to put your text in its place.")
        ]
    return _again(request, fresh, errors, status=412)


def _who_changed(fresh: AssistanceRequest) -> str:
    return _("%(who)s changed this request at %(time)s, after you opened it.") % {
        "who": fresh.last_edited_by,
        "time": time_format(timezone.localtime(fresh.dossier.updated_at), "H:i"),
    }


def _then(request: HttpRequest, found: AssistanceRequest, errors: dict[str, list[str]]) -> str:
    """Do what the button pressed says, and tell where to go on."""
    action, _dash, key = request.POST.get("then", "save").partition(":")
    page = reverse("request-edit", args=[found.dossier.reference])
    common: dict[str, Any] = {"user": request.user, "now": timezone.now()}
    number = number_posted(key) or 0
    if action == "add-measure":
        kind = request.POST.get("new-measure", "")
        return f"{page}#measure-{drafting.add_measure(found, kind=kind, **common).pk}"
    if action == "add-offence":
        family = request.POST.get("new-offence", "")
        return f"{page}#offence-{drafting.add_offence(found, family=family, **common).pk}"
    if action == "add-person":
        fields = {
            name: request.POST.get(f"new-person-{name}", "")
            for name in ("role", "family_name", "given_names", "name_in_original_script")
        }
        if not any(fields[name] for name in fields if name != "role"):
            fields["aliases"] = _("Not yet known")
        return f"{page}#person-{drafting.add_person(found, fields=fields, **common).pk}"
    if action == "remove-measure":
        drafting.remove_measure(found, number, **common)
        return f"{page}#measures"
    if action == "remove-offence":
        drafting.remove_offence(found, number, **common)
        return f"{page}#offences"
    if action == "remove-person":
        drafting.remove_person(found, number, **common)
        return f"{page}#persons"
    if action == "remove-annex":
        drafting.remove_annex(found, number, **common)
        return f"{page}#annexes"
    if action == "choose-basis":
        drafting.choose_basis(found, request.POST.get("basis", ""), expected_version=None, **common)
        return f"{page}#basis"
    if action == "done" and not errors:
        return reverse("request", args=[found.dossier.reference])
    return page


@require_POST
def autosave(request: HttpRequest, reference: str) -> JsonResponse:
    """Save the fields that changed. The answer says what was kept and what not, field by field.

    A session that has ended is answered with 401, so that the page keeps what was typed and says so.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"detail": _("Your session has ended.")}, status=401)
    found = request_or_404(request.user, reference)
    try:
        errors = draft_form.write(
            found,
            request.POST,
            user=request.user,
            expected_version=version_seen(request),
            now=timezone.now(),
        )
    except Stale as refusal:
        fresh = request_or_404(request.user, reference)
        told = {"code": refusal.code, "detail": _who_changed(fresh)}
        return JsonResponse(told, status=refusal.status)
    except Refusal as refusal:
        return JsonResponse(
            {"code": refusal.code, "detail": str(refusal.detail)}, status=refusal.status
        )
    clock = time_format(timezone.localtime(), "H:i:s")
    fresh = request_or_404(request.user, reference)
    return JsonResponse(
        {
            "version": fresh.dossier.version,
            "saved": _("Saved at %(time)s") % {"time": clock},
            "errors": errors,
            "seen": {n: digest_of(v) for n, v in stored_fields(fresh).items() if n in request.POST},
            "checklist": render_to_string("mla/parts/checklist.html", _checklist(fresh), request),
        }
    )


@login_required
def checklist_panel(request: HttpRequest, reference: str) -> HttpResponse:
    found = request_or_404(request.user, reference)
    return render(request, "mla/parts/checklist.html", _checklist(found))


def _checklist(found: AssistanceRequest) -> dict[str, Any]:
    checklist = completeness.checklist(found)
    fulfilled, required = checklist.progress
    return {
        "checklist": checklist,
        "fulfilled": fulfilled,
        "required": required,
        "reference": found.dossier.reference,
    }


@login_required
@require_POST
def annex(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep a file as an annex."""
    found = request_or_404(request.user, reference)
    file = request.FILES.get("file")
    page = reverse("request-edit", args=[reference])
    if file is None:
        messages.error(request, _("Choose a file first."))
        return redirect(f"{page}#annexes")
    try:
        drafting.add_annex(
            found,
            title=request.POST.get("title", ""),
            file_name=file.name or "",
            content=file.file,
            user=request.user,
            now=timezone.now(),
        )
    except Refusal as refusal:
        said = [str(s) for sentences in refusal.fields.values() for s in sentences]
        for sentence in said or [str(refusal.detail)]:
            messages.error(request, sentence)
    else:
        messages.success(request, _("The annex was added."))
    return redirect(f"{page}#annexes")


def _words() -> dict[str, str]:
    """What the page's script says."""
    return {
        "saving": _("Saving…"),
        "unsaved": _("Not saved: corrections needed"),
        "offline": _("Not saved yet: no connection. Your text is kept on this device."),
        "ended": _(
            "Your session has ended. What you typed is kept on this device: "
            "sign in again and come back to this page."
        ),
        "signin": _("Sign in"),
        "left": _("characters left"),
        "theirs": _("Here it now says:"),
        "emptied": _("This was emptied."),
        "keep_mine": _("Keep my text"),
        "take_theirs": _("Take theirs"),
        "compare": _("Not saved: compare what both of you wrote."),
        "updated": _("The other fields now show what was changed."),
        "reload": _("Parts were added or removed. Reload the page: your text is kept."),
        "reload_now": _("Reload"),
    }


def _context(
    request: HttpRequest, found: AssistanceRequest, errors: dict[str, list[str]]
) -> dict[str, Any]:
    """Everything the editor shows. A constant number of queries."""
    measures = list(found.measures.select_related("kind").prefetch_related("kind__particulars"))
    basis_codes = [
        (basis["code"], basis["short_title"])
        for basis in found.basis_answer.get("applicable", [])
        if basis.get("strength") != "supporting"
    ]
    return {
        "request_shown": found,
        "dossier": found.dossier,
        "measures": measures,
        "persons": list(found.dossier.persons.all()),
        "offences": list(found.dossier.offences.select_related("family")),
        "annexes": list(drafting.annexes(found)),
        "authorities": [
            (authority.pk, f"{authority}, {authority.city}" if authority.city else str(authority))
            for authority in Authority.objects.filter(state=found.requested_state_id)
        ],
        "bases": basis_codes,
        "letter_languages": [(c, language_name_of(c)) for c in settings.LETTER_LANGUAGES],
        "words": _words(),
        "channels": AssistanceRequest.Transmission.choices,
        "roles": Person.Role.choices,
        "states": states_by_name(),
        "measure_kinds": MeasureKind.objects.all(),
        "offence_families": OffenceFamily.objects.all(),
        "warnings": drafting.warnings(found),
        "further": [
            (key, completeness.label_of(key), found.further_contents.get(key, ""))
            for key in completeness.further_keys(found)
        ],
        "longest": TEXT_MAX_CHARACTERS,
        "errors": errors,
        "typed": {},
        **_checklist(found),
    }
