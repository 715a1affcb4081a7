"""Who is named on a dossier, and sealing it: then only they know that it exists."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry import timeline
from registry.access import may
from registry.dossiers import changing
from registry.models import Dossier, NamedOnDossier, User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow


def can_be_named(dossier: Dossier) -> QuerySet[User]:
    """The people who may be put on a dossier: of its State's authorities, not on it yet."""
    return (
        User.objects.filter(is_active=True, memberships__authority__state=dossier.owner.state_id)
        .exclude(pk__in=dossier.named.values("user"))
        .distinct()
        .order_by("name", "pk")
    )


def name_person(dossier: Dossier, person: int | str, *, user: User, now: datetime) -> User:
    """Put a person on a dossier, who then sees it whatever else they may see.

    Raises NotAllowed for a role that may not, Invalid (``person``) for somebody who cannot be named.
    """
    if not may(user, "name_people", dossier):
        raise NotAllowed(
            "role_may_not",
            _("Your role in this authority does not allow naming people. Ask an officer."),
        )
    key = int(person) if str(person).isdecimal() and len(str(person)) < 19 else 0
    found = can_be_named(dossier).filter(pk=key).first()
    if found is None:
        sentence = _("Choose one of the people offered.")
        raise Invalid("cannot_be_named", sentence, fields={"person": [sentence]})
    with changing(dossier, expected_version=None, now=now) as held:
        NamedOnDossier.objects.create(
            dossier=held, owner_id=held.owner_id, user=found, added_by=user
        )
        timeline.record(
            held, "dossier.person_named", actor=user, at=now, name=found.name, person=found.pk
        )
    return found


def seal(dossier: Dossier, *, user: User, now: datetime) -> None:
    """Close a dossier to all who are not named on it. The person who seals it is named on it.

    Raises NotAllowed for a role that may not, NotPossibleNow where it is sealed already.
    """
    if not may(user, "seal", dossier):
        raise NotAllowed(
            "role_may_not", _("Only an approving officer of this authority seals a dossier.")
        )
    with changing(dossier, expected_version=None, now=now) as held:
        if held.is_sealed:
            raise NotPossibleNow("sealed_already", _("This dossier is sealed already."))
        held.confidentiality = Dossier.Confidentiality.SEALED
        NamedOnDossier.objects.get_or_create(
            dossier=held, user=user, defaults={"owner_id": held.owner_id, "added_by": user}
        )
        timeline.record(held, "dossier.sealed", actor=user, at=now)
