"""The law: instruments, who is bound by them, and their rules as data."""

from treaties.models.instruments import (
    CoveredOffence,
    CoveredPurpose,
    Displacement,
    Instrument,
    OffenceFamily,
    Purpose,
)
from treaties.models.participation import Declaration, Designation, Participation
from treaties.models.rules import (
    MeasureAvailability,
    MeasureKind,
    MeasureParticular,
    RefusalGround,
    RegisterVersion,
    RequestTemplate,
    RequiredContent,
    Requirement,
    TimeLimit,
)

__all__ = [
    "CoveredOffence",
    "CoveredPurpose",
    "Declaration",
    "Designation",
    "Displacement",
    "Instrument",
    "MeasureAvailability",
    "MeasureKind",
    "MeasureParticular",
    "OffenceFamily",
    "Participation",
    "Purpose",
    "RefusalGround",
    "RegisterVersion",
    "RequestTemplate",
    "RequiredContent",
    "Requirement",
    "TimeLimit",
]
