"""What holds for every change of a draft, and of what is registered of a received request.

Each change checks that the person may edit, that the request is still a draft and that nobody
changed it since the person read it; then writes, raises the version and notes the sitting for the
timeline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext as _

from mla import editing_sessions, urgency
from mla.models import STATUS_LABELS, AssistanceRequest, Status
from registry.access import may
from registry.dossiers import changing
from registry.models import Dossier, User
from registry.refusals import NotAllowed, NotPossibleNow
from registry.search_text import searchable

EDITABLE = frozenset({Status.DRAFT})


def is_editable(dossier: Dossier) -> bool:
    """Whether what the request says may still be changed: a draft of ours, or what was registered
    of a request that we received and have in hand."""
    if dossier.direction == Dossier.Direction.RECEIVED:
        return dossier.is_open
    return dossier.status in EDITABLE


@contextmanager
def editing(
    request: AssistanceRequest,
    *,
    user: User,
    expected_version: int | None,
    now: datetime,
    touched: Iterable[str] = (),
) -> Iterator[AssistanceRequest]:
    """Change a draft: may the person, is it a draft, is it as the person saw it; then save it all.

    Gives the fresh row under lock. ``touched`` are the fields for the timeline's entry of this
    sitting. Raises NotAllowed, Stale or NotPossibleNow, and then nothing has changed.
    """
    if not may(user, "edit", request.dossier):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow this. Ask an officer who may."),
        )
    with changing(request.dossier, expected_version=expected_version, now=now) as dossier:
        if not is_editable(dossier):
            raise NotPossibleNow(
                "not_a_draft",
                _(
                    "The request is “%(status)s” and can no longer be changed. "
                    "Return it to the drafter first."
                )
                % {"status": STATUS_LABELS[dossier.status]},
            )
        draft = AssistanceRequest.objects.select_related("basis", "requested_state", "receipt").get(
            pk=request.pk
        )
        draft.dossier = dossier
        yield draft
        if touched:
            editing_sessions.note(draft, user=user, touched=touched, now=now)
        draft.last_edited_by = user
        urgency.tell_dossier(draft)
        dossier.search_text = search_text(draft)
        draft.save()
    for model_field in AssistanceRequest._meta.concrete_fields:
        setattr(request, model_field.attname, getattr(draft, model_field.attname))
    request.dossier = draft.dossier


def search_text(request: AssistanceRequest) -> str:
    """What the request is found by: references, title, names. A protected name is not in it."""
    dossier = request.dossier
    parts = [
        dossier.reference,
        dossier.foreign_reference,
        dossier.former_reference,
        dossier.title,
    ]
    for person in dossier.persons.all():
        if person.protected:
            parts.append(person.protected_alias)
        else:
            parts += [person.full_name, person.name_in_original_script, person.aliases]
    return searchable(parts)
