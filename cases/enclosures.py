"""What the instrument requires of a request, given in words or as a document."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.utils.translation import gettext as _

from cases import extradition_law
from cases.extradition_editing import editing, one_of
from cases.models import ExtraditionCase, ExtraditionStatus, RequiredEnclosure
from registry.documents import keep
from registry.models import Document, User
from registry.refusals import Invalid, NotFound, NotPossibleNow

TYPES = (extradition_law.EXTRADITION, extradition_law.PROVISIONAL_ARREST)
BEFORE_THE_REQUEST = frozenset(
    {
        ExtraditionStatus.OPENED,
        ExtraditionStatus.ARREST_REQUESTED,
        ExtraditionStatus.ARRESTED,
        ExtraditionStatus.RELEASED,
    }
)


def provide(
    extradition: ExtraditionCase,
    *,
    request_type: str,
    key: str,
    text: str = "",
    file: tuple[str, BinaryIO] | None = None,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> RequiredEnclosure:
    """Record one required content: what it says or where it is, or the document itself.

    ``file`` is a name and its content. Raises Invalid (``key``, ``text``, ``file``), NotPossibleNow
    for a list that is closed: of a formal request that we submitted, or that is made.
    """
    one_of("request_type", request_type, list(TYPES))
    line = next(
        (
            line
            for line in extradition_law.checklist(extradition, request_type).lines
            if line.item.key == key
        ),
        None,
    )
    if line is None:
        raise NotFound("no_such_content", _("The instrument does not ask for this."))
    kept = line.given.document if line.given else None
    if not text.strip() and file is None and kept is None:
        sentence = _("Say what it says or where it is, or add the document.")
        raise Invalid("missing", sentence, fields={"text": [sentence]})
    _refuse_closed(extradition, request_type)
    with editing(
        extradition,
        "extradition.enclosure_provided",
        user=user,
        now=now,
        expected_version=expected_version,
        key=key,
    ) as case:
        if file is not None:
            name, content = file
            kept = keep(
                case.dossier,
                kind=Document.Kind.ANNEX if case.we_request else Document.Kind.RECEIVED,
                title=line.label,
                file_name=name,
                content=content,
                user=user,
                now=now,
            )
        case.last_edited_by = user
        enclosure, _new = RequiredEnclosure.objects.update_or_create(
            extradition=case,
            request_type=request_type,
            key=key,
            defaults={
                "text": text.strip(),
                "document": kept,
                "provided_at": now,
                "provided_by": user,
            },
        )
    return enclosure


def _refuse_closed(extradition: ExtraditionCase, request_type: str) -> None:
    """A submitted request is what the second officer reads: nobody changes it under their eyes."""
    made = extradition.dossier.status not in BEFORE_THE_REQUEST
    if request_type == extradition_law.EXTRADITION and (made or extradition.submitted_by_id):
        raise NotPossibleNow(
            "list_is_closed",
            _("The formal request is submitted or made. Return it for correction first."),
        )
    if request_type == extradition_law.PROVISIONAL_ARREST and extradition.arrest_requested_at:
        raise NotPossibleNow("list_is_closed", _("Provisional arrest was requested already."))
