"""One request: where it stands, what can be done next, what it says, what happened."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mla import (
    closing_checks,
    completeness,
    draft_sharing,
    drafting,
    duplicates,
    feedback,
    lifecycle,
    paper_follows,
)
from mla.draft_editing import is_editable
from mla.models import AssistanceRequest, ReceivedStatus, Status
from mla.reminder_letter import can_be_reminded_of
from mla.request_kinds import conditions_of, rules_of
from mla.starting_from import related_to, ways_from
from mla.web.finding import request_or_404
from mla.web.kinds import facts_of_kind
from registry.access import may
from registry.deadlines import deadlines_of
from registry.models import Document
from registry.naming import can_be_named
from registry.state_directory import states_by_name
from treaties.models import MeasureAvailability

ENTRIES_SHOWN = 200
PEOPLE_OFFERED = 200
ASIDE = (
    "ask_information",
    "consult",
    "record_question",
    "record_postponement",
    "amend",
    "renew_preservation",
    "agree_return_date",
    "move_custody",
    "extend_team",
)
"""Moves that may be made beside those that lead on; they never stand open by themselves."""


@login_required
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    found = request_or_404(request.user, reference)
    return show(request, found)


def show(
    request: HttpRequest,
    found: AssistanceRequest,
    *,
    move: str = "",
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; with ``move`` and ``errors``, that move's form as it came back."""
    context = _context(request, found) | {
        "move_tried": move,
        "errors": errors or {},
        "typed": request.POST,
    }
    page = "mla/received.html" if found.is_received else "mla/request.html"
    return render(request, page, context, status=status)


def _undecided(found: AssistanceRequest) -> bool:
    """Whether it is worth telling that the request looks like another: before we act on it."""
    return found.dossier.status in {
        Status.DRAFT,
        ReceivedStatus.REGISTERED,
        ReceivedStatus.IN_TRIAGE,
    }


def _context(request: HttpRequest, found: AssistanceRequest) -> dict[str, Any]:
    """A constant number of queries, however long the request is."""
    dossier = found.dossier
    possibilities = sorted(lifecycle.possibilities(found, request.user), key=lambda p: p.move.back)
    leading_on = [
        p.move.name
        for p in possibilities
        if p.possible and not p.move.back and p.move.name not in ASIDE
    ]
    checklist = completeness.checklist(found)
    fulfilled, required = checklist.progress
    articles = dict(
        MeasureAvailability.objects.filter(instrument=found.basis_id).values_list(
            "measure", "article"
        )
    )
    clocks = list(deadlines_of(dossier))
    now = timezone.localtime()
    writes = may(request.user, "edit", dossier)
    may_open = may(request.user, "open_dossier", dossier)
    return {
        "request_shown": found,
        "dossier": dossier,
        "possibilities": possibilities,
        "suggested": next(iter(leading_on), ""),
        "editable": is_editable(dossier) and writes,
        "checklist": checklist,
        "fulfilled": fulfilled,
        "required": required,
        "warnings": drafting.warnings(found) if is_editable(dossier) else [],
        "measures": list(
            found.measures.select_related("kind", "executing_authority").prefetch_related(
                "kind__particulars"
            )
        ),
        "articles": articles,
        "persons": list(dossier.persons.all()),
        "offences": list(dossier.offences.select_related("family")),
        "documents": list(
            dossier.documents.filter(removed_at__isnull=True).order_by("kind", "position", "pk")
        ),
        "annex_kind": Document.Kind.ANNEX,
        "deadlines": clocks,
        "remindable": [
            c.pk for c in clocks if writes and not found.is_received and can_be_reminded_of(c, now)
        ],
        "dispatches": list(found.dispatches.select_related("recorded_by", "proof")),
        "entries": list(
            dossier.timeline.select_related("actor").order_by("-sequence")[:ENTRIES_SHOWN]
        ),
        "named": list(dossier.named.select_related("user").order_by("user__name")),
        "can_be_named": list(can_be_named(dossier)[:PEOPLE_OFFERED])
        if may(request.user, "name_people", dossier)
        else [],
        "may_seal": not dossier.is_sealed and may(request.user, "seal", dossier),
        "channels": AssistanceRequest.Transmission.choices,
        "original_awaited": next(filter(paper_follows.waits_for_original, clocks), None),
        "paper_channels": [
            (code, label)
            for code, label in AssistanceRequest.Transmission.choices
            if code not in paper_follows.AHEAD
        ],
        "may_send": may(request.user, "send", dossier),
        "now": now,
        "letter": found.letter,
        "feedback_has_place": feedback.has_place(found),
        "feedback": feedback.received_with(found)
        if found.is_received
        else feedback.feedback_of(found)
        if feedback.has_place(found)
        else None,
        "may_share_draft": draft_sharing.may_share(found, request.user),
        "draft_comments": [] if found.is_received else draft_sharing.comments_on(found),
        "unfinished": closing_checks.unfinished(found)
        if any(p.move.name == "close" for p in possibilities)
        else [],
        "rules": rules_of(found),
        "conditions": conditions_of(found) if found.is_received else "",
        "may_register": may(request.user, "register", dossier),
        "facts_of_kind": facts_of_kind(found),
        "related": related_to(found, request.user),
        "ways": ways_from(found) if may_open else [],
        "amendments": list(found.amendments.select_related("amended_by")),
        "states": states_by_name() if may_open else [],
        "alike": [
            alike
            for alike in (duplicates.alike(found, request.user) if _undecided(found) else [])
            if alike.dossier.pk != found.follows_id
        ],
        "questions": list(found.information_requests.select_related("recorded_by")),
    }
