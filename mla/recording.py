"""Recording something beside the life of a request: may the person, is it open, is it as they saw it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext as _

from mla.models import AssistanceRequest
from registry.access import may
from registry.dossiers import changing
from registry.models import Dossier, User
from registry.refusals import NotAllowed, NotPossibleNow


def act_of(dossier: Dossier) -> str:
    """The act that it takes: ours to execute, or the other side's answer."""
    received = dossier.direction == Dossier.Direction.RECEIVED
    return "execute" if received else "record_answer"


@contextmanager
def under_lock(
    request: AssistanceRequest,
    user: User,
    expected_version: int | None,
    now: datetime,
    *,
    act: str = "",
    also_ended: bool = False,
) -> Iterator[AssistanceRequest]:
    """The request under lock while something of it is recorded.

    ``also_ended``: what may still come when the request is closed (a payment, an original).
    Raises NotAllowed, Stale, or NotPossibleNow for a request that is closed.
    """
    if not may(user, act or act_of(request.dossier), request.dossier):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow this. Ask an officer who may."),
        )
    with changing(request.dossier, expected_version=expected_version, now=now) as dossier:
        if not dossier.is_open and not also_ended:
            raise NotPossibleNow("ended", _("This request is closed. Reopen it first."))
        held = AssistanceRequest.objects.select_related("receipt", "basis").get(pk=request.pk)
        held.dossier = dossier
        yield held
