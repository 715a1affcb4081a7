"""Requests for mutual legal assistance; spreadsheets and packages in which others come."""

from mla.models.costs import Cost
from mla.models.draft_sharing import DraftComment, DraftShare
from mla.models.feedback import Feedback
from mla.models.kinds import INFORMAL, Amendment, InformalStatus, RequestKind
from mla.models.packages import ArrivedPackage, Package, ReportedStatus
from mla.models.received import InformationRequest, Receipt, ReceivedStatus
from mla.models.requests import AssistanceRequest, Dispatch, Measure, MeasureState, Status
from mla.models.results import Item, PassingOn, Transmission
from mla.models.spreadsheet_imports import RememberedColumns, SpreadsheetImport, SpreadsheetRow
from mla.models.translations import TranslationJob
from mla.models.triage import RefusalAssessment

STATUS_LABELS = dict(Status.choices) | dict(ReceivedStatus.choices) | dict(InformalStatus.choices)
"""What each status is called; one that several lives know means the same in all."""

__all__ = [
    "INFORMAL",
    "STATUS_LABELS",
    "Amendment",
    "ArrivedPackage",
    "AssistanceRequest",
    "Cost",
    "Dispatch",
    "DraftComment",
    "DraftShare",
    "Feedback",
    "InformalStatus",
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
    "RequestKind",
    "SpreadsheetImport",
    "SpreadsheetRow",
    "Status",
    "TranslationJob",
    "Transmission",
]
