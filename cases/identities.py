"""What identifies a person beyond the main name: further names and identity documents.

May be added and taken away by who edits the dossier, as long as it is open, whatever stage its request
is in: a name learned after sending must be found too. Every change leaves the person to be matched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from cases.models import IdentityDocument, Person, PersonName
from cases.names.scripts import script_of
from registry import bells, timeline
from registry.access import may
from registry.dossiers import changing
from registry.models import Dossier, State, User
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow

MOST = 60
"""So many names, and so many documents, a person may have."""
Wrong = dict[str, list[str]]


def add_name(
    person: Person,
    *,
    kind: str,
    name: str,
    language: str = "",
    source: str = "",
    user: User,
    now: datetime,
) -> PersonName:
    """Keep a further name. Raises NotAllowed, NotPossibleNow, Invalid (by field)."""
    wrong: Wrong = {}
    written = _text(name, 240, "name", wrong)
    said_source, said_language = (
        _text(source, 160, "source", wrong),
        _text(language, 12, "language", wrong),
    )
    if kind not in PersonName.Kind.values:
        wrong["kind"] = [_("Choose one of the kinds offered.")]
    if not any(c.isalpha() for c in written) and "name" not in wrong:
        wrong["name"] = [_("Write the name.")]
    if person.names.filter(name=written).exists():
        wrong["name"] = [_("This name is here already.")]
    _refuse(wrong)
    with _changing(person, user, now) as dossier:
        _room(person.names.count())
        kept = PersonName.objects.create(
            person=person,
            kind=kind,
            name=written,
            script=script_of(written),
            language=said_language,
            source=said_source,
            added_by=user,
            added_at=now,
        )
        timeline.record(
            dossier, "person.name_added", actor=user, at=now, person=person.pk, name=_shown(person)
        )
    return kept


def remove_name(person: Person, key: int, *, user: User, now: datetime) -> None:
    with _changing(person, user, now) as dossier:
        deleted, _each = PersonName.objects.filter(person=person, pk=key).delete()
        if not deleted:
            raise NotFound("no_such_name", _("There is no such name. It may have been removed."))
        timeline.record(
            dossier, "person.name_removed", actor=user, at=now, person=person.pk,
            name=_shown(person),
        )  # fmt: skip


def add_document(
    person: Person,
    *,
    kind: str,
    number: str,
    issued_by: str = "",
    valid_until: str = "",
    user: User,
    now: datetime,
) -> IdentityDocument:
    """Keep an identity document. Raises NotAllowed, NotPossibleNow, Invalid (by field)."""
    wrong: Wrong = {}
    written = _text(number, 60, "number", wrong)
    key = "".join(c for c in written.upper() if c.isalnum())
    if kind not in IdentityDocument.Kind.values:
        wrong["kind"] = [_("Choose one of the kinds offered.")]
    if not key and "number" not in wrong:
        wrong["number"] = [_("Write the number as the document shows it.")]
    state = State.objects.filter(code=issued_by).first() if issued_by else None
    if issued_by and state is None:
        wrong["issued_by"] = [_("Choose a State of the register.")]
    until = _day(valid_until, wrong)
    if person.documents_of_identity.filter(kind=kind, number_key=key).exists():
        wrong["number"] = [_("This document is here already.")]
    _refuse(wrong)
    with _changing(person, user, now) as dossier:
        _room(person.documents_of_identity.count())
        kept = IdentityDocument.objects.create(
            person=person,
            kind=kind,
            number=written,
            number_key=key,
            issued_by=state,
            valid_until=until,
            added_by=user,
            added_at=now,
        )
        timeline.record(
            dossier, "person.document_added", actor=user, at=now, person=person.pk,
            name=_shown(person),
        )  # fmt: skip
    return kept


def remove_document(person: Person, key: int, *, user: User, now: datetime) -> None:
    with _changing(person, user, now) as dossier:
        deleted, _each = IdentityDocument.objects.filter(person=person, pk=key).delete()
        if not deleted:
            raise NotFound("no_such_document", _("There is no such document any more."))
        timeline.record(
            dossier, "person.document_removed", actor=user, at=now, person=person.pk,
            name=_shown(person),
        )  # fmt: skip


def may_change(person: Person, user: User) -> bool:
    return person.dossier.is_open and may(user, "edit", person.dossier)


@contextmanager
def _changing(person: Person, user: User, now: datetime) -> Iterator[Dossier]:
    if not may(user, "edit", person.dossier):
        raise NotAllowed("role_may_not", _("Your role in this authority does not allow editing."))
    if not person.dossier.is_open:
        raise NotPossibleNow("closed", _("The dossier is closed: nothing in it changes any more."))
    if person.protected:
        raise NotPossibleNow(
            "protected",
            _("The person is protected: who it is, is kept apart and changed with the person."),
        )
    with changing(person.dossier, expected_version=None, now=now) as dossier:
        yield dossier
        Person.objects.get(pk=person.pk).save()
        bells.ring("cases.tasks.match_persons")


def _shown(person: Person) -> str:
    return person.name_for_letters


def _text(value: Any, most: int, field: str, wrong: Wrong) -> str:
    written = " ".join(str(value or "").split())
    if len(written) > most:
        wrong[field] = [_("Write at most %(most)s characters.") % {"most": most}]
    elif any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in written):
        wrong[field] = [_("This contains characters that cannot be stored. Type it again.")]
    return written


def _day(value: str, wrong: Wrong) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        wrong["valid_until"] = [_("Write the day like 2028-02-29.")]
        return None


def _refuse(wrong: Wrong) -> None:
    if wrong:
        raise Invalid("invalid", _("Some of what was written cannot be kept."), fields=wrong)


def _room(there: int) -> None:
    if there >= MOST:
        raise Invalid("too_many", _("At most %(most)s can be kept.") % {"most": MOST})
