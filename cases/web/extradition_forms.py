"""The small forms of an extradition's moves: which fields they have and how they are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import available_timezones

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import extradition_law
from cases.extradition import Move, Possibility
from cases.models import ExtraditionCase, ExtraditionDecision, ProsecutionAtHome
from registry import field_readers
from registry.refusals import Invalid, Text
from registry.web.posted import moment_posted

Option = tuple[str, Text]
Outcome = ExtraditionDecision.Outcome
LONGEST = {"reason": 10_000}


@dataclass(frozen=True)
class Field:
    """One field of a form: ``kind`` is moment, date, line, text, choice, tick or grounds."""

    name: str
    label: Text
    kind: str
    value: str = ""
    help: Text = ""
    required: bool = True
    options: list[Option] = field(default_factory=list)
    barred: list[Any] = field(default_factory=list)


LABELS: dict[str, tuple[Text, str]] = {
    "at": (_("When did it happen?"), "moment"),
    "surrender_at": (_("Agreed date and time"), "moment"),
    "return_by": (_("To be returned by"), "date"),
    "zone": (_("Time zone of the place"), "choice"),
    "channel": (_("Channel"), "choice"),
    "outcome": (_("Decision"), "choice"),
    "outcome_at_home": (_("Outcome"), "choice"),
    "place": (_("Place"), "line"),
    "body": (_("Court or authority"), "line"),
    "case_number": (_("Case number there"), "line"),
    "reason": (_("Reason"), "text"),
    "speciality_renounced": (_("The person also renounces speciality"), "tick"),
    "grounds": (_("Grounds of the instrument"), "grounds"),
}
CHANNELS: list[Option] = [
    ("interpol", _("INTERPOL")),
    ("diplomatic", _("Diplomatic channel")),
    ("central_authority", _("Between ministries or central authorities")),
    ("judicial", _("Directly between judicial authorities")),
    ("electronic", _("Secure electronic channel")),
]
OPTIONAL = frozenset({"place", "body", "case_number", "speciality_renounced", "grounds"})


@dataclass(frozen=True)
class MoveForm:
    """A move as the page offers it."""

    possibility: Possibility
    fields: list[Field]

    @property
    def move(self) -> Move:
        return self.possibility.move


def form_of(possibility: Possibility, case: ExtraditionCase) -> MoveForm:
    move = possibility.move
    if not possibility.possible:
        return MoveForm(possibility, [])
    return MoveForm(possibility, [_field(name, move, case) for name in (*move.needs, *move.takes)])


def _field(name: str, move: Move, case: ExtraditionCase) -> Field:
    label, kind = LABELS[name]
    now = timezone.localtime()
    required = name in move.needs
    if name == "at":
        help = _("Day and time where you are (%(zone)s).") % {"zone": now.strftime("%Z")}
        return Field(name, label, kind, now.strftime("%Y-%m-%dT%H:%M"), help)
    if name == "zone":
        return Field(name, label, kind, case.requested_state.time_zone, options=_zones(case))
    if name == "grounds":
        return Field(
            name,
            label,
            kind,
            required=False,
            options=[(str(g.pk), _ground(g)) for g in extradition_law.grounds_of_refusal(case)],
            barred=extradition_law.barred_grounds(case),
        )
    options: dict[str, list[Option]] = {
        "channel": CHANNELS,
        "outcome": [(str(o), o.label) for o in (Outcome.ADMISSIBLE, Outcome.INADMISSIBLE)],
        "outcome_at_home": list(ProsecutionAtHome.Outcome.choices),
    }
    return Field(name, label, kind, required=required, options=options.get(name, []))


def _ground(ground: Any) -> str:
    effect = ground.get_effect_display()
    label = extradition_law.ground_label(ground.ground)
    where = f"{ground.instrument_id} {ground.article}".strip()
    mark = "" if ground.confidence == "verified" else f" [{_('unverified')}]"
    return f"{label} ({where}; {effect}){mark}"


def _zones(case: ExtraditionCase) -> list[Option]:
    """Every zone, those of the two States first."""
    near = [case.requested_state.time_zone, case.requesting_state.time_zone]
    others = sorted(available_timezones() - set(near))
    return [(zone, zone.replace("_", " ")) for zone in (*dict.fromkeys(near), *others)]


def read(request: HttpRequest, move: Move) -> dict[str, Any]:
    """What the form brought, as the life of an extradition takes it. Raises Invalid."""
    data: dict[str, Any] = {}
    for name in (*move.needs, *move.takes):
        kind = LABELS[name][1]
        given = request.POST.get(name, "").strip()
        if kind == "grounds":
            data[name] = request.POST.getlist(name)
        elif kind == "tick":
            data[name] = given == "on"
        elif given:
            data[name] = _value(name, kind, given)
    return data


def _value(name: str, kind: str, given: str) -> Any:
    if kind == "moment":
        return moment_posted(name, given)
    reader = {
        "date": field_readers.day,
        "choice": field_readers.text(80, lines=False),
        "line": field_readers.text(160, lines=False),
        "text": field_readers.text(10_000),
    }[kind]
    try:
        return reader(given)
    except ValueError as wrong:
        raise Invalid("invalid", str(wrong), fields={name: [str(wrong)]}) from wrong


def forms_of(offered: Iterable[Possibility], case: ExtraditionCase) -> list[MoveForm]:
    """The forms in the order of the table, steps back last."""
    steps_back = {"withdraw", "return_formal_request", "release"}
    ordered = sorted(offered, key=lambda p: p.move.name in steps_back)
    return [form_of(possibility, case) for possibility in ordered]
