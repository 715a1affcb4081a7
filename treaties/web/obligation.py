"""One obligation of a State: its assessment in hand, what was published, evidence and timeline."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry import naming
from registry.access import may
from registry.deadline_list import deadlines_of
from registry.models import Authority, User
from registry.refusals import Invalid, Refusal
from registry.web.posted import number_posted, version_seen
from treaties import assessments, obligation_files
from treaties.assessment_fields import TEXTS
from treaties.models import Assessment, Evidence, Obligation, ObligationFile
from treaties.web.compliance import group_address
from treaties.web.days import day_typed

MEASURE = ("title", "article", "date", "note")
"""The columns of the rows for laws and measures."""
ROWS_FOR_MEASURES = 2
"""Empty rows offered for further laws and measures."""


@login_required
def obligation(request: HttpRequest, reference: str) -> HttpResponse:
    return _show(request, file_or_404(request.user, reference))


@login_required
@require_POST
def act(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    """One of the acts on the page; what the domain refuses comes back beside its field."""
    file = file_or_404(request.user, reference)
    done = ACTS.get(act)
    if done is None:
        raise Http404
    try:
        said = done(request, file)
    except Evidence.DoesNotExist:
        raise Http404 from None
    except Refusal as refusal:
        fresh = file_or_404(request.user, reference)
        return _show(request, fresh, act=act, errors=refusal.by_field(), status=refusal.status)
    messages.success(request, said)
    return redirect("obligation", reference=reference)


def file_or_404(user: User, reference: str) -> ObligationFile:
    try:
        return obligation_files.get_visible(user, reference)
    except ObligationFile.DoesNotExist:
        raise Http404 from None


def _begin(request: HttpRequest, file: ObligationFile) -> str:
    assessments.begin(file, **_common(request))
    return _("You can assess it now.")


def _save(request: HttpRequest, file: ObligationFile) -> str:
    assessments.save(assessments.must_be_in_hand(file), _typed_changes(request), **_common(request))
    return _("Saved.")


def _submit(request: HttpRequest, file: ObligationFile) -> str:
    """What stands in the form is saved first, so that nothing typed is lost."""
    held, common = assessments.must_be_in_hand(file), _common(request)
    if "explanation" in request.POST:
        assessments.save(held, _typed_changes(request), **common)
        common["expected_version"] = None
    assessments.submit(held, **common)
    return _("Submitted: another officer can review it now.")


def _return(request: HttpRequest, file: ObligationFile) -> str:
    reason = request.POST.get("reason", "")
    assessments.return_to_draft(assessments.must_be_in_hand(file), reason, **_common(request))
    return _("Returned to the drafter.")


def _publish(request: HttpRequest, file: ObligationFile) -> str:
    assessments.publish(assessments.must_be_in_hand(file), **_common(request))
    return _("Published.")


def _discard(request: HttpRequest, file: ObligationFile) -> str:
    assessments.discard(assessments.must_be_in_hand(file), **_common(request))
    return _("The draft was discarded.")


def _add_evidence(request: HttpRequest, file: ObligationFile) -> str:
    upload = request.FILES.get("file")
    if upload is None:
        sentence = _("Choose a file.")
        raise Invalid("file_missing", sentence, fields={"file": [sentence]})
    assessments.add_evidence(
        assessments.must_be_in_hand(file),
        title=request.POST.get("title", ""),
        file_name=upload.name or "",
        content=upload.file,
        note=request.POST.get("note", ""),
        public=request.POST.get("public") == "on",
        **_common(request),
    )
    return _("The evidence was added.")


def _remove_evidence(request: HttpRequest, file: ObligationFile) -> str:
    key = number_posted(request.POST.get("evidence", ""))
    assessments.remove_evidence(assessments.must_be_in_hand(file), key or 0, **_common(request))
    return _("Taken off the assessment; it stays among the documents.")


def _due(request: HttpRequest, file: ObligationFile) -> str:
    obligation_files.set_due(
        file, day_typed(request.POST.get("due_on", ""), "due_on"), **_common(request)
    )
    return _("The day was set.")


def _name(request: HttpRequest, file: ObligationFile) -> str:
    person = naming.name_person(
        file.dossier, request.POST.get("person", ""), user=request.user, now=timezone.now()
    )
    return _("%(name)s is on this dossier now.") % {"name": person.name}


def _seal(request: HttpRequest, file: ObligationFile) -> str:
    naming.seal(file.dossier, user=request.user, now=timezone.now())
    return _("Sealed. Only those named on it see it from now on.")


ACTS = {
    "begin": _begin,
    "save": _save,
    "submit": _submit,
    "return_to_draft": _return,
    "publish": _publish,
    "discard": _discard,
    "add_evidence": _add_evidence,
    "remove_evidence": _remove_evidence,
    "due": _due,
    "name": _name,
    "seal": _seal,
}


def _common(request: HttpRequest) -> dict[str, Any]:
    seen = version_seen(request)
    return {"user": request.user, "now": timezone.now(), "expected_version": seen}


def _typed_changes(request: HttpRequest) -> dict[str, Any]:
    given = request.POST
    changes: dict[str, Any] = {name: given.get(name, "") for name in TEXTS}
    changes["status"] = given.get("status", "")
    changes["as_on"] = day_typed(given.get("as_on", ""), "as_on")
    changes["next_step_due"] = day_typed(given.get("next_step_due", ""), "next_step_due")
    changes["responsible_authority"] = number_posted(given.get("responsible_authority", ""))
    changes["national_measures"] = [
        {
            "title": title,
            "article": article,
            "date": day_typed(day, f"national_measures.{place}"),
            "note": note,
        }
        for place, (title, article, day, note) in enumerate(_typed_measures(request))
    ]
    return changes


def _typed_measures(request: HttpRequest) -> list[tuple[str, str, str, str]]:
    columns = [request.POST.getlist(f"measure_{name}") for name in MEASURE]
    return list(zip(*columns, strict=False))


def _show(
    request: HttpRequest,
    file: ObligationFile,
    *,
    act: str = "",
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    dossier, user = file.dossier, request.user
    all_of_them = list(
        file.assessments.select_related(
            "drafted_by", "submitted_by", "reviewed_by", "responsible_authority"
        ).prefetch_related("national_measures", "evidence__document")
    )
    held = next((a for a in all_of_them if a.stage in ("draft", "in_review")), None)
    editable = bool(held and held.stage == "draft" and may(user, "assess", dossier))
    context = {
        "file": file,
        "dossier": dossier,
        "obligation": file.obligation,
        "group_address": group_address(file.obligation),
        "own_date": file.obligation.due_from == Obligation.DueFrom.OWN_DATE,
        "held": held,
        "editable": editable,
        "published": next((a for a in all_of_them if a.stage == "published"), None),
        "superseded": [a for a in reversed(all_of_them) if a.stage == "superseded"],
        "possibilities": assessments.possibilities(file, user),
        "statuses": Assessment.Status.choices,
        "measures": _measures_shown(request, held, act) if editable else [],
        "offices": Authority.objects.filter(state=file.state_id).order_by("name")
        if editable
        else [],
        "typed": request.POST if act in ("save", "submit") else None,
        "act": act,
        "errors": errors or {},
        "now": timezone.now(),
        "deadlines": deadlines_of(dossier),
        "documents": dossier.documents.filter(removed_at=None),
        "entries": dossier.timeline.select_related("actor").order_by("-sequence")[:100],
        "named": dossier.named.select_related("user"),
        "can_be_named": naming.can_be_named(dossier) if may(user, "name_people", dossier) else [],
        "may_seal": may(user, "seal", dossier) and not dossier.is_sealed,
        "may_assess": may(user, "assess", dossier),
    }
    return render(request, "treaties/obligation.html", context, status=status)


def _measures_shown(
    request: HttpRequest, held: Assessment | None, act: str
) -> list[dict[str, Any]]:
    """The rows of laws and measures: as typed when something was wrong, else as saved."""
    if act in ("save", "submit"):
        rows = [dict(zip(MEASURE, row, strict=True)) for row in _typed_measures(request)]
        return rows or [{}]
    saved = held.national_measures.all() if held else []
    rows = [
        {
            "title": m.title,
            "article": m.article,
            "date": m.date.isoformat() if m.date else "",
            "note": m.note,
        }
        for m in saved
    ]
    return rows + [{} for _row in range(ROWS_FOR_MEASURES)]
