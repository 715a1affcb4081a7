"""Giving requests to another officer: one or many at once.

Who takes over must work on the files of the owning authority, and is named on each dossier, so that
also a sealed one is seen. The former officer stays named. Reminders are planned anew, so that they
reach who has the matter now. All of them change, or none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases import deconfliction
from mla.matters import KIND
from registry import reminders, timeline
from registry.access import MAY, authorities_where, may
from registry.dossiers import changing
from registry.models import Dossier, NamedOnDossier, User
from registry.refusals import Invalid, NotAllowed

MOST_AT_ONCE = 200


def colleagues(user: User) -> QuerySet[User]:
    """To whom this person may give requests: who edits in an office where the person reassigns."""
    return (
        User.objects.filter(
            is_active=True,
            memberships__authority__in=authorities_where(user, "reassign"),
            memberships__role__in=MAY["edit"],
        )
        .distinct()
        .order_by("name", "pk")
    )


def reassign(references: Iterable[str], to: int, *, user: User, now: datetime) -> list[Dossier]:
    """Give the requests to another officer. Returns those that changed hands.

    Raises Invalid (``references``, ``to``) for what the person cannot see, too many at once, or
    somebody who does not work there, and NotAllowed for a role that may not; then none has changed.
    """
    wanted = list(dict.fromkeys(references))
    _check(wanted)
    visible = Dossier.objects.visible_to(user).filter(kind=KIND, reference__in=wanted)
    found = list(visible.select_related("responsible").order_by("pk"))
    if len(found) != len(wanted):
        sentence = _("Some of these requests are not there. Choose from the list.")
        raise Invalid("invalid", sentence, fields={"references": [sentence]})
    if not all(may(user, "reassign", dossier) for dossier in found):
        raise NotAllowed(
            "role_may_not",
            _("Only an approving officer of the authority gives its requests to others."),
        )
    person = colleagues(user).filter(pk=to).prefetch_related("memberships").first()
    offices = (
        {m.authority_id for m in person.memberships.all() if m.role in MAY["edit"]}
        if (person)
        else set()
    )
    if person is None or any(dossier.owner_id not in offices for dossier in found):
        sentence = _("Choose an officer who works on the requests of that authority.")
        raise Invalid("invalid", sentence, fields={"to": [sentence]})
    changed = [dossier for dossier in found if dossier.responsible_id != person.pk]
    with transaction.atomic():
        for dossier in changed:
            _give(dossier, person, user, now)
    return changed


def _check(wanted: list[str]) -> None:
    sentence = ""
    if not wanted:
        sentence = _("Choose at least one request.")
    elif len(wanted) > MOST_AT_ONCE:
        sentence = _("At most %(most)s at once.") % {"most": MOST_AT_ONCE}
    elif any("\x00" in reference for reference in wanted):
        sentence = _("Some of these requests are not there. Choose from the list.")
    if sentence:
        raise Invalid("invalid", sentence, fields={"references": [sentence]})


def _give(dossier: Dossier, person: User, user: User, now: datetime) -> None:
    before = dossier.responsible.name
    with changing(dossier, expected_version=None, now=now) as held:
        held.responsible = person
        NamedOnDossier.objects.get_or_create(
            dossier=held, user=person, defaults={"owner_id": held.owner_id, "added_by": user}
        )
        timeline.record(
            held, "dossier.reassigned", actor=user, at=now, name=person.name, before=before
        )
        reminders.rearm_dossier(held, now)
        deconfliction.again(deconfliction.hanging_together(held.pk))
