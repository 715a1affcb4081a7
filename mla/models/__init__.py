"""Requests for mutual legal assistance, and the spreadsheets from which older ones come."""

from mla.models.received import InformationRequest, Receipt, ReceivedStatus
from mla.models.requests import AssistanceRequest, Dispatch, Measure, MeasureState, Status
from mla.models.results import Item, PassingOn, Transmission
from mla.models.spreadsheet_imports import RememberedColumns, SpreadsheetImport, SpreadsheetRow
from mla.models.triage import RefusalAssessment

STATUS_LABELS = dict(Status.choices) | dict(ReceivedStatus.choices)
"""What each status is called; one that both lives know means the same in both."""

__all__ = [
    "STATUS_LABELS",
    "AssistanceRequest",
    "Dispatch",
    "InformationRequest",
    "Item",
    "Measure",
    "MeasureState",
    "PassingOn",
    "Receipt",
    "ReceivedStatus",
    "RefusalAssessment",
    "RememberedColumns",
    "SpreadsheetImport",
    "SpreadsheetRow",
    "Status",
    "Transmission",
]
