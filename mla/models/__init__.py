"""Requests for mutual legal assistance; spreadsheets and packages in which others come."""

from mla.models.costs import Cost
from mla.models.feedback import Feedback
from mla.models.packages import ArrivedPackage, Package, ReportedStatus
from mla.models.received import InformationRequest, Receipt, ReceivedStatus
from mla.models.requests import AssistanceRequest, Dispatch, Measure, MeasureState, Status
from mla.models.results import Item, PassingOn, Transmission
from mla.models.spreadsheet_imports import RememberedColumns, SpreadsheetImport, SpreadsheetRow
from mla.models.translations import TranslationJob
from mla.models.triage import RefusalAssessment

STATUS_LABELS = dict(Status.choices) | dict(ReceivedStatus.choices)
"""What each status is called; one that both lives know means the same in both."""

__all__ = [
    "STATUS_LABELS",
    "ArrivedPackage",
    "AssistanceRequest",
    "Cost",
    "Dispatch",
    "Feedback",
    "InformationRequest",
    "Item",
    "Measure",
    "MeasureState",
    "Package",
    "PassingOn",
    "Receipt",
    "ReceivedStatus",
    "RefusalAssessment",
    "RememberedColumns",
    "ReportedStatus",
    "SpreadsheetImport",
    "SpreadsheetRow",
    "Status",
    "TranslationJob",
    "Transmission",
]
