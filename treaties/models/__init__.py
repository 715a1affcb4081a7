"""The law: instruments, who is bound by them, and their rules as data."""

from treaties.models.history import (
    DepositaryImport,
    NotificationOwed,
    Proposal,
    RegisterChange,
)
from treaties.models.instruments import (
    CoveredOffence,
    CoveredPurpose,
    Displacement,
    Instrument,
    OffenceFamily,
    Purpose,
)
from treaties.models.obligations import (
    Assessment,
    Evidence,
    NationalMeasure,
    Obligation,
    ObligationFile,
)
from treaties.models.offence_tables import NationalProvision
from treaties.models.participation import Declaration, Designation, Participation
from treaties.models.reports import ComplianceReport, Edition, ReportSchedule
from treaties.models.rules import (
    EntryIntoForceRule,
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
    "Assessment",
    "ComplianceReport",
    "CoveredOffence",
    "CoveredPurpose",
    "Declaration",
    "DepositaryImport",
    "Designation",
    "Displacement",
    "Edition",
    "EntryIntoForceRule",
    "Evidence",
    "Instrument",
    "MeasureAvailability",
    "MeasureKind",
    "MeasureParticular",
    "NationalMeasure",
    "NationalProvision",
    "NotificationOwed",
    "Obligation",
    "ObligationFile",
    "OffenceFamily",
    "Participation",
    "Proposal",
    "Purpose",
    "RefusalGround",
    "RegisterChange",
    "RegisterVersion",
    "ReportSchedule",
    "RequestTemplate",
    "RequiredContent",
    "Requirement",
    "TimeLimit",
]
