"""Cursor pages for every list: ``next`` and ``previous`` are links, cursors are opaque."""

from __future__ import annotations

from typing import Any, Protocol
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import pagination
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from registry.refusals import Invalid

LARGEST_PAGE = 200


class CursorPagination(pagination.CursorPagination):
    """Pages in the order of the queryset, ended by its key."""

    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        order = tuple(queryset.query.order_by) or tuple(queryset.model._meta.ordering or ())
        named = tuple(name for name in order if isinstance(name, str))
        key = queryset.model._meta.pk.name
        ended = {"pk", "-pk", key, f"-{key}"} & set(named)
        return named if ended else (*named, "pk")

    def get_page_size(self, request: Request) -> int | None:
        return asked_page_size(request, self.page_size)

    def decode_cursor(self, request: Request) -> Any:
        try:
            return super().decode_cursor(request)
        except NotFound:
            raise Invalid(
                "invalid_cursor",
                _("This place in the list is not known."),
                fields={"cursor": [_("Start again at the first page, without a cursor.")]},
            ) from None


def asked_page_size(request: Request, usual: int) -> int:
    """``?page_size=``; raises Invalid for anything but 1 to 200."""
    given = request.query_params.get("page_size", "")
    if given == "":
        return usual
    if given.isascii() and given.isdigit() and len(given) < 4 and 1 <= int(given) <= LARGEST_PAGE:
        return int(given)
    raise Invalid(
        "invalid",
        _("The list cannot be shown like this."),
        fields={"page_size": [_("Choose from 1 to %(largest)s.") % {"largest": LARGEST_PAGE}]},
    )


def cursor_link(request: Request, cursor: str | None) -> str | None:
    """This list's address at another place in it."""
    if cursor is None:
        return None
    asked = request.query_params.copy()
    asked["cursor"] = cursor
    return f"{request.build_absolute_uri(request.path)}?{urlencode(asked)}"


class KeysetPage(Protocol):
    """A page of a list of ours: the places of its neighbours, if there are any."""

    @property
    def next(self) -> str | None: ...
    @property
    def previous(self) -> str | None: ...


def page_answer(request: Request, page: KeysetPage, results: Any) -> Response:
    """A page of a list, with the links to its neighbours."""
    return Response(
        {
            "next": cursor_link(request, page.next),
            "previous": cursor_link(request, page.previous),
            "results": results,
        }
    )
