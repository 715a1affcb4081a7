"""Pages of the compliance reports: list, order, one report, its files; and the published ones."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry.models import Authority, User
from registry.refusals import Invalid, NotFound, Refusal
from registry.web.posted import number_posted
from treaties.compliance import current, office_of
from treaties.compliance_report import ordering, scheduling
from treaties.compliance_report.content import digest_of
from treaties.compliance_report.files import FORMS
from treaties.compliance_report.ordering import Period
from treaties.compliance_report.showing import shown
from treaties.models import ComplianceReport, Edition, Instrument, Obligation, ReportSchedule
from treaties.web.days import day_typed
from treaties.web.report_files import file_answer

ON_A_PAGE = 25


@login_required
def reports(request: HttpRequest) -> HttpResponse:
    """The reports of the offices whose obligations the person reads, latest first."""
    office, _mine = office_of(request.user)
    found = ordering.visible_reports(request.user).select_related("state", "ordered_by", "owner")
    page, following = _page(request, found)
    context = {
        "page": page,
        "next": following,
        "office": office,
        "may_report": office is not None and ordering.may_report(request.user, office),
        "schedules": scheduling.schedules_of(ordering.offices_read(request.user)),
        "being_made": any(report.stage == "ordered" for report in page),
    }
    return render(request, "treaties/reports.html", context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Order a report, once or on schedule."""
    office, mine = office_of(request.user, request.POST.get("authority", ""))
    if office is None or not ordering.may_report(request.user, office):
        raise Http404
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            return _ordered(request, office)
        except Refusal as refusal:
            errors = refusal.by_field()
    period = ordering.this_year(office, timezone.now())
    earlier = period.before()
    typed: Any = request.POST or {
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "compare": "on",
        "compared_since": earlier.since.isoformat(),
        "compared_until": earlier.until.isoformat(),
        "edition": Edition.INTERNAL,
        "language": get_language(),
        "authority": str(office.pk),
    }
    today = period.until
    under = {row.obligation.instrument_id for row in current(office.state_id, on=today)}
    context = {
        "office": office,
        "offices": [o for o in mine if ordering.may_report(request.user, o)],
        "typed": typed,
        "chosen": request.POST.getlist("scope"),
        "errors": errors,
        "editions": Edition.choices,
        "instruments": Instrument.objects.filter(pk__in=[c for c in under if c]),
        "themes": Obligation.Theme.choices,
        "every": ReportSchedule.Every.choices,
    }
    return render(request, "treaties/report_new.html", context, status=400 if errors else 200)


def _ordered(request: HttpRequest, office: Authority) -> HttpResponse:
    given = request.POST
    common: dict[str, Any] = {
        "edition": given.get("edition", ""),
        "language": given.get("language", ""),
        "scope": given.getlist("scope"),
        "user": request.user,
        "now": timezone.now(),
    }
    if given.get("every"):
        kept = scheduling.schedule(office, every=given["every"], **common)
        messages.success(
            request, _("Scheduled: the next one is made on %(day)s.") % {"day": kept.next_on}
        )
        return redirect("reports")
    period = _period(request, "since", "until")
    compared = (
        _period(request, "compared_since", "compared_until")
        if given.get("compare") == "on"
        else None
    )
    report = ordering.order(office, period, compared=compared, **common)
    return redirect("report", report=report.reference)


def _period(request: HttpRequest, first: str, last: str) -> Period:
    """The days typed. Raises Invalid for what is no day or is missing."""
    days = []
    for name in (first, last):
        day = day_typed(request.POST.get(name, ""), name)
        if day is None:
            sentence = _("Give a day.")
            raise Invalid("day_missing", sentence, fields={name: [sentence]})
        days.append(day)
    return Period(*days)


@login_required
def report(request: HttpRequest, report: str) -> HttpResponse:
    return _show(request, _visible(request.user, report))


@login_required
def progress(request: HttpRequest, report: str) -> HttpResponse:
    """How far the making is; once it is made, the page is loaded anew."""
    found = _visible(request.user, report)
    answer = render(request, "treaties/parts/report_progress.html", {"order": found})
    if found.stage != ComplianceReport.Stage.ORDERED:
        answer["HX-Refresh"] = "true"
    return answer


@login_required
def download(request: HttpRequest, report: str, form: str) -> HttpResponse:
    return file_answer(_visible(request.user, report), form)


@login_required
@require_POST
def act(request: HttpRequest, report: str, act: str) -> HttpResponse:
    found = _visible(request.user, report)
    try:
        if act == "publish":
            ordering.publish(found, user=request.user, now=timezone.now())
            messages.success(request, _("Published."))
        elif act == "withdraw":
            reason = request.POST.get("reason", "")
            ordering.withdraw(found, reason, user=request.user, now=timezone.now())
            messages.success(request, _("Withdrawn."))
        elif act == "again":
            ordering.order_again(found, user=request.user, now=timezone.now())
        elif act == "discard":
            ordering.discard(found, user=request.user)
            messages.success(request, _("The report was discarded."))
            return redirect("reports")
        else:
            raise Http404
    except Refusal as refusal:
        return _show(request, found, errors=refusal.by_field(), status=refusal.status)
    return redirect("report", report=found.reference)


@login_required
@require_POST
def stop_schedule(request: HttpRequest) -> HttpResponse:
    """Stop a schedule of one of the person's offices."""
    key = number_posted(request.POST.get("schedule", "")) or 0
    try:
        scheduling.stop(key, user=request.user, now=timezone.now())
        messages.success(request, _("The schedule was stopped. What it has made stays."))
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
    return redirect("reports")


# --- for anybody ----------------------------------------------------------------------------


def published(request: HttpRequest) -> HttpResponse:
    """The public editions that were published: no sign-in."""
    page, following = _page(request, ordering.published_reports())
    return render(request, "treaties/published_reports.html", {"page": page, "next": following})


def published_report(request: HttpRequest, report: str) -> HttpResponse:
    found = _published(report)
    context = shown(found.content or {}) | {
        "order": found,
        "digest": digest_of(found.content or {}),
    }
    return render(request, "treaties/published_report.html", context)


def published_download(request: HttpRequest, report: str, form: str) -> HttpResponse:
    return file_answer(_published(report), form)


def _page(
    request: HttpRequest, found: QuerySet[ComplianceReport]
) -> tuple[list[ComplianceReport], str]:
    """The reports after the one that ``?before=`` names, latest first, and what follows them."""
    before = number_posted(request.GET.get("before", ""))
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.defer("content").order_by("-id")[: ON_A_PAGE + 1])
    more = len(rows) > ON_A_PAGE
    rows = rows[:ON_A_PAGE]
    return rows, f"before={rows[-1].pk}" if more else ""


def _published(reference: str) -> ComplianceReport:
    found = ordering.get_published(reference)
    if found is None:
        raise Http404
    return found


# --- what stands behind ---------------------------------------------------------------------


def _visible(user: User, reference: str) -> ComplianceReport:
    try:
        return ordering.get_visible(user, reference)
    except ComplianceReport.DoesNotExist:
        raise Http404 from None


def _show(
    request: HttpRequest,
    found: ComplianceReport,
    *,
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    may = ordering.may_report(request.user, found.owner)
    context: dict[str, Any] = {
        "order": found,
        "errors": errors or {},
        "may_report": may,
        "may_publish": ordering.may_report(request.user, found.owner, "review_assessment"),
        "not_publishable": ordering.not_publishable(found, request.user),
        "forms": list(FORMS),
    }
    if found.content:
        context |= shown(found.content) | {"digest": found.digest}
    return render(request, "treaties/report.html", context, status=status)
