"""Persons under protection: who may learn who they are, and how protection begins and ends.

Everywhere a protected person stands under the alias. The identity is read one person at a time, by who
has the act ``read_protected_identity`` and is named on the dossier, for a reason that the timeline
keeps with the name of who read. Writing needs no reading: what is typed over is sealed and not
shown again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import identity_keys
from cases.models import IdentityDocument, Person, PersonName, ProtectedIdentity
from cases.models.protected_identities import IDENTIFYING, ROWS
from registry import timeline
from registry.access import may
from registry.models import Dossier, TimelineEntry, User
from registry.refusals import Invalid, NotAllowed, Text

READ = "person.identity_read"
BEGAN, ENDED = "person.protection_began", "person.protection_ended"
LONGEST_REASON = 400
BATCH = 200
COPIED = ("role", "protected", "protected_alias", "birth_circa")
LABELS: dict[str, Text] = {
    "family_name": gettext_lazy("Family name"),
    "given_names": gettext_lazy("Given names"),
    "name_in_original_script": gettext_lazy("Name in original script"),
    "aliases": gettext_lazy("Also known as"),
    "birth_year": gettext_lazy("Year of birth"),
    "birth_month": gettext_lazy("Month of birth"),
    "birth_day": gettext_lazy("Day of birth"),
    "birth_year_latest": gettext_lazy("Born at the latest in"),
    "birth_place": gettext_lazy("Place of birth"),
    "nationalities": gettext_lazy("Nationalities"),
    "location": gettext_lazy("Address or whereabouts"),
    "identity_documents": gettext_lazy("Identity documents"),
    "note": gettext_lazy("Note"),
    "names": gettext_lazy("Further names"),
    "documents": gettext_lazy("Passports and cards"),
}


@dataclass(frozen=True)
class Line:
    """One thing known of who somebody is."""

    field: str
    label: Text
    value: str


def may_read(person: Person, user: User) -> bool:
    """Whether this user, who sees the dossier, may learn who a protected person is."""
    return (
        person.protected
        and may(user, "read_protected_identity", person.dossier)
        and person.dossier.named.filter(user=user).exists()
    )


def known_of(person: Person) -> list[Text]:
    """What is kept apart, by its labels and without opening it."""
    kept = ProtectedIdentity.objects.filter(person=person).first()
    return [LABELS[name] for name in kept.said if name in LABELS] if kept else []


def readings_of(person: Person) -> list[TimelineEntry]:
    """Who read the identity, when and why; newest first."""
    entries = TimelineEntry.objects.filter(dossier=person.dossier_id, event=READ)
    return list(
        entries.filter(data__person=person.pk).select_related("actor").order_by("-sequence")[:50]
    )


def read_identity(person: Person, *, reason: str, user: User, now: datetime) -> list[Line]:
    """Who the person is; the reading stands on the timeline before anything is shown.

    Raises NotAllowed, Invalid (``reason``), NotPossibleNow where the key is missing.
    """
    if not may_read(person, user):
        raise NotAllowed(
            "role_may_not",
            _(
                "Who a protected person is may be read by approving officers and prosecutors who "
                "are named on the dossier."
            ),
        )
    said = " ".join(str(reason or "").replace("\x00", "").split())
    if not said or len(said) > LONGEST_REASON:
        sentence = (
            _("Write at most %(most)s characters.") % {"most": LONGEST_REASON}
            if said
            else _("Say why you need to know. The timeline keeps it.")
        )
        raise Invalid("invalid", sentence, fields={"reason": [sentence]})
    with transaction.atomic():
        Dossier.objects.select_for_update().only("pk").get(pk=person.dossier_id)
        timeline.record(
            person.dossier, READ, actor=user, at=now, person=person.pk,
            name=person.protected_alias, reason=said,
        )  # fmt: skip
        kept = ProtectedIdentity.objects.filter(person=person).first()
        return _lines(kept.opened()) if kept else []


def write(person: Person, stored: Mapping[str, Any], *, user: User, now: datetime) -> None:
    """Set on a person what was read from a form; the caller saves, holding the dossier.

    Of a protected person an empty field says nothing, since the form does not show what is kept. Ending
    the protection brings the identity back into the dossier, and so takes who may read it.
    """
    was = person.protected
    if was and stored.get("protected") is False:
        _end(person, user, now)
    for name, value in stored.items():
        if not (was and name in IDENTIFYING and not value):
            setattr(person, name, value)
    if not was and person.protected and person.pk is not None:
        timeline.record(
            person.dossier, BEGAN, actor=user, at=now, person=person.pk, name=person.protected_alias
        )


def copy(person: Person, dossier: Dossier, position: int) -> Person:
    """The person in another dossier too; a protected one with the identity sealed anew, unread."""
    said = {name: getattr(person, name) for name in (*COPIED, *IDENTIFYING)}
    copied = Person.objects.create(dossier=dossier, position=position, **said)
    kept = ProtectedIdentity.objects.filter(person=person).first()
    if kept is not None:
        ProtectedIdentity(person=copied).keep(kept.opened())
    return copied


def _end(person: Person, user: User, now: datetime) -> None:
    if not may_read(person, user):
        sentence = _(
            "Ending the protection shows who the person is to all who see the dossier: ask an "
            "approving officer or prosecutor who is named on it."
        )
        raise Invalid("may_not_end_protection", sentence, fields={"protected": [sentence]})
    kept = ProtectedIdentity.objects.filter(person=person).first()
    timeline.record(
        person.dossier, ENDED, actor=user, at=now, person=person.pk, name=person.protected_alias
    )
    if kept is None:
        return
    values = kept.opened()
    for name in IDENTIFYING:
        if name in values:
            setattr(person, name, values[name])
    for row in values.get("names", []):
        PersonName.objects.create(
            person=person, **row | {"added_at": parse_datetime(row["added_at"])}
        )
    for row in values.get("documents", []):
        until = row["valid_until"]
        IdentityDocument.objects.create(
            person=person,
            **row
            | {
                "added_at": parse_datetime(row["added_at"]),
                "valid_until": date.fromisoformat(until) if until else None,
            },
        )
    kept.delete()
    person._state.fields_cache.pop("kept_apart", None)


def _lines(values: Mapping[str, Any]) -> list[Line]:
    lines = []
    for name in [*IDENTIFYING, *ROWS]:
        value = values.get(name)
        if not value:
            continue
        if name in ROWS:
            key = "name" if name == "names" else "number"
            value = "; ".join(str(row[key]) for row in value)
        elif isinstance(value, list):
            value = ", ".join(map(str, value))
        lines.append(Line(name, LABELS[name], str(value)))
    return lines


def seal_anew(*, after: int = 0) -> tuple[int, int]:
    """Seal a batch of identities under the first key; returns how many, and the last one's number.

    Called again with that number until it returns none.
    """
    mark = identity_keys.first_mark()
    with transaction.atomic():
        old = ProtectedIdentity.objects.select_for_update().exclude(key_mark=mark)
        batch = list(old.filter(person__gt=after).order_by("person")[:BATCH])
        for identity in batch:
            identity.keep(identity.opened())
    return len(batch), batch[-1].person_id if batch else after
