"""The letter of a request as a PDF file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mla import letters
from mla.models import AssistanceRequest
from registry.documents import read_content
from registry.models import Letter
from registry.refusals import Refusal


class Command(BaseCommand):
    help = (
        "Writes the letter of a request to a file: the final letter where one was made in that "
        "language, else a draft of it, marked as a draft."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "reference", help="the request's reference, such as BE-CA-MLA-2026-00001"
        )
        parser.add_argument(
            "--language", help="en, fr, es, ar, ru or zh; by default the request's own"
        )
        parser.add_argument("--output", required=True, type=Path, help="the PDF file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        request = (
            AssistanceRequest.objects.select_related(
                "dossier__owner__state", "requesting_state", "requested_state", "addressee", "basis"
            )
            .filter(dossier__reference=options["reference"])
            .first()
        )
        if request is None:
            raise CommandError(
                f"There is no request with the reference {options['reference']}.", returncode=2
            )
        language = options["language"] or request.language
        made = (
            Letter.objects.filter(
                dossier=request.dossier,
                kind=letters.KIND,
                language=language,
                state=Letter.State.MADE,
            )
            .select_related("document")
            .first()
        )
        try:
            content = (
                read_content(made.document)
                if made and made.document
                else letters.draft_pdf(request, language, now=timezone.now())
            )
        except Refusal as refusal:
            raise CommandError(str(refusal.detail), returncode=2) from refusal
        try:
            options["output"].write_bytes(content)
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error}.", returncode=2) from error
        what = "the final letter" if made else "a draft: no final letter exists in this language"
        self.stderr.write(f"{options['output']}: {what}, {len(content)} bytes")
