"""Extraditions at the stages of their life, reached as in life.

France asks and is asked; the office is Belgium's, under the European Convention on Extradition.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cases import deconfliction, enclosures, extradition_law
from cases.extradition import advance
from cases.extradition_opening import open_extradition
from cases.models import ExtraditionCase, PersonMatch
from registry.models import Authority, State
from tests.factories import AssistanceRequestFactory, officer_of
from tests.factories_persons import MatterPersonFactory

PARIS, BRUSSELS = "Europe/Paris", "Europe/Brussels"


@pytest.fixture
def prosecution(register) -> Authority:
    """A prosecution office of Belgium, with the real register around it."""
    return Authority.objects.create(
        state=State.objects.get(pk="BEL"),
        kind=Authority.Kind.PROSECUTION_OFFICE,
        name="Federal prosecution office of the tests",
        reference_prefix="BE-PO",
        time_zone=BRUSSELS,
    )


@pytest.fixture
def first(prosecution):
    """Runs the case."""
    return officer_of(prosecution, "prosecutor", name="Fatou First", email="first@example.org")


@pytest.fixture
def second(prosecution):
    """Approves what the first submits."""
    return officer_of(prosecution, "approving_officer", name="Sven Second")


@pytest.fixture
def opened(prosecution, first, now) -> Callable[..., ExtraditionCase]:
    """Opens a case; a test says only what is unusual in it."""

    def case(**unusual: Any) -> ExtraditionCase:
        wish = {
            "user": first,
            "owner": prosecution,
            "direction": "sent",
            "other_state": "FRA",
            "person": {"family_name": "Unmistakable", "given_names": "Ivo", "birth_year": 1979},
            "offences": ["corruption"],
            "basis_code": "ETS24",
            "title": "Extradition of a former official",
            "now": now,
        }
        return open_extradition(**wish | unusual)

    return case


@pytest.fixture
def complete(first, now) -> Callable[..., ExtraditionCase]:
    """Gives all that the instrument requires of a request."""

    def filled(case: ExtraditionCase, request_type: str = "extradition") -> ExtraditionCase:
        for line in extradition_law.checklist(case, request_type).lines:
            enclosures.provide(
                case, request_type=request_type, key=line.item.key, text="Annex", user=first,
                now=now,
            )  # fmt: skip
        return case

    return filled


@pytest.fixture
def step(first, now) -> Callable[..., ExtraditionCase]:
    """``step(case, "record_arrest", hours=5, zone=PARIS)`` so long after the beginning."""

    def stepped(case: ExtraditionCase, move: str, *, hours: float = 0, **data: Any) -> Any:
        at = now + timedelta(hours=hours)
        user = data.pop("user", first)
        return advance(case, move, user=user, now=data.pop("now", at), **{"at": at} | data)

    return stepped


@pytest.fixture
def arrested(opened, step) -> ExtraditionCase:
    """We are asked; the person was arrested an hour after the beginning, in Brussels."""
    case = step(opened(direction="received"), "record_arrest_request", channel="interpol")
    return step(case, "record_arrest", hours=1, zone=BRUSSELS, place="Brussels")


@pytest.fixture
def requested(arrested, complete, step) -> ExtraditionCase:
    """The formal request came with its documents after ten days."""
    return step(complete(arrested), "receive_formal_request", hours=240, channel="diplomatic")


@pytest.fixture
def before_the_government(requested, step) -> ExtraditionCase:
    step(requested, "open_judicial_phase", hours=260)
    return step(requested, "record_court_decision", hours=300, outcome="admissible")


@pytest.fixture
def surrendered(before_the_government, step, now) -> ExtraditionCase:
    step(before_the_government, "grant", hours=400)
    step(before_the_government, "agree_surrender", hours=410,
         surrender_at=now + timedelta(hours=500))  # fmt: skip
    return step(before_the_government, "record_surrender", hours=501)


@pytest.fixture
def ours(draft_dossier):
    return MatterPersonFactory(
        dossier=draft_dossier, given_names="Youssef", family_name="Haddadov", birth_year=1980
    )


@pytest.fixture
def theirs(other_office, stranger, belgium):
    """The same person in a sealed matter of another State's office."""
    sealed = AssistanceRequestFactory(
        owner=other_office, drafter=stranger, sealed=True, requested_state=belgium
    ).dossier
    return MatterPersonFactory(
        dossier=sealed, given_names="Юсуф", family_name="Хаддадов", birth_year=1980
    )


@pytest.fixture
def hidden(ours, theirs):
    """The key of a match between two matters whose officers cannot see each other's."""
    deconfliction.sweep()
    return PersonMatch.objects.get().pk
