"""What the demonstration's requests cost, made by the same functions as everybody's. All invented."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from config.demonstration_requests import officer
from mla import costs
from mla.models import AssistanceRequest
from registry.deadlines import today_of
from registry.models import Dossier, Role

OFFICE = "BE-CA"
IN_EXECUTION = "Kpr 3391/2026"
"""Their reference of the received request whose costs are shown."""


def load_settling(now: datetime) -> int:
    """Note the costs of a request in execution, where none is noted. Returns how many."""
    request = _received(IN_EXECUTION)
    if request is None or costs.costs_of(request).exists():
        return 0
    with transaction.atomic():
        return _note_costs(request, now)


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


def _note_costs(request: AssistanceRequest, now: datetime) -> int:
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
    return 2
