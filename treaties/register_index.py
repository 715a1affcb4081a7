"""The register in memory: what the resolver and the pages read, without a query for each fact.

A process reads the tables once and keeps them until the register's stamp changes (one small query
an answer tells). Everything here is a fact as it stands in the tables; judging is for
``treaties/participation.py`` and ``treaties/legal_basis.py``.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import get_language

from registry.models import Authority, Confidence, State
from registry.state_names import state_name
from treaties.models import (
    CoveredOffence,
    CoveredPurpose,
    Declaration,
    Designation,
    Displacement,
    Instrument,
    MeasureAvailability,
    MeasureKind,
    OffenceFamily,
    Participation,
    RefusalGround,
    RegisterVersion,
    RequestTemplate,
)
from treaties.participation import Act, Footing, Position, position

VERIFIED = Confidence.VERIFIED


@dataclass(frozen=True, slots=True)
class StateFacts:
    code: str
    alpha2: str
    kind: str
    name: str
    names: dict[str, str]
    note: str
    established: date | None
    ended: date | None
    cooperation_route: str
    verified: bool

    @property
    def is_body(self) -> bool:
        return self.kind == State.Kind.INTERNATIONAL_BODY

    def called(self) -> str:
        """The name in the reader's language."""
        return state_name(self.code, self.alpha2, self.name, self.names, get_language() or "en")


@dataclass(frozen=True, slots=True)
class PurposeFacts:
    article: str
    strength: str
    note: str
    gives_way: bool
    asked_by: str
    any_offence_for_measures: frozenset[str]
    verified: bool


@dataclass(frozen=True, slots=True)
class OffenceFacts:
    article: str
    condition: str
    annex: str
    verified: bool


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    article: str
    verified: bool


@dataclass(frozen=True, slots=True)
class GroundFacts:
    effect: str
    article: str
    note: str
    verified: bool


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    article: str
    channel: str
    urgent_channel: str
    language: str


@dataclass(frozen=True, slots=True)
class DeclarationFacts:
    state: str
    kind: str
    provision: str
    paraphrase: str
    effects: tuple[dict[str, Any], ...]
    affects_cooperation: bool
    verified: bool

    def effect(self, code: str) -> dict[str, Any] | None:
        return next((e for e in self.effects if e["code"] == code), None)


@dataclass(frozen=True, slots=True)
class DesignationFacts:
    instrument: str
    function: str
    authority: int
    name: str
    languages: tuple[str, ...]
    channel: str
    urgent_channel: str
    verified: bool
    key: int | None = None


@dataclass(frozen=True, slots=True)
class DisplacementFacts:
    displaced: str
    by: str
    purpose: str
    since: date | None
    except_measures: frozenset[str]
    article: str
    note: str
    verified: bool


@dataclass(frozen=True, slots=True)
class InstrumentFacts:
    code: str
    title: str
    short_title: str
    kind: str
    parent: str | None
    in_force: str
    in_force_note: str
    scope: str
    parties: str
    between: str
    body: str | None
    rank: int
    notes: tuple[str, ...]
    verified: bool
    footing: Footing
    purposes: dict[str, PurposeFacts] = field(default_factory=dict)
    offences: dict[str, OffenceFacts] = field(default_factory=dict)
    measures: dict[str, MeasureFacts] = field(default_factory=dict)
    grounds: dict[tuple[str, str], GroundFacts] = field(default_factory=dict)
    templates: dict[str, TemplateFacts] = field(default_factory=dict)


class RegisterIndex:
    """Every fact that an answer needs. Read it with ``RegisterIndex.current()``; never change it."""

    _lock = threading.Lock()
    _current: RegisterIndex | None = None

    def __init__(self, stamp: str = "") -> None:
        self.stamp = stamp
        self.states: dict[str, StateFacts] = {}
        self.by_alpha2: dict[str, str] = {}
        self.instruments: dict[str, InstrumentFacts] = {}
        self.family_labels: dict[str, dict[str, str]] = {}
        self.family_aliases: dict[str, str] = {}
        self.measure_labels: dict[str, dict[str, str]] = {}
        self.acts: dict[tuple[str, str], tuple[Act, ...]] = {}
        self.declarations: dict[tuple[str, str], tuple[DeclarationFacts, ...]] = {}
        self.designations: dict[str, tuple[DesignationFacts, ...]] = {}
        self.other_authorities: dict[str, tuple[DesignationFacts, ...]] = {}
        self.displacements: tuple[DisplacementFacts, ...] = ()
        self._positions: dict[tuple[str, str, date], Position] = {}

    @classmethod
    def current(cls) -> RegisterIndex:
        """The register as it is now; read anew only when it has changed. One query if not."""
        stamp = RegisterVersion.objects.values_list("stamp", flat=True).first() or ""
        held = cls._current
        if held is not None and stamp and held.stamp == stamp:
            return held
        with cls._lock:
            index = cls.load(stamp)
            cls._current = index
        return index

    @classmethod
    def load(cls, stamp: str = "") -> RegisterIndex:
        """Read every table, a query each."""
        index = cls(stamp)
        index._read_states()
        index._read_vocabulary()
        index._read_acts()
        index._read_instruments()
        index._read_declarations()
        index._read_authorities()
        return index

    def position(self, instrument: str, state: str, on: date) -> Position:
        """How a State stands towards an instrument on a day (remembered)."""
        key = (instrument, state, on)
        found = self._positions.get(key)
        if found is None:
            if len(self._positions) > 200_000:
                self._positions.clear()
            acts = self.acts.get((instrument, state), ())
            found = position(acts, on, self.instruments[instrument].footing)
            self._positions[key] = found
        return found

    def family_label(self, code: str) -> str:
        labels = self.family_labels[code]
        return labels.get((get_language() or "en")[:2]) or labels["en"]

    def measure_label(self, code: str) -> str:
        labels = self.measure_labels[code]
        return labels.get((get_language() or "en")[:2]) or labels["en"]

    # --- reading ----------------------------------------------------------------------

    def _read_states(self) -> None:
        for s in State.objects.all():
            self.states[s.code] = StateFacts(
                s.code,
                s.alpha2,
                s.kind,
                s.name,
                s.names,
                s.note,
                s.established,
                s.ended,
                s.cooperation_route,
                s.is_verified,
            )
            if s.alpha2:
                self.by_alpha2[s.alpha2] = s.code
            for variant in s.variants:
                if len(variant) == 2:  # UK
                    self.by_alpha2.setdefault(variant, s.code)

    def _read_vocabulary(self) -> None:
        for family in OffenceFamily.objects.all():
            self.family_labels[family.code] = {"en": family.label} | family.labels
            self.family_aliases[family.code] = family.code
            for alias in family.aliases:
                self.family_aliases[alias] = family.code
        for measure in MeasureKind.objects.all():
            self.measure_labels[measure.code] = {"en": measure.label} | measure.labels

    def _read_acts(self) -> None:
        gathered: dict[tuple[str, str], list[Act]] = defaultdict(list)
        rows = Participation.objects.order_by("instrument_id", "state_id", "date", "id")
        for (
            instrument,
            state,
            action,
            day,
            effect,
            note,
            source,
            as_of,
            confidence,
            key,
        ) in rows.values_list(
            "instrument_id",
            "state_id",
            "action",
            "date",
            "entry_into_force",
            "note",
            "source",
            "as_of",
            "confidence",
            "id",
        ):
            gathered[instrument, state].append(
                Act(action, day, effect, note, source, as_of, confidence == VERIFIED, key)
            )
        self.acts = {key: tuple(acts) for key, acts in gathered.items()}

    def _read_instruments(self) -> None:
        recorded = {instrument for instrument, _state in self.acts}
        for i in Instrument.objects.order_by("rank", "code"):
            self.instruments[i.code] = InstrumentFacts(
                code=i.code,
                title=i.title,
                short_title=i.short_title,
                kind=i.kind,
                parent=i.parent_id,
                in_force=i.in_force,
                in_force_note=i.in_force_note,
                scope=i.offence_scope,
                parties=i.parties,
                between=i.between,
                body=i.body_id,
                rank=i.rank,
                notes=tuple(i.notes),
                verified=i.is_verified,
                footing=Footing(
                    in_force=i.in_force in (Instrument.InForce.YES, "not_applicable"),
                    in_force_since=i.in_force_since,
                    universal=i.parties == Instrument.Parties.ALL_STATES,
                    recorded=i.code in recorded,
                    partly_recorded=i.participation_partial,
                ),
            )
        for p in CoveredPurpose.objects.all():
            self.instruments[p.instrument_id].purposes[p.purpose] = PurposeFacts(
                p.article,
                p.strength,
                p.note,
                p.gives_way_to_treaty_in_force,
                p.asked_by,
                frozenset(p.any_offence_for_measures),
                p.is_verified,
            )
        for o in CoveredOffence.objects.order_by("family__position"):
            self.instruments[o.instrument_id].offences[o.family_id] = OffenceFacts(
                o.article, o.condition, o.annex, o.is_verified
            )
        for m in MeasureAvailability.objects.all():
            self.instruments[m.instrument_id].measures[m.measure_id] = MeasureFacts(
                m.article, m.is_verified
            )
        for g in RefusalGround.objects.all():
            self.instruments[g.instrument_id].grounds.setdefault(
                (g.request_type, g.ground), GroundFacts(g.effect, g.article, g.note, g.is_verified)
            )
        for t in RequestTemplate.objects.all():
            self.instruments[t.instrument_id].templates[t.request_type] = TemplateFacts(
                t.article, t.channel, t.urgent_channel, t.language
            )
        self.displacements = tuple(
            DisplacementFacts(
                d.displaced_id,
                d.by_id,
                d.purpose,
                d.since,
                frozenset(d.except_measures),
                d.article,
                d.note,
                d.is_verified,
            )
            for d in Displacement.objects.all()
        )

    def _read_declarations(self) -> None:
        gathered: dict[tuple[str, str], list[DeclarationFacts]] = defaultdict(list)
        for d in Declaration.objects.order_by("id"):
            gathered[d.instrument_id, d.state_id].append(
                DeclarationFacts(
                    d.state_id,
                    d.kind,
                    d.provision,
                    d.paraphrase,
                    tuple(d.effects),
                    d.affects_cooperation,
                    d.is_verified,
                )
            )
        self.declarations = {key: tuple(rows) for key, rows in gathered.items()}

    def _read_authorities(self) -> None:
        designated: dict[str, list[DesignationFacts]] = defaultdict(list)
        seen: set[int] = set()
        for d in Designation.objects.select_related("authority").order_by("id"):
            seen.add(d.authority_id)
            designated[d.authority.state_id].append(
                DesignationFacts(
                    d.instrument_id,
                    d.function,
                    d.authority_id,
                    d.authority.name,
                    tuple(d.languages or d.authority.languages),
                    d.channel,
                    d.urgent_channel,
                    d.is_verified,
                    d.pk,
                )
            )
        others: dict[str, list[DesignationFacts]] = defaultdict(list)
        central = (Authority.Kind.CENTRAL_AUTHORITY, Authority.Kind.INTERNATIONAL_BODY)
        for a in Authority.objects.filter(kind__in=central).order_by("id"):
            if a.pk not in seen:
                others[a.state_id].append(
                    DesignationFacts(
                        "", "", a.pk, a.name, tuple(a.languages), "", "", a.is_verified
                    )
                )
        self.designations = {state: tuple(rows) for state, rows in designated.items()}
        self.other_authorities = {state: tuple(rows) for state, rows in others.items()}
