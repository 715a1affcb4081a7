"""One minute of feedback on usefulness, after a request of ours is closed.

It goes to the State that helped: into its own dossier where its authority works in this installation
and registered our request under our reference, else as a short text to be sent as a letter. A sealed
dossier of the other side is never looked for: then it is the letter.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mla import draft_fields, recording
from mla.models import AssistanceRequest, Feedback, Status
from registry import timeline
from registry.access import may
from registry.deadlines import today_of, zone_of
from registry.dossiers import changing
from registry.models import Authority, Dossier, User
from registry.refusals import Invalid, NotPossibleNow

ACT = "edit"
LONGEST_NOTE = 2_000


def feedback_of(request: AssistanceRequest) -> Feedback | None:
    """What was said of the request; None where nothing was."""
    return Feedback.objects.select_related("given_by").filter(request=request.pk).first()


def received_with(request: AssistanceRequest) -> Feedback | None:
    """What the requesting State said of our help, for a request that came to us."""
    return Feedback.objects.filter(told_dossier=request.pk).first()


def has_place(request: AssistanceRequest) -> bool:
    """It is one of ours that was sent and is closed."""
    return (
        not request.is_received
        and request.sent_at is not None
        and request.dossier.status == Status.CLOSED
    )


def may_give(request: AssistanceRequest, user: User) -> bool:
    return has_place(request) and may(user, ACT, request.dossier)


def give(
    request: AssistanceRequest,
    *,
    usefulness: str,
    note: str = "",
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Feedback:
    """Say how useful it was, once. Where the other side holds the request here, it is told at once.

    Raises NotPossibleNow for a request that is not ours and closed, or of which it was said already.
    """
    given = draft_fields.read(
        {"usefulness": usefulness, "note": note},
        {
            "usefulness": draft_fields.choice(Feedback.Usefulness.values),
            "note": draft_fields.text(LONGEST_NOTE),
        },
    )
    with recording.under_lock(
        request, user, expected_version, now, act=ACT, also_ended=True
    ) as held:
        if not has_place(held):
            raise NotPossibleNow(
                "not_closed", _("Feedback is given on a request of ours once it is closed.")
            )
        if Feedback.objects.filter(request=held).exists():
            raise NotPossibleNow("given_already", _("How useful it was is said already."))
        theirs = _their_dossier(held)
        said = Feedback.objects.create(
            request=held,
            given_by=user,
            given_at=now,
            told_dossier=theirs,
            told_on=today_of(held.dossier.owner, now) if theirs else None,
            **given,
        )
        timeline.record(
            held.dossier,
            "mla.feedback_given",
            actor=user,
            at=now,
            usefulness=said.usefulness,
            note=said.note,
            here=theirs is not None,
        )
        if theirs is not None:
            with changing(theirs, expected_version=None, now=now) as dossier:
                timeline.record(
                    dossier,
                    "mla.feedback_received",
                    actor=None,
                    at=now,
                    usefulness=said.usefulness,
                    note=said.note,
                    office=str(held.dossier.owner),
                )
    return said


def note_telling(
    request: AssistanceRequest,
    *,
    on: Any,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Feedback:
    """Record the day on which the letter with the feedback went out."""
    today = today_of(request.dossier.owner, now)
    given = draft_fields.read({"on": on}, {"on": draft_fields.day})
    if given["on"] is None or given["on"] > today:
        sentence = _("Give the day on which it was, not later than today.")
        raise Invalid("invalid", sentence, fields={"on": [sentence]})
    with recording.under_lock(
        request, user, expected_version, now, act=ACT, also_ended=True
    ) as held:
        said = feedback_of(held)
        if said is None or said.told_on is not None:
            raise NotPossibleNow("nothing_to_tell", _("There is nothing that waits to be told."))
        said.told_on = given["on"]
        said.save(update_fields=["told_on"])
        timeline.record(
            held.dossier, "mla.feedback_told", actor=user, at=now, day=said.told_on.isoformat()
        )
    return said


def counts(
    owner: Authority, since: date, until: date, user: User | None
) -> tuple[Counter[str], Counter[str]]:
    """By usefulness: what we said of others' help in the period, and what others said of ours.

    Two queries, of what the person may see; without a person, of what is not sealed.
    """
    zone = ZoneInfo(zone_of(owner))
    start = datetime.combine(since, time(), zone).astimezone(UTC)
    end = datetime.combine(until + timedelta(days=1), time(), zone).astimezone(UTC)
    if user is not None:
        dossiers = Dossier.objects.visible_to(user)
    else:
        dossiers = Dossier.objects.exclude(confidentiality=Dossier.Confidentiality.SEALED)
    mine = dossiers.filter(owner=owner).values("pk")

    def counted(said: QuerySet[Feedback]) -> Counter[str]:
        return Counter(said.values_list("usefulness", flat=True))

    given = Feedback.objects.filter(given_at__gte=start, given_at__lt=end)
    return counted(given.filter(request__in=mine)), counted(given.filter(told_dossier__in=mine))


def _their_dossier(request: AssistanceRequest) -> Dossier | None:
    """Our request as the other side registered it here, where exactly one dossier says so."""
    ours = request.dossier
    found = Dossier.objects.filter(
        kind=ours.kind,
        direction=Dossier.Direction.RECEIVED,
        counterpart=request.requesting_state_id,
        owner__state=request.requested_state_id,
        foreign_reference=ours.reference,
        feedback_received=None,
    ).exclude(confidentiality=Dossier.Confidentiality.SEALED)
    if ours.foreign_reference:
        found = found.filter(reference=ours.foreign_reference)
    candidates = list(found[:2])
    return candidates[0] if len(candidates) == 1 else None
