"""The small forms by which the parts of a case file are added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from cases.case_file_parts import PARTS, as_written, shown
from cases.case_file_words import LABELS
from cases.models import (
    CaseFile,
    CaseRole,
    LimitationPeriod,
    LinkedObject,
    Offence,
    Person,
    RelatedFile,
)
from cases.web.extradition_forms import Field, Option
from registry.models import User
from registry.refusals import Text
from registry.state_directory import states_by_name
from treaties.models import OffenceFamily
from treaties.templatetags.register_words import labelled

KINDS = {
    "same_acts": "tick",
    "none_runs": "tick",
    "runs_from": "date",
    "interrupted_on": "date",
    "note": "text",
    "use_limits": "text",
    "acts_from": "date",
    "acts_until": "date",
    "agreed_on": "date",
    "ends_on": "date",
    "received_on": "date",
}


@dataclass(frozen=True)
class PartForm:
    """The form of one kind of part; ``changeable`` are the fields that can be corrected."""

    part: str
    label: Text
    fields: list[Field]
    changeable: list[Field]

    def of_row(self, row: Any) -> list[Field]:
        """The fields as they stand in a row."""
        return [replace(field, value=as_written(row, field.name)) for field in self.changeable]

    def name_of_row(self, row: Any) -> str:
        return shown(row)


def forms_of(
    case: CaseFile, persons: Iterable[Person], offences: Iterable[Offence]
) -> list[PartForm]:
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
    special: dict[str, dict[str, list[Option]]] = {
        "objects": {
            "kind": list(LinkedObject.Kind.choices),
            "identifier_kind": list(LinkedObject.IdentifierKind.choices),
            "holder": [(str(p.pk), p.name_for_letters) for p in persons],
        },
        "limitation": {
            "offence": [(str(o.pk), f"{labelled(o.family)} {o.provision}") for o in offences],
            "interruption": [o for o in LimitationPeriod.Interruption.choices if o[0]],
        },
    }
    roles = {"persons": list(Person.Role.choices), "team": list(CaseRole.Role.choices)}
    forms = []
    for name, part in PARTS.items():
        fields = [
            _field(
                field,
                field in part.needs,
                choices | {"role": roles.get(name, [])} | special.get(name, {}),
            )
            for field in part.readers()
        ]
        changeable = [field for field in fields if field.name not in part.fixed]
        forms.append(PartForm(name, part.label, fields, changeable))
    return forms


def _field(name: str, needed: bool, choices: dict[str, list[Option]]) -> Field:
    kind = "choice" if name in choices else KINDS.get(name, "line")
    return Field(name, LABELS[name], kind, required=needed, options=choices.get(name, []))
