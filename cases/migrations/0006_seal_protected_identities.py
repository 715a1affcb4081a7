"""Seal the identities of protected persons that stood in clear until now."""

import json
from typing import Any

from django.db import migrations

from cases import identity_keys

FIELDS: dict[str, Any] = {
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


def seal(apps: Any, schema_editor: Any) -> None:
    person_model = apps.get_model("cases", "Person")
    identity_model = apps.get_model("cases", "ProtectedIdentity")
    for person in person_model.objects.filter(protected=True).iterator():
        said = {name: getattr(person, name) for name in FIELDS if getattr(person, name)}
        for word, rows in (
            ("names", person.names.values(
                "kind", "name", "script", "language", "source", "added_by_id", "added_at")),
            ("documents", person.documents_of_identity.values(
                "kind", "number", "number_key", "issued_by_id", "valid_until", "added_by_id",
                "added_at")),
        ):  # fmt: skip
            if found := [
                {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()}
                for row in rows
            ]:
                said[word] = found
        if not said:
            continue
        sealed, mark = identity_keys.seal(json.dumps(said), f"person {person.pk}")
        identity_model.objects.create(
            person=person, sealed=sealed, key_mark=mark, said=sorted(said)
        )
        person.names.all().delete()
        person.documents_of_identity.all().delete()
        person_model.objects.filter(pk=person.pk).update(**FIELDS)


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_protected_identities")]
    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
