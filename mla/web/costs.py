"""The costs of a request: what they are, who bears them, what was agreed and paid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mla import costs, money
from mla.models import AssistanceRequest, Cost
from mla.web.finding import request_or_404
from registry.deadlines import today_of
from registry.refusals import Refusal
from registry.web.posted import number_posted, version_seen

FIELDS = ("nature", "description", "currency", "estimated", "bearer", "measure")


@login_required
def costs_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The page; a POST does what its button says, on the cost that it names."""
    found = request_or_404(request.user, reference)
    errors: dict[str, list[str]] = {}
    status = 200
    if request.method == "POST":
        try:
            anchor = _do(request, found)
        except Refusal as refusal:
            errors, status = refusal.by_field(), refusal.status
            found = request_or_404(request.user, reference)
        else:
            messages.success(request, _("Recorded."))
            return redirect(reverse("request-costs", args=[reference]) + anchor)
    listed = list(costs.costs_of(found))
    context = {
        "request_shown": found,
        "dossier": found.dossier,
        "costs": listed,
        "sums": costs.sums(listed),
        "rules": costs.rules(found),
        "may_record": costs.may_record(found, request.user),
        "measures": list(found.measures.select_related("kind")),
        "natures": Cost.Nature.choices,
        "bearers": Cost.Bearer.choices,
        "currencies": sorted(money.currencies()),
        "today": today_of(found.dossier.owner, timezone.now()),
        "errors": errors,
        "typed": request.POST,
    }
    return render(request, "mla/costs.html", context, status=status)


def _do(request: HttpRequest, found: AssistanceRequest) -> str:
    """Do what was asked, and tell where on the page it shows."""
    posted = request.POST
    part = number_posted(posted.get("part", "")) or 0
    common: dict[str, Any] = {
        "user": request.user,
        "expected_version": version_seen(request),
        "now": timezone.now(),
    }

    def added() -> Cost:
        fields = {name: posted[name] for name in FIELDS if name in posted}
        return costs.add(found, fields, **common)

    def consulted() -> Cost:
        return costs.note_consultation(
            found, part, on=posted.get("on", ""), note=posted.get("note", ""), **common
        )

    def agreed() -> Cost:
        return costs.agree(
            found,
            part,
            amount=posted.get("amount", ""),
            bearer=posted.get("bearer", ""),
            on=posted.get("on", ""),
            note=posted.get("note", ""),
            **common,
        )

    def paid() -> Cost:
        return costs.pay(
            found, part, amount=posted.get("amount", ""), on=posted.get("on", ""), **common
        )

    def dropped() -> Cost:
        return costs.drop(found, part, reason=posted.get("reason", ""), **common)

    actions: dict[str, Callable[[], Cost]] = {
        "add": added,
        "consult": consulted,
        "agree": agreed,
        "pay": paid,
        "drop": dropped,
    }
    action = actions.get(posted.get("then", ""))
    return f"#cost-{action().pk}" if action else ""
