"""Case files: opened, kept, with everything that hangs together with the case.

``PARTS`` says what can be added to a case file and how it is read; ``add`` adds it. What a person
sees of linked matters goes through the one gate each time (``linked_matters``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.extradition_opening import person_readers
from cases.models import (
    CaseFile,
    CaseRole,
    EvidenceReceived,
    JointTeam,
    LinkedMatter,
    Offence,
    Person,
    RelatedFile,
)
from registry import field_readers as read
from registry import naming, timeline
from registry.access import authorities_where, may
from registry.dossiers import changing, open_dossier
from registry.field_readers import Reader
from registry.models import Authority, Dossier, State, User
from registry.refusals import Invalid, NotAllowed, NotFound, Text
from registry.search_text import searchable
from treaties.models import OffenceFamily

KIND, KIND_MARK = "case_file", "CASE"
LINKABLE = ("request", "extradition")
Values = dict[str, Any]


def known_state(value: Any) -> str:
    """The code of one State."""
    found = read.state_codes(value)
    if len(found) != 1:
        raise ValueError(_("Choose one State."))
    return found[0]


def known_family(value: Any) -> str:
    if not OffenceFamily.objects.filter(pk=str(value)[:48].replace("\x00", "")).exists():
        raise ValueError(_("Choose one of the offences offered."))
    return str(value)


def case_readers() -> dict[str, Reader]:
    """What a case file says of itself."""
    return {
        "title": read.text(300, lines=False),
        "number": read.text(120, lines=False),
        "court": read.text(240, lines=False),
        "stage": read.choice(CaseFile.Stage.values),
        "summary": read.text(),
        "victims_count": read.whole_number(0, 10_000_000),
        "protection_needs": read.text(),
    }


@dataclass(frozen=True)
class Part:
    """What can be added to a case file: its fields, those that must be there, and the row made."""

    label: Text
    readers: Callable[[], dict[str, Reader]]
    needs: tuple[str, ...]
    make: Callable[[CaseFile, Values, User, datetime], models.Model]


def _person(case: CaseFile, given: Values, user: User, now: datetime) -> models.Model:
    if not (given.get("family_name") or given.get("name_in_original_script")):
        raise _wrong("family_name", _("Give a name in at least one script."))
    alias = given.pop("protected_alias", "")
    position = case.dossier.persons.count() + 1
    return Person.objects.create(
        dossier=case.dossier,
        position=position,
        protected=bool(alias),
        protected_alias=alias,
        **given,
    )


def _offence(case: CaseFile, given: Values, user: User, now: datetime) -> models.Model:
    family, position = given.pop("family"), case.dossier.offences.count() + 1
    provision = given.get("provision", "")
    if case.dossier.offences.filter(family=family, provision=provision).exists():
        raise _wrong("family", _("This offence is in the case file already."))
    return Offence.objects.create(
        dossier=case.dossier, family_id=family, position=position, **given
    )


def _role(case: CaseFile, given: Values, user: User, now: datetime) -> models.Model:
    """Whoever gets a role is named on the dossier, and so sees it."""
    named = case.dossier.named.filter(user=given["person"]).first()
    if named is None:
        person = naming.name_person(case.dossier, given["person"], user=user, now=now)
    else:
        person = named.user
    role, _new = CaseRole.objects.update_or_create(
        case_file=case, user=person, defaults={"role": given["role"]}
    )
    return role


def _linked(case: CaseFile, given: Values, user: User, now: datetime) -> models.Model:
    """Only a matter that the person sees can be linked: others are not told of."""
    found = (
        Dossier.objects.visible_to(user)
        .filter(reference=given["reference"], kind__in=LINKABLE)
        .first()
    )
    if found is None:
        raise _wrong("reference", _("You see no request or extradition with this reference."))
    return LinkedMatter.objects.get_or_create(
        case_file=case, dossier=found, defaults={"linked_at": now}
    )[0]


def _related(case: CaseFile, given: Values, user: User, now: datetime) -> models.Model:
    return RelatedFile.objects.create(case_file=case, country_id=given.pop("country"), **given)


def _joint(case: CaseFile, given: Values, user: User, now: datetime) -> models.Model:
    began, ends = given.get("agreed_on"), given.get("ends_on")
    if began and ends and ends < began:
        raise _wrong("ends_on", _("The team cannot end before it was agreed."))
    return JointTeam.objects.create(case_file=case, **given)


def _evidence(case: CaseFile, given: Values, user: User, now: datetime) -> models.Model:
    return EvidenceReceived.objects.create(case_file=case, country_id=given.pop("country"), **given)


def _wrong(name: str, sentence: str) -> Invalid:
    return Invalid("invalid", sentence, fields={name: [sentence]})


PARTS: dict[str, Part] = {
    "persons": Part(
        gettext_lazy("Person"),
        lambda: (
            {"role": read.choice(Person.Role.values), **person_readers()}
            | {"protected_alias": read.text(80, lines=False)}
        ),
        ("role",),
        _person,
    ),
    "offences": Part(
        gettext_lazy("Offence"),
        lambda: {
            "family": known_family,
            "provision": read.text(240, lines=False),
            "penalty": read.text(240, lines=False),
            "time_of_acts": read.text(160, lines=False),
            "place_of_acts": read.text(240, lines=False),
        },
        ("family",),
        _offence,
    ),
    "team": Part(
        gettext_lazy("Member of the team"),
        lambda: {
            "person": read.whole_number(1, 2**31),
            "role": read.choice(CaseRole.Role.values),
        },
        ("person", "role"),
        _role,
    ),
    "linked": Part(
        gettext_lazy("Request or extradition"),
        lambda: {"reference": read.text(60, lines=False)},
        ("reference",),
        _linked,
    ),
    "related": Part(
        gettext_lazy("File at home or abroad"),
        lambda: {
            "country": known_state,
            "office": read.text(240, lines=False),
            "number": read.text(120, lines=False),
            "same_acts": read.truth,
            "state": read.choice(RelatedFile.State.values),
            "note": read.text(10_000),
        },
        ("country", "state"),
        _related,
    ),
    "joint-teams": Part(
        gettext_lazy("Joint investigation team"),
        lambda: {
            "name": read.text(240, lines=False),
            "countries": read.state_codes,
            "agreed_on": read.day,
            "ends_on": read.day,
        },
        ("name", "countries"),
        _joint,
    ),
    "evidence": Part(
        gettext_lazy("Evidence received"),
        lambda: {
            "description": read.text(300, lines=False),
            "country": known_state,
            "received_on": read.day,
            "use_limits": read.text(10_000),
        },
        ("description", "country", "received_on"),
        _evidence,
    ),
}


# --- opening and keeping ----------------------------------------------------------------


def open_case_file(
    *, user: User, owner: Authority, sealed: bool = False, now: datetime, **said: Any
) -> CaseFile:
    """Open a case file in an office. Raises NotAllowed, Invalid by field."""
    if owner.pk not in authorities_where(user, "keep_case_file") or not owner.reference_prefix:
        raise NotAllowed(
            "role_may_not",
            _("You may not open a case file for this authority. Choose one of your own."),
            fields={"owner": [_("Choose an authority in which you keep case files.")]},
        )
    given = read.read({"stage": CaseFile.Stage.INQUIRY} | said, case_readers())
    if not given.get("title"):
        raise _wrong("title", _("Give the case a name."))
    with transaction.atomic():
        dossier = open_dossier(
            kind=KIND,
            kind_mark=KIND_MARK,
            owner=owner,
            responsible=user,
            direction=Dossier.Direction.DOMESTIC,
            counterpart=None,
            status=given.pop("stage"),
            title=given.pop("title"),
            confidentiality=(
                Dossier.Confidentiality.SEALED if sealed else Dossier.Confidentiality.ORDINARY
            ),
            now=now,
        )
        case = CaseFile.objects.create(dossier=dossier, **given)
        CaseRole.objects.create(case_file=case, user=user, role=CaseRole.Role.LEAD)
        _index(case)
        timeline.record(dossier, "case_file.opened", actor=user, at=now)
    return case


@contextmanager
def keeping(
    case: CaseFile,
    event: str,
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
    **said: Any,
) -> Iterator[CaseFile]:
    """Change a case file under lock and say so. Raises NotAllowed, Stale."""
    if not may(user, "keep_case_file", case.dossier):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow this. Ask an officer who may."),
        )
    with changing(case.dossier, expected_version=expected_version, now=now) as dossier:
        fresh = CaseFile.objects.get(pk=case.pk)
        fresh.dossier = dossier
        yield fresh
        fresh.save()
        _index(fresh)
        timeline.record(dossier, event, actor=user, at=now, **said)
    case.dossier = fresh.dossier


def change(
    case: CaseFile,
    changes: Mapping[str, Any],
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Change what the case file says of itself; a case that has ended is no longer open."""
    stored = read.read(changes, case_readers())
    if "title" in stored and not stored["title"]:
        raise _wrong("title", _("Give the case a name."))
    with keeping(
        case,
        "case_file.edited",
        user=user,
        now=now,
        expected_version=expected_version,
        fields=sorted(stored),
    ) as held:
        for name, value in stored.items():
            if name == "stage":
                held.dossier.status = value
                held.dossier.is_open = value != CaseFile.Stage.ENDED
            else:
                setattr(held.dossier if name == "title" else held, name, value)


def add(
    case: CaseFile,
    part: str,
    given: Mapping[str, Any],
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> models.Model:
    """Add a person, an offence, a linked matter… Raises NotFound for no such part, Invalid."""
    kind = PARTS.get(part)
    if kind is None:
        raise NotFound("no_such_part", _("A case file has no such part."))
    values = read.read(given, kind.readers())
    missing = [name for name in kind.needs if not values.get(name)]
    if missing:
        raise Invalid(
            "missing",
            _("Something is missing."),
            fields={name: [_("This is needed.")] for name in missing},
        )
    with keeping(
        case,
        "case_file.added",
        user=user,
        now=now,
        expected_version=expected_version,
        part=part,
    ) as held:
        return kind.make(held, values, user, now)


def follow_related(
    case: CaseFile,
    number: int,
    given: Mapping[str, Any],
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> RelatedFile:
    """Record consultation, transfer of proceedings or the state of a file elsewhere."""
    values = read.read(
        given,
        {
            "consulted_on": read.day,
            "transfer": read.choice(RelatedFile.Transfer.values),
            "state": read.choice(RelatedFile.State.values),
        },
    )
    found = case.related_files.filter(pk=number).first()
    if found is None:
        raise NotFound("no_such_part", _("There is no such file here."))
    with keeping(case, "case_file.followed", user=user, now=now, expected_version=expected_version):
        for name, value in values.items():
            setattr(found, name, value)
        found.save()
    return found


def _index(case: CaseFile) -> None:
    """What a case file is found by; of protected persons the alias alone."""
    dossier = case.dossier
    names = [
        person.protected_alias if person.protected else person.full_name
        for person in dossier.persons.all()
    ]
    dossier.search_text = searchable([dossier.reference, dossier.title, case.number, *names])
    dossier.save(update_fields=["search_text"])


# --- finding ----------------------------------------------------------------------------


def visible_case_file(user: User, reference: str) -> CaseFile:
    """One case file; raises ``CaseFile.DoesNotExist`` whether there is none or it is hidden."""
    if "\x00" in reference:
        raise CaseFile.DoesNotExist
    dossiers = Dossier.objects.visible_to(user).filter(kind=KIND, reference=reference)
    return CaseFile.objects.select_related("dossier__owner", "dossier__responsible").get(
        dossier__in=dossiers.values("pk")
    )


def linked_matters(case: CaseFile, user: User) -> list[Dossier]:
    """The linked requests and extraditions that this person may see; no word of the others."""
    linked = LinkedMatter.objects.filter(case_file=case).values("dossier")
    return list(
        Dossier.objects.visible_to(user)
        .filter(pk__in=linked)
        .select_related("responsible")
        .order_by("pk")
    )


def case_files_of(dossier: Dossier, user: User) -> list[Dossier]:
    """The case files to which a matter belongs, as far as this person may see them."""
    files = LinkedMatter.objects.filter(dossier=dossier).values("case_file")
    return list(Dossier.objects.visible_to(user).filter(pk__in=files).order_by("pk"))


def states_named(case: CaseFile, matters: list[Dossier]) -> dict[str, State]:
    """The States that the case touches, by code. One query."""
    codes = {matter.counterpart_id for matter in matters} - {None}
    codes |= {related.country_id for related in case.related_files.all()}
    return State.objects.in_bulk([code for code in codes if code])
