"""Questions between the two sides of a request: at most one is open.

Of a request that we received we ask; of one that we sent we are asked. A question stops the clocks
that it stops, its answer lets them go on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mla import clocks
from mla.life import not_in_the_future
from mla.models import AssistanceRequest, InformationRequest
from registry.models import User
from registry.refusals import Invalid


def one_is_open(request: AssistanceRequest) -> bool:
    return request.information_requests.filter(answered_at__isnull=True).exists()


def none_is_open(request: AssistanceRequest) -> bool:
    return not one_is_open(request)


def ask(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
    """Keep the question; refuse one asked in the future."""
    at: datetime = data.get("asked_at") or now
    not_in_the_future("asked_at", at, now)
    InformationRequest.objects.create(
        request=request,
        asked_by_us=request.is_received,
        question=data["question"],
        asked_at=at,
        wanted_by=data.get("wanted_by"),
        recorded_by=user,
    )
    clocks.happened(request, "mla.information_requested", at=at, now=now, actor=user)


def answer(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
    """Close the open question; refuse an answer from before it was asked or to come."""
    question = request.information_requests.get(answered_at__isnull=True)
    at: datetime = data["answered_at"]
    not_in_the_future("answered_at", at, now)
    if at < question.asked_at.replace(second=0, microsecond=0):
        raise Invalid(
            "answered_before_asking",
            _("The question was asked after that day."),
            fields={"answered_at": [_("Give a day that is not before the question.")]},
        )
    at = max(at, question.asked_at)  # forms tell minutes: an answer within the minute is no earlier
    question.answered_at, question.answer = at, data.get("answer", "")
    question.save(update_fields=["answered_at", "answer"])
    clocks.happened(request, "mla.information_received", at=at, now=now, actor=user)
