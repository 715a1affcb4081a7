"""The same answers arranged as reviews ask for them. The mapping is data (``questionnaires.yaml``).

An item is answered from published assessments (by code, or by kind of obligation under instruments
or themes) and from figures. What nobody has published is listed as not assessed: a gap is told too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from registry.deadlines import zone_of
from registry.matter_kinds import status_label
from registry.models import Authority, User
from registry.refusals import NotFound
from registry.spreadsheets import Sheet
from treaties.compliance import Row, current
from treaties.figures import Figure, figures_for
from treaties.models import Obligation
from treaties.obligation_files import KIND
from treaties.register_data import questionnaires


@dataclass(frozen=True)
class Item:
    """One question, with what is answered to it."""

    number: str
    provision: str
    question: str
    rows: list[Row] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        return any(row.assessment for row in self.rows) or any(
            figure.value is not None for figure in self.figures
        )


@dataclass(frozen=True)
class Questionnaire:
    """A review's questions with the State's answers, over a period."""

    code: str
    title: str
    reviewer: str
    source: str
    as_of: str
    verified: bool
    items: list[Item]


@lru_cache(maxsize=1)
def known() -> dict[str, dict[str, Any]]:
    """Every questionnaire of the data, by code."""
    return {row["code"]: row for row in questionnaires()}


@dataclass(frozen=True)
class Answers:
    """What every questionnaire of a period is answered from."""

    rows: list[Row]
    figures: dict[str, Figure]


def gather(owner: Authority, since: date, until: date, user: User | None) -> Answers:
    """The assessments and figures of a period, read once for however many questionnaires.

    Assessments are those published by the period's last day, of what the person may see. Figures are
    those of the period, counted from what is not sealed: their lists show what each reader may see.
    """
    rows = current(owner.state_id, on=until, user=user, owner=owner, zone=zone_of(owner))
    figures = {figure.code: figure for figure in figures_for(owner, since, until, None)}
    return Answers(rows, figures)


def arrange(
    owner: Authority, code: str, since: date, until: date, user: User | None
) -> Questionnaire:
    """The answers to one questionnaire. Raises NotFound."""
    if code not in known():
        raise NotFound("not_found", _("There is no such questionnaire."))
    return answered_from(gather(owner, since, until, user), code)


def answered_from(answers: Answers, code: str) -> Questionnaire:
    """One questionnaire with what was gathered. KeyError for a code that is not known."""
    asked = known()[code]
    items = [
        Item(
            str(item["number"]),
            item["provision"],
            item["question"],
            [row for row in answers.rows if _answers(item, row.obligation)],
            [answers.figures[name] for name in item.get("figures", ()) if name in answers.figures],
        )
        for item in asked["items"]
    ]
    return Questionnaire(
        code,
        asked["title"],
        asked["reviewer"],
        asked["source"],
        asked["as_of"],
        asked["confidence"] == "verified",
        items,
    )


def _answers(item: dict[str, Any], obligation: Obligation) -> bool:
    if obligation.pk in item.get("obligations", ()):
        return True
    if obligation.theme and obligation.theme in item.get("themes", ()):
        return True
    categories = item.get("categories")
    if not categories or obligation.category not in categories or not obligation.instrument_id:
        return False
    instruments = item.get("instruments")
    return not instruments or obligation.instrument_id in instruments


def as_sheet(found: Questionnaire) -> Sheet:
    """A line for each answer; a question without one has a line that says so."""
    columns = [
        _("Number"),
        _("Provision"),
        _("Question"),
        _("Answered from"),
        _("Answer"),
        _("Explanation"),
        _("Laws and measures"),
        _("Evidence"),
    ]
    return Sheet(found.code, columns, list(_lines(found)))


def _lines(found: Questionnaire) -> Iterator[list[Any]]:
    for item in found.items:
        head = [item.number, item.provision, item.question]
        if not item.rows and not item.figures:
            yield [*head, "", _("Nothing in the register answers this."), "", "", ""]
        for row in item.rows:
            said = row.assessment
            laws = said.national_measures.all() if said else []
            yield [
                *head,
                f"{row.obligation.pk}: {row.obligation.text}",
                str(status_label(KIND, row.status)),
                said.explanation if said else "",
                "\n".join(", ".join(t for t in (m.title, m.article) if t) for m in laws),
                "\n".join(e.document.title for e in said.evidence.all()) if said else "",
            ]
        for figure in item.figures:
            yield [*head, str(figure.label), figure_words(figure), "", "", ""]


def figure_words(figure: Figure) -> Any:
    """A figure as it is written: 12, 7 of 9, 40 days, or a dash."""
    if figure.value is None:
        return "–"
    if figure.of is not None:
        return _("%(value)s of %(of)s") % {"value": figure.value, "of": figure.of}
    if figure.unit == "days":
        return _("%(value)s days") % {"value": figure.value}
    return figure.value
