"""Find extraditions: one that a person may see, and what its page shows."""

from __future__ import annotations

from cases.models import ExtraditionCase
from registry.models import Dossier, User

EXTRADITION = "extradition"


def visible_extradition(user: User, reference: str) -> ExtraditionCase:
    """One extradition with what its page needs; raises ``ExtraditionCase.DoesNotExist`` whether
    there is none or the person may not know of it."""
    if "\x00" in reference:
        raise ExtraditionCase.DoesNotExist
    dossiers = Dossier.objects.visible_to(user).filter(kind=EXTRADITION, reference=reference)
    return ExtraditionCase.objects.select_related(
        "dossier__owner__state",
        "dossier__responsible",
        "requesting_state",
        "requested_state",
        "basis",
        "person",
        "at_home",
        "opened_by",
        "submitted_by",
        "approved_by",
    ).get(dossier__in=dossiers.values("pk"))
