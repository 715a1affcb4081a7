"""Two officers in one draft: what each of them changed, when a form comes back late.

Each field of the form carries a digest of what its sender had before them. Where the draft was
changed meanwhile, that tells apart what the sender changed (to be kept on the page), what only
somebody else changed (to be shown as it now is) and what both did (to be decided by the sender).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict

from mla.completeness import further_keys
from mla.draft_fields import ON_THE_DOSSIER
from mla.models import AssistanceRequest
from mla.web.draft_form import OFFENCE, OWN, PERSON

SEEN = "seen-"


def as_written(stored: Any) -> str:
    """A stored value as its field shows and sends it."""
    if stored is True:
        return "on"
    if stored is None or stored is False:
        return ""
    if isinstance(stored, date):
        return stored.isoformat()
    if isinstance(stored, (list, tuple)):
        return " ".join(str(part) for part in stored)
    return str(stored).replace("\r\n", "\n").replace("\r", "\n")


def digest_of(stored: Any) -> str:
    """A short mark by which two writings of a field are told apart; no secret and no proof."""
    return hashlib.sha256(as_written(stored).encode("utf-8", "replace")).hexdigest()[:12]


@dataclass
class Comparison:
    """What the sender typed and nobody has stored, and of that, what somebody else changed too."""

    typed: dict[str, str] = field(default_factory=dict)
    both: dict[str, str] = field(default_factory=dict)


def compare(posted: QueryDict, stored: Mapping[str, Any]) -> Comparison:
    """Set what came beside what is stored now, field by field.

    ``stored`` holds the draft's fields under their names in the form. A field that came without
    the digest counts as changed by its sender.
    """
    found = Comparison()
    for name, value in stored.items():
        if name not in posted:
            continue
        now, typed = as_written(value), as_written(posted.get(name, ""))
        before = posted.get(SEEN + name)
        if typed == now or digest_of(typed) == before:
            continue
        found.typed[name] = typed
        if digest_of(now) != before:
            found.both[name] = now
    return found


def stored_fields(request: AssistanceRequest) -> dict[str, Any]:
    """Every field of the draft under its name in the form."""
    dossier = request.dossier
    stored = {
        name: getattr(dossier if name in ON_THE_DOSSIER else request, name)
        for name in OWN
        if name != "addressee"
    }
    stored["addressee"] = request.addressee_id
    for key in further_keys(request):
        stored[f"further-{key}"] = request.further_contents.get(key, "")
    for offence in dossier.offences.all():
        stored |= {f"offence-{offence.pk}-{name}": getattr(offence, name) for name in OFFENCE}
    for person in dossier.persons.all():
        stored |= {f"person-{person.pk}-{name}": getattr(person, name) for name in PERSON}
    for measure in request.measures.prefetch_related("kind__particulars"):
        stored[f"measure-{measure.pk}-description"] = measure.description
        for particular in measure.kind.particulars.all():
            value = measure.particulars.get(particular.key, "")
            stored[f"measure-{measure.pk}-{particular.key}"] = value
    return stored
