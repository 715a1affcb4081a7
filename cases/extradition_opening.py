"""Opening an extradition: who is wanted, by and from which State, for what, on what basis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases import extradition_law
from cases.extradition_editing import editing
from cases.extradition_search import search_text
from cases.models import ExtraditionCase, ExtraditionStatus, Offence, Person
from registry import field_readers, timeline, urgency
from registry.access import authorities_where
from registry.deadlines import today_of
from registry.dossiers import open_dossier
from registry.models import Authority, Dossier, State, User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow, Text
from treaties import legal_basis
from treaties.legal_basis import Answer, Basis, Question
from treaties.models import OffenceFamily, Purpose

KIND, KIND_MARK = "extradition", "EXT"
DIRECTIONS = (str(Dossier.Direction.SENT), str(Dossier.Direction.RECEIVED))
YEARS = (1850, 2100)


def person_readers() -> dict[str, field_readers.Reader]:
    """What can be said of the person wanted."""
    line = field_readers.text
    return {
        "family_name": line(160, lines=False),
        "given_names": line(160, lines=False),
        "name_in_original_script": line(240, lines=False),
        "aliases": line(400, lines=False),
        "birth_year": field_readers.whole_number(*YEARS),
        "birth_month": field_readers.whole_number(1, 12),
        "birth_day": field_readers.whole_number(1, 31),
        "birth_place": line(160, lines=False),
        "nationalities": field_readers.state_codes,
        "location": line(2000),
    }


def case_readers() -> dict[str, field_readers.Reader]:
    """What can be said of the case when it is opened, and later."""
    line = field_readers.text
    return {
        "title": line(300, lines=False),
        "foreign_reference": line(120, lines=False),
        "facts": line(),
        "notice": line(160, lines=False),
        "urgent": field_readers.truth,
        "urgency_reason": line(2000),
        "urgent_until": field_readers.day,
        "convicted": field_readers.truth,
    }


def open_extradition(
    *,
    user: User,
    owner: Authority,
    direction: str,
    other_state: str,
    person: Mapping[str, Any],
    offences: Iterable[str],
    basis_code: str | None = None,
    sealed: bool = False,
    now: datetime,
    **said: Any,
) -> ExtraditionCase:
    """Open a case in either direction, on the basis proposed or on another applicable one.

    1. Everything typed is read; every mistake is told at once (Invalid).
    2. The resolver answers for today, in the owner's zone; what it said is kept.
    3. Dossier, person, case and offences are written in one transaction.
    """
    if owner.pk not in authorities_where(user, "run_extradition"):
        raise NotAllowed(
            "role_may_not",
            _("You may not open an extradition for this authority. Choose one of your own."),
            fields={"owner": [_("Choose an authority in which you run extraditions.")]},
        )
    families = list(dict.fromkeys(offences))
    wrong: dict[str, list[Text]] = {}
    given, described = _read(said, person, wrong)
    other = _checked(owner, direction, other_state, families, described, wrong)
    if given.get("urgent"):
        wrong |= urgency.lacking(given.get("urgency_reason", ""), given.get("urgent_until"))
    if wrong or other is None:
        raise Invalid("invalid", _("The case cannot be opened like this."), fields=wrong)
    we_request = direction == DIRECTIONS[0]
    sides = (owner.state, other) if we_request else (other, owner.state)
    answer = ask(sides[0].code, sides[1].code, families, today_of(owner, now))
    basis = chosen(answer, basis_code)
    with transaction.atomic():
        dossier = open_dossier(
            kind=KIND,
            kind_mark=KIND_MARK,
            owner=owner,
            responsible=user,
            direction=direction,
            counterpart=other,
            status=ExtraditionStatus.OPENED,
            title=given.get("title", ""),
            confidentiality=(
                Dossier.Confidentiality.SEALED if sealed else Dossier.Confidentiality.ORDINARY
            ),
            now=now,
        )
        role = Person.Role.CONVICTED if given.get("convicted") else Person.Role.ACCUSED
        wanted = Person.objects.create(dossier=dossier, role=role, position=1, **described)
        case = ExtraditionCase(
            dossier=dossier,
            requesting_state=sides[0],
            requested_state=sides[1],
            basis_id=basis.code if basis else None,
            basis_answer=_kept(answer, basis),
            person=wanted,
            convicted=given.get("convicted", False),
            facts=given.get("facts", ""),
            notice=given.get("notice", ""),
            opened_by=user,
            last_edited_by=user,
        )
        case.save(force_insert=True)
        Offence.objects.bulk_create(
            Offence(dossier=dossier, family_id=code, position=place)
            for place, code in enumerate(families, start=1)
        )
        urgency.mark(
            dossier,
            given.get("urgent", False),
            given.get("urgency_reason", ""),
            given.get("urgent_until"),
        )
        dossier.foreign_reference = given.get("foreign_reference", "")
        dossier.search_text = search_text(case)
        dossier.save(update_fields=[*urgency.COLUMNS, "foreign_reference", "search_text"])
        timeline.record(
            dossier,
            "extradition.opened",
            actor=user,
            at=now,
            state=other.code,
            basis=case.basis_id or "",
        )
    return case


def change(
    extradition: ExtraditionCase,
    changes: Mapping[str, Any],
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> ExtraditionCase:
    """Change what the case says of person, facts and references. Raises Invalid by field.

    Not while a formal request is submitted for approval: the second officer reads it as it stands.
    """
    people, cases = person_readers(), case_readers()
    stored = field_readers.read(changes, people | cases)
    if extradition.submitted_by_id and not extradition.formal_request_sent_at:
        raise NotPossibleNow(
            "submitted",
            _("The formal request is submitted for approval. Return it for correction first."),
        )
    if not (stored.get("family_name") or stored.get("name_in_original_script")) and (
        "family_name" in stored
    ):
        sentence = _("Give a name in at least one script.")
        raise Invalid("nameless", sentence, fields={"family_name": [sentence]})
    with editing(
        extradition,
        "extradition.edited",
        user=user,
        now=now,
        expected_version=expected_version,
        fields=sorted(stored),
    ) as case:
        for name, value in stored.items():
            if name in people:
                setattr(case.person, name, value)
            elif name in {"title", "foreign_reference", *urgency.COLUMNS}:
                setattr(case.dossier, name, value)
            else:
                setattr(case, name, value)
        _keep_urgency(case.dossier)
        case.last_edited_by = user
        case.person.save()
    extradition.person.refresh_from_db()
    return extradition


def _keep_urgency(dossier: Dossier) -> None:
    """Raises Invalid where the change leaves an urgent case without its reason or its day."""
    reason, until = dossier.urgency_reason, dossier.urgent_until
    if dossier.urgent and (fields := urgency.lacking(reason, until)):
        raise Invalid("urgent_without_reason", _("The change was not kept."), fields=fields)
    urgency.mark(dossier, dossier.urgent, reason, until)


def ask(requesting: str, requested: str, offences: Iterable[str], on: date) -> Answer:
    """The resolver's answer for extradition; raises Invalid when it cannot be answered."""
    answer = legal_basis.resolve(
        Question(
            requesting=requesting,
            requested=requested,
            purpose=Purpose.EXTRADITION,
            on=on,
            offences=tuple(offences),
            measures=(),
        )
    )
    if answer.error:
        raise Invalid(
            answer.error.code,
            answer.error.sentence,
            fields={"other_state": [answer.error.sentence]},
        )
    return answer


def chosen(answer: Answer, code: str | None) -> Basis | None:
    """The basis chosen, or the proposed one. A protocol alone is no basis. Raises Invalid."""
    bases = [b for b in answer.applicable if b.strength not in {"supporting", "supplement"}]
    if not code:
        return bases[0] if bases else None
    found = next((basis for basis in bases if basis.code == code), None)
    if found is None:
        reason = answer.why_not(code)
        sentence = reason.sentence if reason else _("Choose one of the legal bases offered.")
        raise Invalid("basis_not_applicable", sentence, fields={"basis": [sentence]})
    return found


def _kept(answer: Answer, basis: Basis | None) -> dict[str, Any]:
    """What the case keeps of the answer: the protocols read with the basis, and why it applies."""
    if basis is None:
        return {"supplements": [], "reasons": []}
    return {
        "supplements": extradition_law.supplements_in(answer, basis.code),
        "reasons": basis.reasons,
        "verified": basis.verified,
    }


def _read(
    said: Mapping[str, Any], person: Mapping[str, Any], wrong: dict[str, list[Text]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    read: list[dict[str, Any]] = []
    for given, readers in ((said, case_readers()), (person, person_readers())):
        try:
            read.append(field_readers.read(given, readers))
        except Invalid as refusal:
            wrong.update(refusal.fields)
            read.append({})
    return read[0], read[1]


def _checked(
    owner: Authority,
    direction: str,
    other_state: str,
    families: list[str],
    person: Mapping[str, Any],
    wrong: dict[str, list[Text]],
) -> State | None:
    if not owner.reference_prefix:
        wrong["owner"] = [_("This authority does not work in this installation.")]
    if direction not in DIRECTIONS:
        wrong["direction"] = [_("Say whether the request is sent or received.")]
    code = other_state.strip().upper() if field_readers.is_writable(other_state) else ""
    other = State.objects.filter(pk=code[:8]).exclude(pk=owner.state_id).first() if code else None
    if other is None:
        wrong["other_state"] = [_("Choose the other State.")]
    if not (person.get("family_name") or person.get("name_in_original_script")):
        wrong.setdefault("family_name", [_("Give a name in at least one script.")])
    writable = [code for code in families if field_readers.is_writable(code)]
    known = set(OffenceFamily.objects.filter(code__in=writable).values_list("code", flat=True))
    if not families or set(families) - known:
        wrong["offences"] = [_("Choose at least one of the offences offered.")]
    return other
