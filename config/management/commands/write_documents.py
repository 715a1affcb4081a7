"""Write the documents that are made from the code, or tell which are not current."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.documents import DOCS, documents


class Command(BaseCommand):
    help = "Writes the OpenAPI document, the diagram of a request's life and the access table."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if one is old"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        old = [
            (path, text)
            for path, text in documents().items()
            if not path.exists() or path.read_text(encoding="utf-8") != text
        ]
        names = ", ".join(str(path.relative_to(DOCS.parent)) for path, _text in old)
        if options["check"]:
            if old:
                raise CommandError(f"Not current: {names}. Run `make docs` and commit.")
            return
        for path, text in old:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.stdout.write(f"Written: {names}" if names else "Everything is current.")
