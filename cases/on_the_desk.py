"""What the trunk needs to know of extraditions and case files: pages, statuses, whose desk."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import deconfliction, object_matching
from cases.case_files import KIND
from cases.extradition import BEFORE_THE_REQUEST
from cases.matters import EXTRADITION
from cases.models import CaseFile
from cases.models import ExtraditionStatus as Status
from registry.access import authorities_where
from registry.matter_kinds import MatterKind, Pile
from registry.matter_kinds import declare as declare_kind
from registry.models import Dossier, User

TONES = {
    Status.OPENED: "draft",
    Status.ARREST_REQUESTED: "waiting",
    Status.ARRESTED: "stop",
    Status.REQUESTED: "sent",
    Status.JUDICIAL: "sent",
    Status.APPEAL: "sent",
    Status.EXECUTIVE: "sent",
    Status.GRANTED: "ready",
    Status.GRANTED_WITH_CONDITIONS: "ready",
    Status.POSTPONED: "waiting",
    Status.TEMPORARILY_SURRENDERED: "waiting",
    Status.SURRENDER_AGREED: "ready",
    Status.SURRENDERED: "done",
    Status.REFUSED: "stop",
    Status.RELEASED: "stop",
    Status.CLOSED: "done",
    Status.WITHDRAWN: "stop",
}


def _formal_requests_to_approve(user: User) -> Q | None:
    """Formal requests that another officer submitted, where this one may approve."""
    offices = authorities_where(user, "approve_extradition")
    if not offices:
        return None
    mine = Q(extradition__submitted_by=user) | Q(extradition__last_edited_by=user)
    return (
        Q(
            status__in=BEFORE_THE_REQUEST,
            direction=Dossier.Direction.SENT,
            owner__in=offices,
            extradition__submitted_by__isnull=False,
        )
        & ~mine
    )


def _arrested(user: User) -> Q | None:
    """Somebody is held and the formal request is awaited: the clocks of the arrest run."""
    offices = authorities_where(user, "run_extradition")
    return Q(status=Status.ARRESTED, owner__in=offices) if offices else None


def _mine(user: User) -> Q | None:
    if not authorities_where(user, "run_extradition"):
        return None
    return Q(responsible=user) & ~Q(status=Status.ARRESTED)


def _my_case_files(user: User) -> Q | None:
    return Q(responsible=user) if authorities_where(user, "keep_case_file") else None


def declare_case_files() -> None:
    """Make case files known to the desk, the deadlines and the lists."""
    declare_kind(
        MatterKind(
            code=KIND,
            label=_("Case file"),
            page=lambda reference: reverse("case-file", args=[reference]),
            list_page=lambda: reverse("case-files"),
            status_labels=dict(CaseFile.Stage.choices),
            status_tones={str(s): "sent" for s in CaseFile.Stage}
            | {str(CaseFile.Stage.ENDED): "done"},
            piles=(
                Pile(_("My case files"), _my_case_files),
                Pile(_("A person may be known elsewhere"), deconfliction.waiting_for),
                Pile(_("A thing may be known elsewhere"), object_matching.waiting_for),
            ),
        )
    )


def declare() -> None:
    """Make extraditions known to the desk, the deadlines and the lists."""
    declare_kind(
        MatterKind(
            code=EXTRADITION,
            label=_("Extradition"),
            page=lambda reference: reverse("extradition", args=[reference]),
            list_page=lambda: reverse("extraditions"),
            status_labels=dict(Status.choices),
            status_tones={str(status): tone for status, tone in TONES.items()},
            piles=(
                Pile(_("Arrested, formal request awaited"), _arrested, "?status=arrested"),
                Pile(_("Formal requests to approve"), _formal_requests_to_approve),
                Pile(_("A person may be known elsewhere"), deconfliction.waiting_for, "?mine=on"),
                Pile(_("My extraditions"), _mine, "?mine=on"),
            ),
        )
    )
