"""What a changed rule or calendar would move: before and after, to accept or to keep."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from registry import recomputation
from registry.access import authorities_where
from registry.models import ClockSource, ProposedMove
from registry.refusals import NotFound, Refusal

PAGE_SIZE = 50


@login_required
def moved(request: HttpRequest) -> HttpResponse:
    return show(request)


def show(
    request: HttpRequest,
    *,
    tried: int = 0,
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The list; with ``tried`` and ``errors``, the form of that move as it came back."""
    after = request.GET.get("after", "")
    moves = recomputation.moves_visible_to(request.user)
    if after.isdecimal() and len(after) < 19:
        moves = moves.filter(pk__gt=int(after))
    rows = list(moves[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    mine = set(authorities_where(request.user, "set_deadline"))
    context = {
        "rows": [(move, move.deadline.dossier.owner_id in mine) for move in shown],
        "next": shown[-1].pk if len(rows) > PAGE_SIZE else None,
        "any_mine": any(move.deadline.dossier.owner_id in mine for move in shown),
        "at_once": recomputation.AT_ONCE,
        "comparing": list(ClockSource.objects.exclude(comparing="")[:5]),
        "move_tried": tried,
        "errors": errors or {},
        "typed": request.POST,
    }
    return render(request, "registry/moved.html", context, status=status)


@login_required
@require_POST
def accept(request: HttpRequest, move: int) -> HttpResponse:
    found = _move_or_404(request, move)
    try:
        recomputation.accept(found, user=request.user, now=timezone.now())
    except Refusal as refusal:
        return show(request, tried=move, errors=refusal.by_field(), status=refusal.status)
    messages.success(request, _("The clock was moved."))
    return redirect("moved")


@login_required
@require_POST
def keep(request: HttpRequest, move: int) -> HttpResponse:
    found = _move_or_404(request, move)
    try:
        reason = request.POST.get("reason", "")
        recomputation.keep(found, reason=reason, user=request.user, now=timezone.now())
    except Refusal as refusal:
        return show(request, tried=move, errors=refusal.by_field(), status=refusal.status)
    messages.success(request, _("The old date stays."))
    return redirect("moved")


@login_required
@require_POST
def release(request: HttpRequest, move: int) -> HttpResponse:
    """From the clock's own page, which shows what stands against it."""
    found = _move_or_404(request, move)
    try:
        recomputation.release(found, user=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, _("The date is no longer kept."))
    return redirect("clock", deadline=found.deadline_id)


@login_required
@require_POST
def accept_all(request: HttpRequest) -> HttpResponse:
    moved = recomputation.accept_all(request.user, timezone.now())
    words = ngettext("%(count)s clock was moved.", "%(count)s clocks were moved.", moved)
    messages.success(request, words % {"count": moved})
    return redirect("moved")


def _move_or_404(request: HttpRequest, move: int) -> ProposedMove:
    try:
        return recomputation.visible_move(request.user, move)
    except NotFound:
        raise Http404 from None
