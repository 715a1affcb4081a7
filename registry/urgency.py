"""Urgency of any matter: it is urgent for a reason and until a day, or it is not urgent.

The dossier holds all three, and a constraint of the database holds them together. What says more (a
request's letter) keeps its own fields and tells the dossier.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from registry.models import Dossier
from registry.refusals import Text

REASON, UNTIL = "urgency_reason", "urgent_until"


def lacking(reason: str, until: date | None, *, until_field: str = UNTIL) -> dict[str, list[Text]]:
    """What must still be said of something urgent, by field; empty where nothing."""
    found: dict[str, list[Text]] = {}
    if not reason.strip():
        found[REASON] = [_("It is marked as urgent: say why.")]
    if until is None:
        found[until_field] = [_("It is marked as urgent: say by which day.")]
    return found


def mark(dossier: Dossier, urgent: bool, reason: str = "", until: date | None = None) -> None:
    """Mark a dossier as urgent, or as not urgent; whoever calls saves it.

    Raises ValueError without a reason or a day: who offers the choice asks for both before.
    """
    if urgent and lacking(reason, until):
        raise ValueError("urgent without a reason or a day")
    dossier.urgent = urgent
    dossier.urgency_reason = reason.strip() if urgent else ""
    dossier.urgent_until = until if urgent else None


COLUMNS = ["urgent", REASON, UNTIL]
"""What ``mark`` changes of a dossier."""
