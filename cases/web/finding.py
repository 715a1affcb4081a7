"""The matter of an address, for those who may see it; 404 for everybody else."""

from __future__ import annotations

from django.http import Http404

from cases.matters import visible_extradition
from cases.models import ExtraditionCase
from registry.models import User


def extradition_or_404(user: User, reference: str) -> ExtraditionCase:
    try:
        return visible_extradition(user, reference)
    except ExtraditionCase.DoesNotExist:
        raise Http404 from None
