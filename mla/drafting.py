"""Start a request for assistance and write its draft.

What holds for every change (who may, in which status, seen in which version) is in
``mla/draft_editing.py``; measures, persons, offences and annexes are in ``mla/draft_parts.py`` and
offered here too. A draft may be incomplete: what is missing is for ``mla/completeness.py`` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Offence
from mla import addressing, clocks, completeness, draft_fields, editing_sessions, urgency
from mla.draft_editing import editing, search_text
from mla.draft_parts import (
    add_annex,
    add_measure,
    add_offence,
    add_person,
    annexes,
    change_measure,
    change_offence,
    change_person,
    remove_annex,
    remove_measure,
    remove_offence,
    remove_person,
)
from mla.models import AssistanceRequest, Measure, RequestKind, Status
from mla.request_kinds import kind_read
from mla.urgency import LETTER_DAY
from registry import timeline
from registry.access import authorities_where
from registry.deadlines import today_of
from registry.dossiers import open_dossier
from registry.models import Authority, Dossier, State, User
from registry.refusals import Invalid, NotAllowed, Text
from registry.urgency import COLUMNS, lacking
from treaties import legal_basis
from treaties.legal_basis import Answer, Basis, Question
from treaties.models import Instrument, MeasureKind, OffenceFamily, Purpose

__all__ = [
    "add_annex",
    "add_measure",
    "add_offence",
    "add_person",
    "annexes",
    "ask",
    "basis_answer",
    "change_measure",
    "change_offence",
    "change_person",
    "choose_basis",
    "remove_annex",
    "remove_measure",
    "remove_offence",
    "remove_person",
    "save_draft",
    "start_request",
    "warnings",
]

KIND, KIND_MARK = "request", "MLA"
ANSWER_FIELDS = {
    "requesting": "owner",
    "requested": "requested_state",
    "offence_family": "offences",
    "offence": "offences",
    "measure": "measures",
    "as_of": "on",
}
"""The resolver's names of what is wrong, as the fields of a request."""


# --- starting ---------------------------------------------------------------------------


def start_request(
    *,
    user: User,
    owner: Authority,
    requested_state: State | str,
    measures: Iterable[str] = (),
    offences: Iterable[str] = (),
    basis_code: str | None = None,
    title: str = "",
    urgent: bool = False,
    urgency_reason: str = "",
    answer_wanted_by: Any = None,
    sealed: bool = False,
    language: str | None = None,
    addressee: int | None = None,
    kind: str = RequestKind.REQUEST,
    follows: AssistanceRequest | None = None,
    now: datetime,
) -> AssistanceRequest:
    """Open a draft to a State, on the legal basis proposed or on another applicable one.

    ``kind`` is of ``mla/request_kinds.py``; what its kind of measure is, it asks for by itself.
    ``follows`` is the earlier matter, which the person must have been shown.

    Steps:
    1. What was asked is read: State, measures, offences; every mistake is told at once (Invalid).
    2. The resolver answers for today, in the owner's zone; its answer is kept as the officer saw it.
    3. Addressee, channel and language follow from the basis and the register.
    4. Dossier, request, measures and offences are written in one transaction.
    """
    rules = kind_read(kind, follows)
    state, kinds, families = _read_start(
        user, owner, requested_state, rules.asked_with(measures), offences
    )
    given = draft_fields.read(
        {
            "title": title,
            "urgent": urgent,
            "urgency_reason": urgency_reason,
            "answer_wanted_by": answer_wanted_by,
            **({"language": language} if language else {}),
        },
        draft_fields.request_readers(today_of(owner, now)),
    )
    if given["urgent"]:
        wrong = lacking(given["urgency_reason"], given["answer_wanted_by"], until_field=LETTER_DAY)
        if wrong:
            raise Invalid(
                "urgent_without_reason",
                _("The request cannot be started like this."),
                fields=wrong,
            )
    answer = ask(owner.state_id, state.code, families, kinds, today_of(owner, now))
    basis = basis_of(answer, basis_code)
    with transaction.atomic():
        dossier = open_dossier(
            kind=KIND,
            kind_mark=KIND_MARK,
            owner=owner,
            responsible=user,
            direction=Dossier.Direction.SENT,
            counterpart=state,
            status=Status.DRAFT,
            title=given["title"],
            confidentiality=(
                Dossier.Confidentiality.SEALED if sealed else Dossier.Confidentiality.ORDINARY
            ),
            now=now,
        )
        request = AssistanceRequest(
            dossier=dossier,
            requesting_state=owner.state,
            requested_state=state,
            basis_answer=answer.as_json(),
            kind=rules.code,
            follows=follows,
            drafted_by=user,
            last_edited_by=user,
            urgency_reason=given["urgency_reason"],
            answer_wanted_by=given["answer_wanted_by"],
        )
        rest_on(request, basis, language=given.get("language"), addressee=addressee)
        request.save(force_insert=True)
        Measure.objects.bulk_create(
            Measure(request=request, kind_id=code, position=place)
            for place, code in enumerate(kinds, start=1)
        )
        Offence.objects.bulk_create(
            Offence(dossier=dossier, family_id=code, position=place)
            for place, code in enumerate(families, start=1)
        )
        dossier.urgent = given["urgent"]
        urgency.tell_dossier(request)
        dossier.search_text = search_text(request)
        dossier.save(update_fields=[*COLUMNS, "search_text"])
        timeline.record(
            dossier,
            "mla.started",
            actor=user,
            at=now,
            requested_state=state.code,
            basis=request.basis_id or "",
            **({} if kind == RequestKind.REQUEST else {"kind": rules.code}),
        )
    return request


def _read_start(
    user: User,
    owner: Authority,
    requested_state: State | str,
    measures: Iterable[str],
    offences: Iterable[str],
) -> tuple[State, list[str], list[str]]:
    if owner.pk not in authorities_where(user, "open_dossier"):
        raise NotAllowed(
            "role_may_not",
            _("You may not open a request for this authority. Choose one of your own."),
            fields={"owner": [_("Choose an authority in which you draft requests.")]},
        )
    wrong: dict[str, list[Text]] = {}
    if not owner.reference_prefix:
        wrong["owner"] = [_("This authority does not work in this installation.")]
    state = state_of(requested_state)
    if state is None:
        wrong["requested_state"] = [
            _("The register knows no such State. Use its three-letter code of ISO 3166.")
        ]
    elif state.pk == owner.state_id:
        wrong["requested_state"] = [
            _("This is the State of your own authority. Choose another State.")
        ]
    kinds, families = listed(measures), listed(offences)
    if missing := unknown(MeasureKind, kinds):
        wrong["measures"] = [unknown_sentence(missing)]
    if missing := unknown(OffenceFamily, families):
        wrong["offences"] = [unknown_sentence(missing)]
    if wrong or state is None:
        raise Invalid("invalid", _("The request cannot be started like this."), fields=wrong)
    return state, kinds, families


def state_of(given: State | str) -> State | None:
    """The State of a code of two or three letters; None where the register has none."""
    if isinstance(given, State):
        return given
    code = given.strip().upper() if isinstance(given, str) else ""
    if not code or not draft_fields.is_writable(code):
        return None
    column = "alpha2" if len(code) == 2 else "code"
    return State.objects.filter(**{column: code}).first()


def listed(codes: Iterable[str]) -> list[str]:
    """Codes as they came, each once."""
    return list(dict.fromkeys(str(code).strip() for code in codes))


def unknown(model: type[MeasureKind | OffenceFamily], codes: list[str]) -> list[str]:
    """Those of the codes that the register does not know."""
    writable = [code for code in codes if draft_fields.is_writable(code)]
    known = set(model.objects.filter(code__in=writable).values_list("code", flat=True))
    return [code for code in codes if code not in known]


def unknown_sentence(codes: list[str]) -> str:
    """What is said of codes that the register does not know."""
    shown = ", ".join(code[:48] for code in codes[:5])
    return _("Unknown to the register: %(codes)s. Choose from those offered.") % {"codes": shown}


# --- legal basis ------------------------------------------------------------------------


def ask(
    requesting: str, requested: str, offences: Iterable[str], measures: Iterable[str], on: date
) -> Answer:
    """The resolver's answer for assistance; raises Invalid when the question cannot be answered."""
    answer = legal_basis.resolve(
        Question(
            requesting=requesting,
            requested=requested,
            purpose=Purpose.ASSISTANCE,
            on=on,
            offences=tuple(offences),
            measures=tuple(measures),
        )
    )
    if answer.error:
        name = ANSWER_FIELDS.get(answer.error.field, answer.error.field) or "requested_state"
        raise Invalid(
            answer.error.code, answer.error.sentence, fields={name: [answer.error.sentence]}
        )
    return answer


def basis_answer(request: AssistanceRequest, on: date) -> Answer:
    """What the resolver says of this request as it now stands, on this day."""
    return ask(
        request.requesting_state_id,
        request.requested_state_id,
        request.dossier.offences.values_list("family", flat=True),
        request.measures.values_list("kind", flat=True),
        on,
    )


def basis_of(answer: Answer, code: str | None) -> Basis | None:
    """The basis chosen, or the proposed one; raises Invalid with the resolver's reason."""
    if not code:
        return answer.proposed
    found = next((basis for basis in answer.applicable if basis.code == code), None)
    if found is None:
        reason = next((u.sentence for u in answer.inapplicable if u.code == code), None)
        sentence = reason or _(
            "The register knows no such instrument. Choose one of those offered."
        )
        raise Invalid("basis_not_applicable", sentence, fields={"basis": [sentence]})
    if found.strength == "supporting":
        sentence = _(
            "%(title)s only supports a request that rests on another legal basis. Choose that one."
        ) % {"title": found.short_title}
        raise Invalid("basis_only_supports", sentence, fields={"basis": [sentence]})
    return found


def choose_basis(
    request: AssistanceRequest,
    code: str,
    *,
    user: User,
    expected_version: int | None,
    now: datetime,
) -> AssistanceRequest:
    """Rest the draft on another applicable instrument; addressee and channel follow it.

    The letter's language stays as the officer chose it. Raises Invalid, with the resolver's reason,
    for an instrument that does not apply.
    """
    with editing(request, user=user, expected_version=expected_version, now=now) as draft:
        answer = basis_answer(draft, today_of(draft.dossier.owner, now))
        basis = basis_of(answer, code)
        draft.basis_answer = answer.as_json()
        before = draft.basis_id
        rest_on(draft, basis, language=draft.language)
        if draft.is_received and draft.basis_id != before:
            clocks.start_again_under(draft, now, user)
        editing_sessions.close(draft)
        timeline.record(
            draft.dossier, "mla.basis_chosen", actor=user, at=now, basis=draft.basis_id or ""
        )
    return request


def rest_on(
    request: AssistanceRequest,
    basis: Basis | None,
    *,
    language: str | None = None,
    addressee: int | None = None,
) -> None:
    """Set basis, addressee, channel and language of a draft as the basis has it.

    A received request is only laid on the basis: it came as it came.
    """
    request.basis = Instrument.objects.get(pk=basis.code) if basis else None
    if request.is_received:
        return
    where = addressing.addressee_for(request.requested_state, basis, chosen=addressee)
    request.addressee, request.addressee_text = where.authority, where.text
    request.transmission = where.channel
    request.language = language or addressing.language_for(where, basis)


# --- writing ----------------------------------------------------------------------------


def save_draft(
    request: AssistanceRequest,
    *,
    user: User,
    changes: Mapping[str, Any],
    expected_version: int | None,
    now: datetime,
) -> AssistanceRequest:
    """Write some fields of the draft. Either all of ``changes`` is kept or, with Invalid, nothing.

    ``addressee`` is the number of an authority of the requested State, or nothing;
    ``further_contents`` holds texts by content key and changes only the keys given.
    """
    readers = {
        **draft_fields.request_readers(
            today_of(request.dossier.owner, now), received=request.is_received
        ),
        "addressee": addressing.reader(request.requested_state_id),
        "further_contents": draft_fields.texts_by_key(
            completeness.further_keys(request) if "further_contents" in changes else ()
        ),
    }
    stored = draft_fields.read(changes, readers)
    with editing(
        request, user=user, expected_version=expected_version, now=now, touched=stored
    ) as draft:
        if "further_contents" in stored:
            merged = {**draft.further_contents, **stored.pop("further_contents")}
            draft.further_contents = {key: value for key, value in merged.items() if value}
        for name, value in stored.items():
            setattr(draft.dossier if name in draft_fields.ON_THE_DOSSIER else draft, name, value)
        urgency.refuse_unreasoned(draft, stored)
    return request


def warnings(request: AssistanceRequest) -> list[str]:
    """What the officer should know of the choices made, though nothing forbids them."""
    accepted = completeness.accepted_languages(request)
    said: list[str] = []
    if request.is_received:
        return said
    if accepted and request.language not in accepted:
        said.append(
            _(
                "The requested State has not said that it accepts this language (accepted: "
                "%(languages)s). Add a translation as an annex."
            )
            % {"languages": ", ".join(accepted)}
        )
    if note := addressing.note_on(request):
        said.append(note)
    return said + [str(sentence) for sentence in urgency.lacking(request).values()]
