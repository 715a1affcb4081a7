"""What holds for every change of what belongs to an extradition beside its moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cases.extradition_search import search_text
from cases.models import ExtraditionCase, ExtraditionStatus
from registry import timeline
from registry.access import may
from registry.dossiers import changing
from registry.models import User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow, Text

ENDED = frozenset({ExtraditionStatus.CLOSED, ExtraditionStatus.WITHDRAWN})


@contextmanager
def editing(
    extradition: ExtraditionCase,
    event: str,
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
    **said: Any,
) -> Iterator[ExtraditionCase]:
    """Change a case under lock and say so on its timeline, or raise and change nothing.

    Raises NotAllowed for a role that may not, Stale, and NotPossibleNow for a case that has ended.
    """
    if not may(user, "run_extradition", extradition.dossier):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow this. Ask an officer who may."),
        )
    with changing(extradition.dossier, expected_version=expected_version, now=now) as dossier:
        if dossier.status in ENDED:
            raise NotPossibleNow(
                "case_has_ended",
                _("The case is “%(status)s” and can no longer be changed.")
                % {"status": ExtraditionStatus(dossier.status).label},
            )
        fresh = ExtraditionCase.objects.select_related(
            "basis", "person", "requesting_state", "requested_state"
        ).get(pk=extradition.pk)
        fresh.dossier = dossier
        yield fresh
        dossier.search_text = search_text(fresh)
        fresh.save()
        timeline.record(
            dossier,
            event,
            actor=user,
            at=now,
            **{key: value for key, value in said.items() if value not in (None, "", [])},
        )
    for model_field in ExtraditionCase._meta.concrete_fields:
        setattr(extradition, model_field.attname, getattr(fresh, model_field.attname))
    extradition.dossier = fresh.dossier


def refuse_missing(given: dict[str, Any]) -> None:
    """Raise Invalid that names every field without a value."""
    wrong: dict[str, list[Text]] = {
        name: [_("This is needed.")] for name, value in given.items() if not value
    }
    if wrong:
        raise Invalid("missing", _("Something is missing."), fields=wrong)


def one_of(name: str, value: str, values: list[str]) -> str:
    """The value, if it is one of those offered. Raises Invalid under its name."""
    if value not in values:
        sentence = _("Choose one of those offered.")
        raise Invalid("unknown_choice", sentence, fields={name: [sentence]})
    return value
