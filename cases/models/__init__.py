"""Criminal matters: persons and offences."""

from cases.models.offences import Offence
from cases.models.persons import Person

__all__ = ["Offence", "Person"]
