"""The real identities of protected persons: sealed, with the key held apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from cases import identity_keys
from registry.refusals import Invalid

if TYPE_CHECKING:
    from cases.models.persons import Person

IDENTIFYING: dict[str, Any] = {
    "family_name": "",
    "given_names": "",
    "name_in_original_script": "",
    "aliases": "",
    "birth_year": None,
    "birth_month": None,
    "birth_day": None,
    "birth_year_latest": None,
    "birth_place": "",
    "nationalities": [],
    "location": "",
    "identity_documents": "",
    "note": "",
}
"""What says who a person is, each with its empty value; of a protected person only these stand in
the database."""
ROWS = ("names", "documents")
"""Further names and identity documents, which are rows of their own while nobody is protected."""


class ProtectedIdentity(models.Model):
    """Who a protected person is, encrypted (``cases/identity_keys.py``).

    ``said`` names the fields that are filled, so that a page can tell what is known without opening
    anything.
    """

    person = models.OneToOneField(
        "cases.Person", primary_key=True, on_delete=models.CASCADE, related_name="kept_apart"
    )
    sealed = models.TextField(editable=False)
    key_mark = models.CharField(max_length=16, editable=False, db_index=True)
    said = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name_plural = "protected identities"

    def __str__(self) -> str:
        return f"identity of person {self.person_id}"

    @property
    def about(self) -> str:
        return f"person {self.person_id}"

    def opened(self) -> dict[str, Any]:
        """What is kept. Only for ``cases/protected_identities.py``, which logs who reads it."""
        found: dict[str, Any] = json.loads(
            identity_keys.unseal(self.sealed, self.key_mark, self.about)
        )
        return found

    def keep(self, values: Mapping[str, Any]) -> None:
        """Seal these values and save; empty ones are left out."""
        filled = {name: value for name, value in values.items() if value}
        self.sealed, self.key_mark = identity_keys.seal(json.dumps(filled), self.about)
        self.said = sorted(filled)
        self.save()


def take_apart(person: Person) -> dict[str, Any]:
    """What identifies a protected person, taken off the person as it is about to be saved.

    Raises Invalid (``protected``) while photos of the person are kept: they would stand in clear.
    """
    if person.pk is not None and person.photos.exists():
        sentence = _(
            "Photos show who the person is. Take them away on the person's page first, then protect "
            "the person."
        )
        raise Invalid("photos_in_clear", sentence, fields={"protected": [sentence]})
    taken = {name: getattr(person, name) for name in IDENTIFYING if getattr(person, name)}
    for name in taken:
        empty = IDENTIFYING[name]
        setattr(person, name, [] if empty == [] else empty)
    if person.pk is not None:
        taken |= _rows_taken(person)
    return taken


def keep_apart(person: Person, taken: Mapping[str, Any]) -> None:
    """Seal what was taken off, together with what was kept before."""
    if not taken:
        return
    kept = ProtectedIdentity.objects.filter(person=person).first()
    before = kept.opened() if kept else {}
    for name in ROWS:
        if name in taken:
            before.setdefault(name, []).extend(taken[name])
    before |= {name: value for name, value in taken.items() if name not in ROWS}
    held = kept or ProtectedIdentity(person=person)
    held.keep(before)
    person._state.fields_cache["kept_apart"] = held


def _rows_taken(person: Person) -> dict[str, Any]:
    names = person.names.values(
        "kind", "name", "script", "language", "source", "added_by_id", "added_at"
    )
    documents = person.documents_of_identity.values(
        "kind", "number", "number_key", "issued_by_id", "valid_until", "added_by_id", "added_at"
    )
    taken: dict[str, Any] = {}
    for word, rows, manager in (
        ("names", list(names), person.names),
        ("documents", list(documents), person.documents_of_identity),
    ):
        if rows:
            taken[word] = [{k: _written(v) for k, v in row.items()} for row in rows]
            manager.all().delete()
    return taken


def _written(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
