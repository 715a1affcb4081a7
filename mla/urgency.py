"""Urgency: a request is urgent for a reason and until a date, or it is not urgent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mla.models import AssistanceRequest
from registry.models import User
from registry.refusals import Text


def lacking(request: AssistanceRequest) -> dict[str, Text]:
    """What an urgent request still lacks, by field; empty for one that is not urgent."""
    if not request.dossier.urgent:
        return {}
    found: dict[str, Text] = {}
    if not request.urgency_reason.strip():
        found["urgency_reason"] = _("It is marked as urgent: say why.")
    if request.answer_wanted_by is None:
        found["answer_wanted_by"] = _("It is marked as urgent: say by which day.")
    return found


def is_reasoned(request: AssistanceRequest, user: User) -> list[Text]:
    """What is marked as urgent says why and by which day."""
    return list(lacking(request).values())
