"""The OpenAPI document is committed, current and true."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

COMMITTED = Path(settings.PROJECT_ROOT) / "docs" / "openapi.yaml"


@pytest.fixture(scope="module")
def document():
    return yaml.load(COMMITTED.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def test_the_committed_document_is_current(tmp_path):
    written = tmp_path / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(written))
    assert written.read_text(encoding="utf-8") == COMMITTED.read_text(encoding="utf-8"), (
        "run: manage.py spectacular --file docs/openapi.yaml"
    )


def test_it_is_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")


def test_every_operation_has_a_summary_and_its_problems(document):
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary"), f"{method} {path}"
            problem = operation["responses"]["404"]["content"]["application/problem+json"]
            assert problem["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_every_change_of_a_request_asks_for_the_version(document):
    for path, operations in document["paths"].items():
        for method in {"post", "put", "patch", "delete"} & set(operations):
            if "{reference}" in path:
                named = {p["name"] for p in operations[method]["parameters"]}
                assert "If-Match" in named, f"{method} {path}"


def test_the_document_and_its_pages_are_open_to_all(client, db):
    assert client.get("/api/schema").status_code == 200
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert b"https://" not in page.content.replace(b"https://localhost", b"")
