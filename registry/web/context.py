"""What every page's frame needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from registry.access import authorities_where
from registry.models import Membership
from registry.notice_list import count_open
from registry.scheduler_silence import is_silent

NAVIGATION = (
    ("case-files", _("Case files"), True),
    ("requests", _("Requests"), True),
    ("extraditions", _("Extraditions"), True),
    ("persons", _("Persons"), True),
    ("deadlines", _("Deadlines"), True),
    ("statistics", _("Figures"), True),
    ("compliance", _("Obligations"), True),
    ("legal_basis", _("Legal basis"), False),
    ("states", _("States"), False),
    ("instruments", _("Instruments"), False),
    ("mailbox", _("Mailbox"), True),
)


WATCHING = ("set_deadline", "edit_register")
"""Whoever may do one of these is told on every page when the scheduler has fallen silent."""


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
    watches = signed_in and any(authorities_where(request.user, act) for act in WATCHING)
    return {
        "navigation": entries,
        "scheduler_silent": watches and is_silent(timezone.now()),
        "demonstration": not settings.PRODUCTION,
        "demonstration_password": settings.DEMONSTRATION_PASSWORD,
        "demonstration_accounts": SimpleLazyObject(demonstration_accounts),
        "open_notices": SimpleLazyObject(lambda: count_open(request.user)) if signed_in else 0,
        "may_open": signed_in and bool(authorities_where(request.user, "open_dossier")),
    }


def demonstration_accounts() -> list[Membership]:
    """The accounts that a stranger may try, in demonstration mode only."""
    if settings.PRODUCTION:
        return []
    return list(
        Membership.objects.filter(user__email__endswith="@example.org", user__is_active=True)
        .select_related("user", "authority")
        .order_by("authority__state_id", "authority__name", "role", "user__name")[:20]
    )
