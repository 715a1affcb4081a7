"""Telling the sender what became of a request, and taking in what others tell of ours.

A sweep compares each request that came as a package with what was reported last; so nothing that
changes a status needs to know of it, and nothing is forgotten. A report is a signed message with an
identifier of its own; it is taken in once, and moves the request that we sent as an officer would.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from mla import lifecycle
from mla.models import ArrivedPackage, AssistanceRequest, Package, ReceivedStatus, ReportedStatus
from registry import installation_key, peers, timeline
from registry.dossiers import changing
from registry.models import PeerInstallation, PeerMessage, User
from registry.peer_delivery import queue
from registry.refusals import Invalid, NotAllowed, NotFound, Refusal

STATUS = "status"
FORMAT, VERSION = "mla-status", 1
BATCH = 200
NAMESPACE = uuid.UUID("9f0b7c1e-52a5-4c58-9a3c-6d1f3f0f7b11")


def report_changes() -> int:
    """Queue a report for every request from elsewhere whose status has changed. How many."""
    rows = (
        ArrivedPackage.objects.filter(dossier__isnull=False, peer__blocked_at=None)
        .exclude(peer__address="")
        .exclude(reported=F("dossier__status"))
        .select_related("dossier__request__receipt", "peer")[:BATCH]
    )
    late = (
        ArrivedPackage.objects.filter(
            dossier__request__receipt__acknowledged_at__isnull=False,
            acknowledgement_reported=False,
            peer__blocked_at=None,
        )
        .exclude(peer__address="")
        .select_related("dossier__request__receipt", "peer")[:BATCH]
    )
    found = {arrived.pk: arrived for arrived in [*rows, *late]}
    for arrived in found.values():
        _report(arrived, timezone.now())
    return len(found)


def _report(arrived: ArrivedPackage, now: datetime) -> None:
    dossier = arrived.dossier
    if dossier is None or arrived.peer is None:
        return
    acknowledged = dossier.request.receipt.acknowledged_at
    identifier = uuid.uuid5(
        NAMESPACE,
        f"{installation_key.fingerprint()} {arrived.identifier} {dossier.status} {dossier.version}",
    )
    content = {
        "format": FORMAT,
        "version": VERSION,
        "identifier": str(identifier),
        "package": str(arrived.identifier),
        "reference": dossier.reference,
        "status": dossier.status,
        "acknowledged_at": acknowledged.astimezone(UTC).isoformat() if acknowledged else None,
        "at": now.astimezone(UTC).isoformat(),
    }
    with transaction.atomic():
        ours = ArrivedPackage.objects.filter(pk=arrived.pk, reported=arrived.reported)
        ours = ours.filter(acknowledgement_reported=arrived.acknowledgement_reported)
        if ours.update(reported=dossier.status, acknowledgement_reported=acknowledged is not None):
            queue(
                arrived.peer,
                STATUS,
                subject=arrived.pk,
                content=content,
                identifier=identifier,
                user=None,
                now=now,
            )


def body_of(message: PeerMessage) -> bytes:
    """The report, signed: its text as it is signed, the signature, and the key that made it."""
    text = json.dumps(message.content, sort_keys=True, ensure_ascii=False)
    return json.dumps(
        {
            "report": text,
            "fingerprint": installation_key.fingerprint(),
            "signature": installation_key.sign(text.encode()),
        }
    ).encode()


def delivered(message: PeerMessage, now: datetime) -> None:
    """Nothing more happens here: what was reported is kept already."""


def take_in_report(
    report: str, fingerprint: str, signature: str, *, now: datetime
) -> ReportedStatus:
    """Take in what another installation tells of a request that we sent to it; the same once.

    Raises NotAllowed for a sender that is not accepted or a signature that is not right, Invalid for
    what is no report, NotFound for a package that we did not send to it.
    """
    peer = peers.known(fingerprint)
    if peer is None or not installation_key.is_signed_by(
        peer.public_key, signature, report.encode()
    ):
        raise NotAllowed(
            "sender_unknown", _("This key is not accepted here, or the signature is not its own.")
        )
    told = _read(report)
    package = Package.objects.filter(identifier=told["package"]).first()
    sent = (
        package
        and PeerMessage.objects.filter(kind="package", subject=package.pk, peer=peer).exists()
    )
    if package is None or not sent:
        raise NotFound("no_such_package", _("No such package was sent from here to this sender."))
    with transaction.atomic():
        request = AssistanceRequest.objects.select_related(
            "dossier__owner__state", "letter", "basis"
        ).get(pk=package.request_id)
        with changing(request.dossier, expected_version=None, now=now) as held:
            earlier = ReportedStatus.objects.filter(identifier=told["identifier"]).first()
            if earlier is not None:
                return earlier
            if told["reference"] and not held.foreign_reference:
                held.foreign_reference = told["reference"]
            timeline.record(
                held,
                "mla.status_reported",
                actor=None,
                at=now,
                peer=peer.name,
                status=told["status"],
                reference=told["reference"],
            )
        moves = _moved(request, told, peer, package.ordered_by, now)
        return ReportedStatus.objects.create(
            identifier=told["identifier"],
            package=package,
            peer=peer,
            status=told["status"],
            reference=told["reference"],
            acknowledged_at=told["acknowledged_at"],
            told_at=told["at"],
            arrived_at=now,
            move=moves,
        )


def _read(report: str) -> dict[str, Any]:
    try:
        told = json.loads(report)
        if told["format"] != FORMAT or told["version"] != VERSION:
            raise ValueError
        acknowledged = told.get("acknowledged_at")
        read: dict[str, Any] = {
            "identifier": uuid.UUID(told["identifier"]),
            "package": uuid.UUID(told["package"]),
            "reference": str(told.get("reference") or "")[:120].replace("\x00", ""),
            "status": str(told["status"]),
            "acknowledged_at": datetime.fromisoformat(acknowledged) if acknowledged else None,
            "at": datetime.fromisoformat(told["at"]),
        }
        if read["status"] not in ReceivedStatus.values:
            raise ValueError
        if any(
            at is not None and at.tzinfo is None for at in (read["at"], read["acknowledged_at"])
        ):
            raise ValueError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Invalid("no_report", _("This is no report of a status that is known here.")) from None
    return read


def _moved(
    request: AssistanceRequest,
    told: dict[str, Any],
    peer: PeerInstallation,
    user: User,
    now: datetime,
) -> str:
    """Make the moves that the report tells of, as far as they are possible; which they were."""
    said = _("Reported by %(peer)s.") % {"peer": peer.name}
    moves: list[tuple[str, dict[str, Any]]] = []
    if told["acknowledged_at"]:
        # The clocks of two installations may differ by moments.
        at = max(told["acknowledged_at"], request.sent_at or told["acknowledged_at"])
        data = {"acknowledged_at": min(at, now), "foreign_reference": told["reference"]}
        moves.append(("acknowledge", data))
    by_status: dict[str, tuple[str, dict[str, Any]]] = {
        ReceivedStatus.PARTLY_EXECUTED: ("record_part_execution", {"note": said}),
        ReceivedStatus.EXECUTED: ("record_execution", {"note": said}),
        ReceivedStatus.REFUSED: (
            "record_refusal",
            {"reason": _("%(said)s The reasons follow by letter.") % {"said": said}},
        ),
    }
    if told["status"] in by_status:
        moves.append(by_status[told["status"]])
    made = []
    for name, data in moves:
        try:
            with transaction.atomic():
                lifecycle.advance(request, name, user=user, now=now, **data)
        except Refusal:
            continue  # it is there already, or an officer decides; the report stays on record
        made.append(name)
    return ",".join(made)[:40]
