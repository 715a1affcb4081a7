"""The request of an address, for those who may see it; 404 for everybody else."""

from __future__ import annotations

from django.http import Http404

from mla.matters import get_visible
from mla.models import AssistanceRequest
from registry.models import User


def request_or_404(user: User, reference: str) -> AssistanceRequest:
    try:
        return get_visible(user, reference)
    except AssistanceRequest.DoesNotExist:
        raise Http404 from None
