"""What happens to a case file, in words, and the names of the fields of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.case_file_parts import PARTS
from cases.models import CaseRole, RelatedFile
from registry import timeline_words
from registry.refusals import Text

LABELS: dict[str, Text] = {
    "role": _("Role"),
    "family_name": _("Family name"),
    "given_names": _("Given names"),
    "name_in_original_script": _("Name in original script"),
    "aliases": _("Also known as"),
    "birth_year": _("Year of birth"),
    "birth_month": _("Month of birth"),
    "birth_day": _("Day of birth"),
    "birth_place": _("Place of birth"),
    "nationalities": _("Nationalities (three-letter codes)"),
    "location": _("Address or whereabouts"),
    "protected_alias": _("Protected: alias used in letters, charts and exports"),
    "family": _("Offence"),
    "provision": _("Domestic provision"),
    "penalty": _("Penalty"),
    "acts_from": _("First day of the acts"),
    "acts_until": _("Last day of the acts"),
    "time_of_acts": _("Time of the acts in words"),
    "place_of_acts": _("Place of the acts"),
    "person": _("Person"),
    "reference": _("Reference"),
    "country": _("State"),
    "countries": _("States (three-letter codes)"),
    "office": _("Court or office there"),
    "number": _("Number there"),
    "same_acts": _("For the same acts as this case"),
    "state": _("State of the proceedings there"),
    "note": _("Note"),
    "name": _("Name"),
    "agreed_on": _("Agreement of"),
    "ends_on": _("Ends on"),
    "description": _("Description"),
    "kind": _("What it is"),
    "identifier_kind": _("Known by"),
    "identifier": _("Identifier"),
    "holder": _("Whose it is"),
    "offence": _("Offence"),
    "source": _("Provision and source"),
    "none_runs": _("Not subject to limitation under this law"),
    "years": _("Years"),
    "months": _("and months"),
    "runs_from": _("Runs from (else from the last day of the acts)"),
    "interruption": _("Interruption or suspension"),
    "interrupted_on": _("Interrupted on"),
    "suspended_days": _("Days it stood still"),
    "received_on": _("Received on"),
    "use_limits": _("Limits of use"),
}
CHOICES: dict[str, dict[str, Any]] = {
    "state": dict(RelatedFile.State.choices),
    "role": dict(CaseRole.Role.choices),
}


def _part(data: Mapping[str, Any]) -> str:
    part = PARTS.get(data.get("part", ""))
    what = data.get("what", "")
    label = str(part.label) if part else ""
    return f"{label} ({what})" if what else label


def _before(data: Mapping[str, Any]) -> list[str]:
    """Each former value under the name of its field; without values, the names alone."""
    before = data.get("before")
    if before is None:
        return [str(LABELS.get(name, name)) for name in data.get("fields", [])]
    return [
        f"{LABELS.get(name, name)}: “{CHOICES.get(name, {}).get(value, value) or '–'}”"
        for name, value in before.items()
    ]


def _added(data: Mapping[str, Any]) -> str:
    return gettext("Added: %(what)s") % {"what": _part(data)}


def _corrected(data: Mapping[str, Any]) -> str:
    said = gettext("Corrected: %(what)s") % {"what": _part(data)}
    before = "; ".join(_before(data))
    if not before:
        return said
    if data.get("before") is None:
        return f"{said}: {before}"
    return gettext("%(said)s. Before: %(before)s") % {"said": said, "before": before}


def _removed(data: Mapping[str, Any]) -> str:
    said = gettext("Taken away: %(what)s") % {"what": _part(data)}
    before = "; ".join(_before(data))
    return (
        gettext("%(said)s. It said: %(before)s") % {"said": said, "before": before}
        if (before)
        else said
    )


def declare() -> None:
    """Make the events of a case file readable."""
    timeline_words.declare(
        {
            "case_file.opened": lambda data: gettext("Case file opened"),
            "case_file.edited": lambda data: gettext("Case file changed"),
            "case_file.added": _added,
            "case_file.corrected": _corrected,
            "case_file.removed": _removed,
            "object_match.agreed": lambda data: (
                gettext("Agreed to be put in touch about %(name)s") % {"name": data.get("name", "")}
            ),
            "case_file.followed": lambda data: gettext("File elsewhere followed up"),
        }
    )
