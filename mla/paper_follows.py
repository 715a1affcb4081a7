"""Paper that follows: a request sent ahead by a fast channel, and its original after it.

An urgent request goes by electronic message or INTERPOL, and the original by post or through the
ministries. That the original really follows is a clock of its own: it starts with the sending when
the sender says that the original follows (``mla.sent_ahead``), and registering the original meets
it (``mla.original_sent``). How long the office allows itself is a rule of the register.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from mla import clocks
from mla.models import AssistanceRequest, Dispatch
from registry import deadlines, timeline
from registry.access import may
from registry.clock_rules import REQUESTING
from registry.dossiers import changing
from registry.models import Deadline, User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from treaties.clocks import start_for

Channel = AssistanceRequest.Transmission
AHEAD = frozenset({Channel.ELECTRONIC.value, Channel.INTERPOL.value})
"""Channels by which a request goes ahead of its original."""
SENT_AHEAD, ORIGINAL_SENT = "mla.sent_ahead", "mla.original_sent"
SENDING_AHEAD = gettext_noop("sending ahead of the original")


def start(request: AssistanceRequest, channel: str, now: datetime, actor: User | None) -> int:
    """Start the clocks of an original that follows. Returns how many.

    Raises Invalid (``original_follows``) for a channel by which the original itself goes.
    """
    if channel not in AHEAD:
        raise Invalid(
            "not_sent_ahead",
            _("By this channel the original itself is sent: nothing follows."),
            fields={
                "original_follows": [
                    _("Leave this out, or choose the electronic channel or INTERPOL.")
                ]
            },
        )
    return len(
        start_for(
            request.dossier,
            SENT_AHEAD,
            request.basis,
            at=request.sent_at or now,
            requesting=clocks.requesting_side(request),
            requested=clocks.requested_side(request),
            ours=REQUESTING,
            now=now,
            actor=actor,
            counted_from=SENDING_AHEAD,
            met_by=ORIGINAL_SENT,
        )
    )


def waits_for_original(deadline: Deadline) -> bool:
    """Whether a clock waits for the original to be sent."""
    return deadline.is_open and deadline.met_by_event == ORIGINAL_SENT


def register_original(
    request: AssistanceRequest,
    *,
    channel: str,
    sent_at: datetime,
    tracking_number: str = "",
    note: str = "",
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> Dispatch:
    """Register that the original was sent: a further entry of the sending log, which meets the
    clock as of the day it was sent.

    Raises NotAllowed, NotPossibleNow where no original is awaited, Invalid (``channel``,
    ``sent_at``).
    """
    if not may(user, "send", request.dossier):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow this. Ask an officer who may."),
        )
    errors = {}
    if channel not in Channel.values or channel in AHEAD:
        errors["channel"] = [_("Choose the channel by which the paper goes.")]
    if sent_at > now + timedelta(minutes=5):
        errors["sent_at"] = [_("Give the day and time at which it was sent, not later than now.")]
    elif request.sent_at and sent_at < request.sent_at:
        errors["sent_at"] = [_("Give a day that is not before the message that went ahead.")]
    if errors:
        raise Invalid("original_incomplete", _("The original was not registered."), fields=errors)
    with changing(request.dossier, expected_version=expected_version, now=now) as dossier:
        if not any(map(waits_for_original, dossier.deadlines.all())):
            raise NotPossibleNow(
                "no_original_awaited", _("No original is awaited. Reload the page.")
            )
        dispatch = Dispatch.objects.create(
            request=request,
            channel=channel,
            sent_at=sent_at,
            tracking_number=tracking_number.strip()[:120],
            note=note.strip(),
            recorded_by=user,
            recorded_at=now,
        )
        timeline.record(
            dossier,
            ORIGINAL_SENT,
            actor=user,
            at=now,
            channel=channel,
            sent_at=sent_at.isoformat(),
            **({"tracking_number": dispatch.tracking_number} if dispatch.tracking_number else {}),
        )
        deadlines.happened(dossier, ORIGINAL_SENT, at=sent_at, now=now, actor=user)
    return dispatch
