"""What happens in an extradition, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.extradition import MOVES
from cases.extradition_law import ground_label, label_of
from cases.models import Assurance
from registry import timeline_words
from registry.state_directory import state_label
from registry.timeline_words import moment

Words = Callable[[Mapping[str, Any]], str]


def _of_a_move(label: Any) -> Words:
    """The move's own label, when it happened, and what was said with it."""

    def words(data: Mapping[str, Any]) -> str:
        said = str(label)
        if at := data.get("happened_at") or data.get("surrender_at"):
            said = f"{said}: {moment(at, data.get('zone', ''))}"
        more = [str(data[key]) for key in ("place", "body", "case_number") if data.get(key)]
        more += [ground_label(ground) for ground in data.get("grounds", [])]
        if data.get("reason"):
            more.append(str(data["reason"]))
        return said + (f" ({'; '.join(more)})" if more else "")

    return words


def _assurance(text: Any) -> Words:
    def words(data: Mapping[str, Any]) -> str:
        kind = dict(Assurance.Kind.choices).get(data.get("kind", ""), "")
        note = data.get("note", "")
        return f"{text()}: {kind}" + (f" ({note})" if note else "")

    return words


def _state(text: Any) -> Words:
    return lambda data: f"{text()}: {state_label(data.get('state', ''))}"


def declare() -> None:
    """Make the events of an extradition readable."""
    timeline_words.declare({move.event: _of_a_move(move.label) for move in MOVES.values()})
    timeline_words.declare(
        {
            "extradition.arrest_requested": _of_a_move(
                gettext_lazy("Provisional arrest requested")
            ),
            "extradition.opened": lambda data: _("Extradition opened"),
            "extradition.edited": lambda data: _("The case was edited"),
            "extradition.enclosure_provided": lambda data: (
                _("Required content given: %(what)s") % {"what": label_of(data.get("key", ""))}
            ),
            "extradition.assurance_asked": _assurance(lambda: _("Assurance asked for")),
            "extradition.assurance_given": _assurance(lambda: _("Assurance given")),
            "extradition.assurance_not_given": _assurance(lambda: _("Assurance not given")),
            "extradition.assurance_fulfilled": _assurance(lambda: _("Assurance fulfilled")),
            "extradition.assurance_broken": _assurance(lambda: _("Assurance broken")),
            "extradition.consent_asked": lambda data: _("Consent asked beyond speciality"),
            "extradition.consent_granted": lambda data: _("Consent beyond speciality granted"),
            "extradition.consent_refused": lambda data: _("Consent beyond speciality refused"),
            "extradition.concurrent_request": _state(lambda: _("Another State asks too")),
            "extradition.requests_weighed": _state(lambda: _("Competing requests weighed")),
            "extradition.transit_asked": _state(lambda: _("Transit asked for")),
            "extradition.transit_granted": _state(lambda: _("Transit granted")),
            "extradition.transit_refused": _state(lambda: _("Transit refused")),
        }
    )
