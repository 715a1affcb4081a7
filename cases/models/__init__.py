"""Criminal matters: persons, offences, extraditions."""

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
from cases.models.offences import Offence
from cases.models.persons import Person

__all__ = [
    "Assurance",
    "ConcurrentRequest",
    "CustodyPeriod",
    "ExtraditionCase",
    "ExtraditionDecision",
    "ExtraditionStatus",
    "IdentityDocument",
    "Offence",
    "Person",
    "PersonMatch",
    "PersonName",
    "PersonNameKey",
    "ProsecutionAtHome",
    "RequiredEnclosure",
    "SpecialityEntry",
    "Transit",
]
