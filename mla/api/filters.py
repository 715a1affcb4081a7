"""The filters of the list of requests, read from the query; every wrong one is told at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from mla.draft_fields import day, is_writable
from mla.matters import ORDERS, Filters
from mla.models import STATUS_LABELS, RequestKind
from registry.api.description import CURSOR, PAGE_SIZE
from registry.refusals import Invalid, Text


def _described(name: str, what: str, type_: Any = str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, type_, description=what, **more)


DIRECTIONS = ["sent", "received"]
PARAMETERS = [
    _described(
        "status", "One or several, repeated or with commas.", enum=list(STATUS_LABELS), many=True
    ),
    _described("kind", "Requests of this kind.", enum=RequestKind.values),
    _described("direction", "Those that we sent, or those that we received.", enum=DIRECTIONS),
    _described("requested_state", "Code of the other State, asked or asking."),
    _described("instrument", "Code of the legal basis."),
    _described("owner", "Number of the authority that asks.", int),
    _described("urgent", "Only urgent ones, or only others.", bool),
    _described("open", "Only those still open, or only ended ones.", bool),
    _described("responsible", "`me`: those that I am in charge of.", enum=["me"]),
    _described("q", "Words of a reference, title or name; at least two characters."),
    _described("created_from", "First day, UTC.", OpenApiTypes.DATE),
    _described("created_to", "Last day, UTC.", OpenApiTypes.DATE),
    _described("updated_from", "First day, UTC.", OpenApiTypes.DATE),
    _described("updated_to", "Last day, UTC.", OpenApiTypes.DATE),
    _described("order", "A minus sign reverses; `-updated_at` if absent.", enum=list(ORDERS)),
    CURSOR,
    PAGE_SIZE,
]


def filters_of(request: Request) -> Filters:
    """The filters asked for; raises Invalid."""
    asked = request.query_params
    if not asked:
        return Filters()
    wrong: dict[str, list[Text]] = {}

    def read(name: str, reader: Callable[[str], Any], default: Any) -> Any:
        given = asked.get(name, "").strip()
        if not given:
            return default
        try:
            if not is_writable(given):
                raise ValueError(_("This cannot be looked for."))
            return reader(given)
        except ValueError as mistake:
            wrong[name] = [str(mistake)]
            return default

    statuses = [one for part in asked.getlist("status") for one in part.split(",") if one]
    if unknown := sorted(set(statuses) - set(STATUS_LABELS)):
        wrong["status"] = [
            _("Unknown: %(given)s. Choose from: %(values)s.")
            % {"given": ", ".join(unknown)[:200], "values": ", ".join(STATUS_LABELS)}
        ]
    filters = Filters(
        status=tuple(dict.fromkeys(statuses)),
        kind=read("kind", _kind, ""),
        direction=read("direction", _direction, ""),
        requested_state=read("requested_state", str.upper, ""),
        instrument=read("instrument", str, ""),
        owner=read("owner", _number, None),
        urgent=read("urgent", _truth, None),
        is_open=read("open", _truth, None),
        responsible=read("responsible", lambda given: _me(given, request), None),
        q=read("q", _words, ""),
        **{
            name: read(name, _day, None)
            for name in ("created_from", "created_to", "updated_from", "updated_to")
        },
    )
    if wrong:
        raise Invalid("invalid", _("The list cannot be shown like this."), fields=wrong)
    return filters


def _direction(given: str) -> str:
    if given not in DIRECTIONS:
        raise ValueError(_("Choose one of: %(values)s.") % {"values": ", ".join(DIRECTIONS)})
    return given


def _kind(given: str) -> str:
    if given not in RequestKind.values:
        raise ValueError(
            _("Choose one of: %(values)s.") % {"values": ", ".join(RequestKind.values)}
        )
    return given


def _number(given: str) -> int:
    if given.isascii() and given.isdigit() and len(given) < 19:
        return int(given)
    raise ValueError(_("Write a whole number."))


def _truth(given: str) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False}
    if given.lower() not in known:
        raise ValueError(_("Say true or false."))
    return known[given.lower()]


def _day(given: str) -> date | None:
    read = day(given)
    if read == date.max:
        raise ValueError(_("Choose an earlier day."))
    return read


def _me(given: str, request: Request) -> int:
    if given != "me":
        raise ValueError(_("Only “me” can be asked for."))
    return request.user.pk


def _words(given: str) -> str:
    if not 2 <= len(given) <= 200:
        raise ValueError(_("Write 2 to 200 characters."))
    return given
