"""Whatever is sent, the API answers as it is described and never fails.

Schemathesis makes the input from the OpenAPI document: a few examples an operation, well-formed and
not, always the same ones.
"""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from registry import access_tokens
from registry.models import Role, User
from tests.factories import MembershipFactory
from treaties import assessments, obligation_files
from treaties.models import Obligation

pytestmark = pytest.mark.slow

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@schemathesis.serializer("application/zip")
def as_a_package(_context, value) -> bytes:
    """A package from another installation: whatever bytes, or the words of them."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture
def _one_connection():
    """Leave the test's own connection open between calls, as Django's own client does: its open
    transaction would otherwise be taken for one that a request forgot."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def obligation(register, office, drafter):
    """The file of an obligation, opened and being drafted by the one who calls."""
    MembershipFactory(user=drafter, authority=office, role=Role.MINISTRY_REPORTER)
    user = User.objects.get(pk=drafter.pk)
    file = obligation_files.open_file(
        office, Obligation.objects.get(pk="UNTOC-06"), 1, user=user, now=timezone.now()
    )
    assessments.begin(file, user=user, now=timezone.now())
    return file


@pytest.fixture
def described(_one_connection, started, obligation, drafter):
    """The description, in which references are those of a real request and a real obligation."""
    _token, key = access_tokens.create(drafter, "test", days=1, now=timezone.now())
    schema = schemathesis.openapi.from_wsgi("/api/schema?format=json", application)
    schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
    references = started.dossier.reference, obligation.dossier.reference
    return schema, references, headers


def test_every_operation_answers_as_described(described):
    schema, (of_request, of_obligation), signed_in = described
    tried, wrong = 0, []
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=6,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def answers(case):
            if "reference" in (case.path_parameters or {}):
                of_which = of_obligation if "/obligations/" in case.path else of_request
                case.path_parameters["reference"] = of_which
            if "If-Match" in (case.headers or {}):
                case.headers["If-Match"] = "*"
            case.call_and_validate(headers=signed_in, checks=CHECKS)

        try:
            answers()
        except (Exception, FailureGroup) as problem:  # told together: one cause has many addresses
            wrong.append(f"{operation.label}\n{problem}\n{getattr(problem, 'exceptions', '')}")
        tried += 1
    assert tried > 40
    assert not wrong, "\n\n".join(wrong)
