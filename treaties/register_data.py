"""The register's facts as files: ``registry/data/`` and ``treaties/data/``, read into plain rows.

Each function gives the rows of one table as dictionaries whose keys are the model's field names
(``state_id`` for a foreign key). The files name their sources; a row without one of its own takes
its parent's. Nothing here touches the database.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from registry.data_files import read_yaml

ROOMS = Path(__file__).resolve().parent.parent
STATES = ROOMS / "registry" / "data"
TREATIES = ROOMS / "treaties" / "data"

TENTH = Decimal("0.1")

Row = dict[str, Any]


def _yaml(name: str) -> list[Row]:
    rows: list[Row] = read_yaml(TREATIES / name)
    return rows


def _csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _day(text: str | date | None) -> date | None:
    if isinstance(text, date) or not text:
        return text or None
    return date.fromisoformat(text)


def _provenance(row: Row, parent: Row | None = None) -> Row:
    parent = parent or {}
    return {
        "source": row.get("source") or parent.get("source", ""),
        "as_of": row.get("as_of") or parent.get("as_of", ""),
        "confidence": row.get("confidence") or "unverified",
    }


def states() -> list[Row]:
    return [
        {
            "code": row["code"],
            "alpha2": row["alpha2"],
            "kind": row["kind"],
            "name": row["name"],
            "formal_name": row["formal_name"],
            "variants": [v for v in row["variants"].split("; ") if v],
            "time_zone": row["time_zone"],
            "holiday_calendar": row["holiday_calendar"],
            "note": row["note"],
            "established": _day(row["established"]),
            "ended": _day(row["ended"]),
            "mandate_source": row["mandate_source"],
            "cooperation_route": row["cooperation_route"],
            **_provenance(row),
        }
        for row in _csv(STATES / "states.csv")
    ]


def offence_families() -> list[Row]:
    return [
        {
            "code": row["code"],
            "label": row["label"],
            "labels": row.get("labels", {}),
            "aliases": row.get("aliases", []),
            "core_crime": row["core_crime"],
            "position": position,
            **_provenance(row),
        }
        for position, row in enumerate(_yaml("offence_families.yaml"), 1)
    ]


def instruments() -> list[Row]:
    """In an order in which a parent comes before its supplements."""
    return [
        {
            "code": row["code"],
            "title": row["title"],
            "short_title": row["short_title"],
            "kind": row["kind"],
            "parent_id": row.get("parent"),
            "adopted": _day(row.get("adopted")),
            "place": row.get("place", ""),
            "in_force": row["in_force"],
            "in_force_since": _day(row.get("in_force_since")),
            "in_force_note": row.get("in_force_note", ""),
            "depositary": row.get("depositary", ""),
            "citation": row.get("citation", ""),
            "topics": row.get("topics", []),
            "crimes_text": row.get("crimes_text", []),
            "offence_scope": row["offence_scope"],
            "parties": row["parties"],
            "between": row["between"],
            "body_id": row.get("body"),
            "participation_partial": row.get("participation_partial", False),
            "central_authority_article": row.get("central_authority_article", ""),
            "authentic_languages": row.get("authentic_languages", []),
            "contents_follow_id": row.get("contents_follow"),
            "rank": row["rank"],
            "notes": row.get("notes", []),
            "unverified_fields": row.get("unverified_fields", []),
            **_provenance(row),
        }
        for row in _yaml("instruments.yaml")
    ]


def covered_purposes() -> list[Row]:
    return [
        {
            "instrument_id": instrument["code"],
            "purpose": row["purpose"],
            "article": row.get("article", ""),
            "strength": row.get("strength", "basis"),
            "note": row.get("note", ""),
            "gives_way_to_treaty_in_force": row.get("gives_way_to_treaty_in_force", False),
            "asked_by": row.get("asked_by", "either"),
            "any_offence_for_measures": row.get("any_offence_for_measures", []),
            **_provenance(row, instrument),
        }
        for instrument in _yaml("instruments.yaml")
        for row in instrument["purposes"]
    ]


def covered_offences() -> list[Row]:
    return [
        {
            "instrument_id": instrument["code"],
            "family_id": row["family"],
            "article": row.get("article", ""),
            "condition": row.get("condition", ""),
            "annex": row.get("annex", ""),
            **_provenance(row, instrument),
        }
        for instrument in _yaml("instruments.yaml")
        for row in instrument["offences"]
    ]


def displacements() -> list[Row]:
    return [
        {
            "displaced_id": row["displaced"],
            "by_id": row["by"],
            "purpose": row["purpose"],
            "since": _day(row.get("since")),
            "except_measures": row.get("except_measures", []),
            "article": row.get("article", ""),
            "note": row.get("note", ""),
            **_provenance(row),
        }
        for row in _yaml("displacements.yaml")
    ]


def participations() -> list[Row]:
    return [
        {
            "instrument_id": row["instrument"],
            "state_id": row["state"],
            "action": row["action"],
            "date": _day(row["date"]),
            "entry_into_force": _day(row["entry_into_force"]),
            "note": row["note"],
            **_provenance(row),
        }
        for row in _csv(TREATIES / "participation.csv")
    ]


def entry_into_force_rules() -> list[Row]:
    return [
        {
            "instrument_id": row["instrument"],
            "article": str(row["article"]),
            "length": row["length"],
            "unit": row["unit"],
            "rounding": row.get("rounding", ""),
            "deposits": row.get("deposits"),
            "source": row.get("source", "recollection of the text, not checked against a source"),
            "as_of": str(row.get("as_of", "2026-11-24")),
            "confidence": row.get("confidence", "unverified"),
        }
        for row in _yaml("entry_into_force.yaml")
    ]


def national_provisions() -> list[Row]:
    return [
        {
            "state_id": row["state"],
            "family_id": row["family"],
            "law": row["law"],
            "article": str(row["article"]),
            "text": row.get("text", ""),
            "penalty": row.get("penalty", ""),
            "maximum_years": row.get("maximum_years"),
            "life": row.get("life", False),
            "since": _day(row.get("since")),
            "until": _day(row.get("until")),
            **_provenance(row),
        }
        for row in _yaml("national_provisions.yaml")
    ]


def questionnaires() -> list[Row]:
    """What reviews ask. Read when asked for; no table holds it."""
    return _yaml("questionnaires.yaml")


def declarations() -> list[Row]:
    return [
        {
            "instrument_id": row["instrument"],
            "state_id": row["state"],
            "kind": row["kind"],
            "provision": row.get("provision", ""),
            "paraphrase": row["paraphrase"],
            "effects": row["effects"],
            "affects_cooperation": row["affects_cooperation"],
            **_provenance(row),
        }
        for row in _yaml("declarations.yaml")
    ]


def authorities() -> list[Row]:
    """One row an office, however many instruments it is designated under."""
    found: dict[tuple[str, str], Row] = {}
    for row in _csv(TREATIES / "designations.csv"):
        office = found.setdefault(
            (row["state"], row["authority"]),
            {
                "state_id": row["state"],
                "name": row["authority"],
                "kind": row["kind"],
                "city": row["city"],
                "languages": row["languages"].split(),
                **_provenance(row),
            },
        )
        if not office["city"]:
            office["city"] = row["city"]
    return list(found.values())


def designations() -> list[Row]:
    """With ``authority`` as (State, name), which the loader turns into the office's key."""
    return [
        {
            "instrument_id": row["instrument"],
            "authority": (row["state"], row["authority"]),
            "function": row["function"],
            "languages": row["languages"].split(),
            **_provenance(row),
        }
        for row in _csv(TREATIES / "designations.csv")
    ]


def request_templates() -> list[Row]:
    return [
        {
            "instrument_id": row["instrument"],
            "request_type": row["request_type"],
            "article": row.get("article", ""),
            "form": row.get("form", ""),
            "channel": row.get("channel", ""),
            "urgent_channel": row.get("urgent_channel", ""),
            "language": row.get("language", ""),
            "notes": row.get("notes", []),
            **_provenance(row),
        }
        for row in _yaml("request_templates.yaml")
    ]


def required_contents() -> list[Row]:
    """With ``template`` as (instrument, request type)."""
    return [
        {
            "template": (template["instrument"], template["request_type"]),
            "key": row["key"],
            "article": row.get("article", ""),
            "requirement": row["requirement"],
            "help": row["help"],
            "position": position,
            **_provenance(row, template),
        }
        for template in _yaml("request_templates.yaml")
        for position, row in enumerate(template["items"], 1)
    ]


def measure_kinds() -> list[Row]:
    return [
        {
            "code": row["code"],
            "label": row["label"],
            "labels": row.get("labels", {}),
            "position": position,
            **_provenance(row),
        }
        for position, row in enumerate(_yaml("measures.yaml"), 1)
    ]


def measure_particulars() -> list[Row]:
    return [
        {
            "measure_id": measure["code"],
            "key": row["key"],
            "article": row.get("article", ""),
            "requirement": row["requirement"],
            "help": row["help"],
            "position": position,
            **_provenance(row, measure),
        }
        for measure in _yaml("measures.yaml")
        for position, row in enumerate(measure["particulars"], 1)
    ]


def measure_availabilities() -> list[Row]:
    return [
        {
            "measure_id": measure["code"],
            "instrument_id": row["instrument"],
            "article": row.get("article", ""),
            **_provenance(row, measure),
        }
        for measure in _yaml("measures.yaml")
        for row in measure["available_under"]
    ]


def refusal_grounds() -> list[Row]:
    return [
        {
            "instrument_id": row["instrument"],
            "request_type": row["request_type"],
            "ground": row["ground"],
            "effect": row["effect"],
            "article": row.get("article", ""),
            "note": row.get("note", ""),
            **_provenance(row),
        }
        for row in _yaml("refusal_grounds.yaml")
    ]


def time_limits() -> list[Row]:
    """The limits of the instruments and, marked as such, the norms of the office."""
    rows = []
    for row in _yaml("time_limits.yaml") + _yaml("office_norms.yaml"):
        length = row.get("length")
        rows.append(
            {
                "code": row["code"],
                "instrument_id": row.get("instrument"),
                "article": row.get("article", ""),
                "label": row.get("label", ""),
                "kind": row["kind"],
                "trigger": row["trigger"],
                "length": None if length is None else Decimal(str(length)).quantize(TENTH),
                "unit": row["unit"],
                "day_count": row.get("day_count", ""),
                "first_day_counted": row.get("first_day_counted", False),
                "rolls_to_working_day": row.get("rolls_to_working_day", False),
                "rounding": row.get("rounding", ""),
                "extendable": row.get("extendable", ""),
                "consequence": row.get("consequence", ""),
                "bound_party": row.get("bound_party", ""),
                "calendar_of": row.get("calendar_of", "bound"),
                "zone_of": row.get("zone_of", "bound"),
                **_extension(row.get("extension", {})),
                "suspended_by": row.get("suspended_by", []),
                "resumed_by": row.get("resumed_by", []),
                "starts_on": row.get("starts_on", ""),
                "met_by": row.get("met_by", ""),
                "critical": row.get("critical", False),
                "office_norm": row.get("office_norm", False),
                **_provenance(row),
            }
        )
    return rows


def _extension(row: Row) -> Row:
    """How far a limit may be extended; nothing written: not at all."""
    length = row.get("length")
    return {
        "extension_by": row.get("by", ""),
        "extension_times": row.get("times"),
        "extension_length": None if length is None else Decimal(str(length)).quantize(TENTH),
        "extension_unit": row.get("unit", ""),
        "extension_article": row.get("article", ""),
    }


def obligations() -> list[Row]:
    """What instruments oblige to, and the political commitments, in the order of the file."""
    return [
        {
            "code": row["code"],
            "instrument_id": row.get("instrument"),
            "theme": row.get("theme", ""),
            "document": row.get("document", ""),
            "reference": row.get("reference", ""),
            "article": row.get("article", ""),
            "text": row["text"],
            "category": row["category"],
            "kind": row["kind"],
            "due_from": row["due"]["from"],
            "due_months": row["due"].get("months", 0),
            "every_months": row["due"].get("every_months"),
            "due_words": row.get("due_words", ""),
            "typical_evidence": row.get("typical_evidence", ""),
            "figure": row.get("figure", ""),
            "position": position,
            **_provenance(row),
        }
        for position, row in enumerate(_yaml("obligations.yaml"), 1)
    ]
