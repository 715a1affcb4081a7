"""The lists of this room that can be taken away as tables; each as its page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from registry import matter_kinds, missed, urgent_queue
from registry.access import visible_branches
from registry.at_risk import deadlines_at_risk
from registry.deadline_filters import DeadlineFilters
from registry.deadline_list import deadlines_visible_to
from registry.list_exports import Column, ExportedList, declare, every, page_after_page
from registry.models import Authority, Deadline, Dossier, User
from registry.state_directory import state_label
from registry.web.deadline_pages import filters_of_query
from registry.web.deadlines import asked_of_query
from registry.web.watching import span_of_query

PAGE = 200


def declare_all() -> None:
    for exported in (DEADLINES, AT_RISK, MISSED, LATE, AUTHORITIES):
        declare(exported)


def matter_columns(kind: str) -> tuple[Column, ...]:
    """What every list of one kind of matter says of a dossier."""
    return (
        Column(_("Reference"), lambda d: d.reference),
        Column(_("Their reference"), lambda d: d.foreign_reference),
        Column(_("Former reference"), lambda d: d.former_reference),
        Column(_("Subject"), lambda d: d.title),
        Column(_("Direction"), lambda d: d.get_direction_display()),
        Column(_("Other State"), lambda d: state_label(d.counterpart_id or "")),
        Column(_("Status"), lambda d: matter_kinds.status_label(kind, d.status)),
        Column(_("Urgent"), lambda d: d.urgent),
        Column(_("Sealed"), lambda d: d.is_sealed),
        Column(_("Authority"), lambda d: d.owner.name),
        Column(_("Responsible"), lambda d: d.responsible.name),
        Column(_("Opened"), lambda d: d.created_at),
        Column(_("Changed"), lambda d: d.updated_at),
    )


def matters(user: User, wanted: Any, *related: str) -> Iterator[Dossier]:
    """The dossiers of a list that the person may see, the newest first in each branch of sight."""
    for branch in visible_branches(user):
        found = Dossier.objects.filter(branch, wanted)
        yield from every(found.select_related("owner", "responsible", *related))


DEADLINE_COLUMNS = (
    Column(_("Reference"), lambda row: row["dossier__reference"]),
    Column(_("Matter"), lambda row: row["dossier__title"]),
    Column(_("Other State"), lambda row: state_label(row["dossier__counterpart_id"] or "")),
    Column(_("Deadline"), lambda row: row["label"]),
    Column(_("Rule"), lambda row: " ".join(filter(None, (row["instrument"], row["article"])))),
    Column(_("Who is bound"), lambda row: Deadline.BoundParty(row["bound_party"]).label),
    Column(_("Due"), lambda row: row["due_at"]),
    Column(_("Time zone"), lambda row: row["zone"]),
    Column(_("Critical"), lambda row: row["critical"]),
    Column(_("State of the clock"), lambda row: Deadline.State(row["state"]).label),
    Column(_("Overdue"), lambda row: row["overdue"]),
    Column(_("Ended"), lambda row: row["settled_at"]),
    Column(_("Responsible"), lambda row: row["dossier__responsible__name"]),
)


def _settled_too(query: QueryDict) -> DeadlineFilters:
    return DeadlineFilters(**{**filters_of_query(query).__dict__, "settled": True})


def _deadlines(user: User, query: QueryDict, now: datetime) -> Iterator[dict[str, Any]]:
    asked = asked_of_query(query, user)
    return page_after_page(
        lambda cursor: deadlines_visible_to(user, now=now, cursor=cursor, size=PAGE, **asked)
    )


def _at_risk(user: User, query: QueryDict, now: datetime) -> Iterator[dict[str, Any]]:
    condition = _settled_too(query).condition(user)
    return page_after_page(
        lambda cursor: (
            deadlines_at_risk(user, now=now, condition=condition, cursor=cursor, size=PAGE).page
        )
    )


def _missed(user: User, query: QueryDict, now: datetime) -> Iterator[dict[str, Any]]:
    since, until, _problem = span_of_query(query)
    condition = _settled_too(query).condition(user)
    return page_after_page(
        lambda cursor: missed.missed_deadlines(
            user, now=now, since=since, until=until, condition=condition, cursor=cursor, size=PAGE
        )
    )


def _late(user: User, query: QueryDict, now: datetime) -> Iterator[dict[str, Any]]:
    condition = _settled_too(query).condition(user)
    return page_after_page(
        lambda cursor: urgent_queue.late_with_them(
            user, now=now, condition=condition, cursor=cursor, size=PAGE
        )
    )


def _authorities(user: User, query: QueryDict, now: datetime) -> Iterator[Authority]:
    known = Authority.objects.select_related("state")
    if code := query.get("state", "")[:8].replace("\x00", ""):
        known = known.filter(state=code)
    return iter(known.order_by("state_id", "name").iterator(chunk_size=500))


DEADLINES = ExportedList("deadlines", _("Deadlines"), DEADLINE_COLUMNS, _deadlines)
AT_RISK = ExportedList(
    "deadlines-at-risk",
    _("At risk"),
    (*DEADLINE_COLUMNS, Column(_("Why"), lambda row: "\n".join(row["reasons"]))),
    _at_risk,
)
MISSED = ExportedList(
    "deadlines-missed",
    _("Missed deadlines"),
    (
        *DEADLINE_COLUMNS,
        Column(_("Days late"), lambda row: row["days_late"]),
        Column(
            _("Why"),
            lambda row: row["explanation"].text if row["explanation"] else row["recorded"],
        ),
        Column(_("Said by"), lambda row: row["explanation"] and row["explanation"].by.name),
        Column(_("Said on"), lambda row: row["explanation"] and row["explanation"].at),
    ),
    _missed,
)
LATE = ExportedList("late-with-them", _("Late with the other side"), DEADLINE_COLUMNS, _late)
AUTHORITIES = ExportedList(
    "authorities",
    _("Authorities"),
    (
        Column(_("State"), lambda a: state_label(a.state_id)),
        Column(_("Name"), lambda a: a.name),
        Column(_("Kind"), lambda a: a.get_kind_display()),
        Column(_("Postal address"), lambda a: a.postal_address),
        Column(_("City"), lambda a: a.city),
        Column(_("E-mail"), lambda a: a.email),
        Column(_("Telephone"), lambda a: a.telephone),
        Column(_("Languages"), lambda a: ", ".join(a.languages)),
        Column(_("Confidence"), lambda a: a.get_confidence_display()),
        Column(_("As of"), lambda a: a.as_of),
    ),
    _authorities,
)
