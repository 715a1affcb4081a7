"""Judging a request that came to us, before it is accepted or refused.

The list of what is missing is the instrument's own, read from the other side
(``mla/completeness.py``); the legal basis is what the resolver says with the sides exchanged. Here
are the grounds of refusal and postponement that the instrument knows, each answered with reasons;
what must not serve as a ground; the duties before refusing; dual criminality, priority and the
competent authority.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mla import draft_fields, editing_sessions
from mla.completeness import humanised
from mla.models import AssistanceRequest, Receipt, RefusalAssessment
from registry import timeline
from registry.access import may
from registry.dossiers import changing
from registry.models import Authority, User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow, Text
from treaties.models import RefusalGround

Answer, Effect = RefusalAssessment.Answer, RefusalGround.Effect
REQUEST_TYPES = ("mla", "any")
"""The kinds of request, as the register calls them, whose grounds concern assistance."""
REFUSING = frozenset({Effect.MANDATORY_REFUSAL, Effect.OPTIONAL_REFUSAL})
CONSULTATION_FIRST = frozenset(
    {"consult_before_refusing", "consider_partial_or_conditional", "consult_on_problems"}
)
"""The duties, in the register's words, that are met by consulting the requesting State."""


@dataclass(frozen=True)
class GroundAsked:
    """A ground that the instrument knows, and how it was answered for this request."""

    ground: RefusalGround
    assessment: RefusalAssessment | None

    @property
    def label(self) -> str:
        return humanised(self.ground.ground)

    @property
    def answer(self) -> str:
        return self.assessment.answer if self.assessment else ""

    @property
    def applies(self) -> bool:
        return self.answer == Answer.YES


@dataclass(frozen=True)
class Grounds:
    """The grounds of the legal basis for one request, by what they do."""

    refusing: list[GroundAsked] = field(default_factory=list)
    postponing: list[GroundAsked] = field(default_factory=list)
    barred: list[RefusalGround] = field(default_factory=list)
    conditions: list[RefusalGround] = field(default_factory=list)
    duties: list[RefusalGround] = field(default_factory=list)

    @property
    def asked(self) -> list[GroundAsked]:
        """What must be answered."""
        return [*self.refusing, *self.postponing]

    @property
    def unanswered(self) -> list[GroundAsked]:
        return [asked for asked in self.refusing if not asked.answer]

    @property
    def applying(self) -> list[GroundAsked]:
        """The grounds on which a refusal may rest."""
        return [asked for asked in self.refusing if asked.applies]

    @property
    def consultation(self) -> RefusalGround | None:
        """The provision that asks for a consultation before refusing."""
        return next((duty for duty in self.duties if duty.ground in CONSULTATION_FIRST), None)


def grounds_of(request: AssistanceRequest) -> Grounds:
    """The grounds of the legal basis and of the treaty that it supplements. Two queries."""
    if request.basis is None:
        return Grounds()
    codes = {request.basis.pk, request.basis.parent_id} - {None}
    known = RefusalGround.objects.filter(instrument__in=codes, request_type__in=REQUEST_TYPES)
    given = {row.ground_id: row for row in RefusalAssessment.objects.filter(request=request)}
    found = Grounds()
    for ground in known:
        asked = GroundAsked(ground, given.get(ground.pk))
        if ground.effect in REFUSING:
            found.refusing.append(asked)
        elif ground.effect == Effect.POSTPONEMENT:
            found.postponing.append(asked)
        elif ground.effect == Effect.BARRED_AS_GROUND:
            found.barred.append(ground)
        elif ground.effect == Effect.DUTY:
            found.duties.append(ground)
        else:
            found.conditions.append(ground)
    return found


def answer_grounds(
    request: AssistanceRequest,
    answers: Mapping[int, tuple[str, str]],
    *,
    user: User,
    expected_version: int | None,
    now: datetime,
) -> AssistanceRequest:
    """Answer some grounds at once: the number of each ground with answer and reasons.

    Raises Invalid under ``ground-<number>`` for a ground that the instrument does not know, an
    answer that there is not, and a ground that applies without reasons; then nothing is kept.
    """
    return _judged(
        request, user, expected_version, now, lambda held: _answer(held, answers, user, now)
    )


def note_findings(
    request: AssistanceRequest,
    changes: Mapping[str, Any],
    *,
    user: User,
    expected_version: int | None,
    now: datetime,
) -> AssistanceRequest:
    """Note priority, competent authority, dual criminality. Raises Invalid by field."""
    stored = draft_fields.read(changes, _readers(request))

    def note(held: AssistanceRequest) -> None:
        for name, value in stored.items():
            setattr(held.receipt, name, value)
        held.receipt.save()
        timeline.record(held.dossier, "mla.triage_noted", actor=user, at=now, fields=sorted(stored))

    return _judged(request, user, expected_version, now, note)


def _readers(request: AssistanceRequest) -> dict[str, draft_fields.Reader]:
    def authority(value: Any) -> Authority | None:
        if value in ("", None):
            return None
        found = None
        if not isinstance(value, bool) and str(value).isdecimal() and len(str(value)) < 19:
            found = Authority.objects.filter(
                state=request.requested_state_id, pk=int(value)
            ).first()
        if found is None:
            raise ValueError(_("Choose an authority of our own State."))
        return found

    return {
        "priority": draft_fields.choice(Receipt.Priority.values),
        "competent_authority": authority,
        "dual_criminality": draft_fields.choice(Receipt.DualCriminality.values),
        "dual_criminality_note": draft_fields.text(),
    }


def _judged(
    request: AssistanceRequest,
    user: User,
    expected_version: int | None,
    now: datetime,
    judge: Any,
) -> AssistanceRequest:
    """Change what the triage holds: may the person, is it ours to judge, is it as the person saw it."""
    if not may(user, "triage", request.dossier):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow this. Ask an officer who may."),
        )
    if not request.is_received:
        raise NotPossibleNow("not_received", _("Only a request that came to us is triaged."))
    with changing(request.dossier, expected_version=expected_version, now=now) as dossier:
        if not dossier.is_open:
            raise NotPossibleNow("ended", _("This request is closed. Reopen it first."))
        held = AssistanceRequest.objects.select_related("receipt", "basis").get(pk=request.pk)
        held.dossier = dossier
        editing_sessions.close(held)
        judge(held)
        held.save(update_fields=["editing_session"])
    request._state.fields_cache.pop("receipt", None)
    return request


def _answer(
    request: AssistanceRequest,
    answers: Mapping[int, tuple[str, str]],
    user: User,
    now: datetime,
) -> None:
    asked = {each.ground.pk: each for each in grounds_of(request).asked}
    reasons_reader = draft_fields.text(10_000)
    wrong: dict[str, list[Text]] = {}
    rows = []
    for key, (answer, given) in answers.items():
        name = f"ground-{key}"
        if key not in asked:
            wrong[name] = [_("The legal basis does not know this ground.")]
            continue
        try:
            reasons = reasons_reader(given).strip()
        except ValueError as mistake:
            wrong[name] = [str(mistake)]
            continue
        if answer not in Answer.values:
            wrong[name] = [_("Answer yes, no or not relevant.")]
        elif answer == Answer.YES and not reasons:
            wrong[name] = [_("Say why this ground applies: the refusal will give these reasons.")]
        before = asked[key].assessment
        if before is None or (before.answer, before.reasons) != (answer, reasons):
            rows.append(
                RefusalAssessment(
                    request=request,
                    ground_id=key,
                    answer=answer,
                    reasons=reasons,
                    answered_by=user,
                    answered_at=now,
                )
            )
    if wrong:
        raise Invalid("invalid", _("Some answers cannot be kept."), fields=wrong)
    for row in rows:
        RefusalAssessment.objects.update_or_create(
            request=request,
            ground_id=row.ground_id,
            defaults={
                "answer": row.answer,
                "reasons": row.reasons,
                "answered_by": user,
                "answered_at": now,
            },
        )
        ground = asked[row.ground_id].ground
        timeline.record(
            request.dossier,
            "mla.ground_answered",
            actor=user,
            at=now,
            ground=ground.ground,
            instrument=ground.instrument_id,
            article=ground.article,
            answer=row.answer,
            reason=row.reasons,
        )


# --- what the life of a request asks of the triage --------------------------------------


def grounds_are_answered(request: AssistanceRequest, user: User) -> list[Text]:
    """Every ground of refusal of the instrument is answered, and none that must refuse applies."""
    grounds = grounds_of(request)
    said: list[Text] = []
    if grounds.unanswered:
        labels = ", ".join(asked.label for asked in grounds.unanswered)
        said.append(
            _("Answer the grounds of refusal of the legal basis first: %(grounds)s.")
            % {"grounds": labels}
        )
    said += [
        _("“%(ground)s” applies, and then the request must be refused (%(article)s).")
        % {"ground": asked.label, "article": where(asked.ground)}
        for asked in grounds.applying
        if asked.ground.effect == Effect.MANDATORY_REFUSAL
    ]
    return said


def a_ground_applies(request: AssistanceRequest, user: User) -> list[Text]:
    """A ground that the instrument knows was found to apply, where it knows any."""
    grounds = grounds_of(request)
    if grounds.refusing and not grounds.applying:
        return [
            _(
                "A refusal may rest only on a ground that %(instrument)s knows. "
                "Answer in the triage which one applies, with reasons."
            )
            % {"instrument": request.basis_id}
        ]
    return []


def consulted_where_required(request: AssistanceRequest, user: User) -> list[Text]:
    """The requesting State was consulted, where the instrument requires it before a refusal."""
    duty = grounds_of(request).consultation
    if duty is not None and request.receipt.consulted_at is None:
        return [
            _("Consult the requesting State first (%(article)s), and record it.")
            % {"article": where(duty)}
        ]
    return []


def where(ground: RefusalGround) -> str:
    """ "UNTOC Art. 18(21)(b)"."""
    if not ground.article:
        return ground.instrument_id
    return _("%(instrument)s Art. %(article)s") % {
        "instrument": ground.instrument_id,
        "article": ground.article,
    }
