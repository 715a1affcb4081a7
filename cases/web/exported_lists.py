"""Extraditions, case files and persons as tables to be taken away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cases import person_search
from cases.matters import EXTRADITION
from cases.names import Verdict
from cases.person_search import Found
from cases.web.case_files import wanted_of_query as case_files_wanted
from cases.web.extraditions import chosen_of_query
from registry import matter_list
from registry.list_exports import Column, ExportedList, declare
from registry.models import Dossier, User
from registry.state_directory import state_label
from registry.web.exported_lists import matter_columns, matters

MOST_PERSONS = 200


def declare_all() -> None:
    for exported in (EXTRADITIONS, CASE_FILES, PERSONS):
        declare(exported)


def _extraditions(user: User, query: QueryDict, now: datetime) -> Iterator[Dossier]:
    return matters(user, matter_list.condition(EXTRADITION, **chosen_of_query(query, user)))


def _case_files(user: User, query: QueryDict, now: datetime) -> Iterator[Dossier]:
    wanted: Q = case_files_wanted(query)[0]
    return matters(user, wanted)


def _persons(user: User, query: QueryDict, now: datetime) -> list[Found]:
    name = query.get("name", "")[: person_search.LONGEST_NAME]
    return person_search.search(user, name, most=MOST_PERSONS) if name.strip() else []


def _unless_protected(tell: Any) -> Any:
    """Of a protected person nothing but alias and role is told."""
    return lambda found: "" if found.person.protected else tell(found.person)


def _born(person: Any) -> str:
    parts = (person.birth_year, person.birth_month, person.birth_day)
    return "-".join(f"{part:02d}" for part in parts if part)


EXTRADITIONS = ExportedList(
    "extraditions", _("Extraditions"), matter_columns("extradition"), _extraditions
)
CASE_FILES = ExportedList("case-files", _("Case files"), matter_columns("case_file"), _case_files)
PERSONS = ExportedList(
    "persons",
    _("Persons"),
    (
        Column(_("Name"), lambda found: found.person.name_for_letters),
        Column(_("Found by the name"), lambda found: found.name),
        Column(
            _("Likeness"),
            lambda found: (
                _now("Same name") if found.comparison.verdict == Verdict.SAME else _now("Possibly")
            ),
        ),
        Column(_("Role"), lambda found: found.person.get_role_display()),
        Column(_("Protected"), lambda found: found.person.protected),
        Column(_("Born"), _unless_protected(_born)),
        Column(_("Place of birth"), _unless_protected(lambda p: p.birth_place)),
        Column(
            _("Nationalities"),
            _unless_protected(lambda p: ", ".join(state_label(code) for code in p.nationalities)),
        ),
        Column(_("Matter"), lambda found: found.person.dossier.reference),
    ),
    _persons,
)
