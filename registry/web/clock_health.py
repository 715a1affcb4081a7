"""The health of the clocks: last scan, lag, queue, failures."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.clock_health import health_for
from registry.models import Channel
from registry.refusals import NotAllowed

STAGES = {
    "due": _("Due, to be recorded"),
    "recorded": _("Recorded, to be addressed"),
    "waiting": _("To be put into a message"),
    "later": _("In a digest or after quiet hours"),
    "outbox": _("To be sent"),
    "retrying": _("To be sent again"),
    "failed": _("Given up"),
}


@login_required
def clock_health(request: HttpRequest) -> HttpResponse:
    try:
        found, wrong = health_for(request.user, timezone.now())
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    channels = dict(Channel.choices)
    queues = [
        (STAGES.get(queue.stage, queue.stage), channels.get(queue.channel, ""), queue)
        for queue in found.queues
    ]
    context = {
        "health": found,
        "troubles": wrong,
        "queues": queues,
        "lag": int(found.lag.total_seconds()),
    }
    return render(request, "registry/clock_health.html", context)
