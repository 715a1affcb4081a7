"""The list of requests as a table to be taken away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mla.web.listing import filters_of_query
from registry.list_exports import Column, ExportedList, declare
from registry.models import Dossier, User
from registry.web.exported_lists import matter_columns, matters


def declare_all() -> None:
    declare(REQUESTS)


def _requests(user: User, query: QueryDict, now: datetime) -> Iterator[Dossier]:
    wanted = filters_of_query(query, user).condition()
    return matters(user, wanted, "request__basis", "request__receipt")


def _received_at(dossier: Dossier) -> datetime | None:
    request = dossier.request
    return request.receipt.received_at if request.is_received else None


REQUESTS = ExportedList(
    "requests",
    _("Requests"),
    (
        *matter_columns("request"),
        Column(_("Legal basis"), lambda d: d.request.basis and d.request.basis.short_title),
        Column(_("Received"), _received_at),
        Column(_("Sent on"), lambda d: d.request.sent_at),
        Column(_("Acknowledged on"), lambda d: d.request.acknowledged_at),
        Column(_("Answer wanted by"), lambda d: d.request.answer_wanted_by),
        Column(_("Closed on"), lambda d: d.request.closed_at),
    ),
    _requests,
)
