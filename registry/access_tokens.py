"""Personal keys for the API: made, shown once, used, revoked. Only a digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import PersonalAccessToken, User
from registry.refusals import Invalid

PREFIX = "mla_"
USE_NOTED_EVERY = timedelta(minutes=10)
LONGEST_LIFE_DAYS = 366


def create(user: User, name: str, *, days: int, now: datetime) -> tuple[PersonalAccessToken, str]:
    """Make a key that ends after so many calendar days. Returns it with its text, shown only now.

    Raises Invalid (``name``, ``days``).
    """
    errors = {}
    if not name.strip():
        errors["name"] = [_("Say what the key is for, so that you know it again.")]
    elif len(name.strip()) > 80:
        errors["name"] = [_("Shorten it to 80 characters.")]
    if not 1 <= days <= LONGEST_LIFE_DAYS:
        errors["days"] = [_("Give between 1 and 366 days.")]
    if errors:
        raise Invalid("token_incomplete", _("The key was not made."), fields=errors)
    text = PREFIX + secrets.token_urlsafe(32)
    token = PersonalAccessToken.objects.create(
        user=user,
        name=name.strip(),
        prefix=text[:10],
        digest=digest(text),
        expires_at=now + timedelta(days=days),
    )
    return token, text


def holder(text: str, now: datetime) -> PersonalAccessToken | None:
    """The living key with this text, its person with it; None for any other. One query.

    The time of use is noted at most every ten minutes, so that reading writes next to nothing.
    """
    token = (
        PersonalAccessToken.objects.select_related("user")
        .filter(digest=digest(text), revoked_at__isnull=True, user__is_active=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .first()
    )
    if token and (token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY):
        PersonalAccessToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def revoke(user: User, token_id: int, *, now: datetime) -> bool:
    """End one of the person's own keys. False where the person has no such living key."""
    own = PersonalAccessToken.objects.filter(pk=token_id, user=user, revoked_at__isnull=True)
    return own.update(revoked_at=now) == 1


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
