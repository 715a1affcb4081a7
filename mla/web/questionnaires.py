"""Questionnaires of reviews answered from assessments and figures; the evaluation pack."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mla import evaluation_pack
from registry.deadlines import today_of
from registry.models import Authority
from registry.refusals import NotFound
from registry.web.downloads import TABLES, attachment, table
from treaties import questionnaires
from treaties.compliance import office_of
from treaties.compliance_report.ordering import offices_read
from treaties.web.days import period_shown


@login_required
def all_of_them(request: HttpRequest) -> HttpResponse:
    office, since, until, problem = _asked(request)
    context = {
        "office": office,
        "known": questionnaires.known().values(),
        "since": since,
        "until": until,
        "problem": problem,
        "asked": urlencode({"since": since, "until": until}),
    }
    return render(request, "mla/questionnaires.html", context)


@login_required
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One questionnaire with the answers; with ``?form=csv`` or ``xlsx`` as a file."""
    office, since, until, _problem = _asked(request)
    if office is None:
        raise Http404
    try:
        found = questionnaires.arrange(office, code, since, until, request.user)
    except NotFound:
        raise Http404 from None
    form = request.GET.get("form", "")
    if form in TABLES:
        name = f"{code}-{office.state_id}-{until.isoformat()}"
        return table(questionnaires.as_sheet(found), form, name, title=found.title)
    context: dict[str, Any] = {
        "office": office,
        "found": found,
        "since": since,
        "until": until,
        "answered": sum(item.answered for item in found.items),
        "asked": urlencode({"since": since, "until": until}),
    }
    return render(request, "mla/questionnaire.html", context)


@login_required
def pack(request: HttpRequest) -> HttpResponse:
    """Everything in one file."""
    office, since, until, _problem = _asked(request)
    if office is None:
        raise Http404
    now = timezone.now()
    made = evaluation_pack.make(office, since, until, user=request.user, now=now)
    name = f"evaluation-{office.state_id}-{since.isoformat()}-{until.isoformat()}.zip"
    return attachment(made, "application/zip", name)


def _asked(request: HttpRequest) -> tuple[Authority | None, date, date, str]:
    """The person's office whose obligations they read, and the period: this year without one."""
    office, _mine = office_of(request.user)
    if office is not None and office.pk not in offices_read(request.user):
        office = None
    today = today_of(office, timezone.now()) if office else timezone.localdate()
    return office, *period_shown(request.GET, today)
