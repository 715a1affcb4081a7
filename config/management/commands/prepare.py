"""Bring database, translations and static files up to the code: what every start begins with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from config import translations
from registry.models import State

ROOMS = ("registry", "treaties", "cases", "mla", "config")


class Command(BaseCommand):
    help = (
        "Compiles the translations, migrates the database, loads the register and, with "
        "--demonstration, the demonstration's people and requests; collects static files. A step "
        "whose files have not changed since it was last done is left out."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demonstration", action="store_true")
        parser.add_argument("--again", action="store_true", help="do every step anew")

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = {"verbosity": 0}
        database = settings.DATABASES["default"]
        steps: list[tuple[str, Iterable[Path], Callable[[], None]]] = [
            ("translations", project_files("**/*.po"), translations.compile_all),
            (
                "tables",
                project_files("migrations/*.py"),
                lambda: call_command("migrate", **quiet),
            ),
            (
                "register",
                [*project_files("data/*"), *project_files("*loading*.py")],
                lambda: call_command("load_register", stdout=Nowhere()),
            ),
            (
                "static files",
                project_files("static/**/*"),
                lambda: call_command("collectstatic", interactive=False, **quiet),
            ),
        ]
        if options["demonstration"]:
            steps.insert(
                3,
                (
                    "demonstration",
                    [*project_files("data/*"), *project_files("management/commands/*.py")],
                    lambda: call_command("load_demonstration", stdout=Nowhere()),
                ),
            )
        stamps = settings.VAR_DIR / "prepared"
        stamps.mkdir(parents=True, exist_ok=True)
        where = f"{database['ENGINE']} {database.get('HOST', '')} {database['NAME']}"
        fresh = is_new()
        for name, files, do in steps:
            stamp = stamps / name.replace(" ", "-")
            state = fingerprint(files, where)
            if not (options["again"] or fresh) and stamp.exists() and stamp.read_text() == state:
                continue
            self.stdout.write(f"prepare: {name}")
            self.stdout.flush()
            do()
            stamp.write_text(state)


class Nowhere:
    """Where the reports of the steps go; each command tells them when it is run by itself."""

    def write(self, text: str) -> None:
        pass


def is_new() -> bool:
    """Whether the database has been thrown away since the stamps were written."""
    return State._meta.db_table not in connection.introspection.table_names()


def project_files(pattern: str) -> list[Path]:
    root: Path = settings.PROJECT_ROOT
    found = (path for room in ROOMS for path in (root / room).glob(f"**/{pattern}"))
    return sorted(path for path in found if path.is_file())


def fingerprint(files: Iterable[Path], *more: str) -> str:
    digest = hashlib.sha256("\n".join(more).encode())
    for path in files:
        digest.update(str(path.relative_to(settings.PROJECT_ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
