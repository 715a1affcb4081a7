"""Where a request of ours stands, in plain words, for the prosecutor who asked for it.

Where it is, who has it, what is missing, and by when. It says nothing that the request's own page does
not say to the same person: who may see the one may see the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mla import completeness, questions
from mla.measures import OPEN
from mla.models import AssistanceRequest, InformalStatus, Measure, MeasureState, Status
from mla.request_kinds import rules_of
from registry.models import Deadline, Dossier, User
from registry.refusals import Text
from registry.state_directory import state_label

MOST_CLOCKS = 6
MOST_REQUESTS = 50
WITH_US = frozenset({Status.DRAFT, Status.AWAITING_APPROVAL, Status.APPROVED})
ENDED = frozenset({Status.CLOSED, Status.WITHDRAWN})
ANSWERED = frozenset({Status.EXECUTED, Status.REFUSED, InformalStatus.ANSWERED})
WHERE: dict[str, Text] = {
    Status.DRAFT: gettext_lazy("The request is being written."),
    Status.AWAITING_APPROVAL: gettext_lazy("The request is written and waits to be approved."),
    Status.APPROVED: gettext_lazy("The request is approved and about to be sent."),
    Status.SENT: gettext_lazy("The request was sent. They have not said yet that it arrived."),
    Status.ACKNOWLEDGED: gettext_lazy("The request arrived. They have not begun yet."),
    Status.IN_EXECUTION: gettext_lazy("They are working on it."),
    Status.POSTPONED: gettext_lazy("They have put it off."),
    Status.PARTLY_EXECUTED: gettext_lazy("A part of the answer has come."),
    Status.EXECUTED: gettext_lazy("The answer has come."),
    Status.REFUSED: gettext_lazy("They refused."),
    InformalStatus.ANSWERED: gettext_lazy("They answered."),
    Status.WITHDRAWN: gettext_lazy("We withdrew the request."),
    Status.CLOSED: gettext_lazy("The request is closed."),
}


@dataclass(frozen=True)
class Standing:
    """The four answers. ``due`` are the running clocks, the next first, ours and theirs."""

    where: str
    since: datetime | None
    with_whom: str
    contact: str
    missing: list[str] = field(default_factory=list)
    due: list[Deadline] = field(default_factory=list)


def of(request: AssistanceRequest) -> Standing:
    """Where the request stands. At most twelve queries."""
    dossier = request.dossier
    running = dossier.deadlines.filter(settled_at=None).order_by("due_at", "pk")
    return Standing(
        where=str(WHERE[dossier.status]),
        since=dossier.updated_at,
        with_whom=with_whom(request),
        contact=str(dossier.responsible or dossier.owner),
        missing=_missing(request),
        due=list(running[:MOST_CLOCKS]),
    )


def with_whom(request: AssistanceRequest) -> str:
    """Who has it now: our office until it is sent, theirs until it ends, then nobody."""
    dossier = request.dossier
    if dossier.status in ENDED:
        return _("Nobody: it is ended.")
    if dossier.status in WITH_US or dossier.status in ANSWERED:
        return str(dossier.owner)
    if questions.one_is_open(request):
        return _("%(office)s: they wait for our answer") % {"office": dossier.owner}
    named = str(request.addressee or request.addressee_text.strip().split("\n")[0])
    state = state_label(request.requested_state_id)
    return f"{named}, {state}" if named else state


def asked_by(user: User) -> list[tuple[AssistanceRequest, str, Deadline | None]]:
    """The open requests of ours on which the person is named, the last touched first: each with
    where it is and the next day that counts. Three queries, however many there are."""
    dossiers = Dossier.objects.visible_to(user).filter(
        kind="request", direction=Dossier.Direction.SENT, is_open=True, named__user=user
    )
    found = list(
        AssistanceRequest.objects.filter(dossier__in=dossiers.values("pk"))
        .select_related("dossier", "requested_state")
        .order_by("-dossier__updated_at", "-pk")[:MOST_REQUESTS]
    )
    next_due: dict[int, Deadline] = {}
    waiting = Deadline.objects.filter(dossier__in=[r.pk for r in found], settled_at=None)
    for clock in waiting.order_by("due_at", "pk"):
        next_due.setdefault(clock.dossier_id, clock)
    return [(r, str(WHERE[r.dossier.status]), next_due.get(r.pk)) for r in found]


def _missing(request: AssistanceRequest) -> list[str]:
    status = request.dossier.status
    if status == Status.DRAFT and rules_of(request).formal:
        return [str(item.missing_sentence) for item in completeness.checklist(request).missing]
    if status in WITH_US or status in ENDED:
        return []
    said = [
        _("They asked, and wait for our answer: %(question)s") % {"question": row.question}
        for row in request.information_requests.filter(answered_at=None)
    ]
    said += [
        _("%(measure)s: %(state)s") % {"measure": row.kind, "state": _state_of(row)}
        for row in request.measures.filter(state__in=OPEN).select_related("kind")
        if status != Status.EXECUTED and status != Status.REFUSED
    ]
    said += [
        _("A translation is being made: %(what)s") % {"what": row.source_title}
        for row in request.translation_jobs.filter(received_on=None, cancelled_reason="")
    ]
    return said


def _state_of(measure: Measure) -> str:
    if measure.postponed_until:
        return _("put off until %(day)s") % {"day": date_format(measure.postponed_until, "j F Y")}
    return str(MeasureState(measure.state).label)
