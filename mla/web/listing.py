"""The list of requests: filter, search, order."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from mla import matters
from mla.matters import COUNTED_UP_TO, Filters
from mla.models import STATUS_LABELS, InformalStatus, ReceivedStatus, RequestKind, Status
from mla.reassigning import colleagues, reassign
from registry.access import authorities_where
from registry.models import User
from registry.refusals import Invalid, Refusal, Text
from registry.state_directory import states_by_name
from registry.web.posted import number_posted
from treaties.models import Instrument

SIZE = 25
ORDERS = {
    "-updated_at": gettext_lazy("Changed last"),
    "-created_at": gettext_lazy("Newest"),
    "created_at": gettext_lazy("Oldest"),
    "reference": gettext_lazy("Reference"),
}


TABS = {
    "": gettext_lazy("All"),
    "sent": gettext_lazy("Sent"),
    "received": pgettext_lazy("requests", "Received"),
}


@login_required
def requests(request: HttpRequest) -> HttpResponse:
    query = request.GET
    filters = filters_of_query(query, request.user)
    order = query.get("order", "")
    order = order if order in ORDERS else "-updated_at"
    notice = ""
    try:
        page = matters.page_of_requests(
            request.user, filters, order=order, cursor=query.get("page", ""), size=SIZE
        )
    except Invalid:
        notice = _("That page of the list no longer exists: this is the first one.")
        page = matters.page_of_requests(request.user, filters, order=order, size=SIZE)
    context: dict[str, Any] = {
        "page": page,
        "notice": notice,
        "filters": filters,
        "statuses": _statuses(filters.direction),
        "direction": filters.direction,
        "request_kinds": RequestKind.choices,
        "tabs": TABS,
        "states": states_by_name(),
        "orders": ORDERS,
        "order": order,
        "mine": bool(filters.responsible),
        "filtered": filters != Filters(direction=filters.direction),
        "total": _total(matters.capped_count(request.user, filters)),
        "instruments": dict(Instrument.objects.values_list("code", "short_title")),
        "previous": beside(query, page.previous),
        "next": beside(query, page.next),
        "may_import": bool(authorities_where(request.user, "import_records")),
        "may_start": bool(authorities_where(request.user, "open_dossier")),
        "colleagues": list(colleagues(request.user)[:200])
        if authorities_where(request.user, "reassign")
        else [],
        "may_register": bool(authorities_where(request.user, "register")),
    }
    template = "mla/request_rows.html" if _only_rows(request) else "mla/requests.html"
    return render(request, template, context)


@login_required
@require_POST
def reassign_requests(request: HttpRequest) -> HttpResponse:
    """Give the requests ticked in the list to another officer."""
    try:
        changed = reassign(
            request.POST.getlist("references"),
            number_posted(request.POST.get("to", "")) or 0,
            user=request.user,
            now=timezone.now(),
        )
    except Refusal as refusal:
        for sentences in refusal.by_field().values():
            for sentence in sentences:
                messages.error(request, sentence)
    else:
        messages.success(request, _("%(count)s requests changed hands.") % {"count": len(changed)})
    direction = request.POST.get("direction", "")
    asked = f"?direction={direction}" if direction in TABS and direction else ""
    return redirect(reverse("requests") + asked)


def _only_rows(request: HttpRequest) -> bool:
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def filters_of_query(query: QueryDict, user: User) -> Filters:
    """The filters in the page's address; what is none of them is left out."""
    status = tuple(s for s in query.getlist("status") if s in STATUS_LABELS)
    direction = query.get("direction", "")
    return Filters(
        status=status,
        direction=direction if direction in TABS else "",
        kind=query.get("kind", "") if query.get("kind", "") in RequestKind.values else "",
        requested_state=query.get("state", "")[:8].replace("\x00", ""),
        urgent=True if query.get("urgent") == "on" else None,
        responsible=user.pk if query.get("mine") == "on" else None,
        q=query.get("q", "")[:200].replace("\x00", ""),
    )


def _statuses(direction: str) -> list[tuple[str, Text]]:
    """The statuses that a request of this direction can have."""
    answered = (InformalStatus.ANSWERED.value, InformalStatus.ANSWERED.label)
    choices = {"sent": Status.choices, "received": ReceivedStatus.choices}
    if direction not in choices:
        return list(STATUS_LABELS.items())
    return [*choices[direction], answered]


def _total(count: int) -> str:
    if count > COUNTED_UP_TO:
        return _("more than %(count)s requests") % {"count": COUNTED_UP_TO}
    return _("%(count)s requests") % {"count": count} if count != 1 else _("1 request")


def beside(query: QueryDict, cursor: str | None) -> str:
    """The query string of a page beside this one, with the filters kept."""
    if not cursor:
        return ""
    changed = query.copy()
    changed["page"] = cursor
    return changed.urlencode()
