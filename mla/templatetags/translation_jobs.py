"""The translations of a request, on its page."""

from __future__ import annotations

from typing import Any

from django import template

from mla import translations
from mla.models import AssistanceRequest

register = template.Library()


@register.inclusion_tag("mla/parts/translations.html")
def translations_of(request: AssistanceRequest) -> dict[str, Any]:
    """The jobs with their flags; one query where there is none."""
    return {"jobs": translations.shown(request), "dossier": request.dossier}
