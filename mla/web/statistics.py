"""The figures of an authority's sent requests; every number opens its list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from mla import statistics
from mla.models import AssistanceRequest
from registry.access import reads_files_of
from registry.deadlines import today_of
from registry.models import Authority
from registry.spreadsheets import Sheet
from registry.web.downloads import TABLES, table
from treaties.models import MeasureKind
from treaties.web.days import period_shown

FLOW = ("carried", "new", "ended", "open")
ANSWERS = ("acknowledged", "executed", "partly", "refused", "refused_with_reasons", "withdrawn")
AGES = (
    "under_30",
    "30_to_89",
    "90_to_179",
    "180_to_364",
    "365_and_more",
    "overdue_answer",
    "urgent",
)
ON_A_PAGE = 50


@login_required
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of a period: as a page, or with ``?form=csv`` or ``xlsx`` as a file."""
    office, offices = _office(request)
    if office is None:
        return render(request, "mla/statistics.html", {"office": None})
    since, until, problem = period_shown(request.GET, today_of(office, timezone.now()))
    found = statistics.of_period(office, since, until, request.user)
    if (form := request.GET.get("form", "")) in TABLES and found.balanced:
        return _file(found, form)
    names = {m.code: m for m in MeasureKind.objects.filter(pk__in=found.by_measure)}
    asked = {"authority": office.pk, "since": since.isoformat(), "until": until.isoformat()}
    context = {
        "office": office,
        "offices": offices,
        "since": since,
        "until": until,
        "problem": problem,
        "found": found,
        "flow": _lines(found, FLOW),
        "answers": _lines(found, ANSWERS),
        "ages": _lines(found, AGES),
        "days": found.days,
        "by_state": found.by("state")[:20],
        "by_basis": found.by("basis"),
        "by_measure": [(names[c], n) for c, n in found.by_measure.most_common(20) if c in names],
        "asked": urlencode(asked),
    }
    return render(request, "mla/statistics.html", context)


@login_required
def behind(request: HttpRequest, figure: str) -> HttpResponse:
    """The requests behind a figure."""
    office, _offices = _office(request)
    if office is None or figure not in statistics.LABELS:
        raise Http404
    since, until, _problem = period_shown(request.GET, today_of(office, timezone.now()))
    found = statistics.of_period(office, since, until, request.user)
    matters = found.matters[figure]
    for name in ("state", "basis"):
        if value := request.GET.get(name, ""):
            matters = [m for m in matters if getattr(m, name) == value]
    after = request.GET.get("after", "")
    start = next((n + 1 for n, m in enumerate(matters) if m.reference == after), 0)
    shown = matters[start : start + ON_A_PAGE]
    kept = request.GET.copy()
    following = ""
    if start + ON_A_PAGE < len(matters):
        kept["after"] = shown[-1].reference
        following = kept.urlencode()
    rows = AssistanceRequest.objects.filter(pk__in=[m.key for m in shown]).select_related("dossier")
    context = {
        "label": statistics.LABELS[figure],
        "number": len(matters),
        "since": since,
        "until": until,
        "rows": sorted(rows, key=lambda row: row.sent_at or timezone.now()),
        "next": following,
        "back": urlencode(
            {n: v for n, v in request.GET.items() if n in ("authority", "since", "until")}
        ),
    }
    return render(request, "mla/statistics_list.html", context)


def _office(request: HttpRequest) -> tuple[Authority | None, list[Authority]]:
    mine = list(Authority.objects.filter(pk__in=reads_files_of(request.user)).order_by("name"))
    asked = request.GET.get("authority", "")
    chosen = next((o for o in mine if str(o.pk) == asked), None)
    return chosen or (mine[0] if mine else None), mine


def _lines(found: statistics.Statistics, codes: tuple[str, ...]) -> list[tuple[str, Any, int]]:
    return [(code, statistics.LABELS[code], found.count(code)) for code in codes]


def _file(found: statistics.Statistics, form: str) -> HttpResponse:
    rows: list[list[Any]] = [
        [str(statistics.LABELS[code]), found.count(code)] for code in (*FLOW, *ANSWERS, *AGES)
    ]
    for code, days in found.days.items():
        said = _("%(figure)s: median of calendar days") % {"figure": statistics.LABELS[code]}
        rows.append([said, days])
    rows += [[_("Sent to %(state)s") % {"state": state}, n] for state, n in found.by("state")]
    rows += [[_("Sent under %(basis)s") % {"basis": basis}, n] for basis, n in found.by("basis")]
    sheet = Sheet(_("Figures"), [_("Figure"), _("Number")], rows)
    name = f"requests-{found.since.isoformat()}-{found.until.isoformat()}"
    return table(sheet, form, name)
