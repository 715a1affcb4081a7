"""Where requests of ours stand, in plain words, for those who asked for them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mla import standing
from mla.web.finding import request_or_404


@login_required
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One request; 404 for one that came to us, of which others ask."""
    found = request_or_404(request.user, reference)
    if found.is_received:
        raise Http404
    context = {
        "request_shown": found,
        "dossier": found.dossier,
        "standing": standing.of(found),
        "now": timezone.now(),
    }
    return render(request, "mla/standing.html", context)


@login_required
def all_of_mine(request: HttpRequest) -> HttpResponse:
    """The open requests on which the person is named."""
    context = {"rows": standing.asked_by(request.user), "most": standing.MOST_REQUESTS}
    return render(request, "mla/standing_of_mine.html", context)
