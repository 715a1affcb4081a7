"""Which other installations are known here, and accepting their keys."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from registry import installation_key
from registry.access import authorities_where
from registry.models import PeerInstallation, State, User
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
    wrong: dict[str, list[Text]] = {}
    if not 0 < len(name.strip()) <= 160:
        wrong["name"] = [_("Give it a name of at most 160 characters.")]
    if not State.objects.filter(pk=state[:8].replace("\x00", "")).exists():
        wrong["state"] = [_("Choose the State.")]
    address = address.strip()
    if address and (
        not address.startswith(("https://", "http://")) or len(address) > 200 or " " in address
    ):
        wrong["address"] = [_("Write the whole address, with https://.")]
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
                address=address,
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


def known(fingerprint: str) -> PeerInstallation | None:
    """The accepted installation that has this key."""
    return PeerInstallation.objects.filter(
        fingerprint=fingerprint[:64].replace("\x00", ""), blocked_at=None
    ).first()


def _must_keep(user: User) -> None:
    if not may_keep_peers(user):
        raise NotAllowed("role_may_not", _("Only administrators accept other installations."))
