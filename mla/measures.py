"""The life of one measure, in a request that we received and in one that we sent.

A measure is asked for, accepted, ordered and executed; or it is impossible, refused or postponed
until a day. What we received we record of ourselves; of what we sent we record what the other side
tells. The status of the request follows: ``all_ended`` and ``one_executed`` are asked by its life.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mla import draft_fields, editing_sessions
from mla.models import AssistanceRequest, Measure, MeasureState, ReceivedStatus, Status
from mla.recording import act_of
from registry import timeline
from registry.access import may
from registry.deadlines import today_of
from registry.dossiers import changing
from registry.models import Authority, User
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow, Text

ENDED = frozenset({MeasureState.EXECUTED, MeasureState.IMPOSSIBLE, MeasureState.REFUSED})
OPEN = frozenset(MeasureState) - ENDED
BEING_EXECUTED = frozenset(
    {
        ReceivedStatus.ACCEPTED,
        ReceivedStatus.IN_EXECUTION,
        ReceivedStatus.PARTLY_EXECUTED,
        Status.SENT,
        Status.ACKNOWLEDGED,
        Status.POSTPONED,
    }
)
"""The statuses of a request, in both directions, in which its measures move."""


@dataclass(frozen=True)
class MeasureMove:
    """One thing that can happen to a measure."""

    name: str
    label: Text
    sources: frozenset[MeasureState]
    target: MeasureState
    needs: tuple[str, ...] = ()


MEASURE_MOVES: dict[str, MeasureMove] = {
    move.name: move
    for move in (
        MeasureMove(
            "accept",
            gettext_lazy("Accept"),
            frozenset({MeasureState.ASKED}),
            MeasureState.ACCEPTED,
        ),
        MeasureMove(
            "order",
            gettext_lazy("Order"),
            frozenset({MeasureState.ASKED, MeasureState.ACCEPTED, MeasureState.POSTPONED}),
            MeasureState.ORDERED,
        ),
        MeasureMove("execute", gettext_lazy("Executed"), OPEN, MeasureState.EXECUTED),
        MeasureMove(
            "postpone",
            gettext_lazy("Postpone"),
            frozenset(OPEN - {MeasureState.POSTPONED}),
            MeasureState.POSTPONED,
            needs=("until", "reason"),
        ),
        MeasureMove(
            "find_impossible",
            gettext_lazy("Impossible"),
            OPEN,
            MeasureState.IMPOSSIBLE,
            needs=("reason",),
        ),
        MeasureMove(
            "refuse", gettext_lazy("Refuse"), OPEN, MeasureState.REFUSED, needs=("reason",)
        ),
        MeasureMove(
            "take_up_again",
            gettext_lazy("Take up again"),
            frozenset(ENDED | {MeasureState.POSTPONED}),
            MeasureState.ACCEPTED,
            needs=("reason",),
        ),
    )
}


def offered(measure: Measure, request: AssistanceRequest, user: User) -> list[MeasureMove]:
    """The moves of a measure that this person can make now."""
    if not movable(request, user):
        return []
    return [move for move in MEASURE_MOVES.values() if measure.state in move.sources]


def movable(request: AssistanceRequest, user: User) -> bool:
    """Whether this person may record what becomes of the measures now."""
    dossier = request.dossier
    return dossier.status in BEING_EXECUTED and may(user, act_of(dossier), dossier)


def move_measure(
    request: AssistanceRequest,
    measure: int,
    name: str,
    *,
    user: User,
    expected_version: int | None = None,
    now: datetime,
    reason: str = "",
    until: Any = None,
) -> Measure:
    """Make one move of a measure. ``until`` is the day until which it is postponed.

    Raises NotAllowed, Stale, NotFound, NotPossibleNow for a wrong state, and Invalid (``move``,
    ``reason``, ``until``); then nothing has changed.
    """
    move = MEASURE_MOVES.get(name)
    if move is None:
        sentence = _("A measure knows no such move. Choose one of those offered.")
        raise Invalid("unknown_move", sentence, fields={"move": [sentence]})
    readers = {"reason": draft_fields.text(10_000), "until": draft_fields.day}
    given = draft_fields.read({"reason": reason, "until": until}, readers)
    with recording(request, user, expected_version, now) as held:
        found = _measure(held, measure)
        if found.state not in move.sources:
            raise NotPossibleNow(
                "wrong_state",
                _("This cannot be done while the measure is “%(state)s”.")
                % {"state": found.get_state_display()},
            )
        wrong: dict[str, list[Text]] = {
            key: [_("This is needed.")] for key in move.needs if not given[key]
        }
        if given["until"] and given["until"] < today_of(held.dossier.owner, now):
            wrong["until"] = [_("This day has passed. Choose today or a later day.")]
        if wrong:
            raise Invalid("missing", _("Something is missing."), fields=wrong)
        found.state, found.state_changed_at = move.target, now
        found.state_reason = given["reason"]
        postponed = move.target == MeasureState.POSTPONED
        found.postponed_until = given["until"] if postponed else None
        found.save()
        timeline.record(
            held.dossier,
            "mla.measure_moved",
            actor=user,
            at=now,
            measure=found.kind_id,
            position=found.position,
            state=found.state,
            **_told(reason=given["reason"], until=_iso(found.postponed_until)),
        )
        return found


def assign(
    request: AssistanceRequest,
    measure: int,
    *,
    authority: int | str | None = None,
    named: str = "",
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Measure:
    """Give a measure to the authority that executes it: one of the requested State, or in words.

    Several authorities may execute one request, each its measures. Nothing given takes it away.
    """
    given = draft_fields.read(
        {"executing_authority": authority, "executing_authority_text": named},
        {
            "executing_authority": _authority_of(request.requested_state_id),
            "executing_authority_text": draft_fields.text(300, lines=False),
        },
    )
    with recording(request, user, expected_version, now) as held:
        found = _measure(held, measure)
        for name, value in given.items():
            setattr(found, name, value)
        found.save()
        timeline.record(
            held.dossier,
            "mla.measure_assigned",
            actor=user,
            at=now,
            measure=found.kind_id,
            position=found.position,
            authority=found.executed_by,
        )
        return found


@contextmanager
def recording(
    request: AssistanceRequest, user: User, expected_version: int | None, now: datetime
) -> Iterator[AssistanceRequest]:
    """Record what becomes of the measures: may the person, is it under way, is it as they saw it.

    Gives the request under lock. Raises NotAllowed, Stale or NotPossibleNow.
    """
    if not may(user, act_of(request.dossier), request.dossier):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow this. Ask an officer who may."),
        )
    with changing(request.dossier, expected_version=expected_version, now=now) as dossier:
        if dossier.status not in BEING_EXECUTED:
            raise NotPossibleNow(
                "not_under_way",
                _("Measures are recorded once the request is accepted and until it is ended."),
            )
        held = AssistanceRequest.objects.select_related("receipt", "basis").get(pk=request.pk)
        held.dossier = dossier
        editing_sessions.close(held)
        held.save(update_fields=["editing_session"])
        yield held


def all_ended(request: AssistanceRequest) -> bool:
    return not request.measures.filter(state__in=OPEN).exists()


def one_executed(request: AssistanceRequest) -> bool:
    return request.measures.filter(state=MeasureState.EXECUTED).exists()


def _measure(request: AssistanceRequest, key: int) -> Measure:
    found = request.measures.select_related("kind", "executing_authority").filter(pk=key).first()
    if found is None:
        raise NotFound(
            "no_such_part", _("The request has no such entry. It may have been removed.")
        )
    return found


def measure_of(request: AssistanceRequest) -> draft_fields.Reader:
    """Reads a measure of the request by its number; nothing given is none."""

    def reader(value: Any) -> Measure | None:
        if value in ("", None):
            return None
        found = None
        if not isinstance(value, bool) and str(value).isdecimal() and len(str(value)) < 19:
            found = Measure.objects.filter(request=request, pk=int(value)).first()
        if found is None:
            raise ValueError(_("Choose a measure of this request."))
        return found

    return reader


def _authority_of(state: str) -> draft_fields.Reader:
    def reader(value: Any) -> Authority | None:
        if value in ("", None):
            return None
        found = None
        if not isinstance(value, bool) and str(value).isdecimal() and len(str(value)) < 19:
            found = Authority.objects.filter(state=state, pk=int(value)).first()
        if found is None:
            raise ValueError(_("Choose an authority of the requested State, or write its name."))
        return found

    return reader


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""


def _told(**words: str) -> Mapping[str, str]:
    return {key: value for key, value in words.items() if value}


# --- what the life of a received request asks of its measures ---------------------------


def measures_are_assigned(request: AssistanceRequest, user: User) -> list[Text]:
    """Every measure that is not ended has an executing authority."""
    waiting = request.measures.filter(
        state__in=OPEN, executing_authority__isnull=True, executing_authority_text=""
    ).count()
    if waiting:
        return [
            _("Assign each measure to the authority that executes it: %(count)s have none.")
            % {"count": waiting}
        ]
    return []


def measures_have_ended(request: AssistanceRequest, user: User) -> list[Text]:
    """Every measure is executed, impossible or refused, and one at least is executed."""
    if not all_ended(request):
        count = request.measures.filter(state__in=OPEN).count()
        return [
            _("Record first what became of every measure: %(count)s are open.") % {"count": count}
        ]
    if not one_executed(request):
        return [_("No measure was executed.")]
    return []


def a_measure_is_executed(request: AssistanceRequest, user: User) -> list[Text]:
    """One measure at least is executed."""
    if not one_executed(request):
        return [_("Record first which measure was executed.")]
    return []
