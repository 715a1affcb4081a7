"""The parts of a draft: measures, persons, offences and annexes.

Each is added, changed and taken away through ``draft_editing.editing``, so that what holds for the draft
(who may, in which status, seen in which version) holds for its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, BinaryIO, TypeVar

from django.db import models
from django.db.models import Max
from django.utils.translation import gettext as _

from cases import deconfliction, protected_identities
from cases.models import Offence, Person
from mla.draft_editing import editing
from mla.draft_fields import (
    Reader,
    choice,
    read,
    state_codes,
    text,
    texts_by_key,
    truth,
    whole_number,
)
from mla.models import AssistanceRequest, Measure, MeasureState
from registry import documents
from registry.deadlines import today_of
from registry.models import Document, User
from registry.refusals import Invalid, NotFound, NotPossibleNow
from treaties.models import MeasureKind, MeasureParticular, OffenceFamily

MOST_PARTS = 200
"""So many measures, persons, offences or annexes a request may have of each."""
Part = TypeVar("Part", Measure, Person, Offence, Document)


def _next_position(parts: models.QuerySet[Any], name: str) -> int:
    if parts.count() >= MOST_PARTS:
        raise Invalid(
            "too_many",
            _("A request can have at most %(most)s of these.") % {"most": MOST_PARTS},
            fields={name: [_("Take one away, or put a list into an annex.")]},
        )
    return (parts.aggregate(last=Max("position"))["last"] or 0) + 1


def _one(parts: models.QuerySet[Part], key: int) -> Part:
    found = parts.filter(pk=key).first()
    if found is None:
        raise NotFound(
            "no_such_part", _("The request has no such entry. It may have been removed.")
        )
    return found


# --- measures ---------------------------------------------------------------------------


def _measure_readers(kind: str) -> dict[str, Reader]:
    known = MeasureParticular.objects.filter(measure=kind).values_list("key", flat=True)
    return {"description": text(), "particulars": texts_by_key(known)}


def add_measure(
    request: AssistanceRequest,
    *,
    kind: str,
    description: str = "",
    particulars: Mapping[str, str] | None = None,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Measure:
    """Ask for one thing more. Particulars may follow later; unknown ones are refused."""
    _known("kind", MeasureKind, kind)
    given = read(
        {"description": description, "particulars": particulars or {}}, _measure_readers(kind)
    )
    given["particulars"] = {key: value for key, value in given["particulars"].items() if value}
    with editing(
        request, user=user, expected_version=expected_version, now=now, touched=["measures"]
    ) as draft:
        position = _next_position(draft.measures.all(), "measures")
        return Measure.objects.create(request=draft, kind_id=kind, position=position, **given)


def change_measure(
    request: AssistanceRequest,
    measure: int,
    *,
    changes: Mapping[str, Any],
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Measure:
    """Change description or particulars; only the particulars given change. The kind stays."""
    with editing(
        request, user=user, expected_version=expected_version, now=now, touched=["measures"]
    ) as draft:
        found = _one(draft.measures.all(), measure)
        stored = read(changes, _measure_readers(found.kind_id))
        if "particulars" in stored:
            merged = {**found.particulars, **stored["particulars"]}
            found.particulars = {key: value for key, value in merged.items() if value}
        found.description = stored.get("description", found.description)
        found.save()
        return found


def remove_measure(
    request: AssistanceRequest,
    measure: int,
    *,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> None:
    with editing(
        request, user=user, expected_version=expected_version, now=now, touched=["measures"]
    ) as draft:
        found = _one(draft.measures.all(), measure)
        if found.state != MeasureState.ASKED:
            raise NotPossibleNow(
                "measure_moved",
                _("What became of this measure is recorded already: it stays with the request."),
            )
        found.delete()


# --- persons ----------------------------------------------------------------------------


def _person_readers(today: date) -> dict[str, Reader]:
    return {
        "role": choice(Person.Role.values),
        "family_name": text(160, lines=False),
        "given_names": text(160, lines=False),
        "name_in_original_script": text(240, lines=False),
        "aliases": text(400, lines=False),
        "protected": truth,
        "protected_alias": text(80, lines=False),
        "birth_year": whole_number(1800, today.year),
        "birth_month": whole_number(1, 12),
        "birth_day": whole_number(1, 31),
        "birth_place": text(160, lines=False),
        "nationalities": state_codes,
        "location": text(),
        "identity_documents": text(),
        "note": text(),
    }


def _check_person(person: Person, today: date) -> None:
    wrong: dict[str, list[str]] = {}
    year, month, day = person.birth_year, person.birth_month, person.birth_day
    if month and not year:
        wrong["birth_year"] = [_("Give the year with the month.")]
    if day and not month:
        wrong["birth_month"] = [_("Give the month with the day.")]
    if year and month and day:
        try:
            born = date(year, month, day)
        except ValueError:
            wrong["birth_day"] = [_("That month of that year has no such day.")]
        else:
            if born > today:
                wrong["birth_day"] = [_("A date of birth cannot lie in the future.")]
    if person.protected and not person.protected_alias:
        wrong["protected_alias"] = [
            _("Give the alias by which letters name a person whose identity is protected.")
        ]
    if not (person.full_name or person.aliases or person.protected_alias):
        wrong["family_name"] = [_("Give a name, a name in original script or an alias.")]
    if wrong:
        raise Invalid("invalid", _("Some of what was written cannot be kept."), fields=wrong)


def person_of(fields: Mapping[str, Any], today: date) -> Person:
    """A person as described, of no dossier yet; raises Invalid by field."""
    person = Person(**read({"role": None, **fields}, _person_readers(today)))
    _check_person(person, today)
    return person


def add_person(
    request: AssistanceRequest,
    *,
    fields: Mapping[str, Any],
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Person:
    person = person_of(fields, today_of(request.dossier.owner, now))
    with editing(
        request, user=user, expected_version=expected_version, now=now, touched=["persons"]
    ) as draft:
        person.dossier = draft.dossier
        person.position = _next_position(draft.dossier.persons.all(), "persons")
        person.save(force_insert=True)
        return person


def change_person(
    request: AssistanceRequest,
    person: int,
    *,
    changes: Mapping[str, Any],
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Person:
    day = today_of(request.dossier.owner, now)
    stored = read(changes, _person_readers(day))
    with editing(
        request, user=user, expected_version=expected_version, now=now, touched=["persons"]
    ) as draft:
        found = _one(draft.dossier.persons.all(), person)
        found.dossier = draft.dossier
        protected_identities.write(found, stored, user=user, now=now)
        _check_person(found, day)
        found.save()
        return found


def remove_person(
    request: AssistanceRequest,
    person: int,
    *,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> None:
    with editing(
        request, user=user, expected_version=expected_version, now=now, touched=["persons"]
    ) as draft:
        _one(draft.dossier.persons.all(), person).delete()
        deconfliction.again(deconfliction.hanging_together(draft.pk))


# --- offences ---------------------------------------------------------------------------

OFFENCE_READERS: dict[str, Reader] = {
    "provision": text(240, lines=False),
    "legal_text": text(),
    "penalty": text(240, lines=False),
    "time_of_acts": text(160, lines=False),
    "place_of_acts": text(240, lines=False),
}


def _check_offence(offence: Offence, others: Iterable[Offence]) -> None:
    for other in others:
        if (other.family_id, other.provision) == (offence.family_id, offence.provision):
            raise Invalid(
                "twice",
                _("This offence is already in the request."),
                fields={"provision": [_("Name another provision, or change the entry there is.")]},
            )


def add_offence(
    request: AssistanceRequest,
    *,
    family: str,
    fields: Mapping[str, Any] | None = None,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Offence:
    _known("family", OffenceFamily, family)
    stored = read(fields or {}, OFFENCE_READERS)
    with editing(
        request, user=user, expected_version=expected_version, now=now, touched=["offences"]
    ) as draft:
        offence = Offence(dossier=draft.dossier, family_id=family, **stored)
        _check_offence(offence, draft.dossier.offences.all())
        offence.position = _next_position(draft.dossier.offences.all(), "offences")
        offence.save(force_insert=True)
        return offence


def change_offence(
    request: AssistanceRequest,
    offence: int,
    *,
    changes: Mapping[str, Any],
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Offence:
    """Change what is said of an offence. Its family stays: remove it and add another."""
    stored = read(changes, OFFENCE_READERS)
    with editing(
        request, user=user, expected_version=expected_version, now=now, touched=["offences"]
    ) as draft:
        found = _one(draft.dossier.offences.all(), offence)
        for name, value in stored.items():
            setattr(found, name, value)
        _check_offence(found, draft.dossier.offences.exclude(pk=found.pk))
        found.save()
        return found


def remove_offence(
    request: AssistanceRequest,
    offence: int,
    *,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> None:
    with editing(
        request, user=user, expected_version=expected_version, now=now, touched=["offences"]
    ) as draft:
        _one(draft.dossier.offences.all(), offence).delete()


def _known(name: str, model: type[MeasureKind | OffenceFamily], code: str) -> None:
    codes = choice(model.objects.values_list("code", flat=True))
    read({name: code}, {name: codes})


# --- annexes ----------------------------------------------------------------------------


def annexes(request: AssistanceRequest) -> models.QuerySet[Document]:
    """The annexes that the letter lists, in order."""
    return request.dossier.documents.filter(
        kind=Document.Kind.ANNEX, removed_at__isnull=True
    ).order_by("position", "pk")


def add_annex(
    request: AssistanceRequest,
    *,
    title: str,
    file_name: str,
    content: bytes | BinaryIO,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> Document:
    """Keep a file as an annex. Its content is checked against what its name says it is."""
    given = read(
        {"title": title, "file_name": file_name},
        {"title": text(240, lines=False), "file_name": text(240, lines=False)},
    )
    with editing(
        request, user=user, expected_version=expected_version, now=now, touched=["annexes"]
    ) as draft:
        position = _next_position(annexes(draft), "annexes")
        document = documents.keep(
            draft.dossier,
            kind=Document.Kind.ANNEX,
            title=given["title"] or given["file_name"],
            file_name=given["file_name"],
            content=content,
            user=user,
            now=now,
        )
        document.position = position
        document.save(update_fields=["position"])
        return document


def remove_annex(
    request: AssistanceRequest,
    annex: int,
    *,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> None:
    """Take an annex off the list. The file stays with the dossier's history."""
    with editing(
        request, user=user, expected_version=expected_version, now=now, touched=["annexes"]
    ) as draft:
        found = _one(annexes(draft), annex)
        found.removed_at = now
        found.save(update_fields=["removed_at"])
