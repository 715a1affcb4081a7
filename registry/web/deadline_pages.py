"""What the pages of deadlines share: their navigation, the filters and days of their addresses."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry import matter_kinds
from registry.deadline_calendar import EARLIEST, LATEST
from registry.deadline_filters import WHOSE, DeadlineFilters
from registry.models import Deadline
from registry.state_directory import states_by_name

WHOSE_LABELS = {
    "": gettext_lazy("All that I may see"),
    "mine": gettext_lazy("My matters"),
    "team": gettext_lazy("My team's"),
    "office": gettext_lazy("My office's"),
}


def day_of_address(request: HttpRequest, name: str = "on") -> tuple[date, str]:
    """The day in the address; today, with the sentence that says so, where it is none."""
    return day_of_query(request.GET, name)


def day_of_query(query: QueryDict, name: str) -> tuple[date, str]:
    today = timezone.localdate()
    given = query.get(name, "").strip()
    if not given:
        return today, ""
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return today, _("Write the day like 2026-02-28.")
    if not EARLIEST <= day <= LATEST:
        return today, _("That day is too far away for a calendar.")
    return day, ""


def filters_of_address(request: HttpRequest) -> DeadlineFilters:
    """The filters in the address; what is none of them is left out."""
    return filters_of_query(request.GET)


def filters_of_query(given: QueryDict) -> DeadlineFilters:
    known_kinds = {kind.code for kind in matter_kinds.kinds()}
    known_states = {code for code, _name in states_by_name()}
    person = given.get("person", "")
    return DeadlineFilters(
        whose=_one_of(given.get("whose", ""), WHOSE),
        bound_party=_one_of(given.get("bound", ""), Deadline.BoundParty.values),
        counterpart=_one_of(given.get("state", ""), known_states),
        kind=_one_of(given.get("kind", ""), known_kinds),
        critical=given.get("critical") == "on",
        settled=given.get("settled") == "on",
        responsible=int(person) if person.isdecimal() and len(person) < 19 else None,
    )


def filter_choices() -> dict[str, object]:
    """What the filters of a page offer."""
    return {
        "whose_choices": WHOSE_LABELS.items(),
        "parties": Deadline.BoundParty.choices,
        "states": states_by_name(),
        "kinds": [(kind.code, kind.label) for kind in matter_kinds.kinds()],
    }


def beside(request: HttpRequest, **changed: object) -> str:
    """The query string of this page with some of its values changed, or left out where empty."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = str(value)
    return query.urlencode()


def _one_of(given: str, known: object) -> str:
    return given if given in known else ""  # type: ignore[operator]
