"""Case files: opened, kept, found. What hangs together with the case is ``cases/case_file_parts.py``.

What a person sees of linked matters goes through the one gate each time (``linked_matters``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import CaseFile, CaseRole, LinkedMatter
from registry import field_readers as read
from registry import timeline
from registry.access import authorities_where, may
from registry.dossiers import changing, open_dossier
from registry.field_readers import Reader
from registry.models import Authority, Dossier, State, User
from registry.refusals import Invalid, NotAllowed
from registry.search_text import searchable

KIND, KIND_MARK = "case_file", "CASE"


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


def wrong(name: str, sentence: str) -> Invalid:
    return Invalid("invalid", sentence, fields={name: [sentence]})


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
        raise wrong("title", _("Give the case a name."))
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
    noted: Mapping[str, Any] | None = None,
    **said: Any,
) -> Iterator[CaseFile]:
    """Change a case file under lock and say so. Raises NotAllowed, Stale.

    ``noted`` may be filled while the change is made; it stands in the entry of the timeline.
    """
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
        timeline.record(dossier, event, actor=user, at=now, **said, **(noted or {}))
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
        raise wrong("title", _("Give the case a name."))
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
