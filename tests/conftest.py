"""The cast that the tests share, and what every test is kept from doing."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client

from mla.api import rows
from registry import scheduler_silence, state_directory
from registry.models import Authority, Dossier, Role, User
from tests.factories import (
    NOW,
    AssistanceRequestFactory,
    AuthorityFactory,
    StateFactory,
    UserFactory,
)

pytest_plugins = ["tests.held_register"]

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What cannot differ from engine to engine is shown once: on SQLite, not again on another.

    That is what asks no database, and what is marked ``one_engine``.
    """
    if connection.vendor == "sqlite":
        return
    if kept_out := [item for item in items if not _depends_on_the_engine(item)]:
        config.hook.pytest_deselected(items=kept_out)
        items[:] = [item for item in items if _depends_on_the_engine(item)]


def _depends_on_the_engine(item: pytest.Item) -> bool:
    if item.get_closest_marker("one_engine"):
        return False
    if any(item.get_closest_marker(mark) for mark in ("django_db", "slow", "browser")):
        return True
    return not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(autouse=True)
def _the_scheduler_is_heard() -> None:
    """No scheduler runs beside the tests: pages would warn of it, and ask the database for it."""
    scheduler_silence.remember(False)


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    """A process remembers names of the register for a minute; each test has a register of its own."""
    state_directory.forget()
    rows.forget()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def belgium(db: None):
    return StateFactory(code="BEL")


@pytest.fixture
def senegal(db: None):
    return StateFactory(code="SEN")


@pytest.fixture
def office(belgium) -> Authority:
    """The central authority in which the cast works."""
    return AuthorityFactory(
        state=belgium,
        name="Central authority of Belgium",
        reference_prefix="BE-CA",
        time_zone="Europe/Brussels",
    )


@pytest.fixture
def other_office(senegal) -> Authority:
    """An authority of another State, which must see nothing of the first."""
    return AuthorityFactory(
        state=senegal, name="Central authority of Senegal", reference_prefix="SN-CA"
    )


@pytest.fixture
def drafter(office) -> User:
    """Drafts requests."""
    return UserFactory(email="drafter@example.org", name="Dina Drafter", works_in=office,
                       role=Role.DRAFTING_OFFICER)  # fmt: skip


@pytest.fixture
def colleague(office) -> User:
    """Another drafting officer of the same office."""
    return UserFactory(email="colleague@example.org", name="Cleo Colleague", works_in=office,
                       role=Role.DRAFTING_OFFICER)  # fmt: skip


@pytest.fixture
def approver(office) -> User:
    """Approves what others drafted."""
    return UserFactory(email="approver@example.org", name="Aron Approver", works_in=office,
                       role=Role.APPROVING_OFFICER)  # fmt: skip


@pytest.fixture
def auditor(office) -> User:
    """Reads and changes nothing."""
    return UserFactory(email="auditor@example.org", name="Ada Auditor", works_in=office,
                       role=Role.AUDITOR)  # fmt: skip


@pytest.fixture
def administrator(office) -> User:
    """Keeps the register; reads no file."""
    return UserFactory(email="administrator@example.org", name="Adil Administrator",
                       works_in=office, role=Role.ADMINISTRATOR)  # fmt: skip


@pytest.fixture
def prosecutor(belgium) -> User:
    """Works in a prosecution office of the same State; sees only what they are named on."""
    prosecution = AuthorityFactory(
        state=belgium,
        kind=Authority.Kind.PROSECUTION_OFFICE,
        name="Federal prosecution office",
        reference_prefix="BE-FP",
    )
    return UserFactory(email="prosecutor@example.org", name="Paula Prosecutor",
                       works_in=prosecution, role=Role.PROSECUTOR)  # fmt: skip


@pytest.fixture
def stranger(other_office) -> User:
    """Drafts requests in another State's office."""
    return UserFactory(email="stranger@example.org", name="Sam Stranger", works_in=other_office,
                       role=Role.DRAFTING_OFFICER)  # fmt: skip


@pytest.fixture
def draft(office, drafter):
    """A draft of the drafter to Senegal."""
    return AssistanceRequestFactory(owner=office, drafter=drafter)


@pytest.fixture
def draft_dossier(draft) -> Dossier:
    return draft.dossier


@pytest.fixture
def signed_in():
    """``signed_in(user)`` is a browser in which this person has signed in."""

    def browser_of(user: User, **defaults: str) -> Client:
        client = Client(**defaults)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return browser_of
