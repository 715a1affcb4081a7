"""What the trunk needs to know of requests: their pages, their statuses, and on whose desk they lie."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import deconfliction
from mla import draft_sharing, reminder_letter
from mla.models import STATUS_LABELS, InformalStatus, ReceivedStatus, Status
from registry.access import authorities_where
from registry.matter_kinds import MatterKind, Pile
from registry.matter_kinds import declare as declare_kind
from registry.models import Dossier, User

TONES = {
    Status.DRAFT: "draft",
    Status.AWAITING_APPROVAL: "waiting",
    Status.APPROVED: "ready",
    Status.SENT: "sent",
    Status.ACKNOWLEDGED: "sent",
    Status.PARTLY_EXECUTED: "sent",
    Status.EXECUTED: "done",
    Status.REFUSED: "stop",
    Status.WITHDRAWN: "stop",
    Status.CLOSED: "done",
    ReceivedStatus.REGISTERED: "draft",
    ReceivedStatus.IN_TRIAGE: "waiting",
    ReceivedStatus.ACCEPTED: "ready",
    ReceivedStatus.POSTPONED: "waiting",
    ReceivedStatus.IN_EXECUTION: "sent",
    ReceivedStatus.RETURNED: "stop",
    ReceivedStatus.REFERRED: "stop",
    InformalStatus.ANSWERED: "done",
}
RECEIVED = Dossier.Direction.RECEIVED


def _awaiting_my_approval(user: User) -> Q | None:
    """What another officer submitted, where this one may approve."""
    offices = authorities_where(user, "approve")
    if not offices:
        return None
    mine = (
        Q(request__drafted_by=user)
        | Q(request__submitted_by=user)
        | Q(request__last_edited_by=user)
    )
    return Q(status=Status.AWAITING_APPROVAL, owner__in=offices) & ~mine


def _to_send(user: User) -> Q | None:
    offices = authorities_where(user, "send")
    return Q(status=Status.APPROVED, owner__in=offices) if offices else None


def _my_drafts(user: User) -> Q | None:
    return Q(status=Status.DRAFT, responsible=user) if authorities_where(user, "edit") else None


def _with_the_other_side(user: User) -> Q | None:
    statuses = [
        Status.SENT,
        Status.ACKNOWLEDGED,
        Status.IN_EXECUTION,
        Status.POSTPONED,
        Status.PARTLY_EXECUTED,
    ]
    return Q(status__in=statuses, responsible=user) & ~Q(direction=RECEIVED)


def _to_triage(user: User) -> Q | None:
    """What came in and is not decided yet, in the offices where the person triages."""
    offices = authorities_where(user, "triage")
    statuses = [ReceivedStatus.REGISTERED, ReceivedStatus.IN_TRIAGE]
    return Q(status__in=statuses, owner__in=offices) if offices else None


def _to_execute(user: User) -> Q | None:
    statuses = [
        ReceivedStatus.ACCEPTED,
        ReceivedStatus.IN_EXECUTION,
        ReceivedStatus.PARTLY_EXECUTED,
    ]
    return Q(status__in=statuses, direction=RECEIVED, responsible=user)


def declare() -> None:
    """Make requests known to the desk, the deadlines and the lists."""
    declare_kind(
        MatterKind(
            code="request",
            label=_("Request for assistance"),
            page=lambda reference: reverse("request", args=[reference]),
            list_page=lambda: reverse("requests"),
            status_labels=STATUS_LABELS,
            status_tones={str(status): tone for status, tone in TONES.items()},
            reminder=lambda reference, deadline: reverse(
                "request-reminder", args=[reference, deadline]
            ),
            draft_reminder=reminder_letter.draft_unless_open,
            piles=(
                Pile(_("Awaiting my approval"), _awaiting_my_approval, "?status=awaiting_approval"),
                Pile(_("To be sent"), _to_send, "?status=approved"),
                Pile(_("My drafts"), _my_drafts, "?status=draft&mine=on"),
                Pile(_("Comments on my drafts"), draft_sharing.waiting_for, "?mine=on"),
                Pile(_("To be triaged"), _to_triage, "?direction=received"),
                Pile(_("To be executed"), _to_execute, "?direction=received&mine=on"),
                Pile(_("A person may be known elsewhere"), deconfliction.waiting_for, "?mine=on"),
                Pile(_("With the other side"), _with_the_other_side, "?status=sent&mine=on"),
            ),
        )
    )
