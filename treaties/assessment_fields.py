"""What the fields of an assessment may hold, and what a draft lacks before it can be reviewed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from registry import deadlines
from registry.models import Authority
from registry.refusals import Invalid, Text
from treaties.models import Assessment, ObligationFile

TEXTS = {
    "explanation": 20_000,
    "internal_note": 20_000,
    "responsible_text": 240,
    "next_step": 2_000,
}
"""The texts of an assessment, each with the most characters that it may have."""


def missing(assessment: Assessment) -> dict[str, Text]:
    """What a draft lacks before it can be reviewed, by field."""
    lacks: dict[str, Text] = {}
    if not assessment.status:
        lacks["status"] = _("Choose how far the obligation is met.")
    if not assessment.explanation.strip():
        lacks["explanation"] = _("Explain the assessment in a sentence or two.")
    met = assessment.status in (Assessment.Status.MET, Assessment.Status.PARTLY_MET)
    if met and not assessment.national_measures.exists() and not assessment.evidence.exists():
        lacks["national_measures"] = _(
            "Name the law or measure by which it is met, or add evidence."
        )
    open_ = assessment.status in (Assessment.Status.NOT_MET, Assessment.Status.PARTLY_MET)
    if open_ and not assessment.next_step.strip():
        lacks["next_step"] = _("Say what will be done next.")
    return lacks


def checked(
    file: ObligationFile, changes: Mapping[str, Any], now: datetime
) -> tuple[dict[str, Any], list[dict[str, Any]] | None]:
    clean: dict[str, Any] = {}
    errors: dict[str, list[Text]] = {}
    for name, longest in TEXTS.items():
        if name in changes:
            text = str(changes[name] or "").replace("\r\n", "\n").replace("\x00", "").strip()
            if len(text) > longest:
                errors[name] = [too_long(longest)]
            clean[name] = text
    if "status" in changes:
        status = str(changes["status"] or "")
        if status and status not in Assessment.Status.values:
            errors["status"] = [_("Choose one of the answers offered.")]
        clean["status"] = status
    for name in ("as_on", "next_step_due"):
        if name in changes:
            clean[name] = changes[name]
    if "as_on" in clean:
        if clean["as_on"] is None:
            errors["as_on"] = [_("Give the day on which matters stand like this.")]
        elif clean["as_on"] > deadlines.today_of(file.dossier.owner, now):
            errors["as_on"] = [_("This day is to come. Give today or an earlier day.")]
    if "responsible_authority" in changes:
        chosen = changes["responsible_authority"]
        offices = Authority.objects.filter(state_id=file.state_id)
        if chosen and not offices.filter(pk=chosen).exists():
            errors["responsible_authority"] = [_("Choose an authority of your State.")]
        clean["responsible_authority_id"] = chosen or None
    measures = None
    if changes.get("national_measures") is not None:
        measures, wrong = _checked_measures(changes["national_measures"])
        errors.update(wrong)
    if errors:
        raise Invalid("invalid_assessment", _("The assessment was not saved."), fields=errors)
    return clean, measures


def _checked_measures(
    given: Iterable[Mapping[str, Any]],
) -> tuple[list[dict[str, Any]], dict[str, list[Text]]]:
    kept: list[dict[str, Any]] = []
    errors: dict[str, list[Text]] = {}
    for place, row in enumerate(given):
        title = str(row.get("title") or "").strip()
        article = str(row.get("article") or "").strip()
        note = str(row.get("note") or "").strip()
        if not (title or article or note or row.get("date")):
            continue
        name = f"national_measures.{place}"
        if not title:
            errors[name] = [_("Name the law or measure.")]
        elif len(title) > 300 or len(article) > 120 or len(note) > 5000:
            errors[name] = [_("Shorten it: 300 characters for the name, 120 for the article.")]
        kept.append({"title": title, "article": article, "date": row.get("date"), "note": note})
    if len(kept) > 50:
        errors["national_measures"] = [_("Name no more than 50 measures.")]
    return kept, errors


def too_long(most: int) -> str:
    return _("Shorten it to %(most)s characters.") % {"most": most}
