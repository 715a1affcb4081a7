"""The product as people meet it: started by its own command, seen through a real browser."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.servers import free_port, temporary_directory

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PASSWORD = "Cooperation-2026"
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@dataclass
class Product:
    """A running product of its own: web, worker and scheduler, with the demonstration loaded."""

    address: str
    settings: dict[str, str]

    def manage(self, *words: str) -> str:
        """Run one of the product's own commands beside it."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.settings,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """Started as ``make run`` starts it; with PostgreSQL and Redis where the suite runs on them."""
    with temporary_directory("browser") as place:
        port = free_port()
        settings = {
            **{k: v for k, v in os.environ.items() if k not in {"REDIS_URL", "DATABASE_URL"}},
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "VAR_DIR": place,
            "PORT": str(port),
            "HOST": "127.0.0.1",
            "PUBLIC_ADDRESS": f"http://127.0.0.1:{port}",
            "SWEEP_SECONDS": "1",
        }
        if "DATABASE_URL" in os.environ:
            settings["DATABASE_URL"] = _database_of_its_own(os.environ["POSTGRESQL_TEST_URL"])
            settings["REDIS_URL"] = os.environ["REDIS_TEST_URL"]
        running = Product(f"http://127.0.0.1:{port}", settings)
        running.manage("prepare", "--demonstration")
        serving = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            assert serving.stdout is not None
            for line in serving.stdout:
                if "Ctrl-C" in line:
                    break
            assert serving.poll() is None, "the product did not start"
            yield running
        finally:
            serving.send_signal(signal.SIGINT)
            serving.wait(timeout=30)


def _database_of_its_own(server: str) -> str:
    name = f"browser_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server.rsplit('/', 1)[0]}/{name}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, product: Product) -> Iterator[Visit]:
    """``visit()`` is a fresh browser window; what its console complained of fails the test."""
    windows = Visit(chromium, product)
    yield windows
    windows.close()
    assert windows.complaints == []


class Visit:
    def __init__(self, chromium: Browser, product: Product) -> None:
        self.chromium, self.product = chromium, product
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.expected: tuple[str, ...] = ()

    def __call__(self, **options: object) -> Page:
        context = self.chromium.new_context(base_url=self.product.address, **options)
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def as_(self, email: str, **options: object) -> Page:
        page = self(**options)
        sign_in(page, email)
        return page

    def _hear(self, message: object) -> None:
        text = message.text
        if message.type == "error" and not any(part in text for part in self.expected):
            self.complaints.append(text)

    def close(self) -> None:
        for context in self.contexts:
            context.close()


def sign_in(page: Page, email: str) -> None:
    if "/accounts/login/" not in page.url:
        page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.button--primary")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
