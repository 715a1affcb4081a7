"""Starting a request from a case file: what the case says of persons, offences and facts comes along."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from cases import case_file_parts, case_files, protected_identities
from cases.models import CaseFile, Offence, Person
from mla import drafting
from mla.draft_editing import search_text
from mla.models import AssistanceRequest
from registry.access import may
from registry.models import User

CARRIED = ("provision", "legal_text", "penalty", "acts_from", "acts_until",
           "time_of_acts", "place_of_acts")  # fmt: skip


def start_request(
    case: CaseFile, persons: Iterable[int], *, user: User, now: datetime, **said: Any
) -> AssistanceRequest:
    """Start a request and carry over: offences with their provisions, the facts, these persons.

    A protected person comes along under the alias, the identity sealed anew and unread. Where the user
    keeps the case file, the request is linked to it. Raises what ``drafting.start_request`` raises.
    """
    with transaction.atomic():
        request = drafting.start_request(user=user, now=now, **said)
        _carry_offences(case, request)
        wanted = set(persons)
        chosen = [p for p in case.dossier.persons.all() if p.pk in wanted]
        for position, person in enumerate(chosen, start=1):
            protected_identities.copy(person, request.dossier, position)
        request.facts = case.summary
        request.save(update_fields=["facts"])
        request.dossier.search_text = search_text(request)
        request.dossier.save(update_fields=["search_text"])
        if may(user, "keep_case_file", case.dossier):
            given = {"reference": request.dossier.reference}
            case_file_parts.add(case, "linked", given, user=user, now=now)
    return request


def case_file_named(user: User, reference: str) -> CaseFile | None:
    """The case file from which a request is started, if the user may see one of this reference."""
    try:
        return case_files.visible_case_file(user, reference) if reference else None
    except CaseFile.DoesNotExist:
        return None


def persons_of(case: CaseFile) -> list[Person]:
    return list(case.dossier.persons.all())


def _carry_offences(case: CaseFile, request: AssistanceRequest) -> None:
    """Of the families chosen, the case's own entries in place of the empty ones."""
    chosen = list(request.dossier.offences.values_list("family", flat=True))
    position = 0
    for family in chosen:
        known = list(case.dossier.offences.filter(family=family))
        if not known:
            position += 1
            request.dossier.offences.filter(family=family).update(position=position)
            continue
        request.dossier.offences.filter(family=family).delete()
        for offence in known:
            position += 1
            Offence.objects.create(
                dossier=request.dossier,
                family_id=family,
                position=position,
                **{name: getattr(offence, name) for name in CARRIED},
            )
