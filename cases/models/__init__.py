"""Criminal matters: persons, offences, extraditions."""

from cases.models.case_files import (
    CaseFile,
    CaseRole,
    EvidenceReceived,
    JointTeam,
    LinkedMatter,
    RelatedFile,
)
from cases.models.extraditions import (
    Assurance,
    ConcurrentRequest,
    CustodyPeriod,
    ExtraditionCase,
    ExtraditionDecision,
    ExtraditionStatus,
    ProsecutionAtHome,
    RequiredEnclosure,
    SpecialityEntry,
    Transit,
)
from cases.models.identities import IdentityDocument, PersonMatch, PersonName, PersonNameKey
from cases.models.limitation import LimitationPeriod
from cases.models.linked_objects import LinkedObject, ObjectMatch
from cases.models.offences import Offence
from cases.models.person_photos import PersonPhoto
from cases.models.persons import Person
from cases.models.protected_identities import ProtectedIdentity

__all__ = [
    "Assurance",
    "CaseFile",
    "CaseRole",
    "ConcurrentRequest",
    "CustodyPeriod",
    "EvidenceReceived",
    "ExtraditionCase",
    "ExtraditionDecision",
    "ExtraditionStatus",
    "IdentityDocument",
    "JointTeam",
    "LimitationPeriod",
    "LinkedMatter",
    "LinkedObject",
    "ObjectMatch",
    "Offence",
    "Person",
    "PersonMatch",
    "PersonName",
    "PersonNameKey",
    "PersonPhoto",
    "ProsecutionAtHome",
    "ProtectedIdentity",
    "RelatedFile",
    "RequiredEnclosure",
    "SpecialityEntry",
    "Transit",
]
