"""The ground on which the other side refused a request of ours, as the register knows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mla.completeness import humanised
from mla.models import AssistanceRequest
from mla.request_kinds import rules_of
from registry.models import User
from registry.refusals import Invalid
from treaties.models import RefusalGround

NONE_KNOWN = "none_known"
REFUSING = (RefusalGround.Effect.MANDATORY_REFUSAL, RefusalGround.Effect.OPTIONAL_REFUSAL)
BARRED = RefusalGround.Effect.BARRED_AS_GROUND


def known(request: AssistanceRequest) -> list[RefusalGround]:
    """The grounds that the legal basis, and the treaty that it supplements, know for this kind of
    request; those that may not be cited last. One query."""
    if request.basis is None:
        return []
    found = RefusalGround.objects.filter(
        instrument__in={request.basis.pk, request.basis.parent_id} - {None},
        request_type__in=rules_of(request).grounds,
        effect__in=(*REFUSING, BARRED),
    )
    return sorted(found, key=lambda ground: (ground.effect == BARRED, ground.pk))


def choices(request: AssistanceRequest) -> list[tuple[str, str]]:
    """The grounds to choose from, in words: what the ground is and the article that gives it."""
    offered = [(NONE_KNOWN, _("None known to the register"))]
    for ground in known(request):
        words = f"{humanised(ground.ground)} ({ground.instrument_id} {ground.article})"
        if ground.effect == BARRED:
            words = _("%(ground)s: may not be used as a ground") % {"ground": words}
        offered.append((str(ground.pk), words))
    return offered


def note_ground(
    request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]
) -> None:
    """Keep the ground that they cited. Raises Invalid for one that the basis does not know."""
    given = str(data.get("ground") or NONE_KNOWN)
    chosen = next((g for g in known(request) if str(g.pk) == given), None)
    if chosen is None and given != NONE_KNOWN:
        raise Invalid(
            "unknown_ground",
            _("The legal basis knows no such ground."),
            fields={"ground": [_("Choose a ground of the legal basis, or none known.")]},
        )
    request.refusal_ground = chosen
    data["ground"] = chosen.ground if chosen else ""
