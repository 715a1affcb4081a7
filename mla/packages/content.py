"""What a package tells of a request, as data: version 1 of the format (docs/exchange.md).

It says what the letter says and no more: a protected person is there by alias and role alone, notes of
the office are not there at all.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.models import Person
from mla.draft_fields import LONG_TEXTS
from mla.models import AssistanceRequest, Package
from mla.request_kinds import rules_of
from registry import installation_key
from registry.models import Authority, Document

FORMAT, VERSION = "mla-request", 1
TEXTS = tuple(name for name in LONG_TEXTS if name != "addressee_text")
PERSON_FIELDS = (
    "family_name",
    "given_names",
    "name_in_original_script",
    "aliases",
    "birth_year",
    "birth_month",
    "birth_day",
    "birth_place",
    "nationalities",
    "location",
    "identity_documents",
)
OFFENCE_FIELDS = ("provision", "legal_text", "penalty", "time_of_acts", "place_of_acts")


def told_by(
    package: Package, request: AssistanceRequest, documents: list[tuple[str, Document]]
) -> dict[str, Any]:
    """Everything the package says of the request. ``documents`` are its files, each with its path."""
    dossier = request.dossier
    return {
        "format": FORMAT,
        "version": VERSION,
        "identifier": str(package.identifier),
        "made_at": _instant(package.ordered_at),
        "sender": {
            "installation": installation_key.fingerprint(),
            "state": request.requesting_state_id,
            "authority": _authority(dossier.owner),
        },
        "addressee": {
            "state": request.requested_state_id,
            "authority": _authority(request.addressee) if request.addressee else None,
            "text": request.addressee_text,
        },
        "request": {
            "reference": dossier.reference,
            "kind": request.kind,
            "follows": _follows(request),
            "title": dossier.title,
            "urgent": dossier.urgent,
            "confidential": dossier.is_sealed,
            "instrument": request.basis_id,
            "language": package.letter.language,
            "verification_code": package.letter.verification_code,
            "answer_wanted_by": (
                request.answer_wanted_by.isoformat() if request.answer_wanted_by else None
            ),
            "texts": {name: getattr(request, name) for name in TEXTS if getattr(request, name)},
            "further_contents": request.further_contents,
            "measures": [
                {
                    "kind": measure.kind_id,
                    "description": measure.description,
                    "particulars": measure.particulars,
                }
                for measure in request.measures.all()
            ],
            "offences": [
                {"family": offence.family_id}
                | {name: getattr(offence, name) for name in OFFENCE_FIELDS}
                for offence in dossier.offences.all()
            ],
            "persons": [person_told(person) for person in dossier.persons.all()],
        },
        "documents": [
            {
                "path": path,
                "kind": document.kind,
                "title": document.title,
                "media_type": document.media_type,
                "size": document.size,
                "sha256": document.sha256,
            }
            for path, document in documents
        ],
    }


def _follows(request: AssistanceRequest) -> str:
    """The request of ours that it supplements or follows; an enquiry before it stays with us."""
    earlier = request.follows
    return earlier.dossier.reference if earlier and rules_of(earlier).asks else ""


def person_told(person: Person) -> dict[str, Any]:
    """A person as the letter names them: a protected one by alias and role alone."""
    if person.protected:
        return {"role": person.role, "protected": True, "alias": person.protected_alias}
    return {"role": person.role, "protected": False} | {
        name: getattr(person, name) for name in PERSON_FIELDS
    }


def _authority(authority: Authority) -> dict[str, str]:
    return {
        "name": authority.name,
        "postal_address": authority.postal_address,
        "city": authority.city,
        "email": authority.email,
    }


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
