"""Do a repeated POST once: the answer given to a key is kept for a day and given again.

A client that did not hear the answer sends the same request with the same ``Idempotency-Key``. The
row of the key is claimed first; the work and its answer are then written in one transaction, so
that either both are there or neither.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from registry.models import IdempotencyKey, User
from registry.refusals import Invalid, NotPossibleNow, Refusal

KEPT = timedelta(hours=24)
ABANDONED_AFTER = timedelta(minutes=2)
"""A claim this old without an answer belongs to a process that died; its work was undone."""
FORM = re.compile(r"[\x21-\x7e]{1,200}")


class KeyReused(Refusal):
    """The key was used for another request."""

    status = 422


@dataclass(frozen=True)
class Answer:
    """What was answered: status, the headers that matter, and the body."""

    status: int
    headers: dict[str, str]
    body: str


def begin(user: User, key: str, request_digest: str, *, now: datetime) -> Answer | None:
    """Claim the key for this request; or the answer kept for it.

    Raises Invalid for a malformed key, KeyReused when the key came with another request, and
    NotPossibleNow while the first is still being worked on.
    """
    if not FORM.fullmatch(key):
        sentence = _("Use 1 to 200 printable characters without spaces, for example a UUID.")
        raise Invalid("invalid_idempotency_key", sentence, fields={"Idempotency-Key": [sentence]})
    IdempotencyKey.objects.filter(user=user, key=key, created_at__lt=now - KEPT).delete()
    try:
        with transaction.atomic():
            IdempotencyKey.objects.create(
                user=user, key=key, request_digest=request_digest, created_at=now
            )
    except IntegrityError:
        return _kept(user, key, request_digest, now)
    return None


def _kept(user: User, key: str, request_digest: str, now: datetime) -> Answer | None:
    row = IdempotencyKey.objects.filter(user=user, key=key).first()
    if row is not None and row.request_digest != request_digest:
        raise KeyReused(
            "idempotency_key_reused",
            _("This key was used for another request. Use a new key for a new request."),
        )
    if row is not None and row.status is not None:
        return Answer(row.status, row.headers, row.body)
    abandoned = IdempotencyKey.objects.filter(
        user=user, key=key, status__isnull=True, created_at__lt=now - ABANDONED_AFTER
    )
    if abandoned.update(created_at=now) == 1:
        return None
    raise NotPossibleNow(
        "being_answered",
        _("The same request is being worked on. Send it again in a moment."),
    )


def keep(user: User, key: str, answer: Answer) -> None:
    """Keep the answer, inside the transaction of the work that it answers for."""
    IdempotencyKey.objects.filter(user=user, key=key).update(
        status=answer.status, headers=answer.headers, body=answer.body
    )


def release(user: User, key: str) -> None:
    """Give the key back after a refusal, which changed nothing."""
    IdempotencyKey.objects.filter(user=user, key=key, status__isnull=True).delete()


def forget_old(now: datetime) -> int:
    """Delete what was kept for a day. Returns how many."""
    deleted, _by_model = IdempotencyKey.objects.filter(created_at__lt=now - KEPT).delete()
    return deleted
