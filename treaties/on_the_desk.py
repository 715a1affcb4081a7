"""What the trunk needs to know of obligations: their pages, statuses, piles and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from registry import timeline_words
from registry.access import authorities_where
from registry.matter_kinds import MatterKind, Pile
from registry.matter_kinds import declare as declare_kind
from registry.models import User
from treaties import obligation_files
from treaties.compliance import in_review_for
from treaties.models import Assessment

LABELS = {
    obligation_files.NOT_ASSESSED: gettext_lazy("Not assessed"),
    **{str(code): label for code, label in Assessment.Status.choices},
    **{
        str(stage): Assessment.Stage(stage).label
        for stage in (Assessment.Stage.DRAFT, Assessment.Stage.IN_REVIEW)
    },
}
TONES = {
    obligation_files.NOT_ASSESSED: "draft",
    "draft": "draft",
    "in_review": "waiting",
    "met": "done",
    "partly_met": "waiting",
    "not_met": "stop",
    "not_applicable": "ready",
}


def _to_review(user: User) -> Q | None:
    offices = authorities_where(user, "review_assessment")
    return in_review_for(user, offices) if offices else None


def _my_assessments(user: User) -> Q | None:
    offices = authorities_where(user, "assess")
    drafted = Assessment.objects.filter(stage=Assessment.Stage.DRAFT, drafted_by=user)
    return Q(pk__in=drafted.values("file"), owner__in=offices) if offices else None


def _numbered(pattern: str) -> timeline_words.Words:
    def words(data: Mapping[str, Any]) -> str:
        said = _(pattern) % {"number": data.get("number", "")}
        reason = data.get("reason", "")
        return f"{said}: {reason}" if reason else said

    return words


def _published(data: Mapping[str, Any]) -> str:
    return _("Assessment %(number)s published: %(status)s") % {
        "number": data.get("number", ""),
        "status": LABELS.get(data.get("status", ""), ""),
    }


def _titled(pattern: str) -> timeline_words.Words:
    return lambda data: _(pattern) % {"title": data.get("title", "")}


def _due_set(data: Mapping[str, Any]) -> str:
    day = parse_date(data.get("due_on", ""))
    return _("Due day set: %(day)s") % {"day": date_format(day, "j F Y") if day else _("none")}


def declare() -> None:
    """Make obligations known to the desk, the deadlines and the timeline."""
    declare_kind(
        MatterKind(
            code=obligation_files.KIND,
            label=gettext_lazy("Obligation under assessment"),
            page=lambda reference: reverse("obligation", args=[reference]),
            list_page=lambda: reverse("compliance"),
            status_labels=LABELS,
            status_tones=TONES,
            piles=(
                Pile(gettext_lazy("Assessments to review"), _to_review),
                Pile(gettext_lazy("My assessments in draft"), _my_assessments),
            ),
        )
    )
    timeline_words.declare(
        {
            "assessment.begun": _numbered(gettext_noop("Assessment %(number)s begun")),
            "assessment.edited": _numbered(gettext_noop("Assessment %(number)s edited")),
            "assessment.submitted": _numbered(
                gettext_noop("Assessment %(number)s submitted for review")
            ),
            "assessment.returned": _numbered(
                gettext_noop("Assessment %(number)s returned to the drafter")
            ),
            "assessment.discarded": _numbered(
                gettext_noop("Draft of assessment %(number)s discarded")
            ),
            "assessment.published": _published,
            "assessment.evidence_added": _titled(gettext_noop("Evidence added: %(title)s")),
            "assessment.evidence_removed": _titled(gettext_noop("Evidence taken off: %(title)s")),
            "assessment.due_set": _due_set,
        }
    )
