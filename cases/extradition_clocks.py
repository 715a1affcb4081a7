"""The clocks of an extradition: which event of its life starts, meets and ends which.

The register says it (``starts_on`` and ``met_by`` of its time limits); no period and no article
stands here. Days are counted where the event binds: from an arrest, in the zone of the place of
arrest; from a final discharge, in the requesting State's; else in the requested State's, where the
person is held and taken over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_noop

from cases.extradition_law import instruments_of
from cases.models import ExtraditionCase
from registry import deadlines
from registry.clock_rules import REQUESTED, REQUESTING, Side
from registry.lateness import days_late
from registry.models import Deadline, User
from registry.time_rules import Unit
from treaties.clocks import start_limit
from treaties.models import TimeLimit

ARRESTED = "extradition.arrested"
FORMAL_REQUEST_RECEIVED = "extradition.formal_request_received"
CONSENT = "extradition.consent"
CONSENT_TOLD = "extradition.consent_told"
DECISION = "extradition.decision"
SIMPLIFIED_GRANTED = "extradition.simplified_granted"
RETURNED = "extradition.returned"
SURRENDER_AGREED = "extradition.surrender_agreed"
SURRENDERED = "extradition.surrendered"
FINALLY_DISCHARGED = "extradition.finally_discharged"
SPECIALITY_ENDED = "extradition.speciality_ended"
RETURN_AWAITED = gettext_noop("Return of the temporarily surrendered person")
TEMPORARY_SURRENDER = gettext_noop("temporary surrender")


def limits_started_by(extradition: ExtraditionCase, event: str) -> list[TimeLimit]:
    """The limits that this event sets running, a protocol's in place of its treaty's.

    A protocol that has a limit between the same two events takes the place of what its treaty says
    there (the shorter speciality period); limits of one instrument stand side by side (the earliest
    and the latest release). One query.
    """
    order = instruments_of(extradition)
    found = TimeLimit.objects.filter(
        instrument__in=order, starts_on=event, length__isnull=False, unit__in=list(Unit)
    )
    ranked = sorted(found, key=lambda limit: (order.index(limit.instrument_id or ""), limit.code))
    governing: dict[str, str | None] = {}
    for limit in ranked:
        governing.setdefault(limit.met_by, limit.instrument_id)
    return [limit for limit in ranked if governing[limit.met_by] == limit.instrument_id]


def happened(
    extradition: ExtraditionCase, event: str, *, at: datetime, now: datetime, actor: User
) -> None:
    """Tell the clocks that an event of the extradition occurred: it meets some and starts others."""
    deadlines.happened(extradition.dossier, event, at=at, now=now, actor=actor)
    requesting, requested, ours = _sides(extradition, event)
    for limit in limits_started_by(extradition, event):
        start_limit(
            extradition.dossier,
            limit,
            at=at,
            requesting=requesting,
            requested=requested,
            ours=ours,
            now=now,
            actor=actor,
        )


def no_longer_awaited(
    extradition: ExtraditionCase, event: str, *, at: datetime, now: datetime, actor: User
) -> None:
    """What waited for this event need not come any more. One that ran out before stays missed."""
    deadlines.end_waiting(extradition.dossier, event, at=at, now=now, actor=actor)


def end_all(extradition: ExtraditionCase, *, now: datetime, actor: User) -> None:
    """The matter ended: nothing runs on, and what had run out stays missed."""
    deadlines.end_waiting(extradition.dossier, None, at=now, now=now, actor=actor)


def await_return(extradition: ExtraditionCase, day: date, *, now: datetime, actor: User) -> None:
    """A temporary surrender has an end: the person is awaited back by that day."""
    deadlines.start_until(
        extradition.dossier,
        day,
        label=RETURN_AWAITED,
        started_from=TEMPORARY_SURRENDER,
        met_by_event=RETURNED,
        critical=True,
        now=now,
        actor=actor,
    )


def end_of_speciality(extradition: ExtraditionCase) -> datetime | None:
    """When the protection of speciality after the final discharge ends, by its clock."""
    windows = extradition.dossier.deadlines.filter(met_by_event=SPECIALITY_ENDED)
    return max((window.due_at for window in windows), default=None)


def zone_of(extradition: ExtraditionCase, event: str) -> str:
    """The zone in which the days after this event are counted."""
    if event == ARRESTED and extradition.arrest_zone:
        return extradition.arrest_zone
    if event == FINALLY_DISCHARGED:
        return extradition.requesting_state.time_zone
    return extradition.requested_state.time_zone


def _sides(extradition: ExtraditionCase, event: str) -> tuple[Side, Side, str]:
    """The two sides, each counting its days where the event binds; and which of them is ours."""
    zone = zone_of(extradition, event)
    owner = extradition.dossier.owner
    ours = REQUESTING if extradition.we_request else REQUESTED
    return (
        CountingIn(extradition.requesting_state, owner if ours == REQUESTING else None, zone),
        CountingIn(extradition.requested_state, owner if ours == REQUESTED else None, zone),
        ours,
    )


@dataclass(frozen=True)
class CountingIn(Side):
    """A side whose days are counted in the zone of a place, wherever its office sits."""

    place_zone: str = ""

    @property
    def zone(self) -> str:
        return self.place_zone or super().zone


# --- what must be said loudly -----------------------------------------------------------


@dataclass(frozen=True)
class ReleaseDue:
    """A clock on which a person's custody hangs has run out, and they are still held."""

    deadline: Deadline
    days_late: int


def releases_due(extradition: ExtraditionCase, now: datetime) -> list[ReleaseDue]:
    """The clocks of custody that ran out while the person is held. One or two queries."""
    if not extradition.custody_periods.filter(ended_at__isnull=True).exists():
        return []
    overdue = extradition.dossier.deadlines.filter(
        state=Deadline.State.RUNNING,
        met_by_event__in=[FORMAL_REQUEST_RECEIVED, SURRENDERED],
        started_from__in=[
            limit.trigger
            for event in (ARRESTED, SURRENDER_AGREED)
            for limit in limits_started_by(extradition, event)
        ],
        due_at__lt=now,
    )
    return [
        ReleaseDue(deadline, days_late(deadline.due_at, now, deadline.zone)) for deadline in overdue
    ]
