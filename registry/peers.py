"""Which other installations are known here, and accepting their keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext as _

from registry import installation_key, peer_delivery
from registry.access import authorities_where
from registry.models import PeerInstallation, PeerMessage, State, User
from registry.refusals import Invalid, NotAllowed, Text


def may_keep_peers(user: User) -> bool:
    """Whether the person decides which installations are dealt with."""
    return bool(authorities_where(user, "keep_peers"))


def accept(
    *, name: str, state: str, public_key: str, address: str = "", user: User, now: datetime
) -> PeerInstallation:
    """Accept an installation by its key: from then on what that key signed counts as its word.

    Compare the fingerprint with the other side by another way first. Raises NotAllowed, Invalid.
    """
    _must_keep(user)
    wrong = _wrong_name_or_address(name, address)
    if not State.objects.filter(pk=state[:8].replace("\x00", "")).exists():
        wrong["state"] = [_("Choose the State.")]
    pem = fingerprint = ""
    try:
        pem = installation_key.tidied(public_key)
        fingerprint = installation_key.fingerprint_of(pem)
    except ValueError:
        wrong["public_key"] = [_("This is no public key of an installation. Paste it whole.")]
    if fingerprint and fingerprint == installation_key.fingerprint():
        wrong["public_key"] = [_("This is our own key. Paste theirs.")]
    if wrong:
        raise Invalid("invalid", _("The installation was not accepted."), fields=wrong)
    try:
        with transaction.atomic():
            return PeerInstallation.objects.create(
                name=name.strip(),
                state_id=state,
                address=address.strip(),
                public_key=pem,
                fingerprint=fingerprint,
                accepted_by=user,
                accepted_at=now,
            )
    except IntegrityError:
        sentence = _("An installation with this key is known already.")
        raise Invalid("known_already", sentence, fields={"public_key": [sentence]}) from None


def block(peer: PeerInstallation, *, user: User, now: datetime) -> None:
    """Nothing more is taken from it or sent to it."""
    _must_keep(user)
    PeerInstallation.objects.filter(pk=peer.pk, blocked_at=None).update(blocked_at=now)


def take_up_again(peer: PeerInstallation, *, user: User, now: datetime) -> None:
    """Deal with a blocked installation again; what waited for it goes now."""
    _must_keep(user)
    PeerInstallation.objects.filter(pk=peer.pk).update(blocked_at=None)
    peer_delivery.deliver_now(peer)


def change(peer: PeerInstallation, *, name: str, address: str, user: User, now: datetime) -> None:
    """Another name or address for an installation; its key stays. What waited for it goes now.

    Raises NotAllowed, Invalid (``name``, ``address``).
    """
    _must_keep(user)
    if wrong := _wrong_name_or_address(name, address):
        raise Invalid("invalid", _("The installation was not changed."), fields=wrong)
    values = {"name": name.strip(), "address": address.strip()}
    PeerInstallation.objects.filter(pk=peer.pk).update(**values)
    peer_delivery.deliver_now(peer)


def _wrong_name_or_address(name: str, address: str) -> dict[str, list[Text]]:
    wrong: dict[str, list[Text]] = {}
    if not 0 < len(name.strip()) <= 160 or "\x00" in name:
        wrong["name"] = [_("Give it a name of at most 160 characters.")]
    address = address.strip()
    if address and (
        not address.startswith(("https://", "http://"))
        or len(address) > 200
        or not set(" \x00").isdisjoint(address)
    ):
        wrong["address"] = [_("Write the whole address, with https://.")]
    return wrong


@dataclass(frozen=True)
class Outbox:
    """What waits for one installation, and how the last try ended; for those who keep peers."""

    waiting: int = 0
    last_error: str = ""
    last_delivered: datetime | None = None


def outboxes() -> dict[int, Outbox]:
    """The outbox of each installation that was ever written to. Two queries."""
    counted = PeerMessage.objects.order_by().values("peer")
    waiting = Q(state=PeerMessage.State.QUEUED)
    rows = counted.annotate(
        waiting=Count("id", filter=waiting),
        last=Max("delivered_at"),
        head=Min("id", filter=waiting),
    )
    found = {row["peer"]: row for row in rows}
    heads = [row["head"] for row in found.values() if row["head"]]
    errors = dict(PeerMessage.objects.filter(pk__in=heads).values_list("peer", "last_error"))
    return {
        peer: Outbox(row["waiting"], errors.get(peer, ""), row["last"])
        for peer, row in found.items()
    }


def known(fingerprint: str) -> PeerInstallation | None:
    """The accepted installation that has this key."""
    return PeerInstallation.objects.filter(
        fingerprint=fingerprint[:64].replace("\x00", ""), blocked_at=None
    ).first()


def _must_keep(user: User) -> None:
    if not may_keep_peers(user):
        raise NotAllowed("role_may_not", _("Only administrators accept other installations."))
