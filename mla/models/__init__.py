"""Requests for mutual legal assistance."""

from mla.models.requests import AssistanceRequest, Dispatch, Measure, Status

__all__ = ["AssistanceRequest", "Dispatch", "Measure", "Status"]
