"""Criminal matters: persons and offences."""

from cases.models.identities import IdentityDocument, PersonMatch, PersonName, PersonNameKey
from cases.models.offences import Offence
from cases.models.persons import Person

__all__ = [
    "IdentityDocument",
    "Offence",
    "Person",
    "PersonMatch",
    "PersonName",
    "PersonNameKey",
]
