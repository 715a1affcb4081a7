"""Compiling the translations, without needing GNU gettext on the machine."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings


def compile_all() -> None:
    """Write the .mo beside every .po of the project that is newer than it."""
    for source in sorted(settings.PROJECT_ROOT.glob("*/locale/*/LC_MESSAGES/*.po")):
        compile_one(source)


def compile_one(source: Path) -> None:
    """Compile one file. Fuzzy entries are left out, since nobody has confirmed them."""
    target = source.with_suffix(".mo")
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parent.parent.name)
    with target.open("wb") as file:
        write_mo(file, catalogue)
