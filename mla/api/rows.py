"""Lines of the list of requests, written without a serializer: the list is what is asked for most.

Names of States, instruments and authorities come from what the process keeps of the register; a
change of it shows within a minute.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from registry.models import Authority, Dossier
from registry.state_directory import state_label
from treaties.models import Instrument

KEPT_SECONDS = 60.0
RECEIVED = Dossier.Direction.RECEIVED
_kept: tuple[float, dict[int, tuple[str, dict[str, str], str]], dict[str, str]] | None = None


def rows(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of ``matters.page_of_requests`` as the API shows them."""
    language = get_language() or "en"
    authorities, instruments = _names()
    if any(row["owner_id"] not in authorities for row in found):
        # An office that began to work here within the minute must not show without its State.
        forget()
        authorities, instruments = _names()
    states: dict[str, dict[str, str]] = {}
    owners: dict[int, dict[str, Any]] = {}
    homes: dict[int, dict[str, str]] = {}
    written = []
    for row in found:
        code, owner, basis = row["counterpart_id"], row["owner_id"], row["request__basis_id"]
        if code not in states:
            states[code] = {"code": code, "name": state_label(code, language)}
        if owner not in owners:
            name, names, home = authorities.get(owner) or (str(owner), {}, "")
            owners[owner] = {"id": owner, "name": names.get(language) or name}
            homes[owner] = {"code": home, "name": state_label(home, language)}
        written.append(
            {
                "reference": row["reference"],
                "foreign_reference": row["foreign_reference"],
                "title": row["title"],
                "kind": row["request__kind"],
                "status": row["status"],
                "is_open": row["is_open"],
                "urgent": row["urgent"],
                "confidentiality": row["confidentiality"],
                "owner": owners[owner],
                "direction": row["direction"],
                "counterpart": states[code],
                "requested_state": homes[owner] if row["direction"] == RECEIVED else states[code],
                "instrument": basis and {"code": basis, "title": instruments.get(basis, basis)},
                "responsible": row["responsible__name"],
                "language": row["request__language"],
                "sent_at": row["request__sent_at"],
                "answer_wanted_by": row["request__answer_wanted_by"],
                "created_at": row["created_at"],
                "updated_at": row["updated_at"],
                "version": row["version"],
            }
        )
    return written


def _names() -> tuple[Mapping[int, tuple[str, dict[str, str], str]], Mapping[str, str]]:
    """Designations of authorities that work here, and short titles of instruments."""
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] > KEPT_SECONDS:
        working = Authority.objects.filter(reference_prefix__isnull=False)
        _kept = (
            now,
            {
                pk: (name, names, home)
                for pk, name, names, home in working.values_list("pk", "name", "names", "state")
            },
            dict(Instrument.objects.values_list("code", "short_title")),
        )
    return _kept[1], _kept[2]


def forget() -> None:
    """Read the names again at the next list."""
    global _kept
    _kept = None
