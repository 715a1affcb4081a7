"""Registering a request that came to us: under a minute now, completed later.

What is known at the counter is enough: who asks, what for, their reference, when and how it came,
the scan. The legal basis is proposed by the resolver with the sides exchanged; the triage confirms
it. Number series are the office's own, by direction and year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Offence, Person
from mla import clocks, draft_fields, drafting, urgency
from mla.draft_editing import search_text
from mla.draft_parts import person_of
from mla.models import (
    INFORMAL,
    AssistanceRequest,
    Measure,
    Receipt,
    ReceivedStatus,
    RequestKind,
)
from mla.request_kinds import kind_read
from mla.starting_from import close_converted
from mla.urgency import LETTER_DAY
from registry import documents, timeline
from registry.access import authorities_where
from registry.deadlines import today_of
from registry.dossiers import open_dossier
from registry.models import Authority, Document, Dossier, State, User
from registry.refusals import Invalid, NotAllowed, Text
from registry.urgency import COLUMNS, lacking
from treaties.models import MeasureKind, OffenceFamily

KIND, KIND_MARK = "request", "MLA-R"


@dataclass(frozen=True)
class Scan:
    """The file in which the request came."""

    file_name: str
    content: bytes | BinaryIO


def register_received(
    *,
    user: User,
    owner: Authority,
    requesting_state: State | str,
    received_at: datetime,
    channel: str = Receipt.Channel.POST,
    title: str = "",
    foreign_reference: str = "",
    requesting_authority: int | str | None = None,
    requesting_authority_text: str = "",
    measures: Iterable[str] = (),
    offences: Iterable[str] = (),
    person: Mapping[str, Any] | None = None,
    urgent: bool = False,
    urgency_reason: str = "",
    answer_wanted_by: Any = None,
    sealed: bool = False,
    language: str | None = None,
    scan: Scan | None = None,
    basis_code: str | None = None,
    kind: str = RequestKind.REQUEST,
    follows: AssistanceRequest | None = None,
    conditions: str = "",
    now: datetime,
) -> AssistanceRequest:
    """Register a request received by ``owner``, and start the clocks of its receipt.

    Steps:
    1. What was given is read; every mistake is told at once (Invalid, by field).
    2. The resolver proposes the legal basis as of the day of receipt, with the sides exchanged.
    3. Dossier, request, receipt, parts and scan are written in one transaction.

    ``kind`` is of ``mla/request_kinds.py``; ``follows`` the earlier matter with the same State that it
    supplements or that it came of. ``conditions`` are those of information given without a request.
    Raises NotAllowed where the person registers nothing for this authority.
    """
    rules = kind_read(kind, follows)
    state, kinds, families = _read_start(
        user, owner, requesting_state, rules.asked_with(measures), offences
    )
    _check_follows(follows, state)
    fields = {
        "title": title,
        "foreign_reference": foreign_reference,
        "urgent": urgent,
        "urgency_reason": urgency_reason,
        "answer_wanted_by": answer_wanted_by,
        "requesting_authority_text": requesting_authority_text,
        "requesting_authority": requesting_authority,
        "channel": channel,
        "use_limitation": conditions,
        **({"language": language} if language else {}),
    }
    given = draft_fields.read(fields, readers(owner, state, now))
    _check(given, received_at, now)
    named = person and any(value for name, value in person.items() if name != "role")
    concerned = person_of(person, today_of(owner, now)) if person and named else None
    answer = drafting.ask(state.pk, owner.state_id, families, kinds, today_of(owner, received_at))
    basis = drafting.basis_of(answer, basis_code)
    with transaction.atomic():
        dossier = open_dossier(
            kind=KIND,
            kind_mark=KIND_MARK,
            owner=owner,
            responsible=user,
            direction=Dossier.Direction.RECEIVED,
            counterpart=state,
            status=ReceivedStatus.REGISTERED,
            title=given["title"],
            confidentiality=(
                Dossier.Confidentiality.SEALED if sealed else Dossier.Confidentiality.ORDINARY
            ),
            now=now,
        )
        dossier.urgent = given["urgent"]
        dossier.foreign_reference = given["foreign_reference"]
        request = AssistanceRequest(
            dossier=dossier,
            requesting_state=state,
            requested_state=owner.state,
            basis_answer=answer.as_json(),
            kind=rules.code,
            follows=follows,
            use_limitation=given["use_limitation"],
            drafted_by=user,
            last_edited_by=user,
            language=given.get("language", "en"),
            conducting_authority=given["requesting_authority_text"],
            urgency_reason=given["urgency_reason"],
            answer_wanted_by=given["answer_wanted_by"],
        )
        drafting.rest_on(request, basis)
        request.save(force_insert=True)
        receipt = Receipt(
            request=request,
            received_at=received_at,
            channel=given["channel"],
            requesting_authority=given["requesting_authority"],
            requesting_authority_text=given["requesting_authority_text"],
            registered_at=now,
        )
        if scan is not None:
            receipt.scan = _kept(dossier, scan, user, now)
        receipt.save(force_insert=True)
        _write_parts(request, kinds, families, concerned)
        urgency.tell_dossier(request)
        dossier.search_text = search_text(request)
        dossier.save(update_fields=[*COLUMNS, "foreign_reference", "search_text"])
        timeline.record(
            dossier,
            "mla.received",
            actor=user,
            at=now,
            received_at=received_at.isoformat(),
            requesting_state=state.code,
            channel=given["channel"],
            foreign_reference=given["foreign_reference"],
            basis=request.basis_id or "",
            **({} if kind == RequestKind.REQUEST else {"kind": rules.code}),
        )
        clocks.start_for_receipt(request, received_at, now, user)
        if follows is not None and follows.kind in INFORMAL:
            close_converted(follows, user, now)
    return request


def received_in_the_past(
    dossier: Dossier,
    *,
    received_at: datetime,
    acknowledged_at: datetime | None = None,
    closed_at: datetime | None = None,
    basis: str | None = None,
    answer_wanted_by: date | None = None,
    user_id: int,
    now: datetime,
) -> tuple[AssistanceRequest, Receipt]:
    """A request that came before the office worked with this system, and its receipt; not saved yet.

    Nothing is asked of the resolver and no clock starts: what there was to decide was decided then,
    and stands in the dossier's history. How it came is not known.
    """
    request = AssistanceRequest(
        dossier=dossier,
        requesting_state=dossier.counterpart,
        requested_state_id=dossier.owner.state_id,
        basis_id=basis,
        answer_wanted_by=answer_wanted_by,
        closed_at=closed_at,
        imported=True,
        drafted_by_id=user_id,
    )
    receipt = Receipt(
        request=request,
        received_at=received_at,
        channel=Receipt.Channel.NOT_KNOWN,
        acknowledged_at=acknowledged_at,
        registered_at=now,
    )
    return request, receipt


def readers(owner: Authority, state: State, now: datetime) -> dict[str, draft_fields.Reader]:
    """The readers of what is registered with a request."""
    of_a_request = draft_fields.request_readers(today_of(owner, now), received=True)
    return {
        name: of_a_request[name]
        for name in (
            "title",
            "foreign_reference",
            "urgent",
            "urgency_reason",
            "answer_wanted_by",
            "use_limitation",
            "language",
        )
    } | {
        "requesting_authority_text": draft_fields.text(2_000),
        "requesting_authority": _authority_of(state),
        "channel": draft_fields.choice(Receipt.Channel.values),
    }


def _authority_of(state: State) -> draft_fields.Reader:
    def reader(value: Any) -> Authority | None:
        if value in ("", None):
            return None
        found = None
        if not isinstance(value, bool) and str(value).isdecimal() and len(str(value)) < 19:
            found = Authority.objects.filter(state=state, pk=int(value)).first()
        if found is None:
            raise ValueError(_("Choose an authority of the requesting State, or write its name."))
        return found

    return reader


def _read_start(
    user: User,
    owner: Authority,
    requesting_state: State | str,
    measures: Iterable[str],
    offences: Iterable[str],
) -> tuple[State, list[str], list[str]]:
    if owner.pk not in authorities_where(user, "register"):
        raise NotAllowed(
            "role_may_not",
            _("You may not register a request for this authority. Choose one of your own."),
            fields={"owner": [_("Choose an authority in which you register requests.")]},
        )
    wrong: dict[str, list[Text]] = {}
    if not owner.reference_prefix:
        wrong["owner"] = [_("This authority does not work in this installation.")]
    state = drafting.state_of(requesting_state)
    if state is None:
        wrong["requesting_state"] = [
            _("The register knows no such State. Use its three-letter code of ISO 3166.")
        ]
    elif state.pk == owner.state_id:
        wrong["requesting_state"] = [
            _("This is the State of your own authority. Choose another State.")
        ]
    kinds, families = drafting.listed(measures), drafting.listed(offences)
    if unknown := drafting.unknown(MeasureKind, kinds):
        wrong["measures"] = [drafting.unknown_sentence(unknown)]
    if unknown := drafting.unknown(OffenceFamily, families):
        wrong["offences"] = [drafting.unknown_sentence(unknown)]
    if wrong or state is None:
        raise Invalid("invalid", _("The request cannot be registered like this."), fields=wrong)
    return state, kinds, families


def _check_follows(follows: AssistanceRequest | None, state: State) -> None:
    if follows is not None and follows.dossier.counterpart_id != state.pk:
        sentence = _("The earlier matter is with another State.")
        raise Invalid("another_state", sentence, fields={"follows": [sentence]})


def _check(given: Mapping[str, Any], received_at: datetime, now: datetime) -> None:
    wrong: dict[str, list[Text]] = {}
    if (received_at - now).total_seconds() > 300:
        wrong["received_at"] = [_("Give the day on which it came, not later than now.")]
    if not given["title"]:
        wrong["title"] = [_("Say in a few words what they ask for.")]
    if given["urgent"]:
        reason, until = given["urgency_reason"], given["answer_wanted_by"]
        wrong |= lacking(reason, until, until_field=LETTER_DAY)
    if wrong:
        raise Invalid("invalid", _("The request cannot be registered like this."), fields=wrong)


def _kept(dossier: Dossier, scan: Scan, user: User, now: datetime) -> Document:
    try:
        return documents.keep(
            dossier,
            kind=Document.Kind.RECEIVED,
            title=_("The request as it came"),
            file_name=scan.file_name,
            content=scan.content,
            user=user,
            now=now,
        )
    except Invalid as refusal:
        said = refusal.fields.get("file", [refusal.detail])
        raise Invalid(refusal.code, refusal.detail, fields={"scan": said}) from refusal


def _write_parts(
    request: AssistanceRequest,
    kinds: list[str],
    families: list[str],
    person: Person | None,
) -> None:
    Measure.objects.bulk_create(
        Measure(request=request, kind_id=code, position=place)
        for place, code in enumerate(kinds, start=1)
    )
    Offence.objects.bulk_create(
        Offence(dossier=request.dossier, family_id=code, position=place)
        for place, code in enumerate(families, start=1)
    )
    if person is not None:
        person.dossier, person.position = request.dossier, 1
        person.save(force_insert=True)
