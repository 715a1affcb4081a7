"""The small forms by which the parts of a case file are added."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cases.case_files import PARTS
from cases.models import CaseFile, CaseRole, Person, RelatedFile
from cases.web.extradition_forms import Field, Option
from registry.models import User
from registry.refusals import Text
from registry.state_directory import states_by_name
from treaties.models import OffenceFamily
from treaties.templatetags.register_words import labelled

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
    "time_of_acts": _("Time of the acts"),
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
    "description": _("What it is"),
    "received_on": _("Received on"),
    "use_limits": _("Limits of use"),
}
KINDS = {
    "same_acts": "tick",
    "note": "text",
    "use_limits": "text",
    "agreed_on": "date",
    "ends_on": "date",
    "received_on": "date",
}


@dataclass(frozen=True)
class PartForm:
    part: str
    label: Text
    fields: list[Field]


def forms_of(case: CaseFile) -> list[PartForm]:
    """The form of every part, with what can be chosen. Three queries."""
    states = [(code, name) for code, name in states_by_name()]
    families = [(f.code, labelled(f)) for f in OffenceFamily.objects.all()]
    colleagues = User.objects.filter(
        is_active=True, memberships__authority__state=case.dossier.owner.state_id
    ).distinct()
    choices: dict[str, list[Option]] = {
        "country": states,
        "family": families,
        "person": [(str(user.pk), user.name) for user in colleagues.order_by("name")[:200]],
        "state": list(RelatedFile.State.choices),
    }
    roles = {"persons": list(Person.Role.choices), "team": list(CaseRole.Role.choices)}
    forms = []
    for name, part in PARTS.items():
        fields = [
            _field(field, field in part.needs, choices | {"role": roles.get(name, [])})
            for field in part.readers()
        ]
        forms.append(PartForm(name, part.label, fields))
    return forms


def _field(name: str, needed: bool, choices: dict[str, list[Option]]) -> Field:
    kind = "choice" if name in choices else KINDS.get(name, "line")
    return Field(name, LABELS[name], kind, required=needed, options=choices.get(name, []))
