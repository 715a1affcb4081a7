"""Every kind of letter in every language, made as in life and looked at by the checks there are."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config import letter_specimens
from registry import draft_letter_kinds
from registry.models import Dossier
from tests.pdf_checks import pages_with_a_running_footer, problems, qpdf_complaints


def test_the_command_needs_the_register(db, tmp_path):
    with pytest.raises(CommandError, match="prepare"):
        call_command("letter_specimens", "--to", str(tmp_path))


@pytest.mark.slow
@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PDFs are the same on every database: made once"
)
def test_every_kind_in_every_language_is_archivable_tagged_and_whole(register, now):
    """One test for all of them: the register and the matters are made once."""
    found = letter_specimens.gathered(now)
    wanted = {(k.code, language) for k in draft_letter_kinds.kinds() for language in k.languages()}
    assert wanted <= {(one.kind, one.language) for one in found}
    assert not Dossier.objects.exists()
    wrong = {}
    for one in found:
        pdf = one.pdf()
        said = problems(pdf, one.language)
        said += [qpdf_complaints(pdf)] if qpdf_complaints(pdf) else []
        if not all(pages_with_a_running_footer(pdf)):
            said.append("a page has no running footer")
        if said:
            wrong[one.kind, one.language] = said
    assert wrong == {}
