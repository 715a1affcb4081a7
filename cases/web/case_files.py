"""Case files: the list, opening one, its page with its parts, its chart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import (
    age_at_acts,
    case_board,
    case_file_parts,
    case_files,
    limitation,
    link_chart,
    object_matching,
    person_photos,
)
from cases.models import CaseFile, RelatedFile
from cases.web.case_file_forms import forms_of
from cases.web.extraditions import beside
from registry import matter_list, naming
from registry.access import authorities_where, may
from registry.deadlines import today_of
from registry.models import Authority
from registry.refusals import Invalid, NotFound, Refusal
from registry.state_directory import states_by_name
from registry.web.posted import number_posted, version_seen


def case_file_or_404(user: Any, reference: str) -> CaseFile:
    try:
        return case_files.visible_case_file(user, reference)
    except CaseFile.DoesNotExist:
        raise Http404 from None


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    query = request.GET
    wanted, stage, words = wanted_of_query(query)
    try:
        page = matter_list.page_of(request.user, wanted, place=query.get("page", ""))
    except Invalid:
        page = matter_list.page_of(request.user, wanted)
    context = {
        "page": page,
        "words": words,
        "stage": stage,
        "stages": CaseFile.Stage.choices,
        "previous": beside(query, page.previous),
        "next": beside(query, page.next),
        "may_open": bool(authorities_where(request.user, "keep_case_file")),
    }
    return render(request, "cases/case_files.html", context)


def wanted_of_query(query: QueryDict) -> tuple[Q, str, str]:
    """What the page's address asks for: the condition, and the stage and words in it."""
    stage = query.get("stage", "")
    words = query.get("q", "")[:200].replace("\x00", "")
    stage = stage if stage in CaseFile.Stage.values else ""
    return matter_list.condition(case_files.KIND, status=stage, words=words), stage, words


@login_required
def new(request: HttpRequest) -> HttpResponse:
    allowed = authorities_where(request.user, "keep_case_file")
    offices = list(Authority.objects.filter(pk__in=allowed).select_related("state"))
    if not offices:
        raise PermissionDenied
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        chosen = request.POST.get("owner", "")
        try:
            case = case_files.open_case_file(
                user=request.user,
                owner=next((o for o in offices if str(o.pk) == chosen), offices[0]),
                sealed=request.POST.get("sealed") == "on",
                now=timezone.now(),
                **_said(request),
            )
        except Refusal as refusal:
            errors = refusal.by_field()
        else:
            return redirect("case-file", reference=case.dossier.reference)
    context = {
        "offices": offices,
        "stages": CaseFile.Stage.choices,
        "given": request.POST or {"stage": CaseFile.Stage.INQUIRY},
        "errors": errors,
        "opening": True,
    }
    return render(request, "cases/case_file_edit.html", context, status=400 if errors else 200)


@login_required
def edit(request: HttpRequest, reference: str) -> HttpResponse:
    case = case_file_or_404(request.user, reference)
    if not may(request.user, "keep_case_file", case.dossier):
        if request.method == "POST":
            raise PermissionDenied
        return redirect("case-file", reference=reference)
    errors: dict[str, list[str]] = {}
    given: Any = request.POST
    if request.method == "POST":
        try:
            case_files.change(
                case,
                _said(request),
                user=request.user,
                now=timezone.now(),
                expected_version=version_seen(request),
            )
        except Refusal as refusal:
            errors = refusal.by_field()
        else:
            messages.success(request, _("Saved."))
            return redirect("case-file", reference=reference)
    else:
        given = {
            "title": case.dossier.title,
            "stage": case.dossier.status,
            "number": case.number,
            "court": case.court,
            "summary": case.summary,
            "victims_count": "" if case.victims_count is None else case.victims_count,
            "protection_needs": case.protection_needs,
        }
    context = {
        "case": case,
        "dossier": case.dossier,
        "stages": CaseFile.Stage.choices,
        "given": given,
        "errors": errors,
    }
    return render(request, "cases/case_file_edit.html", context, status=400 if errors else 200)


def _said(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in case_files.case_readers()}


@login_required
def page(request: HttpRequest, reference: str) -> HttpResponse:
    return show(request, case_file_or_404(request.user, reference))


def show(
    request: HttpRequest,
    case: CaseFile,
    *,
    tried: str = "",
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; with ``tried`` and ``errors``, that part's form as it came back."""
    dossier, user, now = case.dossier, request.user, timezone.now()
    matters = case_files.linked_matters(case, user)
    persons = person_photos.with_main_photo(dossier.persons.all())
    keeps = may(user, "keep_case_file", dossier)
    related = list(case.related_files.all())
    offences = list(
        dossier.offences.select_related("family").prefetch_related("limitation_periods")
    )
    things = list(dossier.linked_objects.select_related("holder"))
    today = today_of(dossier.owner, now)
    context = {
        "case": case,
        "dossier": dossier,
        "keeps": keeps,
        "forms": (forms := forms_of(case, persons, offences) if keeps else []),
        "form_of": {form.part: form for form in forms},
        "persons": persons,
        "offences": offences,
        "limitation": [limitation.of_offence(offence, today) for offence in offences],
        "ages": age_at_acts.ages(persons, offences),
        "things": things,
        "thing_matches": object_matching.matches_on(things, user),
        "roles": list(case.roles.select_related("user")),
        "matters": matters,
        "board": case_board.board(matters, now),
        "related": related,
        "parallel": [one for one in related if one.must_be_consulted or one.bars_a_second_trial],
        "transfers": RelatedFile.Transfer.choices,
        "related_states": RelatedFile.State.choices,
        "links": {link.dossier_id: link for link in case.linked.all()},
        "joint_teams": list(case.joint_teams.all()),
        "evidence": list(case.evidence.all()),
        "entries": case_board.timeline_across(case, matters),
        "may_seal": not dossier.is_sealed and may(user, "seal", dossier),
        "states": states_by_name() if keeps else [],
        "tried": tried,
        "errors": errors or {},
        "typed": request.POST,
        "now": now,
    }
    return render(request, "cases/case_file.html", context, status=status)


def _done(
    request: HttpRequest, reference: str, part: str, act: Callable[[CaseFile, dict[str, Any]], Any]
) -> HttpResponse:
    """Do it and come back to that part of the page; with errors, the form as it came."""
    case = case_file_or_404(request.user, reference)
    by = {"user": request.user, "now": timezone.now(), "expected_version": version_seen(request)}
    try:
        act(case, by)
    except Refusal as refusal:
        again = case_file_or_404(request.user, reference)
        errors = refusal.by_field()
        return show(request, again, tried=part, errors=errors, status=refusal.status)
    messages.success(request, _("Recorded."))
    return redirect("case-file", reference=reference)


@login_required
@require_POST
def add(request: HttpRequest, reference: str, part: str) -> HttpResponse:
    kind = case_file_parts.PARTS.get(part)

    def act(case: CaseFile, by: dict[str, Any]) -> None:
        names = kind.readers() if kind else {}
        given = {name: request.POST.get(name, "") for name in names}
        case_file_parts.add(case, part, given, **by)

    return _done(request, reference, part, act)


@login_required
@require_POST
def change_part(request: HttpRequest, reference: str, part: str, number: int) -> HttpResponse:
    """Correct one entry, or take it away where that button was pressed."""
    kind = case_file_parts.PARTS.get(part)

    def act(case: CaseFile, by: dict[str, Any]) -> None:
        if request.POST.get("then") == "remove":
            case_file_parts.remove(case, part, number, **by)
            return
        names = kind.changeable() if kind else {}
        given = {name: request.POST.get(name, "") for name in names}
        case_file_parts.change(case, part, number, given, **by)

    return _done(request, reference, f"{part}-{number}", act)


@login_required
@require_POST
def agree_about_object(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Agree to be put in touch with the other matter in which a thing is known."""
    case_file_or_404(request.user, reference)
    try:
        object_matching.agree(number, user=request.user, now=timezone.now())
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, _("Your answer was kept."))
    return redirect("case-file", reference=reference)


@login_required
@require_POST
def follow(request: HttpRequest, reference: str) -> HttpResponse:
    number = number_posted(request.POST.get("number", "")) or 0

    def act(case: CaseFile, by: dict[str, Any]) -> None:
        given = {name: request.POST.get(name, "") for name in ("consulted_on", "transfer", "state")}
        case_file_parts.follow_related(case, number, given, **by)

    return _done(request, reference, f"followed-{number}", act)


@login_required
def chart(request: HttpRequest, reference: str) -> HttpResponse:
    """The link chart as a picture of its own, to be kept or put into a document."""
    case = case_file_or_404(request.user, reference)
    matters = case_files.linked_matters(case, request.user)
    drawn = link_chart.chart(
        case.dossier.title,
        case.dossier.persons.all(),
        matters,
        case_files.states_named(case, matters),
    )
    answer = HttpResponse(drawn, content_type="image/svg+xml")
    if request.GET.get("download"):
        answer["Content-Disposition"] = f'attachment; filename="{reference}.svg"'
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def seal(request: HttpRequest, reference: str) -> HttpResponse:
    case = case_file_or_404(request.user, reference)
    try:
        naming.seal(case.dossier, user=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, _("Sealed. Only those named on it see it from now on."))
    return redirect("case-file", reference=reference)
