"""The files in which an authority assesses its State's obligations: opened, found, dated.

A file is the dossier of one obligation (of one of its periods, where it returns), once an authority.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry import deadlines, timeline
from registry.access import authorities_where
from registry.dossiers import changing, open_dossier
from registry.models import Authority, Dossier, User
from registry.refusals import Invalid, NotAllowed
from treaties.models import Obligation, ObligationFile
from treaties.owed_obligations import Owed, owed_by

KIND, KIND_MARK = "obligation", "OBL"
NOT_ASSESSED = "not_assessed"


def open_file(
    owner: Authority, obligation: Obligation, period: int, *, user: User, now: datetime
) -> ObligationFile:
    """The file of an obligation of the authority's State, opened now if there is none.

    Raises NotAllowed for a role that may not assess and where the file is sealed to this person,
    whose reference is not told; Invalid where the State does not owe it.
    """
    if owner.pk not in authorities_where(user, "assess"):
        raise NotAllowed(
            "role_may_not",
            _("Only ministry reporters and approving officers assess obligations."),
        )
    of_this = {"owner": owner, "obligation": obligation, "period": period}
    if found := visible_files(user).filter(**of_this).select_related("dossier").first():
        return found
    if ObligationFile.objects.filter(**of_this).exists():
        raise NotAllowed(
            "not_open_to_you",
            _("This obligation is not open to you. Ask an approving officer of your authority."),
        )
    today = deadlines.today_of(owner, now)
    owed = next(
        (o for o in owed_by(owner.state_id, today) if o.key == (obligation.pk, period)), None
    )
    if owed is None:
        raise Invalid(
            "not_owed",
            _("Your State does not owe this obligation: it is neither bound nor about to be."),
            fields={"obligation": [_("Choose one of the obligations in the list of your State.")]},
        )
    return open_for(owner, owed, responsible=user, now=now)


def open_for(owner: Authority, owed: Owed, *, responsible: User, now: datetime) -> ObligationFile:
    """Open the file of what is owed, for whoever is responsible; who may is the caller's to check."""
    obligation = owed.obligation
    with transaction.atomic():
        dossier = open_dossier(
            kind=KIND,
            kind_mark=KIND_MARK,
            owner=owner,
            responsible=responsible,
            direction=Dossier.Direction.DOMESTIC,
            counterpart=None,
            status=NOT_ASSESSED,
            title=f"{obligation.pk}: {obligation.text}"[:300],
            now=now,
        )
        return ObligationFile.objects.create(
            dossier=dossier,
            owner=owner,
            state_id=owner.state_id,
            obligation=obligation,
            period=owed.period,
            due_on=owed.due_on,
        )


def visible_files(user: User) -> QuerySet[ObligationFile]:
    """The files of obligations that this person may see."""
    dossiers = Dossier.objects.visible_to(user).filter(kind=KIND)
    return ObligationFile.objects.filter(dossier__in=dossiers.values("pk"))


def get_visible(user: User, reference: str) -> ObligationFile:
    """One file, with what a page of it needs. Raises ``ObligationFile.DoesNotExist``."""
    if "\x00" in reference:
        raise ObligationFile.DoesNotExist
    return (
        visible_files(user)
        .select_related(
            "dossier__owner__state", "dossier__responsible", "obligation__instrument", "state"
        )
        .get(dossier__reference=reference)
    )


def set_due(
    file: ObligationFile,
    due_on: date | None,
    *,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Set the day of an obligation whose day the office sets. Raises Invalid for any other."""
    must_be_allowed(user, "assess", file.owner_id)
    if file.obligation.due_from != Obligation.DueFrom.OWN_DATE:
        sentence = _("The day of this obligation follows from its instrument.")
        raise Invalid("day_is_the_instruments", sentence, fields={"due_on": [sentence]})
    with changing(file.dossier, expected_version=expected_version, now=now) as held:
        file.due_on = due_on
        file.save(update_fields=["due_on"])
        timeline.record(
            held,
            "assessment.due_set",
            actor=user,
            at=now,
            due_on=due_on.isoformat() if due_on else "",
        )


def must_be_allowed(user: User, act: str, owner: int) -> None:
    """Raises NotAllowed unless the person may do this act for the authority with this number."""
    if owner not in authorities_where(user, act):
        raise NotAllowed(
            "role_may_not",
            _("Only ministry reporters and approving officers of this authority may do this."),
        )
