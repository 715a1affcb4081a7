"""What is wrong with a row and how to mend it. Kept as data, said in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES = {
    "needed": gettext_noop("This is needed. Fill in the cell."),
    "state_unknown": gettext_noop("No State is known by this name. Choose which is meant."),
    "state_own": gettext_noop("This is your own State. Write the other one."),
    "day_unreadable": gettext_noop("This is not a day. Write it like 2026-03-05."),
    "day_ambiguous": gettext_noop(
        "This may be %(first)s or %(second)s. Say above which figure comes first."
    ),
    "day_to_come": gettext_noop("This day is still to come. Correct it."),
    "day_over": gettext_noop(
        "This day is over. Deadlines that are over are not taken in; correct it or leave it out."
    ),
    "days_in_disorder": gettext_noop(
        "This is before the request was sent or received (%(sent)s). Correct one of them."
    ),
    "end_day_missing": gettext_noop(
        "A request that has ended needs the day on which it did. Fill in the column."
    ),
    "sent_day_missing": gettext_noop(
        "A request that was sent needs the day on which it was. Fill in the column."
    ),
    "status_unknown": gettext_noop("This is none of our statuses. Choose which is meant."),
    "value_unknown": gettext_noop(
        "The register knows nothing by this name. Choose what is meant, or keep it as a note."
    ),
    "responsible_unknown": gettext_noop(
        "Nobody in this office has this name or address. Choose who is meant."
    ),
    "direction_unknown": gettext_noop("Write “sent” or “received”."),
    "received_day_of_one_sent": gettext_noop(
        "This row says that the request was sent, and also when it was received. Correct one of them."
    ),
    "received_day_missing": gettext_noop(
        "A request that was received needs the day on which it was. Fill in the column."
    ),
    "too_long": gettext_noop("This is longer than %(most)s characters. Shorten it."),
    "reference_unknown": gettext_noop(
        "You see no request with this reference. Write our reference, the former or theirs."
    ),
    "reference_several": gettext_noop(
        "More than one request has this reference. Write our own reference."
    ),
    "not_editable": gettext_noop(
        "This request was approved here and says what it says. Nothing is added to it."
    ),
    "role_may_not": gettext_noop("Your role does not allow changing this request."),
    "known_already": gettext_noop("Known already as %(reference)s."),
    "twice_in_file": gettext_noop("The same reference stands in row %(row)s."),
}


def problem(
    code: str,
    field: str = "",
    text: str = "",
    nearest: Sequence[tuple[str, str]] = (),
    **data: Any,
) -> dict[str, Any]:
    """A problem as it is kept."""
    kept: dict[str, Any] = {"code": code, "field": field, "text": text[:200]}
    if nearest:
        kept["nearest"] = [{"value": value, "label": label} for value, label in nearest]
    if data:
        kept["data"] = data
    return kept


def sentence(kept: Mapping[str, Any]) -> str:
    """What is wrong and how to mend it, in the reader's language."""
    return _(SENTENCES[kept["code"]]) % kept.get("data", {})


def shown(kept: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The problem as pages and programs show it. ``columns`` gives the heading of each field."""
    return {
        "code": kept["code"],
        "field": kept["field"],
        "column": columns.get(kept["field"], ""),
        "text": kept["text"],
        "why": sentence(kept),
        "nearest": list(kept.get("nearest", [])),
    }
