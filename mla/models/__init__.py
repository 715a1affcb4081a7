"""Requests for mutual legal assistance."""

from mla.models.requests import AssistanceRequest, Dispatch, Measure

__all__ = ["AssistanceRequest", "Dispatch", "Measure"]
