"""Everything that left for the other side in a request, by channel: when, proof, tries, who.

Three kinds of record hold it: the request's own sendings (``Dispatch``), the other letters of its
dossier (``LetterDispatch``), and results (``Transmission``); a package on its way to another
installation stands in the outbox until it has arrived. Here they are one list, and what became of a
sending of the request is recorded: it arrived, or it came back and goes again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from mla.models import AssistanceRequest, Dispatch, Package, Transmission
from mla.packages import sending
from registry import timeline
from registry.access import may
from registry.dossiers import changing
from registry.draft_letter_kinds import label_of
from registry.models import Document, LetterDispatch, PeerMessage, User
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow, Text

SENT_AGAIN, ARRIVED, CAME_BACK = "mla.sent_again", "mla.sending_arrived", "mla.sending_came_back"
GRACE = timedelta(minutes=5)
Channel = AssistanceRequest.Transmission


@dataclass(frozen=True)
class Sending:
    """One thing that left, or is on its way. ``number`` is the key of a sending of the request
    itself, of which arrival or return can be recorded. ``tries`` counts those of the outbox."""

    what: Text
    channel: str
    channel_label: Text
    at: datetime
    who: str
    number: int | None = None
    tracking_number: str = ""
    proof: Document | None = None
    note: str = ""
    arrived_at: datetime | None = None
    came_back_at: datetime | None = None
    waiting: bool = False
    refused: bool = False
    tries: int = 0
    error: str = ""


def sendings_of(request: AssistanceRequest) -> list[Sending]:
    """The whole log, the latest first. Four queries."""
    found = [*_own(request), *_letters(request), *_results(request), *_outbox(request)]
    return sorted(found, key=lambda each: each.at, reverse=True)


def channels_in(sendings: Iterable[Sending]) -> list[tuple[str, Text]]:
    """The channels that occur, for a filter."""
    return sorted({each.channel: each.channel_label for each in sendings}.items())


def _own(request: AssistanceRequest) -> list[Sending]:
    rows = Dispatch.objects.filter(request=request).select_related("recorded_by", "proof")
    packages = list(Package.objects.filter(request=request).values_list("pk", flat=True))
    tries = {
        message.delivered_at: message.attempts
        for message in PeerMessage.objects.filter(
            kind=sending.PACKAGE, subject__in=packages, state=PeerMessage.State.DELIVERED
        )
    }
    return [
        Sending(
            _("The request"),
            row.channel,
            row.get_channel_display(),
            row.sent_at,
            row.recorded_by.name,
            number=row.pk,
            tracking_number=row.tracking_number,
            proof=row.proof,
            note=row.note,
            arrived_at=row.arrived_at,
            came_back_at=row.came_back_at,
            tries=tries.get(row.sent_at, 0),
        )
        for row in rows
    ]


def _letters(request: AssistanceRequest) -> list[Sending]:
    rows = LetterDispatch.objects.filter(letter__dossier=request.pk)
    return [
        Sending(
            label_of(row.letter.kind),
            row.channel,
            row.get_channel_display(),
            row.sent_at,
            row.recorded_by.name,
            tracking_number=row.tracking_number,
            proof=row.proof,
            note=row.note,
        )
        for row in rows.select_related("letter__document", "recorded_by", "proof")
    ]


def _results(request: AssistanceRequest) -> list[Sending]:
    rows = Transmission.objects.filter(request=request).select_related("recorded_by")
    return [
        Sending(
            _("Results"),
            row.channel,
            row.get_channel_display(),
            row.sent_at,
            row.recorded_by.name,
            tracking_number=row.tracking_number,
            note=row.note,
            arrived_at=row.received_at,
        )
        for row in rows
    ]


def _outbox(request: AssistanceRequest) -> list[Sending]:
    """Packages that have not arrived: once one has, it is a sending of the request."""
    packages = Package.objects.filter(request=request).values("pk")
    rows = PeerMessage.objects.filter(kind=sending.PACKAGE, subject__in=packages).exclude(
        state=PeerMessage.State.DELIVERED
    )
    return [
        Sending(
            _("Package for %(peer)s") % {"peer": row.peer.name},
            Channel.ELECTRONIC,
            Channel.ELECTRONIC.label,
            row.ordered_at,
            row.ordered_by.name if row.ordered_by else "",
            waiting=row.state == PeerMessage.State.QUEUED,
            refused=row.state == PeerMessage.State.REFUSED,
            tries=row.attempts,
            error=row.last_error,
        )
        for row in rows.select_related("peer", "ordered_by")
    ]


# --- recording ------------------------------------------------------------------------------


def may_record(request: AssistanceRequest, user: User) -> bool:
    """Whether the person records what becomes of the sendings of this request now."""
    dossier = request.dossier
    return request.sent_at is not None and dossier.is_open and may(user, "send", dossier)


def send_again(
    request: AssistanceRequest,
    *,
    channel: str,
    sent_at: datetime | None,
    tracking_number: str = "",
    note: str = "",
    proof: Document | None = None,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> Dispatch:
    """Record that the request was sent once more: it came back, or goes by another channel too.

    Its clocks run on from the first sending. Raises NotAllowed, NotPossibleNow for a request that was
    never sent, Invalid (``channel``, ``sent_at``).
    """
    _must_record(request, user)
    wrong: dict[str, list[Text]] = {}
    if channel not in Channel.values:
        wrong["channel"] = [_("Choose one of the channels offered.")]
    if sent_at is None or sent_at > now + GRACE:
        wrong["sent_at"] = [_("Give the day and time at which it was sent, not later than now.")]
    elif request.sent_at and sent_at < request.sent_at:
        wrong["sent_at"] = [_("Give a day that is not before the first sending.")]
    if wrong or sent_at is None:
        raise Invalid("sending_incomplete", _("The sending was not recorded."), fields=wrong)
    with changing(request.dossier, expected_version=expected_version, now=now) as held:
        made = Dispatch.objects.create(
            request=request,
            channel=channel,
            sent_at=sent_at,
            tracking_number=tracking_number.strip()[:120],
            proof=proof,
            note=note.strip()[:10_000],
            recorded_by=user,
            recorded_at=now,
        )
        timeline.record(
            held,
            SENT_AGAIN,
            actor=user,
            at=now,
            channel=channel,
            sent_at=sent_at.isoformat(),
            tracking_number=made.tracking_number,
        )
    return made


def record_outcome(
    request: AssistanceRequest,
    number: int,
    *,
    arrived: bool,
    at: datetime | None,
    note: str = "",
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> Dispatch:
    """Record that a sending arrived, or that it came back undelivered; once for each.

    Raises NotAllowed, NotFound, NotPossibleNow, Invalid (``at``).
    """
    _must_record(request, user)
    with changing(request.dossier, expected_version=expected_version, now=now) as held:
        found = Dispatch.objects.filter(request=request, pk=number).first()
        if found is None:
            raise NotFound("no_such_part", _("The request has no such sending."))
        if found.arrived_at or found.came_back_at:
            raise NotPossibleNow(
                "recorded_already", _("What became of this sending is recorded already.")
            )
        if at is None or at > now + GRACE or at < found.sent_at:
            sentence = _("Give a day and time between the sending and now.")
            raise Invalid("invalid", sentence, fields={"at": [sentence]})
        values: dict[str, Any] = {"arrived_at": at} if arrived else {"came_back_at": at}
        if note.strip():
            values["note"] = "\n".join(filter(None, (found.note, note.strip()[:10_000])))
        for name, value in values.items():
            setattr(found, name, value)
        found.save(update_fields=list(values))
        timeline.record(
            held,
            ARRIVED if arrived else CAME_BACK,
            actor=user,
            at=now,
            channel=found.channel,
            sent_at=found.sent_at.isoformat(),
            on=at.isoformat(),
            note=note.strip()[:500],
        )
    return found


def _must_record(request: AssistanceRequest, user: User) -> None:
    if not may(user, "send", request.dossier):
        raise NotAllowed("role_may_not", _("Your role in this authority does not allow sending."))
    if request.sent_at is None or not request.dossier.is_open:
        raise NotPossibleNow(
            "not_sent", _("Only of a request that was sent, and is not closed, this is recorded.")
        )
