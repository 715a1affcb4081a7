"""Assurances in an extradition: asked for, given, followed after surrender until fulfilled."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from cases.extradition_editing import editing, one_of, refuse_missing
from cases.models import Assurance, ExtraditionCase
from registry.models import User
from registry.refusals import NotFound, NotPossibleNow

State = Assurance.State
NEXT: dict[str, frozenset[str]] = {
    State.ASKED: frozenset({State.GIVEN, State.NOT_GIVEN}),
    State.GIVEN: frozenset({State.FULFILLED, State.BROKEN}),
}
"""What an assurance can become; the others are ends."""


def ask(
    extradition: ExtraditionCase,
    *,
    kind: str,
    text: str,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> Assurance:
    """Record that an assurance is asked for. Raises Invalid (``kind``, ``text``)."""
    refuse_missing({"kind": kind, "text": text.strip()})
    one_of("kind", kind, Assurance.Kind.values)
    with editing(
        extradition,
        "extradition.assurance_asked",
        user=user,
        now=now,
        expected_version=expected_version,
        kind=kind,
    ) as case:
        return Assurance.objects.create(
            extradition=case, kind=kind, text=text.strip(), asked_at=now
        )


def follow(
    extradition: ExtraditionCase,
    number: int,
    *,
    state: str,
    note: str = "",
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> Assurance:
    """Say what became of an assurance: given, not given, fulfilled, broken.

    Raises NotFound, Invalid (``state``), NotPossibleNow for a step that does not follow, and
    Invalid (``note``) for an end without a word on how it was followed.
    """
    one_of("state", state, State.values)
    found = extradition.assurances.filter(pk=number).first()
    if found is None:
        raise NotFound("no_such_assurance", _("There is no such assurance here."))
    if state not in NEXT.get(found.state, frozenset()):
        raise NotPossibleNow(
            "does_not_follow",
            _("An assurance that is “%(state)s” cannot become that.")
            % {"state": found.get_state_display()},
        )
    ends = state != State.GIVEN
    if ends:
        refuse_missing({"note": note.strip()})
    with editing(
        extradition,
        f"extradition.assurance_{state}",
        user=user,
        now=now,
        expected_version=expected_version,
        kind=found.kind,
        note=note.strip(),
    ):
        found.state = state
        found.note = note.strip() or found.note
        if ends:
            found.ended_at = now
        else:
            found.given_at = now
        found.save()
    return found
