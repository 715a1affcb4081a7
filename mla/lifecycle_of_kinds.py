"""What happens only to some kinds of request, in both directions: read it from top to bottom.

Preservation has an expiry, a temporary transfer a day of return, a joint team an agreement and an
end, a transfer of proceedings a case that is handed over, spontaneous information a use.
``lives`` makes the life of each kind from those of an ordinary request (``mla/lifecycle.py``,
``mla/lifecycle_received.py``): some moves are left out, some added, some waited for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from mla import clocks
from mla.life import Consequence, Guard, Life, Move, not_in_the_future, note_end
from mla.models import AssistanceRequest, ReceivedStatus, RequestKind, Status
from mla.request_kinds import RULES, conditions_of, rules_of
from registry import deadlines, timeline
from registry.clock_rules import REQUESTED, REQUESTING
from registry.dossiers import changing
from registry.models import Deadline, Dossier, User
from registry.refusals import Invalid, Text
from registry.time_rules import end_of
from treaties.clocks import start_for
from treaties.models import MeasureAvailability

PRESERVED, FOLLOWED_UP = "mla.preserved", "mla.followed_up"
PERSON_RETURNED, TEAM_ENDED = "mla.person_returned", "mla.team_ended"
PRESERVED_UNTIL = gettext_noop(
    "Preserved until then: the full request must have been sent, or renew"
)
RETURN_OF_PERSON = gettext_noop("Return of the detained person")
END_OF_TEAM = gettext_noop("The joint investigation team ends")
PRESERVATION = gettext_noop("preservation of the data")
HANDING_OVER = gettext_noop("handing over of the person")
AGREEMENT = gettext_noop("agreement on the team")

WITH_THEM = frozenset({Status.SENT, Status.ACKNOWLEDGED, Status.IN_EXECUTION})
WITH_US = frozenset({ReceivedStatus.ACCEPTED, ReceivedStatus.IN_EXECUTION})


# --- when a move has its place, and what must be true first -----------------------------


def recorded(name: str) -> Any:
    """The move that records this was made."""
    return lambda request: bool(request.kind_record.get(name))


def not_recorded(name: str) -> Any:
    return lambda request: not request.kind_record.get(name)


def person_is_back(request: AssistanceRequest, user: User) -> list[Text]:
    """Nobody who was handed over is still to be returned."""
    record = request.kind_record
    if record.get("transferred_at") and not record.get("returned_at"):
        return [_("The person who was handed over is not back: record the return first.")]
    return []


def person_is_away(request: AssistanceRequest) -> bool:
    record = request.kind_record
    return bool(record.get("transferred_at")) and not record.get("returned_at")


# --- consequences -----------------------------------------------------------------------


def kept(*names: str) -> Consequence:
    """What was given stays with the request; an instant may not be to come."""

    def keep(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
        for name in names:
            if (value := data.get(name)) in (None, ""):
                continue
            if isinstance(value, datetime):
                not_in_the_future(name, value, now)
            request.kind_record[name] = value.isoformat() if isinstance(value, date) else value

    keep.__doc__ = kept.__doc__
    return keep


def start_preservation(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    """The clock of the day named, else that of the instrument. Raises Invalid without either."""
    if until := data.get("preserved_until"):
        _until(request, until, "preserved_until", data["preserved_at"], now, user)
        return
    started = start_for(
        request.dossier,
        PRESERVED,
        request.basis,
        at=data["preserved_at"],
        requesting=clocks.requesting_side(request),
        requested=clocks.requested_side(request),
        ours=REQUESTED if request.is_received else REQUESTING,
        now=now,
        actor=user,
        counted_from=PRESERVATION,
        met_by=FOLLOWED_UP,
    )
    if not started:
        sentence = _("The register knows no period for this: name the day until which it holds.")
        raise Invalid("no_period", sentence, fields={"preserved_until": [sentence]})
    last = max(deadline.due_at for deadline in started)
    zone = ZoneInfo(clocks.requested_side(request).zone)
    request.kind_record["preserved_until"] = last.astimezone(zone).date().isoformat()


def renew(name: str) -> Consequence:
    """Another day in place of the one that ran: the former clock ends, a new one starts."""

    def again(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
        deadlines.end_waiting(request.dossier, CLOCKS[name].event, at=now, now=now, actor=user)
        _until(request, data[name], name, now, now, user)

    again.__doc__ = renew.__doc__
    return again


def start_until(name: str, since: str) -> Consequence:
    """The clock of the day named starts with the instant recorded."""

    def start(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
        _until(request, data[name], name, data[since], now, user)

    start.__doc__ = start_until.__doc__
    return start


def happened(event: str, when: str) -> Consequence:
    """The clocks are told, as of the instant recorded."""

    def tell(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
        clocks.happened(request, event, at=data[when], now=now, actor=user)

    tell.__doc__ = happened.__doc__
    return tell


def they_answered(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    """What meets an acknowledgement and a decision, for a request of ours."""
    if not request.is_received:
        clocks.settle(request, clocks.ACKNOWLEDGED, met=True, now=now)
        clocks.settle(request, clocks.ACCEPTED, met=True, now=now)


def executed(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
    """What was asked for is done: the clocks of the execution are met."""
    clocks.settle(request, clocks.EXECUTED, met=True, now=now, actor=user)


def conditions_were_considered(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    """Who uses information given with conditions says that they read them. Raises Invalid."""
    if conditions_of(request) and data.get("considered") != "yes":
        sentence = _("It was given with conditions: read them and say that this use keeps to them.")
        raise Invalid("conditions_not_considered", sentence, fields={"considered": [sentence]})


def tell_what_it_follows(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    """A full request that follows a preservation request meets its expiry when it is sent."""
    earlier = request.follows
    if earlier is None or earlier.kind != RequestKind.PRESERVATION:
        return
    at = request.sent_at or now
    with changing(earlier.dossier, expected_version=None, now=now) as dossier:
        timeline.record(dossier, FOLLOWED_UP, actor=user, at=now)
        deadlines.happened(dossier, FOLLOWED_UP, at=at, now=now, actor=user)


@dataclass(frozen=True)
class KindClock:
    """The clock of a day that the moves of a kind name: what meets it, and what it says."""

    event: str
    label: str
    since: str
    binds_requesting: bool = True


CLOCKS: dict[str, KindClock] = {
    "preserved_until": KindClock(FOLLOWED_UP, PRESERVED_UNTIL, PRESERVATION),
    "return_by": KindClock(PERSON_RETURNED, RETURN_OF_PERSON, HANDING_OVER),
    "team_ends_on": KindClock(TEAM_ENDED, END_OF_TEAM, AGREEMENT),
}


def _until(
    request: AssistanceRequest, day: date, name: str, since: datetime, now: datetime, user: User
) -> None:
    """Start the clock that ends with the day named. Raises Invalid for a day that is over."""
    if day < deadlines.today_of(request.dossier.owner, now):
        raise Invalid(
            "date_in_past",
            _("That day is over."),
            fields={name: [_("Give today or a later day.")]},
        )
    clock = CLOCKS[name]
    article = MeasureAvailability.objects.filter(
        instrument=request.basis_id, measure=rules_of(request).measure
    ).first()
    ours = clock.binds_requesting != request.is_received
    both = name == "team_ends_on"
    zone = deadlines.zone_of(request.dossier.owner)
    deadlines.start(
        request.dossier,
        label=clock.label,
        rule_code="",
        instrument=article.instrument_id if article else "",
        article=article.article if article else "",
        rule_confidence=article.confidence if article else "",
        consequence="",
        bound_party=(
            Deadline.BoundParty.BOTH
            if both
            else Deadline.BoundParty.OURS
            if ours
            else Deadline.BoundParty.THEIRS
        ),
        met_by_event=clock.event,
        started_from=clock.since,
        started_at=since,
        zone=zone,
        due=end_of(day, ZoneInfo(zone)),
        critical=not both,
        now=now,
        actor=user,
    )
    request.kind_record[name] = day.isoformat()


# --- the moves of the kinds -------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """Where the moves of a kind have their place in one direction."""

    sources: frozenset[Any]
    executing: Any
    executed: Any
    act: str


SENT = _Place(WITH_THEM, Status.IN_EXECUTION, Status.EXECUTED, "record_answer")
RECEIVED = _Place(WITH_US, ReceivedStatus.IN_EXECUTION, ReceivedStatus.EXECUTED, "execute")


def _preservation(at: _Place) -> tuple[Move, ...]:
    return (
        Move(
            "record_preservation",
            _("Record that the data are preserved"),
            event=PRESERVED,
            sources=at.sources,
            target=at.executing,
            act=at.act,
            needs=("preserved_at",),
            takes=("preserved_until", "note"),
            when=not_recorded("preserved_at"),
            consequences=(kept("preserved_at"), they_answered, start_preservation),
        ),
        Move(
            "renew_preservation",
            _("Record that the preservation is renewed"),
            event="mla.preservation_renewed",
            sources=frozenset({at.executing}),
            target=None,
            act=at.act,
            needs=("preserved_until",),
            takes=("note",),
            when=recorded("preserved_at"),
            consequences=(renew("preserved_until"),),
        ),
    )


def _temporary_transfer(at: _Place) -> tuple[Move, ...]:
    return (
        Move(
            "record_transfer",
            _("Record that the person was handed over"),
            event="mla.person_transferred",
            sources=at.sources,
            target=at.executing,
            act=at.act,
            needs=("transferred_at", "custody_place", "return_by"),
            takes=("note",),
            when=not_recorded("transferred_at"),
            consequences=(
                kept("transferred_at", "custody_place"),
                they_answered,
                start_until("return_by", "transferred_at"),
            ),
        ),
        Move(
            "agree_return_date",
            _("Record another day of return"),
            event="mla.return_date_agreed",
            sources=frozenset({at.executing}),
            target=None,
            act=at.act,
            needs=("return_by", "note"),
            when=person_is_away,
            consequences=(renew("return_by"),),
        ),
        Move(
            "move_custody",
            _("Record another place of custody"),
            event="mla.custody_moved",
            sources=frozenset({at.executing}),
            target=None,
            act=at.act,
            needs=("custody_place",),
            takes=("note",),
            when=person_is_away,
            consequences=(kept("custody_place"),),
        ),
        Move(
            "record_return",
            _("Record the return of the person"),
            event=PERSON_RETURNED,
            sources=frozenset({at.executing}),
            target=at.executed,
            act=at.act,
            needs=("returned_at",),
            takes=("note",),
            when=person_is_away,
            consequences=(
                kept("returned_at"),
                happened(PERSON_RETURNED, "returned_at"),
                executed,
            ),
        ),
    )


def _joint_team(at: _Place) -> tuple[Move, ...]:
    return (
        Move(
            "record_agreement",
            _("Record the agreement on the team"),
            event="mla.team_agreed",
            sources=at.sources,
            target=at.executing,
            act=at.act,
            needs=("signed_at", "team_members", "team_ends_on"),
            takes=("note",),
            when=not_recorded("signed_at"),
            consequences=(
                kept("signed_at", "team_members"),
                they_answered,
                start_until("team_ends_on", "signed_at"),
            ),
        ),
        Move(
            "extend_team",
            _("Record that the team is prolonged"),
            event="mla.team_prolonged",
            sources=frozenset({at.executing}),
            target=None,
            act=at.act,
            needs=("team_ends_on",),
            takes=("team_members", "note"),
            when=recorded("signed_at"),
            consequences=(kept("team_members"), renew("team_ends_on")),
        ),
        Move(
            "record_team_end",
            _("Record that the team has ended"),
            event=TEAM_ENDED,
            sources=frozenset({at.executing}),
            target=at.executed,
            act=at.act,
            needs=("ended_at",),
            takes=("note",),
            when=recorded("signed_at"),
            consequences=(kept("ended_at"), happened(TEAM_ENDED, "ended_at"), executed),
        ),
    )


ACCEPT_PROCEEDINGS = Move(
    "record_acceptance",
    _("Record that they take the proceedings"),
    event="mla.proceedings_accepted",
    sources=frozenset({Status.SENT, Status.ACKNOWLEDGED, Status.POSTPONED}),
    target=Status.IN_EXECUTION,
    act="record_answer",
    needs=("accepted_at",),
    takes=("note",),
    consequences=(kept("accepted_at"), they_answered),
)


def _hand_over(at: _Place, label: Text) -> Move:
    return Move(
        "record_handing_over",
        label,
        event="mla.case_handed_over",
        sources=frozenset({at.executing} if at is SENT else at.sources),
        target=at.executed,
        act=at.act,
        needs=("handed_at",),
        takes=("note",),
        consequences=(kept("handed_at"), executed),
    )


def _conclude(sources: Iterable[Any], target: Any) -> Move:
    return Move(
        "conclude",
        _("Close"),
        event="mla.closed",
        sources=frozenset(sources),
        target=target,
        act="close",
        takes=("note",),
        consequences=(clocks_end, note_end),
    )


def clocks_end(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
    clocks.cancel_all(request, now=now, actor=user)


USE_TOLD = Move(
    "record_use",
    _("Record what they used it for"),
    event="mla.information_used",
    sources=frozenset({Status.SENT, Status.ACKNOWLEDGED}),
    target=None,
    act="record_answer",
    needs=("used_for",),
)
USE = Move(
    "record_use",
    _("Record that it is used"),
    event="mla.information_used",
    sources=frozenset({ReceivedStatus.REGISTERED}),
    target=None,
    act="execute",
    needs=("used_for",),
    takes=("considered",),
    consequences=(conditions_were_considered,),
)
DECLINE_CONDITIONS = Move(
    "decline_conditions",
    _("Record that we told them we cannot keep their conditions"),
    event="mla.conditions_declined",
    sources=frozenset({ReceivedStatus.REGISTERED}),
    target=None,
    act="decide",
    needs=("reason",),
    when=lambda request: bool(conditions_of(request)),
    back=True,
)


# --- the lives --------------------------------------------------------------------------

KEPT_OF_SENT = ("submit", "return_to_draft", "approve", "send", "acknowledge", "withdraw")
"""What spontaneous information has of the life of a request that we send."""
DONE_OTHERWISE = {
    RequestKind.PRESERVATION: {
        "record_execution_begun",
        "record_part_execution",
        "record_execution",
        "begin_execution",
    },
    RequestKind.TEMPORARY_TRANSFER: {"record_part_execution", "record_execution"},
    RequestKind.JOINT_TEAM: {
        "record_execution_begun",
        "record_part_execution",
        "record_execution",
        "begin_execution",
    },
    RequestKind.TRANSFER_OF_PROCEEDINGS: {
        "record_execution_begun",
        "record_part_execution",
        "record_execution",
        "begin_execution",
    },
}
"""Moves of an ordinary request that the moves of a kind stand in for."""


def lives(sent: Life, received: Life) -> dict[tuple[str, str], Life]:
    """The life of each kind that asks, and of spontaneous information, by direction and kind."""
    found: dict[tuple[str, str], Life] = {}
    for kind, rules in RULES.items():
        if rules.asks:
            found["sent", kind] = _changed(sent, kind, _of_kind(kind, SENT))
            found["received", kind] = _changed(received, kind, _of_kind(kind, RECEIVED))
    found["sent", RequestKind.SPONTANEOUS] = _spontaneous_sent(sent)
    found["received", RequestKind.SPONTANEOUS] = _spontaneous_received(received)
    return found


def _of_kind(kind: str, at: _Place) -> tuple[Move, ...]:
    if kind == RequestKind.PRESERVATION:
        return _preservation(at)
    if kind == RequestKind.TEMPORARY_TRANSFER:
        return _temporary_transfer(at)
    if kind == RequestKind.JOINT_TEAM:
        return _joint_team(at)
    if kind == RequestKind.TRANSFER_OF_PROCEEDINGS:
        if at is SENT:
            return (ACCEPT_PROCEEDINGS, _hand_over(at, _("Record that the case was handed over")))
        return (_hand_over(at, _("Record that the case was taken over")),)
    return ()


def _changed(ordinary: Life, kind: str, added: tuple[Move, ...]) -> Life:
    left_out = DONE_OTHERWISE.get(RequestKind(kind), set())
    moves = {m.name: m for m in ordinary.moves.values() if m.name not in left_out}
    if kind == RequestKind.PRESERVATION:
        close = moves["close"]
        moves["close"] = replace(close, sources=close.sources | {Status.IN_EXECUTION})
    if kind == RequestKind.TEMPORARY_TRANSFER:
        for name in ("withdraw", "record_withdrawal", "record_refusal", "refuse"):
            if name in moves:
                waits: Guard = person_is_back
                moves[name] = replace(moves[name], guards=(*moves[name].guards, waits))
    return replace(ordinary, moves={m.name: m for m in added} | moves)


def _spontaneous_sent(sent: Life) -> Life:
    moves = {name: sent.moves[name] for name in KEPT_OF_SENT}
    moves["send"] = replace(
        moves["send"],
        takes=tuple(n for n in moves["send"].takes if n != "original_follows"),
        consequences=moves["send"].consequences[:1],
    )
    moves["withdraw"] = replace(
        moves["withdraw"], sources=moves["withdraw"].sources - WITH_THEM - {Status.POSTPONED}
    )
    known = (Status.SENT, Status.ACKNOWLEDGED)
    for move in (USE_TOLD, _conclude(known, Status.CLOSED)):
        moves[move.name] = move
    return replace(sent, moves=moves)


def _spontaneous_received(received: Life) -> Life:
    here = (ReceivedStatus.REGISTERED,)
    moves = {"record_use": USE, "conclude": _conclude(here, ReceivedStatus.CLOSED)}
    for name in ("acknowledge", "record_withdrawal"):
        moves[name] = received.moves[name]
    moves[DECLINE_CONDITIONS.name] = DECLINE_CONDITIONS
    return replace(received, moves=moves)


def key_of(request: AssistanceRequest) -> tuple[str, str]:
    """Under which direction and kind the life of a request is found."""
    received = request.dossier.direction == Dossier.Direction.RECEIVED
    return ("received" if received else "sent", request.kind)
