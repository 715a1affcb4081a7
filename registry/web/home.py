"""The first page: what waits for the person, or, for a stranger, what this is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from registry.desk import desk_of
from registry.models import Membership


def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return render(request, "registry/desk.html", {"desk": desk_of(request.user, timezone.now())})
    return render(request, "registry/landing.html", {"accounts": demonstration_accounts()})


def demonstration_accounts() -> list[Membership]:
    """The accounts a stranger may try, in demonstration mode only."""
    if settings.PRODUCTION:
        return []
    return list(
        Membership.objects.filter(user__email__endswith="@example.org", user__is_active=True)
        .select_related("user", "authority__state")
        .order_by("authority__state_id", "authority__name", "role", "user__name")[:20]
    )
