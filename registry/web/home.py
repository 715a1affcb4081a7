"""The first page: what waits for the person, or, for a stranger, what this is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from registry.desk import desk_of


def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return render(
            request, "registry/desk.html", {"desk": desk_of(request.user, timezone.now())}
        )
    return render(request, "registry/landing.html")
