"""What of the register an office may edit: the kinds of fact, and the fields of each.

Every fact also has a source and the date of the source, which an editor gives with each change.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import Authority, SourcedFact, State
from registry.refusals import NotFound, Text
from treaties.models import (
    Declaration,
    Designation,
    EntryIntoForceRule,
    Instrument,
    NationalProvision,
    Obligation,
    Participation,
    RefusalGround,
    RequiredContent,
    TimeLimit,
)

PROVENANCE = ("source", "as_of")


class WordsField(forms.CharField):
    """A list of short texts, written with commas: fr, nl."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        parts = value if isinstance(value, list) else str(value or "").split(",")
        return [str(part).strip() for part in parts if str(part).strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


@dataclass(frozen=True)
class FactKind:
    """A kind of fact. ``fixed`` fields say which fact it is and cannot be changed once it is there.

    ``added`` tells whether an office may add and remove facts of this kind: what is described by
    an instrument is corrected only.
    """

    code: str
    label: Text
    model: type[SourcedFact]
    fixed: tuple[str, ...]
    fields: tuple[str, ...]
    added: bool = False
    words: tuple[str, ...] = ()

    def form(self, *, adding: bool) -> type[forms.ModelForm]:
        """The form that checks what was typed or sent, for pages and API alike."""
        names = (*(self.fixed if adding else ()), *self.fields, *PROVENANCE)
        declared = {name: WordsField(required=False) for name in self.words}
        meta = type("Meta", (), {"model": self.model, "fields": names})
        return type("FactForm", (forms.ModelForm,), {"Meta": meta, **declared})

    def of(self, key: str) -> SourcedFact:
        """The fact with this key. Raises NotFound."""
        try:
            return self.model._default_manager.get(pk=key)
        except (self.model.DoesNotExist, ValueError, OverflowError):
            raise NotFound("not_found", _("The register holds no such fact.")) from None


KINDS: dict[str, FactKind] = {
    kind.code: kind
    for kind in (
        FactKind(
            "participation",
            gettext_lazy("Act of a State"),
            Participation,
            ("instrument", "state"),
            ("action", "date", "entry_into_force", "note"),
            added=True,
        ),
        FactKind(
            "declaration",
            gettext_lazy("Declaration"),
            Declaration,
            ("instrument", "state"),
            ("kind", "provision", "paraphrase", "affects_cooperation"),
            added=True,
        ),
        FactKind(
            "authority",
            gettext_lazy("Authority"),
            Authority,
            ("state",),
            ("kind", "name", "postal_address", "city", "email", "telephone", "languages"),
            added=True,
            words=("languages",),
        ),
        FactKind(
            "designation",
            gettext_lazy("Designation of an authority"),
            Designation,
            ("instrument", "authority"),
            ("function", "languages", "channel", "urgent_channel", "note"),
            added=True,
            words=("languages",),
        ),
        FactKind(
            "state",
            gettext_lazy("State"),
            State,
            (),
            (
                "formal_name",
                "variants",
                "time_zone",
                "holiday_calendar",
                "note",
                "cooperation_route",
            ),
            words=("variants",),
        ),
        FactKind(
            "instrument",
            gettext_lazy("Instrument"),
            Instrument,
            (),
            (
                "title",
                "short_title",
                "adopted",
                "place",
                "in_force",
                "in_force_since",
                "in_force_note",
                "depositary",
                "citation",
                "rank",
            ),
        ),
        FactKind(
            "provision",
            gettext_lazy("Provision of national law"),
            NationalProvision,
            ("state", "family"),
            ("law", "article", "text", "penalty", "maximum_years", "life", "since", "until"),
            added=True,
        ),
        FactKind(
            "entry_into_force",
            gettext_lazy("Rule of entry into force"),
            EntryIntoForceRule,
            (),
            ("article", "length", "unit", "rounding", "deposits"),
        ),
        FactKind(
            "required_content",
            gettext_lazy("Required content of a request"),
            RequiredContent,
            (),
            ("article", "requirement", "help"),
        ),
        FactKind(
            "refusal_ground",
            gettext_lazy("Ground of refusal"),
            RefusalGround,
            (),
            ("effect", "article", "note"),
        ),
        FactKind(
            "time_limit",
            gettext_lazy("Time limit"),
            TimeLimit,
            (),
            (
                "article",
                "label",
                "length",
                "unit",
                "day_count",
                "first_day_counted",
                "rolls_to_working_day",
                "calendar_of",
                "zone_of",
                "extendable",
                "extension_by",
                "extension_times",
                "extension_length",
                "extension_unit",
                "extension_article",
                "suspended_by",
                "resumed_by",
                "consequence",
                "bound_party",
            ),
            words=("suspended_by", "resumed_by"),
        ),
        FactKind(
            "obligation",
            gettext_lazy("Obligation"),
            Obligation,
            (),
            (
                "article",
                "text",
                "category",
                "due_from",
                "due_months",
                "every_months",
                "typical_evidence",
            ),
        ),
    )
}


def kind_of(code: str) -> FactKind:
    """Raises NotFound for a kind that nobody edits."""
    if code not in KINDS:
        raise NotFound("not_found", _("Nothing of this kind can be edited."))
    return KINDS[code]


def kind_of_fact(fact: models.Model) -> FactKind | None:
    return next((kind for kind in KINDS.values() if kind.model is type(fact)), None)


def concerns(fact: Any) -> tuple[str, str]:
    """The instrument and the State that a fact concerns, by code; empty where it has none."""
    if isinstance(fact, State):
        return "", fact.code
    if isinstance(fact, Instrument):
        return fact.code, ""
    if isinstance(fact, Designation):
        return fact.instrument_id, fact.authority.state_id
    if isinstance(fact, RequiredContent):
        return fact.template.instrument_id, ""
    instrument = getattr(fact, "instrument_id", None) or ""
    state = getattr(fact, "state_id", None) or getattr(fact, "only_state_id", None) or ""
    return instrument, state


def title_of(fact: Any) -> str:
    """What a fact is called in lists of changes."""
    if isinstance(fact, Participation):
        return f"{fact.instrument_id}: {fact.state}, {fact.get_action_display()} {fact.date or ''}".strip()[
            :300
        ]
    if isinstance(fact, Declaration):
        return f"{fact.instrument_id}: {fact.state}, {fact.provision}"[:300]
    return str(fact)[:300]


def as_values(fact: Any) -> dict[str, Any]:
    """Every field of a fact as JSON keeps it."""
    values = {}
    for field in fact._meta.concrete_fields:
        value = field.value_from_object(fact)
        values[field.attname] = value if isinstance(value, list | dict) else _plain(value)
    return values


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    return json.loads(json.dumps(value, default=str))
