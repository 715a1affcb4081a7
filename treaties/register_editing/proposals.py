"""Corrections that anybody who signs in may propose, and an editor accepts or declines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from registry.models import User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from treaties.models import Proposal, RegisterChange
from treaties.register_editing import editing
from treaties.register_editing.fact_kinds import kind_of, title_of

MOST_OPEN = 50
"""So that one person cannot bury the editors."""


def propose(
    kind_code: str, key: str, values: Mapping[str, Any], *, reason: str, user: User, now: datetime
) -> Proposal:
    """Propose other values for fields of a fact. Raises NotFound, and Invalid by field.

    The values are checked as a change would be, so that what is proposed can be accepted.
    """
    kind = kind_of(kind_code)
    fact = kind.of(key)
    standing = kind.form(adding=False)(instance=fact).initial
    kept = {n: v for n, v in values.items() if n in standing and _differs(standing[n], v)}
    if not kept:
        sentence = _("Change at least one field.")
        raise Invalid("nothing_proposed", sentence, fields={"": [sentence]})
    if not reason.strip() or len(reason) > 2000:
        sentence = _("Say why, in at most 2,000 characters.")
        raise Invalid("reason_missing", sentence, fields={"reason": [sentence]})
    form = kind.form(adding=False)({**standing, **kept}, instance=kind.of(key))
    errors = {name: [str(e) for e in said] for name, said in form.errors.items() if name in kept}
    if errors:
        raise Invalid("invalid_fact", _("The proposal was not kept."), fields=errors)
    if Proposal.objects.filter(proposed_by=user, stage=Proposal.Stage.OPEN).count() >= MOST_OPEN:
        raise NotPossibleNow(
            "too_many_open", _("Many of your proposals are open. Wait until some are decided.")
        )
    return Proposal.objects.create(
        kind=kind_code,
        key=key,
        title=title_of(fact),
        values=kept,
        seen=editing.last_change(kind_code, key),
        reason=reason.strip(),
        proposed_by=user,
        proposed_at=now,
    )


def accept(proposal: Proposal, *, user: User, now: datetime, verified: bool = False) -> None:
    """Make the proposed change. Raises NotAllowed, NotPossibleNow, Stale and Invalid."""
    with transaction.atomic():
        _decide(proposal, Proposal.Stage.ACCEPTED, "", user, now)
        editing.change(
            proposal.kind,
            proposal.key,
            proposal.values,
            reason=_("%(reason)s (proposed by %(name)s)")
            % {"reason": proposal.reason[:1800], "name": proposal.proposed_by.name},
            seen=proposal.seen,
            verified=verified,
            user=user,
            now=now,
            origin=RegisterChange.Origin.PROPOSAL,
        )


def decline(proposal: Proposal, answer: str, *, user: User, now: datetime) -> None:
    """Decline, with an answer that the proposer reads. Raises NotAllowed, Invalid (``answer``)."""
    if not answer.strip() or len(answer) > 2000:
        sentence = _("Say why, in at most 2,000 characters: the proposer reads it.")
        raise Invalid("answer_missing", sentence, fields={"answer": [sentence]})
    _decide(proposal, Proposal.Stage.DECLINED, answer.strip(), user, now)


def _decide(proposal: Proposal, stage: str, answer: str, user: User, now: datetime) -> None:
    if not editing.may_edit(user):
        raise NotAllowed("role_may_not", _("Only administrators decide on proposals."))
    decided = Proposal.objects.filter(pk=proposal.pk, stage=Proposal.Stage.OPEN).update(
        stage=stage, answer=answer, decided_by=user, decided_at=now
    )
    if not decided:
        raise NotPossibleNow("decided_already", _("This proposal is decided already."))


def _differs(standing: Any, proposed: Any) -> bool:
    if isinstance(standing, list):
        given = proposed if isinstance(proposed, list) else str(proposed).split(",")
        return standing != [str(part).strip() for part in given if str(part).strip()]
    return str("" if standing is None else standing) != str("" if proposed is None else proposed)
