"""The page behind the link of a reminder: acknowledges, without signing in, and says nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from registry.acknowledging import acknowledge as acknowledge_all
from registry.acknowledging import read_link
from registry.refusals import Refusal


@never_cache
@csrf_exempt  # the token is the permission; a mail program's browser may keep no cookies
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    try:
        link = read_link(token, now=now)
    except Refusal as refusal:
        return _page(request, status=refusal.status, problem=refusal.detail)
    if request.method == "POST":
        acknowledge_all(link.reminders, link.recipient, now=now)
        return redirect("acknowledge", token=token)
    return _page(request, done=link.done, several=len(link.reminders) > 1)


def _page(request: HttpRequest, *, status: int = 200, **context: object) -> HttpResponse:
    response = render(request, "registry/acknowledge.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
