"""Requests for mutual legal assistance, and the spreadsheets from which older ones come."""

from mla.models.requests import AssistanceRequest, Dispatch, Measure, Status
from mla.models.spreadsheet_imports import RememberedColumns, SpreadsheetImport, SpreadsheetRow

__all__ = [
    "AssistanceRequest",
    "Dispatch",
    "Measure",
    "RememberedColumns",
    "SpreadsheetImport",
    "SpreadsheetRow",
    "Status",
]
