"""States and obligations as tables to be taken away."""

from __future__ import annotations

from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from registry import matter_kinds
from registry.deadlines import zone_of
from registry.list_exports import Column, ExportedList, declare
from registry.models import State, User
from treaties.compliance import Row, current, office_of
from treaties.models import Obligation
from treaties.web.compliance import shown_of_query
from treaties.web.days import day_of_query
from treaties.web.states import states_shown


def declare_all() -> None:
    for exported in (STATES, OBLIGATIONS):
        declare(exported)


def _states(user: User, query: QueryDict, now: datetime) -> list[tuple[str, State]]:
    return states_shown(query)


def _obligations(user: User, query: QueryDict, now: datetime) -> list[Row]:
    """Those of the office chosen; ``under`` is an instrument or a theme, as the page's address."""
    office, _mine = office_of(user, query.get("authority", ""))
    if office is None:
        return []
    under = query.get("under", "").replace("\x00", "")
    theme = under if under in Obligation.Theme.values else ""
    rows = current(
        office.state_id,
        on=day_of_query(query)[0],
        instrument="" if theme else under,
        user=user,
        owner=office,
        zone=zone_of(office),
    )
    of_theme = [row for row in rows if not theme or row.obligation.theme == theme]
    return shown_of_query(of_theme, query)


STATES = ExportedList(
    "states",
    _("States"),
    (
        Column(_("Name"), lambda pair: pair[0]),
        Column(_("Code"), lambda pair: pair[1].code),
        Column(_("Kind"), lambda pair: pair[1].get_kind_display()),
        Column(_("Time zone"), lambda pair: pair[1].time_zone),
    ),
    _states,
)
OBLIGATIONS = ExportedList(
    "obligations",
    _("Obligations"),
    (
        Column(_("Obligation"), lambda row: row.obligation.code),
        Column(_("Instrument"), lambda row: row.obligation.instrument_id),
        Column(_("Article"), lambda row: row.obligation.article),
        Column(_("What is owed"), lambda row: row.obligation.text),
        Column(_("Category"), lambda row: row.obligation.get_category_display()),
        Column(_("Recurrence"), lambda row: row.obligation.get_kind_display()),
        Column(_("Status"), lambda row: matter_kinds.status_label("obligation", row.status)),
        Column(_("Due"), lambda row: row.due_on),
        Column(_("Past its day"), lambda row: row.overdue),
        Column(_("Explanation"), lambda row: row.assessment and row.assessment.explanation),
        Column(_("Next step"), lambda row: row.assessment and row.assessment.next_step),
        Column(_("File"), lambda row: row.file and row.file.dossier.reference),
        Column(_("Confidence"), lambda row: row.obligation.get_confidence_display()),
    ),
    _obligations,
)
