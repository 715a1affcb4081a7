"""What letters about a request have in common: the parties, both references, what was asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mla.models import AssistanceRequest
from registry.letter_words import (
    JSON,
    addressee_as_typed,
    contact_of,
    office_in_words,
)
from registry.models import Dossier
from registry.state_directory import state_label
from treaties.letter_facts import DASH, article_in, day_of, instrument_title
from treaties.models import MeasureAvailability


def request_of(dossier: Dossier) -> AssistanceRequest:
    """The request that a dossier is the jacket of."""
    found = AssistanceRequest.objects.select_related(
        "addressee__state", "requested_state", "requesting_state", "basis"
    ).get(pk=dossier.pk)
    found.dossier = dossier
    return found


def common(request: AssistanceRequest, language: str) -> dict[str, str]:
    """The values that the standard text of any letter about a request may use."""
    dossier = request.dossier
    sender = office_in_words(dossier.owner, language)
    return {
        "sender": sender["name"],
        "addressee": addressee(request, language)["name"],
        "our_reference": dossier.reference,
        "their_reference": dossier.foreign_reference,
        "sent_on": day_of(request.sent_at, dossier, language),
        "subject": dossier.title,
        "measures": measures(request, language),
        "basis": instrument_title(request.basis, language),
        "urgency": request.urgency_reason if dossier.urgent else "",
        "contact": (_ours(dossier) and request.contact.strip()) or contact_of(dossier.owner),
        "we_requested": "yes" if _ours(dossier) else "",
        "their_state": state_label(dossier.counterpart_id or "", language),
        "requesting_state": state_label(request.requesting_state_id, language),
        "requested_state": state_label(request.requested_state_id, language),
    }


def addressee(request: AssistanceRequest, language: str) -> JSON:
    """The other side: whom our request was addressed to, or who sent us theirs."""
    dossier = request.dossier
    if _ours(dossier):
        office, text, state = request.addressee, request.addressee_text, request.requested_state_id
    else:
        receipt = receipt_of(request)
        office = getattr(receipt, "requesting_authority", None)
        text = getattr(receipt, "requesting_authority_text", "") or request.conducting_authority
        state = request.requesting_state_id
    if office is not None and not (_ours(dossier) and text.strip()):
        return office_in_words(office, language)
    named = state_label(state, language)
    typed = addressee_as_typed(text, named)
    return typed | {"name": typed["name"] or named}


def _ours(dossier: Dossier) -> bool:
    return dossier.direction != Dossier.Direction.RECEIVED


def language_of(dossier: Dossier) -> str:
    """The language in which the two sides write about this request."""
    return request_of(dossier).language


# --- what is known of a request that came to us --------------------------------------------


def receipt_of(request: AssistanceRequest) -> Any:
    """How the request came to us and what was decided; None for one of ours."""
    return getattr(request, "receipt", None)


def received_at(request: AssistanceRequest) -> datetime:
    """When the request came; the opening of its dossier where that is not registered."""
    receipt = receipt_of(request)
    return receipt.received_at if receipt else request.dossier.created_at


def open_question(request: AssistanceRequest) -> Any:
    """The question that we asked and that is not answered yet; None for none."""
    questions = getattr(request, "information_requests", None)
    if questions is None:
        return None
    return questions.filter(asked_by_us=True, answered_at__isnull=True).first()


def grounds_that_apply(request: AssistanceRequest) -> list[Any]:
    """The grounds of the instrument that the triage found to apply, with their reasons."""
    found = getattr(request, "refusal_assessments", None)
    if found is None:
        return []
    return list(found.filter(answer="yes").select_related("ground").order_by("pk"))


def grounds_in_words(request: AssistanceRequest, found: list[Any], language: str) -> str:
    """Each ground as the article that provides it, one a line."""
    title = instrument_title(request.basis, language)
    articles = [article_in(each.ground.article, language) for each in found]
    return "\n".join(f"{DASH}{', '.join(filter(None, (a, title)))}" for a in articles if a)


def reasons_given(receipt: Any, outcome: str) -> str:
    """The reasons of the decision, where it was this one."""
    return receipt.outcome_reason if receipt is not None and receipt.outcome == outcome else ""


def data_of(request: AssistanceRequest) -> JSON:
    """What a receiving system reads of the request that a letter is about."""
    dossier = request.dossier
    return {
        "our_reference": dossier.reference,
        "their_reference": dossier.foreign_reference,
        "requesting_state": request.requesting_state_id,
        "requested_state": request.requested_state_id,
        "basis": request.basis_id or "",
        "sent_at": request.sent_at.isoformat() if request.sent_at else "",
    }


def measures(request: AssistanceRequest, language: str) -> str:
    """The kinds of assistance asked for, one a line, each with its article where one provides it."""
    rows = list(request.measures.select_related("kind"))
    articles = dict(
        MeasureAvailability.objects.filter(
            instrument=request.basis_id, measure__in=[m.kind_id for m in rows]
        ).values_list("measure", "article")
    )
    return "\n".join(
        DASH
        + (m.kind.labels.get(language) or m.kind.label)
        + (
            f" ({article})"
            if (article := article_in(articles.get(m.kind_id, ""), language))
            else ""
        )
        for m in rows
    )
