"""What an extradition is found by: reference, title, the person's names."""

from __future__ import annotations

from cases.models import ExtraditionCase
from registry.search_text import fold


def search_text(extradition: ExtraditionCase) -> str:
    """Folded words; of a protected person the alias alone."""
    dossier, person = extradition.dossier, extradition.person
    names = (
        [person.protected_alias]
        if person.protected
        else [person.full_name, person.name_in_original_script, person.aliases]
    )
    return fold(" ".join([dossier.reference, dossier.foreign_reference, dossier.title, *names]))
