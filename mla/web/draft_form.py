"""A draft as one form: the names of its fields, and writing what came back.

A field's name says where it belongs: ``facts`` is the request's own, ``measure-12-period`` a
particular of measure 12, ``person-3-family_name`` and ``offence-7-provision`` their parts,
``further-…`` a content that has no field of its own. What can be kept is kept, and for the rest the
sentences come back by field name, so that one mistake never costs the other texts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict

from mla import drafting
from mla.draft_fields import LONG_TEXTS
from mla.models import AssistanceRequest
from registry.models import User
from registry.refusals import Invalid

OWN = (
    "title",
    "foreign_reference",
    "language",
    "transmission",
    "addressee",
    "answer_wanted_by",
    "urgent",
    *LONG_TEXTS,
)
PERSON = (
    "role",
    "family_name",
    "given_names",
    "name_in_original_script",
    "aliases",
    "protected",
    "protected_alias",
    "birth_year",
    "birth_month",
    "birth_day",
    "birth_place",
    "nationalities",
    "location",
    "identity_documents",
    "note",
)
OFFENCE = ("provision", "legal_text", "penalty", "time_of_acts", "place_of_acts")
PART = re.compile(r"^(measure|person|offence)-(\d+)-(\w+)$")


@dataclass
class Posted:
    """What a form brought, sorted by where it belongs."""

    own: dict[str, Any] = field(default_factory=dict)
    further: dict[str, str] = field(default_factory=dict)
    parts: dict[tuple[str, int], dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))


def sort(posted: QueryDict) -> Posted:
    """Sort a form by where its fields belong. A ticked box sends its name and, before it, an empty
    hidden field of the same name, so that one not ticked is known too."""
    sorted_out = Posted()
    for name in posted:
        value = posted.get(name, "")
        if name in OWN:
            sorted_out.own[name] = value
        elif name.startswith("further-"):
            sorted_out.further[name.removeprefix("further-")] = value
        elif match := PART.match(name):
            kind, key, part = match[1], int(match[2]), match[3]
            sorted_out.parts[kind, key][part] = (
                " ".join(posted.getlist(name)) if part == "nationalities" else value
            )
    return sorted_out


def write(
    request: AssistanceRequest,
    posted: QueryDict,
    *,
    user: User,
    expected_version: int | None,
    now: datetime,
) -> dict[str, list[str]]:
    """Write what came; returns the sentences for what could not be kept, by field name.

    Raises Stale, NotAllowed or NotPossibleNow, and then nothing was written.
    """
    sorted_out = sort(posted)
    errors: dict[str, list[str]] = {}
    version = expected_version

    def attempt(names: Mapping[str, str], changes: dict[str, Any], act: Callable[..., Any]) -> None:
        """Write a group of fields; where some are wrong, write the others."""
        nonlocal version
        while changes:
            try:
                act(changes, version)
            except Invalid as refusal:
                wrong = [name for name in refusal.fields if name in changes]
                for name, sentences in refusal.fields.items():
                    errors.setdefault(names.get(name, name), []).extend(str(s) for s in sentences)
                if not wrong:
                    return
                changes = {k: v for k, v in changes.items() if k not in wrong}
            else:
                version = None
                return

    common: dict[str, Any] = {"user": user, "now": now}

    def own(changes: dict[str, Any], seen: int | None) -> None:
        drafting.save_draft(request, changes=changes, expected_version=seen, **common)

    attempt({}, sorted_out.own, own)
    if sorted_out.further:
        names = {"further_contents": f"further-{next(iter(sorted_out.further))}"}
        attempt(names, {"further_contents": sorted_out.further}, own)
    for (kind, key), changes in sorted_out.parts.items():
        change = _changer(request, kind, key, common)
        names = {name: f"{kind}-{key}-{name}" for name in changes}
        names["particulars"] = f"{kind}-{key}-description"
        attempt(names, changes, change)
    return errors


def _changer(
    request: AssistanceRequest, kind: str, key: int, common: dict[str, Any]
) -> Callable[[dict[str, Any], int | None], None]:
    def change(changes: dict[str, Any], seen: int | None) -> None:
        if kind == "measure":
            own = {"description": changes["description"]} if "description" in changes else {}
            particulars = {k: v for k, v in changes.items() if k != "description"}
            values = own | ({"particulars": particulars} if particulars else {})
            drafting.change_measure(request, key, changes=values, expected_version=seen, **common)
        elif kind == "person":
            drafting.change_person(request, key, changes=changes, expected_version=seen, **common)
        else:
            drafting.change_offence(request, key, changes=changes, expected_version=seen, **common)

    return change
