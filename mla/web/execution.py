"""The execution of a request: what becomes of each measure, and the inventory of results."""

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

from mla import measures, results
from mla.models import AssistanceRequest, Item, Transmission
from mla.web.finding import request_or_404
from registry.models import Authority
from registry.refusals import Refusal
from registry.web.posted import moment_posted, number_posted, version_seen

ITEM_FIELDS = (
    "kind",
    "description",
    "quantity",
    "original",
    "return_by",
    "use_limitation",
    "conditions",
    "measure",
)


@login_required
def execution(request: HttpRequest, reference: str) -> HttpResponse:
    """The page; a POST does what its button says, on the part that it names."""
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
            return redirect(reverse("request-execution", args=[reference]) + anchor)
    context = _context(request, found) | {"errors": errors, "typed": request.POST}
    return render(request, "mla/execution.html", context, status=status)


def _do(request: HttpRequest, found: AssistanceRequest) -> str:
    """Do what was asked, and tell where on the page it shows."""
    posted = request.POST
    part = number_posted(posted.get("part", "")) or 0
    common: dict[str, Any] = {
        "user": request.user,
        "expected_version": version_seen(request),
        "now": timezone.now(),
    }

    def moved() -> str:
        measures.move_measure(
            found,
            part,
            posted.get("move", ""),
            reason=posted.get("reason", ""),
            until=posted.get("until", ""),
            **common,
        )
        return f"#measure-{part}"

    def assigned() -> str:
        measures.assign(
            found,
            part,
            authority=posted.get("executing_authority", ""),
            named=posted.get("executing_authority_text", ""),
            **common,
        )
        return f"#measure-{part}"

    def added() -> str:
        fields = {name: posted[name] for name in ITEM_FIELDS if name in posted}
        results.add_item(found, fields, **common)
        return "#inventory"

    def transmitted() -> str:
        results.transmit(
            found,
            [key for given in posted.getlist("items") if (key := number_posted(given))],
            channel=posted.get("channel", ""),
            sent_at=moment_posted("sent_at", posted.get("sent_at", "")),
            tracking_number=posted.get("tracking_number", ""),
            **common,
        )
        return "#transmissions"

    def arrived() -> str:
        results.confirm_receipt(
            found,
            part,
            received_at=moment_posted("received_at", posted.get("received_at", "")),
            **common,
        )
        return "#transmissions"

    def returned() -> str:
        results.note_return(
            found,
            part,
            returned_at=moment_posted("returned_at", posted.get("returned_at", "")),
            **common,
        )
        return "#inventory"

    def passed_on() -> str:
        results.pass_on(
            found,
            part,
            to_whom=posted.get("to_whom", ""),
            purpose=posted.get("purpose", ""),
            limits_considered=posted.get("limits_considered") == "on",
            allowed_because=posted.get("allowed_because", ""),
            **common,
        )
        return "#inventory"

    actions: dict[str, Callable[[], str]] = {
        "move": moved,
        "assign": assigned,
        "add-item": added,
        "transmit": transmitted,
        "confirm-receipt": arrived,
        "return": returned,
        "pass-on": passed_on,
    }
    action = actions.get(posted.get("then", ""))
    return action() if action else ""


def _context(request: HttpRequest, found: AssistanceRequest) -> dict[str, Any]:
    """Everything that the page shows. A constant number of queries."""
    items = list(results.inventory(found).prefetch_related("passings_on__by"))
    asked = list(found.measures.select_related("kind", "executing_authority"))
    return {
        "request_shown": found,
        "dossier": found.dossier,
        "measures": [(each, measures.offered(each, found, request.user)) for each in asked],
        "may_move": measures.movable(found, request.user),
        "authorities": list(Authority.objects.filter(state=found.requested_state_id)),
        "items": items,
        "to_transmit": [item for item in items if item.transmission_id is None],
        "transmissions": list(Transmission.objects.filter(request=found).prefetch_related("items")),
        "item_kinds": Item.Kind.choices,
        "channels": Transmission.Channel.choices,
        "may_record": results.may_record(found, request.user),
        "may_return": results.may_note_return(found, request.user),
        "use_limit": results.use_limit(found),
        "now": timezone.localtime(),
    }
