"""What the resolver answers with: the question, the bases, the reasons why not."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """Who asks whom for what, on which day.

    ``requesting`` and ``requested`` are codes of States (alpha-3 or alpha-2, any case) or bodies;
    ``purpose``, ``offences`` and ``measures`` are codes or their usual synonyms.
    """

    requesting: str
    requested: str
    purpose: str
    on: date
    offences: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()

    def as_json(self) -> JSON:
        return asdict(self) | {
            "on": self.on.isoformat(),
            "offences": list(self.offences),
            "measures": list(self.measures),
        }


@dataclass(frozen=True)
class Problem:
    """Why the question cannot be answered at all."""

    code: str
    sentence: str
    field: str = ""

    def as_json(self) -> JSON:
        return {"code": self.code, "sentence": self.sentence, "field": self.field}


@dataclass(frozen=True)
class Bound:
    """How one side became bound: since which day, by which act."""

    state: str
    since: date | None
    action: str
    act_date: date | None
    source: str
    verified: bool
    sentence: str

    def as_json(self) -> JSON:
        return asdict(self) | {
            "since": self.since.isoformat() if self.since else None,
            "act_date": self.act_date.isoformat() if self.act_date else None,
        }


@dataclass(frozen=True)
class Basis:
    """An instrument that applies, with what an officer needs to rely on it."""

    code: str
    title: str
    short_title: str
    kind: str
    article: str
    strength: str
    since_requesting: date | None
    since_requested: date | None
    acts: list[Bound]
    declarations: list[JSON]
    offences: list[JSON]
    offences_not_covered: list[str]
    measures: list[JSON]
    dual_criminality: str | None
    displaces: list[str]
    displaced: str | None
    languages: list[JSON]
    language_rule: str
    channel: str
    urgent_channel: str
    authorities: list[JSON]
    reasons: list[str]
    verified: bool

    @property
    def provides_every_measure(self) -> bool:
        return all(m["provided"] for m in self.measures)

    def as_json(self) -> JSON:
        rendered = {k: getattr(self, k) for k in self.__dataclass_fields__}
        rendered["since_requesting"] = _iso(self.since_requesting)
        rendered["since_requested"] = _iso(self.since_requested)
        rendered["acts"] = [b.as_json() for b in self.acts]
        return rendered


@dataclass(frozen=True)
class Unavailable:
    """An instrument that does not apply, and why. ``states`` tells how each side stands."""

    code: str
    reason: str
    sentence: str
    short_title: str = ""
    article: str = ""
    states: list[JSON] = field(default_factory=list)

    def as_json(self) -> JSON:
        return asdict(self)


@dataclass(frozen=True)
class Answer:
    """The bases in order of preference, and every other instrument with its reason."""

    question: Question
    applicable: list[Basis] = field(default_factory=list)
    inapplicable: list[Unavailable] = field(default_factory=list)
    error: Problem | None = None

    @property
    def proposed(self) -> Basis | None:
        """The basis to offer first; never one that only supports another."""
        return next((b for b in self.applicable if b.strength != "supporting"), None)

    @property
    def codes(self) -> list[str]:
        return [b.code for b in self.applicable]

    def basis(self, code: str) -> Basis | None:
        return next((b for b in self.applicable if b.code == code), None)

    def why_not(self, code: str) -> Unavailable | None:
        return next((u for u in self.inapplicable if u.code == code), None)

    def as_json(self) -> JSON:
        return {
            "question": self.question.as_json(),
            "proposed": self.proposed.code if self.proposed else None,
            "applicable": [b.as_json() for b in self.applicable],
            "inapplicable": [u.as_json() for u in self.inapplicable],
            "error": self.error.as_json() if self.error else None,
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
