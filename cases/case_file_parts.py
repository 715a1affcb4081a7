"""The parts of a case file: added, corrected and taken away, each with its entry on the timeline.

``PARTS`` says for each part what can be written, what must be, where its rows are and how one is made.
Pages and API offer all of them by this table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import deconfliction, object_identifiers, object_matching, protected_identities
from cases.case_files import keeping, wrong
from cases.extradition_opening import person_readers
from cases.models import (
    CaseFile,
    CaseRole,
    EvidenceReceived,
    JointTeam,
    LimitationPeriod,
    LinkedMatter,
    LinkedObject,
    Offence,
    Person,
    RelatedFile,
)
from registry import field_readers as read
from registry import naming
from registry.field_readers import Reader
from registry.models import Dossier, User
from registry.refusals import Invalid, NotFound, NotPossibleNow, Text
from treaties.models import OffenceFamily

LINKABLE = ("request", "extradition")
LONGEST_KEPT = 300
"""So much of a former value stands on the timeline."""
Values = dict[str, Any]
REFERRED = {
    "country": "country_id",
    "family": "family_id",
    "offence": "offence_id",
    "holder": "holder_id",
}
"""Fields that name a row elsewhere by its code or number."""


def known_state(value: Any) -> str:
    """The code of one State."""
    found = read.state_codes(value)
    if len(found) != 1:
        raise ValueError(_("Choose one State."))
    return found[0]


def perhaps_state(value: Any) -> str | None:
    """The code of one State, or nothing."""
    return known_state(value) if value else None


def known_family(value: Any) -> str:
    if not OffenceFamily.objects.filter(pk=str(value)[:48].replace("\x00", "")).exists():
        raise ValueError(_("Choose one of the offences offered."))
    return str(value)


# --- what is made and what is checked ---------------------------------------------------


def _plain(model: type[models.Model], case: CaseFile, given: Values) -> models.Model:
    return model(
        case_file=case, **{REFERRED.get(name, name): value for name, value in given.items()}
    )


def _person(case: CaseFile, given: Values, user: User, now: datetime) -> models.Model:
    alias = given.pop("protected_alias", "")
    position = _next(case.dossier.persons.all())
    return Person(
        dossier=case.dossier,
        position=position,
        protected=bool(alias),
        protected_alias=alias,
        **given,
    )


def _check_person(case: CaseFile, person: Person) -> None:
    known = (person.family_name, person.name_in_original_script, person.protected_alias)
    if not any(known):
        raise wrong("family_name", _("Give a name in at least one script."))


def _set_person(row: Person, stored: Values, user: User, now: datetime) -> None:
    if "protected_alias" in stored:
        stored = stored | {"protected": bool(stored["protected_alias"])}
    protected_identities.write(row, stored, user=user, now=now)


def _offence(case: CaseFile, given: Values, user: User, now: datetime) -> models.Model:
    family, position = given.pop("family"), _next(case.dossier.offences.all())
    return Offence(dossier=case.dossier, family_id=family, position=position, **given)


def _check_offence(case: CaseFile, offence: Offence) -> None:
    same = case.dossier.offences.filter(family=offence.family_id, provision=offence.provision)
    if same.exclude(pk=offence.pk).exists():
        raise wrong("family", _("This offence is in the case file already."))
    if offence.acts_from and offence.acts_until and offence.acts_until < offence.acts_from:
        raise wrong("acts_until", _("The acts cannot end before they began."))


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


def _drop_role(case: CaseFile, role: CaseRole) -> None:
    """Off the team is off the dossier: who has no role there is no longer named on it."""
    if case.dossier.responsible_id == role.user_id:
        raise NotPossibleNow(
            "responsible",
            _("This person answers for the case file. Give it to another officer first."),
        )
    case.dossier.named.filter(user=role.user_id).delete()


def _linked(case: CaseFile, given: Values, user: User, now: datetime) -> models.Model:
    """Only a matter that the person sees can be linked: others are not told of."""
    found = (
        Dossier.objects.visible_to(user)
        .filter(reference=given["reference"], kind__in=LINKABLE)
        .first()
    )
    if found is None:
        raise wrong("reference", _("You see no request or extradition with this reference."))
    link, _new = LinkedMatter.objects.get_or_create(
        case_file=case, dossier=found, defaults={"linked_at": now}
    )
    deconfliction.again(deconfliction.hanging_together(case.pk))
    return link


def _drop_person(case: CaseFile, person: Person) -> None:
    """What was told on this entry alone is told on another one of the case."""
    deconfliction.again(deconfliction.hanging_together(case.pk))


def _drop_link(case: CaseFile, link: LinkedMatter) -> None:
    deconfliction.again(deconfliction.hanging_together(case.pk))


def _check_joint(case: CaseFile, team: JointTeam) -> None:
    if team.agreed_on and team.ends_on and team.ends_on < team.agreed_on:
        raise wrong("ends_on", _("The team cannot end before it was agreed."))


def _limitation(case: CaseFile, given: Values, user: User, now: datetime) -> models.Model:
    return LimitationPeriod(**{REFERRED.get(name, name): value for name, value in given.items()})


def _check_limitation(case: CaseFile, period: LimitationPeriod) -> None:
    if not case.dossier.offences.filter(pk=period.offence_id).exists():
        raise wrong("offence", _("Choose an offence of this case file."))
    if not period.none_runs and not period.years and not period.months:
        raise wrong("years", _("Give the length of the period, or say that none runs."))
    if period.interruption == LimitationPeriod.Interruption.RESTARTS:
        if period.interrupted_on is None:
            raise wrong("interrupted_on", _("Give the day from which the period runs anew."))
        if period.runs_from and period.interrupted_on < period.runs_from:
            raise wrong("interrupted_on", _("A period is interrupted only once it runs."))
    if period.interruption == LimitationPeriod.Interruption.SUSPENDED and not period.suspended_days:
        raise wrong("suspended_days", _("Give the days on which the period stood still."))


def _object(case: CaseFile, given: Values, user: User, now: datetime) -> models.Model:
    position = _next(case.dossier.linked_objects.all())
    return LinkedObject(
        dossier=case.dossier,
        position=position,
        **{REFERRED.get(name, name): value for name, value in given.items()},
    )


def _check_object(case: CaseFile, thing: LinkedObject) -> None:
    kind = thing.identifier_kind
    if kind not in object_identifiers.OFFERED[thing.kind]:
        offered = [
            LinkedObject.IdentifierKind(k).label for k in object_identifiers.OFFERED[thing.kind]
        ]
        sentence = _("This kind of thing is known by: %(kinds)s.")
        raise wrong("identifier_kind", sentence % {"kinds": ", ".join(map(str, offered))})
    if kind in object_identifiers.NEED_A_STATE and not thing.country_id:
        raise wrong("country", _("Say which State's number this is."))
    if thing.holder_id and not case.dossier.persons.filter(pk=thing.holder_id).exists():
        raise wrong("holder", _("Choose a person of this case file."))
    try:
        thing.key = object_identifiers.key_of(kind, thing.identifier, thing.country_id or "")
    except ValueError as mistake:
        raise wrong("identifier", str(mistake)) from mistake
    same = case.dossier.linked_objects.filter(identifier_kind=kind, key=thing.key)
    if same.exclude(pk=thing.pk).exists():
        raise wrong("identifier", _("This is in the case file already."))


def _next(rows: models.QuerySet[Any]) -> int:
    last: int | None = rows.aggregate(last=models.Max("position"))["last"]
    return (last or 0) + 1


# --- the table --------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One kind of part of a case file.

    ``make`` makes a row from what was read, to be saved by ``add`` unless it is already; ``check`` looks at a row as it shall be, and raises
    Invalid; ``put`` sets on a row what was read anew; ``drop`` does what taking away entails, ``then``
    what follows once the row is saved.
    ``rows`` are those that this user may know of. ``fixed`` fields are chosen once. A part that is ``told_by_fields`` leaves no former values on the
    timeline.
    """

    label: Text
    readers: Callable[[], dict[str, Reader]]
    needs: tuple[str, ...]
    rows: Callable[[CaseFile, User], models.QuerySet[Any]]
    make: Callable[[CaseFile, Values, User, datetime], models.Model]
    check: Callable[[CaseFile, Any], None] = lambda case, row: None
    put: Callable[[Any, Values, User, datetime], None] | None = None
    drop: Callable[[CaseFile, Any], None] = lambda case, row: None
    then: Callable[[Any, datetime], None] = lambda row, now: None
    fixed: tuple[str, ...] = ()
    told_by_fields: bool = False

    def changeable(self) -> dict[str, Reader]:
        return {n: reader for n, reader in self.readers().items() if n not in self.fixed}


PARTS: dict[str, Part] = {
    "persons": Part(
        gettext_lazy("Person"),
        lambda: (
            {"role": read.choice(Person.Role.values), **person_readers()}
            | {"protected_alias": read.text(80, lines=False)}
        ),
        ("role",),
        lambda case, user: case.dossier.persons.all(),
        _person,
        check=_check_person,
        put=_set_person,
        drop=_drop_person,
        told_by_fields=True,
    ),
    "offences": Part(
        gettext_lazy("Offence"),
        lambda: {
            "family": known_family,
            "provision": read.text(240, lines=False),
            "penalty": read.text(240, lines=False),
            "acts_from": read.day,
            "acts_until": read.day,
            "time_of_acts": read.text(160, lines=False),
            "place_of_acts": read.text(240, lines=False),
        },
        ("family",),
        lambda case, user: case.dossier.offences.select_related("family"),
        _offence,
        check=_check_offence,
    ),
    "team": Part(
        gettext_lazy("Member of the team"),
        lambda: {
            "person": read.whole_number(1, 2**31),
            "role": read.choice(CaseRole.Role.values),
        },
        ("person", "role"),
        lambda case, user: case.roles.select_related("user"),
        _role,
        drop=_drop_role,
        fixed=("person",),
    ),
    "linked": Part(
        gettext_lazy("Request or extradition"),
        lambda: {"reference": read.text(60, lines=False)},
        ("reference",),
        lambda case, user: case.linked.filter(
            dossier__in=Dossier.objects.visible_to(user)
        ).select_related("dossier"),
        _linked,
        drop=_drop_link,
        fixed=("reference",),
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
        lambda case, user: case.related_files.all(),
        lambda case, given, user, now: _plain(RelatedFile, case, given),
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
        lambda case, user: case.joint_teams.all(),
        lambda case, given, user, now: _plain(JointTeam, case, given),
        check=_check_joint,
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
        lambda case, user: case.evidence.all(),
        lambda case, given, user, now: _plain(EvidenceReceived, case, given),
    ),
    "objects": Part(
        gettext_lazy("Account, device, vessel or other thing"),
        lambda: {
            "kind": read.choice(LinkedObject.Kind.values),
            "identifier_kind": read.choice(LinkedObject.IdentifierKind.values),
            "identifier": read.text(160, lines=False),
            "country": perhaps_state,
            "holder": read.whole_number(1, 2**62),
            "description": read.text(300, lines=False),
        },
        ("kind", "identifier_kind", "identifier"),
        lambda case, user: case.dossier.linked_objects.all(),
        _object,
        check=_check_object,
        then=object_matching.find_matches,
    ),
    "limitation": Part(
        gettext_lazy("Period of limitation"),
        lambda: {
            "offence": read.whole_number(1, 2**62),
            "country": known_state,
            "source": read.text(300, lines=False),
            "none_runs": read.truth,
            "years": read.whole_number(0, 200),
            "months": read.whole_number(0, 11),
            "runs_from": read.day,
            "interruption": read.choice(LimitationPeriod.Interruption.values),
            "interrupted_on": read.day,
            "suspended_days": read.whole_number(0, 36_500),
            "note": read.text(10_000),
        },
        ("offence", "country", "source"),
        lambda case, user: LimitationPeriod.objects.filter(offence__dossier=case.dossier),
        _limitation,
        check=_check_limitation,
    ),
}


def part_of(name: str) -> Part:
    """Raises NotFound for a part that a case file has not."""
    kind = PARTS.get(name)
    if kind is None:
        raise NotFound("no_such_part", _("A case file has no such part."))
    return kind


# --- what is done with them -------------------------------------------------------------


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
    kind = part_of(part)
    values = read.read(given, kind.readers())
    _refuse_missing(name for name in kind.needs if not values.get(name))
    with keeping(
        case,
        "case_file.added",
        user=user,
        now=now,
        expected_version=expected_version,
        part=part,
    ) as held:
        made = kind.make(held, values, user, now)
        if made._state.adding:
            kind.check(held, made)
            made.save()
            kind.then(made, now)
        return made


def change(
    case: CaseFile,
    part: str,
    number: int,
    given: Mapping[str, Any],
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> models.Model:
    """Correct a part; only the fields given change. What it said before stands on the timeline.

    Raises NotFound, Invalid by field, NotAllowed, Stale.
    """
    kind = part_of(part)
    _row(kind, case, number, user)
    values = read.read(given, kind.changeable())
    _refuse_missing(name for name in kind.needs if name in values and not values[name])
    noted: dict[str, Any] = {}
    with keeping(
        case, "case_file.corrected", user=user, now=now, expected_version=expected_version,
        noted=noted, part=part,
    ) as held:  # fmt: skip
        row = _row(kind, held, number, user)
        before = {name: as_written(row, name) for name in values}
        if kind.put is not None:
            if isinstance(row, Person):
                row.dossier = held.dossier
            kind.put(row, values, user, now)
        else:
            for name, value in values.items():
                setattr(row, REFERRED.get(name, name), value)
        kind.check(held, row)
        changed = {name: old for name, old in before.items() if as_written(row, name) != old}
        row.save()
        kind.then(row, now)
        noted |= {"what": _told(row), "fields": list(changed)}
        if not kind.told_by_fields:
            noted["before"] = {name: old[:LONGEST_KEPT] for name, old in changed.items()}
    return row


def remove(
    case: CaseFile,
    part: str,
    number: int,
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Take a part away; what it said stands on the timeline.

    Raises NotFound, NotPossibleNow for the role of who answers for the case, NotAllowed, Stale.
    """
    kind = part_of(part)
    _row(kind, case, number, user)
    noted: dict[str, Any] = {}
    with keeping(
        case, "case_file.removed", user=user, now=now, expected_version=expected_version,
        noted=noted, part=part,
    ) as held:  # fmt: skip
        row = _row(kind, held, number, user)
        noted["what"] = _told(row)
        if not kind.told_by_fields:
            said = {name: as_written(row, name) for name in kind.changeable()}
            noted["before"] = {name: old[:LONGEST_KEPT] for name, old in said.items() if old}
        kind.drop(held, row)
        row.delete()


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


def as_written(row: models.Model, name: str) -> str:
    """What a field of a part says, as a form would bring it."""
    value = getattr(row, REFERRED.get(name, name), "")
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def shown(row: models.Model) -> str:
    """A part in a few words, by the alias where somebody is protected."""
    if isinstance(row, LinkedMatter):
        return row.dossier.reference
    if isinstance(row, CaseRole):
        return row.user.name
    if isinstance(row, Offence):
        return f"{row.family_id} {row.provision}".strip()
    return str(row)[:LONGEST_KEPT]


def _told(row: models.Model) -> str:
    """A part as the timeline names it, which people read who may not see a matter that was linked."""
    return "" if isinstance(row, LinkedMatter) else shown(row)


def _row(kind: Part, case: CaseFile, number: int, user: User) -> Any:
    row = kind.rows(case, user).filter(pk=number).first()
    if row is None:
        raise NotFound("no_such_part", _("There is no such entry. It may have been removed."))
    return row


def _refuse_missing(names: Iterable[str]) -> None:
    if missing := list(names):
        raise Invalid(
            "missing",
            _("Something is missing."),
            fields={name: [_("This is needed.")] for name in missing},
        )
