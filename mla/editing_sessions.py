"""Tell the timeline who changed what in a draft, once a sitting and not once a keystroke.

Autosave writes every few seconds; the timeline is append-only and is read by people. So the fields
that one officer touches are gathered on the request, and become one entry ``mla.edited`` when the
sitting is over: when somebody else edits, when the officer comes back after a pause, or when the
request makes a move of its life.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from mla.models import AssistanceRequest
from registry import timeline
from registry.models import User

PAUSE = timedelta(minutes=15)
"""After so long without a change, the next change opens a new sitting."""


def note(request: AssistanceRequest, *, user: User, touched: Iterable[str], now: datetime) -> None:
    """Add to the officer's sitting, ending the one before it if it was another's or is over.

    Called with the dossier locked; the caller saves the request.
    """
    sitting = request.editing_session
    if sitting and (
        sitting["user"] != user.pk or now - datetime.fromisoformat(sitting["until"]) >= PAUSE
    ):
        close(request)
        sitting = request.editing_session
    request.editing_session = {
        "user": user.pk,
        "since": sitting.get("since", now.isoformat()),
        "until": now.isoformat(),
        "fields": sorted({*sitting.get("fields", ()), *touched}),
    }


def close(request: AssistanceRequest) -> None:
    """Write the entry of the open sitting, if there is one. The caller saves the request."""
    sitting = request.editing_session
    if not sitting:
        return
    timeline.record(
        request.dossier,
        "mla.edited",
        actor=User.objects.get(pk=sitting["user"]),
        at=datetime.fromisoformat(sitting["until"]),
        since=sitting["since"],
        fields=sitting["fields"],
    )
    request.editing_session = {}
