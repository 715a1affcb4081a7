"""Personal access tokens: a person's keys for programs."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from registry.models import PersonalAccessToken, User
from registry.refusals import Invalid, NotFound

MARK = "mla_"
USUAL_DAYS, MOST_DAYS = 90, 366
MOST_TOKENS = 50
USE_NOTED_EVERY = timedelta(minutes=10)


def issue(
    user: User, *, name: str, days: int = USUAL_DAYS, now: datetime
) -> tuple[PersonalAccessToken, str]:
    """A new token and its key. The key is nowhere kept: show it now, once."""
    wrong = {}
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80 or "\x00" in name:
        wrong["name"] = [_("Give the token a name of 1 to 80 characters.")]
    if not 1 <= days <= MOST_DAYS:
        wrong["days"] = [_("Choose from 1 to %(most)s days.") % {"most": MOST_DAYS}]
    if wrong:
        raise Invalid("invalid", _("The token cannot be made like this."), fields=wrong)
    if usable(user, now).count() >= MOST_TOKENS:
        raise Invalid("too_many", _("You have many tokens. Revoke one first."))
    key = MARK + secrets.token_urlsafe(32)
    token = PersonalAccessToken.objects.create(
        user=user,
        name=name,
        prefix=key[:12],
        digest=_digest(key),
        expires_at=now + timedelta(days=days),
    )
    return token, key


def usable(user: User, now: datetime):
    """The person's tokens that still open the API."""
    unexpired = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    return user.tokens.filter(unexpired, revoked_at__isnull=True)


def revoke(user: User, token: int, *, now: datetime) -> None:
    """End a token at once. Raises NotFound for one that is not the person's or is ended."""
    if user.tokens.filter(pk=token, revoked_at__isnull=True).update(revoked_at=now) != 1:
        raise NotFound("no_such_token", _("You have no such token."))


def bearer_of(key: str, *, now: datetime) -> tuple[User, PersonalAccessToken] | None:
    """Whose key this is, if it still opens anything. One query, and a write every ten minutes."""
    token = (
        PersonalAccessToken.objects.select_related("user")
        .filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now),
            digest=_digest(key),
            revoked_at__isnull=True,
            user__is_active=True,
        )
        .first()
    )
    if token is None:
        return None
    if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
        PersonalAccessToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user, token


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
