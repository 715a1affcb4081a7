"""The figures of an authority's requests, sent and received; every number opens its list."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from mla import feedback, statistics, statistics_received
from mla.completeness import humanised
from mla.models import AssistanceRequest, Feedback, RequestKind
from mla.request_kinds import COUNTED_APART
from mla.statistics_for_reports import RECEIVED_DAYS, RECEIVED_SHARES
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
RECEIVED = (
    "received_new",
    "received_acknowledged",
    "received_accepted",
    "received_executed",
    "received_partly",
    "received_postponed",
    "received_refused",
    "received_returned",
    "received_referred",
    "received_withdrawn",
    "received_ended",
    "received_open",
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
    received = statistics_received.of_period(office, since, until, request.user)
    if (form := request.GET.get("form", "")) in TABLES and found.balanced:
        return _file(found, received, form)
    said_by_us, said_of_us = feedback.counts(office, since, until, request.user)
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
        "by_kind": _kinds(found),
        "by_ground": [(_ground(code), n) for code, n in found.by_ground.most_common()],
        "asked": urlencode(asked),
        "usefulness": [
            (label, said_by_us[code], said_of_us[code])
            for code, label in Feedback.Usefulness.choices
        ],
        "received": _received_lines(received),
        "received_shares": [
            (part, statistics_received.LABELS[part], received.count(part), received.count(whole))
            for part, whole in RECEIVED_SHARES.values()
        ],
        "received_days": [(words, received.days[code]) for code, words in RECEIVED_DAYS.items()],
    }
    return render(request, "mla/statistics.html", context)


@login_required
def behind(request: HttpRequest, figure: str) -> HttpResponse:
    """The requests behind a figure of what was sent."""
    office, _offices = _office(request)
    if office is None or figure not in statistics.LABELS:
        raise Http404
    since, until, _problem = period_shown(request.GET, today_of(office, timezone.now()))
    found = statistics.of_period(office, since, until, request.user)
    matters = found.matters[figure]
    for name in ("state", "basis"):
        if value := request.GET.get(name, ""):
            matters = [m for m in matters if getattr(m, name) == value]
    return _list(request, statistics.LABELS[figure], matters, since, until)


@login_required
def behind_received(request: HttpRequest, figure: str) -> HttpResponse:
    """The requests behind a figure of what was received."""
    office, _offices = _office(request)
    if office is None or figure not in statistics_received.LABELS:
        raise Http404
    since, until, _problem = period_shown(request.GET, today_of(office, timezone.now()))
    found = statistics_received.of_period(office, since, until, request.user)
    matters = found.matters[figure]
    if basis := request.GET.get("basis", ""):
        matters = [matter for matter in matters if basis in matter.instruments]
    label = statistics_received.LABELS[figure]
    return _list(request, label, matters, since, until, received=True)


def _list(
    request: HttpRequest,
    label: Any,
    matters: list[Any],
    since: date,
    until: date,
    *,
    received: bool = False,
) -> HttpResponse:
    """A page of the matters behind a figure, in the order in which they were sent or received."""
    after = request.GET.get("after", "")
    start = next((n + 1 for n, m in enumerate(matters) if m.reference == after), 0)
    shown = matters[start : start + ON_A_PAGE]
    kept = request.GET.copy()
    following = ""
    if start + ON_A_PAGE < len(matters):
        kept["after"] = shown[-1].reference
        following = kept.urlencode()
    rows = {
        row.pk: row
        for row in AssistanceRequest.objects.filter(pk__in=[m.key for m in shown]).select_related(
            "dossier", "receipt"
        )
    }
    context = {
        "label": label,
        "number": len(matters),
        "since": since,
        "until": until,
        "rows": [rows[matter.key] for matter in shown],
        "received": received,
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


def _kinds(found: statistics.Statistics) -> list[tuple[str, Any, statistics.KindCount, bool]]:
    """Code, words, count, and whether the kind is counted apart from the requests."""
    return [
        (code, RequestKind(code).label, count, code in COUNTED_APART)
        for code, count in found.by_kind.items()
    ]


def _ground(code: str) -> str:
    return humanised(code) if code else _("None known to the register")


def _received_lines(
    found: statistics_received.ReceivedStatistics,
) -> list[tuple[str, Any, int]]:
    return [(code, statistics_received.LABELS[code], found.count(code)) for code in RECEIVED]


def _file(
    found: statistics.Statistics, received: statistics_received.ReceivedStatistics, form: str
) -> HttpResponse:
    rows: list[list[Any]] = [
        [str(statistics.LABELS[code]), found.count(code)] for code in (*FLOW, *ANSWERS, *AGES)
    ]
    for code, days in found.days.items():
        said = _("%(figure)s: median of calendar days") % {"figure": statistics.LABELS[code]}
        rows.append([said, days])
    rows += [[_("Sent to %(state)s") % {"state": state}, n] for state, n in found.by("state")]
    rows += [[_("Sent under %(basis)s") % {"basis": basis}, n] for basis, n in found.by("basis")]
    rows += [
        [str(label), received.count(code)] for code, label in statistics_received.LABELS.items()
    ]
    rows += [[str(words), received.days[code]] for code, words in RECEIVED_DAYS.items()]
    for _code, label, count, _apart in _kinds(found):
        rows.append([_("%(kind)s: sent in the period") % {"kind": label}, count.sent])
        rows.append([_("%(kind)s: received in the period") % {"kind": label}, count.received])
    rows += [
        [_("Refused on the ground: %(ground)s") % {"ground": _ground(code)}, n]
        for code, n in found.by_ground.most_common()
    ]
    sheet = Sheet(_("Figures"), [_("Figure"), _("Number")], rows)
    name = f"requests-{found.since.isoformat()}-{found.until.isoformat()}"
    return table(sheet, form, name)
