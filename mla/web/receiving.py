"""Registering a request that came to us: one small form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mla.intake import Scan, register_received
from mla.matters import earlier_named
from mla.models import Receipt, RequestKind
from mla.web.starting import ASKED_MOST, SHOWN_FIRST
from registry.access import authorities_where
from registry.models import Authority
from registry.refusals import Invalid, Refusal
from registry.state_directory import states_by_name
from registry.web.posted import moment_posted
from treaties.models import MeasureKind, OffenceFamily


@login_required
def register(request: HttpRequest) -> HttpResponse:
    """The form; a POST registers the request and shows it."""
    offices = _offices(request)
    errors: dict[str, list[str]] = {}
    status = 200
    if request.method == "POST":
        try:
            registered = register_received(
                user=request.user, **_given(request, offices), now=timezone.now()
            )
        except Refusal as refusal:
            errors, status = refusal.by_field(), refusal.status
        else:
            messages.success(
                request,
                _("Registered as %(reference)s. Its clocks are running.")
                % {"reference": registered.dossier.reference},
            )
            return redirect("request", reference=registered.dossier.reference)
    context = _choices(request, offices) | {
        "errors": errors,
        "given": request.POST or request.GET,
        "request_kinds": RequestKind.choices,
    }
    return render(request, "mla/register_received.html", context, status=status)


@login_required
@require_safe
def authorities(request: HttpRequest) -> HttpResponse:
    """The authorities of the State chosen, as the register has them."""
    _offices(request)
    return render(request, "mla/parts/requesting_authorities.html", _authorities(request.GET))


def _given(request: HttpRequest, offices: list[Authority]) -> dict[str, Any]:
    posted = request.POST
    chosen = posted.get("owner", "")
    file = request.FILES.get("scan")
    return {
        "owner": next((office for office in offices if str(office.pk) == chosen), offices[0]),
        "requesting_state": posted.get("requesting_state", ""),
        "received_at": _received_at(posted.get("received_at", "")),
        "channel": posted.get("channel", ""),
        "title": posted.get("title", ""),
        "foreign_reference": posted.get("foreign_reference", ""),
        "requesting_authority": posted.get("requesting_authority", ""),
        "requesting_authority_text": posted.get("requesting_authority_text", ""),
        "measures": posted.getlist("measures"),
        "offences": posted.getlist("offences"),
        "person": {
            "role": "suspect",
            "family_name": posted.get("family_name", ""),
            "given_names": posted.get("given_names", ""),
        },
        "kind": posted.get("kind") or RequestKind.REQUEST,
        "follows": earlier_named(request.user, posted.get("follows", "")),
        "conditions": posted.get("conditions", ""),
        "urgent": posted.get("urgent") == "on",
        "urgency_reason": posted.get("urgency_reason", ""),
        "answer_wanted_by": posted.get("answer_wanted_by", ""),
        "sealed": posted.get("sealed") == "on",
        "scan": Scan(file.name or "", file.file) if file else None,
    }


def _received_at(given: str) -> datetime:
    if not given:
        sentence = _("Say when it came.")
        raise Invalid("invalid", sentence, fields={"received_at": [sentence]})
    return moment_posted("received_at", given)


def _offices(request: HttpRequest) -> list[Authority]:
    """The authorities for which this person may register a request."""
    allowed = authorities_where(request.user, "register")
    offices = list(Authority.objects.filter(pk__in=allowed).select_related("state"))
    if not offices:
        raise PermissionDenied
    return offices


def _choices(request: HttpRequest, offices: list[Authority]) -> dict[str, Any]:
    kinds = {kind.code: kind for kind in MeasureKind.objects.all()}
    first = [kinds.pop(code) for code in ASKED_MOST if code in kinds]
    families = list(OffenceFamily.objects.all())
    posted = request.POST
    return {
        "offices": offices,
        "states": states_by_name(),
        "channels": Receipt.Channel.choices,
        "measures_first": first,
        "measures_more": list(kinds.values()),
        "core_crimes": families[:SHOWN_FIRST],
        "other_offences": families[SHOWN_FIRST:],
        "chosen_measures": posted.getlist("measures"),
        "chosen_offences": posted.getlist("offences"),
        "now": timezone.localtime(),
        **_authorities(posted),
    }


def _authorities(given: Any) -> dict[str, Any]:
    code = given.get("requesting_state", "")[:8].replace("\x00", "")
    found = Authority.objects.filter(state=code) if code else Authority.objects.none()
    return {"authorities": list(found[:200]), "chosen": given.get("requesting_authority", "")}
