"""The PDF of a report: tagged, with a table of contents, charts and an annex of evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from registry import letter_rendering
from treaties.compliance_report.content import digest_of
from treaties.compliance_report.showing import shown

STYLES = Path(__file__).parent.parent / "templates" / "treaties" / "reports" / "report.css"


def html_of_report(content: dict[str, Any]) -> str:
    """The report as a document of its own, in its language."""
    with translation.override(content["language"]):
        context = shown(content) | {"digest": digest_of(content)}
        return render_to_string("treaties/reports/document.html", context)


def pdf_of_report(content: dict[str, Any]) -> bytes:
    return letter_rendering.pdf_of(
        html_of_report(content),
        stylesheets=(STYLES,),
        identifier=f"{content['reference']} {digest_of(content)}",
        headers_of="Column",
    )
