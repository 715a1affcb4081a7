"""Pages of taking in an office's spreadsheets: upload, name the columns, look, apply, undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from mla.models import SpreadsheetImport, SpreadsheetRow
from mla.office_spreadsheets import examples, fields, importing, showing
from registry.refusals import Invalid, NotFound, Refusal
from registry.spreadsheets import XLSX_TYPE
from registry.web.downloads import attachment

SHOWN = tuple(SpreadsheetRow.State(each) for each in ("wrong", "duplicate", "kept", "written"))


@login_required
def spreadsheets(request: HttpRequest) -> HttpResponse:
    """Upload a spreadsheet; and those taken in before."""
    offices = list(importing.offices_of(request.user))
    if not offices:
        raise Http404
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            taken_in = _taken_in(request, offices)
        except Refusal as refusal:
            errors = refusal.by_field()
        else:
            return redirect("spreadsheet", number=taken_in.pk)
    context = {
        "errors": errors,
        "typed": request.POST,
        "offices": offices,
        "kinds": SpreadsheetImport.Kind.choices,
        "earlier": importing.visible_to(request.user)[:50],
    }
    status = 400 if errors else 200
    return render(request, "mla/spreadsheets/all.html", context, status=status)


@login_required
def example(request: HttpRequest, kind: str) -> HttpResponse:
    """An invented spreadsheet of this kind, to try with and to fill in."""
    try:
        made = examples.example(kind, timezone.localdate())
    except NotFound:
        raise Http404 from None
    return attachment(made, XLSX_TYPE, f"example-{kind}.xlsx")


def _taken_in(request: HttpRequest, offices: list[Any]) -> SpreadsheetImport:
    upload = request.FILES.get("file")
    chosen = [office for office in offices if str(office.pk) == request.POST.get("owner")]
    owner = chosen[0] if chosen else offices[0] if len(offices) == 1 else None
    wrong: dict[str, list[str]] = {}
    if upload is None:
        wrong["file"] = [_("Choose a file.")]
    if owner is None:
        wrong["owner"] = [_("Choose the authority.")]
    if wrong or upload is None or owner is None:
        raise Invalid("incomplete", _("The spreadsheet was not taken in."), fields=wrong)
    return importing.take_in(
        owner=owner,
        kind=request.POST.get("kind", ""),
        content=upload.read(),
        file_name=upload.name or "",
        user=request.user,
        now=timezone.now(),
    )


def _one_or_404(request: HttpRequest, number: int) -> SpreadsheetImport:
    return get_object_or_404(importing.visible_to(request.user), pk=number)


@login_required
def spreadsheet(request: HttpRequest, number: int) -> HttpResponse:
    """One spreadsheet: how far it is, its columns, what is asked, what is wrong."""
    taken_in = _one_or_404(request, number)
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            gone = _done(request, taken_in)
        except Refusal as refusal:
            errors = refusal.by_field()
        else:
            return redirect("spreadsheets") if gone else redirect("spreadsheet", number=number)
    status = 400 if errors else 200
    context = _context(request, taken_in) | {"errors": errors}
    return render(request, "mla/spreadsheets/one.html", context, status=status)


def _context(request: HttpRequest, taken_in: SpreadsheetImport) -> dict[str, Any]:
    counts = importing.counts_of(taken_in)
    state = request.GET.get("state", "")
    if state not in SpreadsheetRow.State.values:
        state = next((each for each in SHOWN if counts[each]), SpreadsheetRow.State.READY)
    after = request.GET.get("after", "")
    lines, following = showing.lines_of(
        taken_in, state, int(after) if after.isdecimal() and len(after) < 10 else 0
    )
    editable = taken_in.stage in ("mapping", "checked", "failed")
    questions = showing.questions_of(taken_in) if taken_in.stage == "checked" else []
    options = showing.options_of(taken_in, {q.field for q in questions}, timezone.now())
    return {
        "taken_in": taken_in,
        "editable": editable,
        "columns": showing.columns_of(taken_in),
        "fields": fields.of_kind(taken_in.kind),
        "counts": [
            (code, label, counts[code])
            for code, label in SpreadsheetRow.State.choices
            if counts[code]
        ],
        "ready": counts["ready"],
        "wrong": counts["wrong"],
        "duplicates": counts["duplicate"],
        "questions": [(question, options[question.field]) for question in questions],
        "ask_day_order": taken_in.stage == "checked" and showing.days_are_ambiguous(taken_in),
        "day_order": taken_in.choices.get("day_order", ""),
        "state": state,
        "state_label": SpreadsheetRow.State(state).label,
        "lines": lines,
        "following": following,
        "keep_as_note": showing.KEEP,
        "typed": request.POST,
    }


@login_required
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """How far it is, for the page that waits; when it is done the page is shown anew."""
    taken_in = _one_or_404(request, number)
    answer = render(request, "mla/spreadsheets/progress.html", {"taken_in": taken_in})
    if not taken_in.is_working:
        answer["HX-Refresh"] = "true"
    return answer


def _done(request: HttpRequest, taken_in: SpreadsheetImport) -> bool:
    """Do what was asked; True when the spreadsheet is gone."""
    given, user, now = request.POST, request.user, timezone.now()
    act = given.get("act", "")
    if act == "map":
        mapping = {
            name.removeprefix("column-"): given[name]
            for name in given
            if name.startswith("column-") and given[name]
        }
        importing.map_columns(taken_in, mapping, user=user, now=now)
    elif act == "answer":
        importing.answer(taken_in, _answers(request), user=user, now=now)
    elif act == "apply":
        importing.apply(
            taken_in,
            user=user,
            now=now,
            although_known=given.get("although_known") == "on",
            without_the_wrong=given.get("without_the_wrong") == "on",
        )
    elif act == "undo":
        importing.undo(taken_in, user=user, now=now)
    elif act == "discard":
        importing.discard(taken_in, user=user)
        messages.success(request, _("The spreadsheet was forgotten. Nothing of it was written."))
        return True
    else:
        raise Http404
    return False


def _answers(request: HttpRequest) -> dict[str, Any]:
    given = request.POST
    answers: dict[str, Any] = {}
    if "day_order" in given:
        answers["day_order"] = given["day_order"]
    triples = zip(
        given.getlist("field"), given.getlist("text"), given.getlist("meaning"), strict=False
    )
    for field, text, meaning in triples:
        if meaning:
            answers.setdefault(field, {})[text] = meaning
    return answers
