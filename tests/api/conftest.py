"""Programs that call the API as one of the cast."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.test import Client
from django.utils import timezone

from mla import drafting
from mla.models import AssistanceRequest
from registry import access_tokens
from registry.api.throttling import this_minute
from registry.models import User

ROOT = "/api/v1"


class Caller(Client):
    """A client with a token: bodies are JSON, ``version`` is If-Match, ``key`` Idempotency-Key."""

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: int | str | None = None,
        key: str = "",
        **headers: str,
    ) -> Any:
        if version is not None:
            headers["If-Match"] = version if version == "*" else f'"{version}"'
        if key:
            headers["Idempotency-Key"] = key
        data = {} if body is None else {"data": orjson.dumps(body)}
        return self.generic(
            method, ROOT + path, content_type="application/json", headers=headers, **data
        )


@pytest.fixture(autouse=True)
def _nobody_has_called_yet() -> None:
    """The counts of calls outlive a test."""
    this_minute.calls.clear()


@pytest.fixture
def calling(db: None) -> Callable[[User], Caller]:
    """``calling(user)`` calls the API with a token of this person."""

    def caller(user: User) -> Caller:
        _token, key = access_tokens.create(user, "test", days=1, now=timezone.now())
        return Caller(headers={"Authorization": f"Bearer {key}"}, raise_request_exception=True)

    return caller


@pytest.fixture
def started(register: None, office: Any, drafter: User) -> AssistanceRequest:
    """A draft to Senegal, under UNTOC, opened just now."""
    return drafting.start_request(
        user=drafter,
        owner=office,
        requested_state="SEN",
        measures=["bank_financial_records"],
        offences=["corruption"],
        basis_code="UNTOC",
        now=timezone.now(),
    )
