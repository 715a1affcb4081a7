"""The real register, loaded once for tests that follow each other and ask for it.

Loading it takes longer than most tests. So it is loaded in a transaction that stays open around
the tests of a module that ask for ``register``; each of them has its own transaction within and
leaves the register as it was. Before a test that does not ask for it, the open one is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Model

COMMITTED = {"transactional_db", "live_server", "django_db_reset_sequences"}
"""Fixtures of tests that commit: nothing can be held open around them."""

_rows: list[list[Model]] = []
_held = ExitStack()
_is_held = False


@pytest.fixture
def register(db: None) -> None:
    """The real register, as ``manage.py load_register`` loads it."""
    if not _is_held:
        load()


@contextmanager
def taken_back() -> Iterator[None]:
    """A transaction around tests, which are run in transactions of their own."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def load() -> None:
    """From the data files once; later the same rows again, which is quicker."""
    from django.utils import timezone

    from registry.models import Authority, State
    from treaties.register_loading import load_register

    with transaction.atomic():
        if _rows:
            for rows in _rows:
                type(rows[0])._base_manager.bulk_create(rows, batch_size=500)
            return
        load_register(now=timezone.now())
    models = (State, Authority, *apps.get_app_config("treaties").get_models())
    _rows.extend(rows for model in models if (rows := list(model._base_manager.all())))


def let_go() -> None:
    global _is_held
    _is_held = False
    _held.close()


@pytest.fixture(scope="session")
def _register_let_go(django_db_setup: None) -> Iterator[None]:
    """Takes back what is held before the database of the tests is destroyed."""
    yield
    let_go()


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef, request: pytest.FixtureRequest) -> None:
    """Hold the register, or let it go, just before a test gets its database."""
    global _is_held
    if fixturedef.argname != "_django_db_helper":
        return
    asked = "register" in request.fixturenames and not _commits(request)
    if asked == _is_held:
        return
    request.getfixturevalue("_register_let_go")
    blocker = request.getfixturevalue("django_db_blocker")
    if not asked:
        with blocker.unblock():
            let_go()
        return
    _held.enter_context(blocker.unblock())
    _held.enter_context(taken_back())
    load()
    _is_held = True


def _commits(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    by_marker = marker is not None and bool(marker.kwargs.get("transaction"))
    return by_marker or not COMMITTED.isdisjoint(request.fixturenames)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In each module, the tests that ask for the register follow each other."""
    modules = {item.path: place for place, item in reversed(list(enumerate(items)))}
    items.sort(key=lambda item: (modules[item.path], "register" in _fixtures(item)))


def _fixtures(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])
