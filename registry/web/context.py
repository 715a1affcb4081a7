"""What every page's frame needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

NAVIGATION = (
    ("requests", _("Requests"), True),
    ("deadlines", _("Deadlines"), True),
    ("legal_basis", _("Legal basis"), False),
    ("states", _("States"), False),
    ("instruments", _("Instruments"), False),
    ("mailbox", _("Mailbox"), True),
)


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """The main navigation, with where the reader is; and whether this is the demonstration."""
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    entries = []
    for name, label, members_only in NAVIGATION:
        if members_only and not signed_in:
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        entries.append({"url": url, "label": label, "current": request.path.startswith(url)})
    return {"navigation": entries, "demonstration": not settings.PRODUCTION}
