"""Urgency: a request is urgent for a reason and until a date, or it is not urgent."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from mla.models import AssistanceRequest
from registry import urgency
from registry.models import User
from registry.refusals import Invalid, Text

LETTER_DAY = "answer_wanted_by"
"""Of a request the day is that by which the letter asks for an answer."""


def lacking(request: AssistanceRequest) -> dict[str, Text]:
    """What an urgent request still lacks, by field; empty for one that is not urgent."""
    if not request.dossier.urgent:
        return {}
    found = urgency.lacking(
        request.urgency_reason, request.answer_wanted_by, until_field=LETTER_DAY
    )
    return {name: sentences[0] for name, sentences in found.items()}


def tell_dossier(request: AssistanceRequest) -> None:
    """Let the dossier say what the request says of its urgency; whoever calls saves it.

    Where the request names no reason or day of its own (it was taken over from elsewhere), what the
    dossier has stays.
    """
    dossier = request.dossier
    reason = request.urgency_reason.strip() or dossier.urgency_reason
    urgency.mark(dossier, dossier.urgent, reason, request.answer_wanted_by or dossier.urgent_until)


def refuse_unreasoned(request: AssistanceRequest, changed: Collection[str]) -> None:
    """Raises Invalid where a change leaves an urgent request without its reason or its day.

    The box itself is refused too, so that a form which keeps its other fields does not keep it.
    """
    dossier = request.dossier
    if not dossier.urgent or not {"urgent", urgency.REASON, LETTER_DAY} & set(changed):
        return
    emptied = LETTER_DAY in changed and request.answer_wanted_by is None
    until = None if emptied else request.answer_wanted_by or dossier.urgent_until
    reason = request.urgency_reason
    if urgency.REASON not in changed:
        reason = reason.strip() or dossier.urgency_reason
    fields = urgency.lacking(reason, until, until_field=LETTER_DAY)
    if fields and "urgent" in changed:
        fields["urgent"] = [_("Say why it is urgent and by which day the answer is needed.")]
    if fields:
        raise Invalid("urgent_without_reason", _("The change was not kept."), fields=fields)


def is_reasoned(request: AssistanceRequest, user: User) -> list[Text]:
    """What is marked as urgent says why and by which day."""
    return list(lacking(request).values())
