"""A report as a download, the same for pages and API."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from registry.web.downloads import attachment
from treaties.compliance_report.files import FORMS, name_of
from treaties.models import ComplianceReport


def file_answer(report: ComplianceReport, form: str) -> HttpResponse:
    """A made report in one of its forms. Raises Http404 for another form or one not made yet."""
    kind = FORMS.get(form)
    if kind is None or report.stage != ComplianceReport.Stage.MADE:
        raise Http404
    return attachment(kind.make(report), kind.media_type, name_of(report, form))
