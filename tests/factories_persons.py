"""Persons of dossiers, as the tests of names and matches need them."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from cases.models import Person


class MatterPersonFactory(DjangoModelFactory):
    """A suspect; give ``dossier``."""

    class Meta:
        model = Person

    role = Person.Role.SUSPECT
    family_name = "Haddad"
    given_names = factory.Sequence(lambda n: f"Given{n}")
