"""The real register in memory, read once for all tests that only ask it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone

from treaties.legal_basis import Answer, Question, resolve
from treaties.register_index import RegisterIndex
from treaties.register_loading import load_register


class _Undo(Exception):
    pass


@pytest.fixture(scope="session")
def index(django_db_setup, django_db_blocker) -> RegisterIndex:
    """The register as loaded from the data files; the database is left as it was."""
    held = []
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                load_register(now=timezone.now())
                held.append(RegisterIndex.load())
                raise _Undo
        except _Undo:
            pass
    return held[0]


Ask = Callable[..., Answer]


@pytest.fixture
def ask(index) -> Ask:
    """``ask("FRA", "DEU", "mla", "2014-12-12", "corruption")`` answers from the real register."""

    def answer(
        requesting: str,
        requested: str,
        purpose: str,
        on: str,
        *offences: str,
        measures: tuple[str, ...] = (),
    ) -> Answer:
        question = Question(
            requesting, requested, purpose, date.fromisoformat(on), offences, measures
        )
        return resolve(question, index=index)

    return answer
