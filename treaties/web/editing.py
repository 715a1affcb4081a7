"""Pages of a single fact: what it says, its history, correcting, verifying, proposing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.refusals import NotFound, Refusal
from registry.web.posted import number_posted
from treaties.models import Proposal, RegisterChange
from treaties.register_editing import editing, proposals
from treaties.register_editing.ageing import to_be_checked
from treaties.register_editing.fact_kinds import FactKind, concerns, kind_of, title_of

ON_A_PAGE = 50
CHECKED = ("verified", "reason", "seen", "act", "csrfmiddlewaretoken", "number", "answer")


@login_required
def fact(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One fact. Whoever may not edit it proposes; nothing typed is lost by an error."""
    try:
        of_kind = kind_of(kind)
        found = of_kind.of(key)
    except NotFound:
        raise Http404 from None
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            said = _done(request, of_kind, key)
        except NotFound:
            raise Http404 from None
        except Refusal as refusal:
            errors = refusal.by_field()
        else:
            messages.success(request, said)
            if request.POST.get("act") == "remove":
                return redirect("register-changes")
            return redirect("fact", kind=kind, key=key)
    return _show(request, of_kind, found, errors)


@login_required
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a fact; the address may say for which State and instrument."""
    try:
        of_kind = kind_of(kind)
    except NotFound:
        raise Http404 from None
    if not of_kind.added or not editing.may_edit(request.user):
        raise Http404
    errors: dict[str, list[str]] = {}
    form = of_kind.form(adding=True)(initial=request.GET.dict())
    if request.method == "POST":
        try:
            made = editing.add(
                kind,
                _typed(request),
                reason=request.POST.get("reason", ""),
                verified=request.POST.get("verified") == "on",
                user=request.user,
                now=timezone.now(),
            )
        except Refusal as refusal:
            errors = refusal.by_field()
            form = of_kind.form(adding=True)(request.POST)
        else:
            messages.success(request, _("Added to the register."))
            return redirect("fact", kind=kind, key=str(made.pk))
    context = {"kind": of_kind, "fields": _fields(form, errors), "errors": errors}
    status = 400 if errors else 200
    return render(request, "treaties/editing/add.html", context, status=status)


@login_required
def changes(request: HttpRequest) -> HttpResponse:
    """What was changed in the register, latest first."""
    asked = {
        name: request.GET.get(name, "").replace("\x00", "") for name in ("state", "instrument")
    }
    found = RegisterChange.objects.select_related("actor", "undone_by")
    for name, value in asked.items():
        if value:
            found = found.filter(**{name: value})
    before = number_posted(request.GET.get("before", ""))
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: ON_A_PAGE + 1])
    following = f"before={rows[ON_A_PAGE - 1].pk}" if len(rows) > ON_A_PAGE else ""
    context = {
        "rows": rows[:ON_A_PAGE],
        "next": following + "".join(f"&{n}={v}" for n, v in asked.items() if v and following),
        "may_edit": editing.may_edit(request.user),
        **asked,
    }
    return render(request, "treaties/editing/changes.html", context)


@login_required
def undo(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        raise Http404
    try:
        made = editing.undo(
            number_posted(request.POST.get("change", "")) or 0,
            user=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Undone: %(title)s.") % {"title": made.title})
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
    return redirect("register-changes")


@login_required
def open_proposals(request: HttpRequest) -> HttpResponse:
    """Open proposals for the editors; for everybody, their own with what became of them."""
    editor = editing.may_edit(request.user)
    errors: dict[str, list[str]] = {}
    chosen = None
    if request.method == "POST":
        if not editor:
            raise Http404
        chosen = get_object_or_404(
            Proposal.objects.select_related("proposed_by"),
            pk=number_posted(request.POST.get("number", "")) or 0,
        )
        try:
            if request.POST.get("act") == "accept":
                verified = request.POST.get("verified") == "on"
                proposals.accept(chosen, user=request.user, now=timezone.now(), verified=verified)
                messages.success(request, _("Accepted: the register is corrected."))
            else:
                answer = request.POST.get("answer", "")
                proposals.decline(chosen, answer, user=request.user, now=timezone.now())
                messages.success(request, _("Declined; the proposer reads your answer."))
            return redirect("proposals")
        except Refusal as refusal:
            errors = refusal.by_field()
    waiting = Proposal.objects.filter(stage=Proposal.Stage.OPEN).select_related("proposed_by")
    mine = Proposal.objects.filter(proposed_by=request.user).select_related("decided_by")
    context = {
        "editor": editor,
        "waiting": waiting[:ON_A_PAGE] if editor else [],
        "mine": mine[:ON_A_PAGE],
        "errors": errors,
        "chosen": chosen,
    }
    status = 400 if errors else 200
    return render(request, "treaties/editing/proposals.html", context, status=status)


@login_required
def ageing(request: HttpRequest) -> HttpResponse:
    """Authorities that nobody has checked for too long, longest first."""
    found = to_be_checked(timezone.now()).select_related("verified_by").order_by("pk")
    after = number_posted(request.GET.get("after", "")) or 0
    rows = list(found.filter(pk__gt=after)[: ON_A_PAGE + 1])
    context = {
        "rows": rows[:ON_A_PAGE],
        "next": f"after={rows[ON_A_PAGE - 1].pk}" if len(rows) > ON_A_PAGE else "",
        "days": settings.DIRECTORY_STALE_AFTER_DAYS,
        "may_verify": editing.may_verify(request.user),
    }
    return render(request, "treaties/editing/ageing.html", context)


# --- what stands behind ---------------------------------------------------------------------


def _done(request: HttpRequest, kind: FactKind, key: str) -> str:
    given, user, now = request.POST, request.user, timezone.now()
    act, reason = given.get("act", ""), given.get("reason", "")
    seen = number_posted(given.get("seen", ""))
    if act == "verify":
        editing.verify(kind.code, key, source=reason, seen=seen, user=user, now=now)
        return _("Verified, by your name.")
    if act == "remove":
        editing.remove(kind.code, key, reason=reason, seen=seen, user=user, now=now)
        return _("Removed from the register. The list of changes can undo it.")
    if act == "propose":
        proposals.propose(kind.code, key, _typed(request), reason=reason, user=user, now=now)
        return _("Proposed. An editor decides; you see what became of it under Proposals.")
    editing.change(
        kind.code,
        key,
        _typed(request),
        reason=reason,
        seen=seen,
        verified=given.get("verified") == "on",
        user=user,
        now=now,
    )
    return _("Corrected.")


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What stood in the form; a box that is not ticked is not sent, and means no."""
    typed = {n: v for n, v in request.POST.items() if n not in CHECKED}
    for name in request.POST.get("boxes", "").split():
        typed.setdefault(name, False)
    typed.pop("boxes", None)
    return typed


def _fields(form: Any, errors: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The fields of a form with their errors, in order."""
    for name, field in form.fields.items():
        if field.widget.__class__.__name__ == "DateInput":
            field.widget.input_type = "date"
            field.widget.format = "%Y-%m-%d"
        if field.widget.__class__.__name__ == "Textarea":
            field.widget.attrs["rows"] = 3
        field.widget.attrs.setdefault("dir", "auto")
        field.required = name == "source"
    boxes = [n for n, f in form.fields.items() if f.widget.__class__.__name__ == "CheckboxInput"]
    return [
        {"bound": form[name], "errors": errors.get(name, []), "box": name in boxes}
        for name in form.fields
    ]


def _show(
    request: HttpRequest, kind: FactKind, found: Any, errors: dict[str, list[str]]
) -> HttpResponse:
    form_class = kind.form(adding=False)
    act = request.POST.get("act", "") if errors else ""
    form = form_class(request.POST) if act in ("change", "propose") else form_class(instance=found)
    history = list(editing.history_of(kind.code, str(found.pk))[:ON_A_PAGE])
    instrument, state = concerns(found)
    context = {
        "kind": kind,
        "fact": found,
        "title": title_of(found),
        "instrument": instrument,
        "state": state,
        "fields": _fields(form, errors),
        "boxes": " ".join(
            n for n, f in form.fields.items() if f.widget.__class__.__name__ == "CheckboxInput"
        ),
        "history": history,
        "seen": history[0].pk if history else 0,
        "errors": errors,
        "act": act,
        "reason": request.POST.get("reason", "") if errors else "",
        "may_edit": editing.may_edit(request.user),
        "may_verify": editing.may_verify(request.user),
    }
    status = 400 if errors else 200
    return render(request, "treaties/editing/fact.html", context, status=status)
