"""A bare view that answers with the same rows: the measure of what a list must cost.

It runs the very SQL that the list runs, by hand, and dumps what comes with orjson. The sign-in and
everything before the view is the same.
"""

from __future__ import annotations

import heapq
from itertools import islice
from typing import Any

import orjson
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as of_the_product
from mla import matters
from registry.access import OWNERS_NAMING, visible_branches
from registry.models import Dossier

SIZE = 50
_statements: dict[int, list[tuple[str, tuple[Any, ...]]]] = {}
MEMBERSHIPS = "SELECT authority_id, role FROM registry_membership WHERE user_id = %s"


def bare(request: HttpRequest) -> HttpResponse:
    user = request.user
    with connection.cursor() as cursor:
        cursor.execute(MEMBERSHIPS, (user.pk,))
        cursor.fetchall()
        cursor.execute(OWNERS_NAMING, {"user": user.pk})
        cursor.fetchall()
        branches = []
        for statement, parameters in _statements.get(user.pk) or _written(user):
            cursor.execute(statement, parameters)
            branches.append([dict(zip(matters.ROW, row, strict=True)) for row in cursor])
    newest = heapq.merge(*branches, key=lambda r: (r["updated_at"], r["pk"]), reverse=True)
    return HttpResponse(
        orjson.dumps({"results": list(islice(newest, SIZE))}), content_type="application/json"
    )


def _written(user: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """The statements of the list, written out once."""
    condition = matters.Filters().condition()
    _statements[user.pk] = [
        Dossier.objects.filter(branch, condition)
        .order_by("-updated_at", "-pk")
        .values(*matters.ROW)[: SIZE + 1]
        .query.sql_with_params()
        for branch in visible_branches(user)
    ]
    return _statements[user.pk]


urlpatterns = [path("bare/requests", bare), *of_the_product]
