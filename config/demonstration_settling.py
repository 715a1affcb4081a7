"""What the demonstration's requests cost, what of them is being translated, and how useful one was.

Made by the same functions as everybody's. All of it is invented.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from config.demonstration_requests import officer
from mla import costs, feedback, translations
from mla.models import AssistanceRequest, Feedback, Item, Status
from registry.deadlines import today_of
from registry.models import Document, Dossier, Role

OFFICE = "BE-CA"
IN_EXECUTION = "Kpr 3391/2026"
"""Their reference of the received request whose costs are shown."""


def load_settling(now: datetime) -> None:
    """Note costs and translations of a request in execution, where none is noted, and say how useful
    the answer to a closed request was."""
    request = _received(IN_EXECUTION)
    with transaction.atomic():
        if request is not None and not costs.costs_of(request).exists():
            _note_costs(request, now)
        if request is not None and not translations.jobs_of(request).exists():
            _order_translations(request, now)
        _say_how_useful(now)


def _received(foreign_reference: str) -> AssistanceRequest | None:
    return (
        AssistanceRequest.objects.filter(
            dossier__owner__reference_prefix=OFFICE,
            dossier__foreign_reference=foreign_reference,
            dossier__direction=Dossier.Direction.RECEIVED,
            dossier__is_open=True,
        )
        .select_related("dossier__owner__state", "dossier__responsible", "basis")
        .first()
    )


def _note_costs(request: AssistanceRequest, now: datetime) -> None:
    user = officer(request.dossier.owner, Role.DRAFTING_OFFICER)
    on = (today_of(request.dossier.owner, now) - timedelta(days=2)).isoformat()
    copies = {
        "nature": "ordinary",
        "description": "Disk for the copies of two telephones",
        "currency": "EUR",
        "estimated": "85",
    }
    paid = costs.add(request, copies, user=user, now=now)
    costs.pay(request, paid.pk, amount="79.90", on=on, user=user, now=now)
    unlocking = {
        "nature": "extraordinary",
        "description": "Unlocking of a telephone by a laboratory",
        "currency": "EUR",
        "estimated": "6400",
    }
    waiting = costs.add(request, unlocking, user=user, now=now)
    costs.note_consultation(
        request,
        waiting.pk,
        on=on,
        note="They would bear half, and ask their ministry.",
        user=user,
        now=now,
    )


def _order_translations(request: AssistanceRequest, now: datetime) -> None:
    user = officer(request.dossier.owner, Role.DRAFTING_OFFICER)
    today = today_of(request.dossier.owner, now)
    scan = request.dossier.documents.filter(kind=Document.Kind.RECEIVED).first()
    common: dict[str, Any] = {
        "translator": "Ms Novak, sworn translator, Ghent",
        "user": user,
        "now": now,
    }
    if scan is not None:
        came = translations.order(
            request,
            f"document-{scan.pk}",
            from_language="sl",
            to_language="nl",
            due_on=(today + timedelta(days=2)).isoformat(),
            **common,
        )
        translations.receive(
            request,
            came.pk,
            received_on=today.isoformat(),
            certified_by="Ms Novak",
            amount="184.50",
            currency="EUR",
            user=user,
            now=now,
        )
    item = Item.objects.filter(request=request).first()
    if item is not None:
        translations.order(
            request,
            f"item-{item.pk}",
            from_language="nl",
            to_language="sl",
            due_on=(today + timedelta(days=9)).isoformat(),
            **common,
        )


def _say_how_useful(now: datetime) -> None:
    """Of the closed request of ours that was closed last, where nobody said it."""
    request = (
        AssistanceRequest.objects.filter(
            dossier__owner__reference_prefix=OFFICE,
            dossier__direction=Dossier.Direction.SENT,
            dossier__status=Status.CLOSED,
            sent_at__isnull=False,
            feedback=None,
        )
        .select_related("dossier__owner__state", "basis")
        .order_by("-closed_at")
        .first()
    )
    if request is None or Feedback.objects.exists():
        return
    feedback.give(
        request,
        usefulness=Feedback.Usefulness.DECISIVE,
        note="The statement carried the charges; the trial begins in spring.",
        user=officer(request.dossier.owner, Role.DRAFTING_OFFICER),
        now=now,
    )
