"""Making a request's package, and sending it to the other State's installation."""

from __future__ import annotations

import logging
import re
import tempfile
import uuid
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import IO, Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mla import lifecycle
from mla.models import AssistanceRequest, Dispatch, Package, Status
from mla.packages import container, content
from registry import bells, claims, timeline
from registry.access import may
from registry.documents import open_content, place_of, store_stream
from registry.dossiers import changing
from registry.models import Document, Letter, PeerInstallation, PeerMessage, User
from registry.peer_delivery import queue
from registry.refusals import Invalid, NotAllowed, NotPossibleNow

log = logging.getLogger(__name__)

PACKAGE = "package"
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 5
SENDABLE = frozenset({Status.APPROVED} | lifecycle.WITH_THE_OTHER_SIDE)
SWEEP = "mla.tasks.make_packages"
NOT_OF_A_PATH = re.compile(r"[^A-Za-z0-9._-]+")


def package_of(request: AssistanceRequest) -> Package | None:
    """The package of the letter in use, if it was ordered."""
    if request.letter_id is None:
        return None
    return Package.objects.filter(letter=request.letter_id).first()


def order(request: AssistanceRequest, *, user: User, now: datetime) -> Package:
    """Have the package of a request made; once for each letter.

    Raises NotAllowed, NotPossibleNow where there is no letter that is made.
    """
    if not may(user, "send", request.dossier):
        raise NotAllowed("role_may_not", _("Your role in this authority does not allow sending."))
    letter = request.letter
    if letter is None or letter.state != Letter.State.MADE:
        raise NotPossibleNow(
            "letter_not_made",
            _("The letter is not made yet. It is made after the approval."),
        )
    with changing(request.dossier, expected_version=None, now=now) as held:
        package, new = Package.objects.get_or_create(
            letter=letter,
            defaults={
                "identifier": uuid.uuid4(),
                "request": request,
                "ordered_by": user,
                "ordered_at": now,
            },
        )
        if new:
            timeline.record(held, "mla.package_ordered", actor=user, at=now)
    bells.ring(SWEEP)
    return package


def peers_for(request: AssistanceRequest) -> QuerySet[PeerInstallation]:
    """The installations of the requested State to which it can be sent."""
    return PeerInstallation.objects.filter(
        state=request.requested_state_id, blocked_at=None
    ).exclude(address="")


def send(request: AssistanceRequest, peer: int | str, *, user: User, now: datetime) -> PeerMessage:
    """Send a request's package to an installation of the requested State.

    When it has arrived there, the request is marked as sent by the electronic channel, or, if it was
    sent before, the sending log gets an entry. Raises NotAllowed, NotPossibleNow, Invalid (``peer``).
    """
    package = order(request, user=user, now=now)
    if request.dossier.status not in SENDABLE:
        raise NotPossibleNow("wrong_status", _("Only a request that is approved can be sent."))
    key = int(peer) if str(peer).isdecimal() and len(str(peer)) < 19 else 0
    found = peers_for(request).filter(pk=key).first()
    if found is None:
        sentence = _("Choose an installation of the requested State.")
        raise Invalid("no_such_peer", sentence, fields={"peer": [sentence]})
    waiting = messages_of(package).filter(peer=found).first()
    if waiting is not None:
        raise NotPossibleNow(
            "on_its_way", _("It is on its way there, or arrived. Each installation gets it once.")
        )
    return queue(found, PACKAGE, subject=package.pk, user=user, now=now)


def messages_of(package: Package) -> QuerySet[PeerMessage]:
    return PeerMessage.objects.filter(kind=PACKAGE, subject=package.pk).select_related("peer")


# --- making -------------------------------------------------------------------------------


def make_ordered(limit: int = 20) -> int:
    """Make the packages that are ordered, oldest first. Returns how many were made."""
    made = 0
    for _number in range(limit):
        now = timezone.now()
        waiting = claims.waiting(Q(state=Package.State.ORDERED), now)
        key = claims.claim_oldest(Package, waiting, until=now + LEASE)
        if key is None:
            break
        made += _make(Package.objects.select_related("letter__document").get(pk=key))
    return made


def _make(package: Package) -> bool:
    request = AssistanceRequest.objects.select_related("dossier__owner", "addressee", "basis").get(
        pk=package.request_id
    )
    try:
        with tempfile.TemporaryFile() as out:
            _write(package, request, out)
            digest, size = store_stream(out)
    except Exception as error:
        log.exception("package %s could not be made", package.identifier)
        given_up = package.attempts >= MOST_ATTEMPTS
        Package.objects.filter(pk=package.pk, state=Package.State.ORDERED).update(
            state=Package.State.FAILED if given_up else Package.State.ORDERED,
            claimed_until=timezone.now() + timedelta(seconds=10) * 2**package.attempts,
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )
        return False
    ours = Package.objects.filter(
        pk=package.pk, state=Package.State.ORDERED, claimed_until=package.claimed_until
    )
    return bool(
        ours.update(
            state=Package.State.MADE,
            digest=digest,
            size=size,
            made_at=timezone.now(),
            claimed_until=None,
            last_error="",
        )
    )


def _write(package: Package, request: AssistanceRequest, out: IO[bytes]) -> None:
    documents = _documents(package, request)
    told = content.told_by(package, request, documents)
    with ExitStack() as opened:
        files = (
            (path, opened.enter_context(open_content(document))) for path, document in documents
        )
        container.write(out, told, files)


def _documents(package: Package, request: AssistanceRequest) -> list[tuple[str, Document]]:
    letter = package.letter.document
    if letter is None:
        raise ValueError("the letter has no document")
    found = [(f"letter/{_file_name(letter, 1)}", letter)]
    annexes = request.dossier.documents.filter(
        kind=Document.Kind.ANNEX, removed_at__isnull=True
    ).order_by("position", "pk")
    found += [
        (f"annexes/{_file_name(annex, number)}", annex) for number, annex in enumerate(annexes, 1)
    ]
    return found


def _file_name(document: Document, number: int) -> str:
    """A name that every system takes; the title is in the data."""
    plain = NOT_OF_A_PATH.sub("-", document.file_name).strip("-.")[-100:] or "file"
    return f"{number:03d}-{plain}"


# --- delivery -----------------------------------------------------------------------------


def body_of(message: PeerMessage) -> bytes:
    """The package's file; raises LookupError while it is being made, and it is tried again."""
    package = Package.objects.get(pk=message.subject)
    if package.state != Package.State.MADE:
        raise LookupError("the package is being made")
    with default_storage.open(place_of(package.digest), "rb") as stored:
        return bytes(stored.read())


def delivered(message: PeerMessage, now: datetime) -> None:
    """It arrived: the request is sent, or its sending log tells of one sending more."""
    package = Package.objects.select_related("ordered_by").get(pk=message.subject)
    request = AssistanceRequest.objects.select_related("dossier__owner__state", "letter").get(
        pk=package.request_id
    )
    user = message.ordered_by or package.ordered_by
    how: dict[str, Any] = {
        "channel": AssistanceRequest.Transmission.ELECTRONIC,
        "sent_at": now,
        "tracking_number": str(package.identifier),
    }
    if request.dossier.status == Status.APPROVED and may(user, "send", request.dossier):
        with transaction.atomic():
            lifecycle.advance(request, "send", user=user, now=now, note=message.peer.name, **how)
            request.dispatches.filter(sent_at=now, channel=how["channel"]).update(arrived_at=now)
        return
    with changing(request.dossier, expected_version=None, now=now) as held:
        Dispatch.objects.create(
            request=request,
            recorded_by=user,
            recorded_at=now,
            arrived_at=now,
            note=message.peer.name,
            **how,
        )
        timeline.record(held, "mla.package_delivered", actor=None, at=now, peer=message.peer.name)
