"""Delivering messages to other installations: in order, retried until they answer, each once.

The other side keeps every identifier, so a message whose answer was lost is delivered again without
harm. A peer that does not answer holds up nobody else.
"""

from __future__ import annotations

import json
import logging
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Q
from django.utils import timezone

from registry import bells
from registry.models import PeerInstallation, PeerMessage, User

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
SECONDS_TO_ANSWER = 60
LONGEST_PAUSE = timedelta(hours=1)
TRIED_AGAIN = frozenset({401, 403, 404, 408, 425, 429})
"""Answers after which it is tried again: our key may still be accepted there, or a proxy be in the
way. Other refusals of the 400s are final."""
SWEEP = "registry.tasks.deliver_to_peers"


@dataclass(frozen=True)
class MessageKind:
    """Where a kind of message goes, as what, and what its delivery causes (in the transaction)."""

    code: str
    path: str
    media_type: str
    body: Callable[[PeerMessage], bytes]
    delivered: Callable[[PeerMessage, datetime], None]


_KINDS: dict[str, MessageKind] = {}


def declare(kind: MessageKind) -> None:
    """Make a kind of message known (in the room's ``AppConfig.ready``)."""
    _KINDS[kind.code] = kind


def queue(
    peer: PeerInstallation,
    kind: str,
    *,
    subject: int,
    content: dict[str, Any] | None = None,
    identifier: uuid.UUID | None = None,
    user: User | None,
    now: datetime,
) -> PeerMessage:
    """Leave a message for the sweep; the same identifier is queued once."""
    message, _new = PeerMessage.objects.get_or_create(
        identifier=identifier or uuid.uuid4(),
        defaults={
            "peer": peer,
            "kind": kind,
            "subject": subject,
            "content": content or {},
            "ordered_by": user,
            "ordered_at": now,
        },
    )
    bells.ring(SWEEP)
    return message


def deliver_now(peer: PeerInstallation) -> None:
    """End the pauses of what waits for an installation: it was told that it answers again."""
    PeerMessage.objects.filter(peer=peer, state=PeerMessage.State.QUEUED).update(claimed_until=None)
    bells.ring(SWEEP)


def deliver_waiting(limit: int = 50) -> int:
    """Deliver what waits: of each installation the oldest first. Returns how many were delivered."""
    delivered = 0
    for _number in range(limit):
        message = _claim(timezone.now())
        if message is None:
            break
        delivered += _deliver(message)
    return delivered


def _claim(now: datetime) -> PeerMessage | None:
    """The oldest message of an installation, if nobody has it and its pause is over."""
    queued = PeerMessage.objects.filter(state=PeerMessage.State.QUEUED)
    heads = queued.filter(peer__blocked_at=None).exclude(peer__address="")
    keys = heads.order_by().values("peer").annotate(head=Min("id")).values_list("head", flat=True)
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    for key in queued.filter(free, pk__in=list(keys)).order_by("id").values_list("pk", flat=True):
        ours = queued.filter(free, pk=key)
        if ours.update(claimed_until=now + LEASE, attempts=F("attempts") + 1):
            return PeerMessage.objects.select_related("peer").get(pk=key)
    return None


def _deliver(message: PeerMessage) -> bool:
    kind = _KINDS[message.kind]
    try:
        body = kind.body(message)
        _post(message.peer.address.rstrip("/") + kind.path, kind.media_type, body)
    except urllib.error.HTTPError as answer:
        said = _said(answer)
        final = 400 <= answer.code < 500 and answer.code not in TRIED_AGAIN
        _failed(message, f"{answer.code}: {said}", final=final)
        return False
    except Exception as error:
        log.warning("message %s could not be delivered: %s", message.identifier, error)
        _failed(message, f"{type(error).__name__}: {error}", final=False)
        return False
    now = timezone.now()
    with transaction.atomic():
        ours = PeerMessage.objects.filter(
            pk=message.pk, state=PeerMessage.State.QUEUED, claimed_until=message.claimed_until
        )
        if ours.update(
            state=PeerMessage.State.DELIVERED, delivered_at=now, claimed_until=None, last_error=""
        ):
            kind.delivered(message, now)
    return True


def _post(address: str, media_type: str, body: bytes) -> None:
    if not address.startswith(("https://", "http://")):
        raise ValueError("the address is no web address")
    if settings.PRODUCTION and not address.startswith("https://"):
        raise ValueError("in production only https addresses are delivered to")
    asked = urllib.request.Request(  # noqa: S310
        address, data=body, headers={"Content-Type": media_type}, method="POST"
    )
    with urllib.request.urlopen(asked, timeout=SECONDS_TO_ANSWER) as answer:  # noqa: S310
        answer.read(100_000)


def _said(answer: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(answer.read(20_000)).get("detail", ""))[:500]
    except (ValueError, OSError, AttributeError):
        return str(answer.reason)[:200]


def _failed(message: PeerMessage, said: str, *, final: bool) -> None:
    pause = min(LONGEST_PAUSE, timedelta(seconds=5) * 2 ** min(message.attempts, 12))
    PeerMessage.objects.filter(pk=message.pk, state=PeerMessage.State.QUEUED).update(
        state=PeerMessage.State.REFUSED if final else PeerMessage.State.QUEUED,
        claimed_until=None if final else timezone.now() + pause,
        last_error=said[:2000],
    )
