"""Pages of taking in a depositary's table: upload, look, choose, apply, undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import State
from registry.refusals import Invalid, Refusal
from treaties.depositary_tables import importing
from treaties.depositary_tables.comparing import KINDS
from treaties.models import DepositaryImport, Instrument
from treaties.register_editing.editing import may_edit
from treaties.web.days import day_typed

LABELS = {
    "add": gettext_lazy("To be added"),
    "change": gettext_lazy("To be changed"),
    "kept": gettext_lazy("Kept as the office has it"),
    "unmatched": gettext_lazy("No State known by this name"),
    "unreadable": gettext_lazy("Not understood"),
    "absent": gettext_lazy("In the register, not in the table"),
    "same": gettext_lazy("The same"),
}


@login_required
def imports(request: HttpRequest) -> HttpResponse:
    """Upload a table; and what was taken in before."""
    if not may_edit(request.user):
        raise Http404
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            kept = _looked_at(request)
        except Refusal as refusal:
            errors = refusal.by_field()
        else:
            return redirect("import", number=kept.pk)
    context = {
        "errors": errors,
        "typed": request.POST or {"instrument": request.GET.get("instrument", "")},
        "instruments": Instrument.objects.filter(parties=Instrument.Parties.RECORDED),
        "earlier": DepositaryImport.objects.select_related("instrument", "looked_at_by")[:50],
    }
    status = 400 if errors else 200
    return render(request, "treaties/editing/imports.html", context, status=status)


@login_required
def one(request: HttpRequest, number: int) -> HttpResponse:
    """What the table would change, or has changed."""
    if not may_edit(request.user):
        raise Http404
    kept = get_object_or_404(
        DepositaryImport.objects.select_related("instrument", "applied_by"), pk=number
    )
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            messages.success(request, _done(request, kept))
        except Refusal as refusal:
            errors = refusal.by_field()
        else:
            return redirect("import", number=kept.pk)
    plan = importing.plan_of(kept) if kept.stage == DepositaryImport.Stage.LOOKED_AT else None
    context = {
        "kept": kept,
        "errors": errors,
        "groups": [(k, LABELS[k], plan.of(k)) for k in KINDS if plan.of(k)] if plan else [],
        "counts": [(LABELS[k], kept.counts.get(k, 0)) for k in KINDS],
        "to_write": plan.counts["add"] + plan.counts["change"] if plan else 0,
        "states": State.objects.filter(kind="state") if plan and plan.of("unmatched") else [],
        "chosen": request.POST.getlist("chosen"),
        "reason": request.POST.get("reason", ""),
    }
    status = 400 if errors else 200
    return render(request, "treaties/editing/import.html", context, status=status)


def _looked_at(request: HttpRequest) -> DepositaryImport:
    upload = request.FILES.get("file")
    given = request.POST
    code = given.get("instrument", "").replace("\x00", "")
    instrument = Instrument.objects.filter(pk=code).first()
    errors: dict[str, list[Any]] = {}
    if instrument is None:
        errors["instrument"] = [_("Choose the instrument.")]
    if upload is None:
        errors["file"] = [_("Choose a file.")]
    if errors or upload is None or instrument is None:
        raise Invalid("incomplete", _("The table was not read."), fields=errors)
    return importing.look_at(
        instrument,
        content=upload.read(),
        file_name=upload.name or "",
        source=given.get("source", ""),
        as_of=day_typed(given.get("as_of", ""), "as_of"),
        user=request.user,
        now=timezone.now(),
    )


def _done(request: HttpRequest, kept: DepositaryImport) -> str:
    given, now = request.POST, timezone.now()
    act = given.get("act", "")
    if act == "name":
        pairs = zip(given.getlist("participant"), given.getlist("state"), strict=False)
        importing.name_participants(kept, dict(pairs), user=request.user)
        return _("Compared again with what you said.")
    if act == "apply":
        done = importing.apply(
            kept,
            chosen=given.getlist("chosen"),
            reason=given.get("reason", ""),
            user=request.user,
            now=now,
        )
        return _("Applied: %(added)s added, %(changed)s changed.") % done
    if act == "undo":
        undone, stayed = importing.undo(kept, user=request.user, now=now)
        said = _("%(n)s changes undone.") % {"n": undone}
        if stayed:
            said += " " + _("Changed again since, so left: %(titles)s.") % {
                "titles": "; ".join(stayed[:20])
            }
        return said
    raise Http404
