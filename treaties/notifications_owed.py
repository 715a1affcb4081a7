"""What a change of the State's own designations obliges it to tell the depositary.

When an office here changes a designation of its own State, or an authority that is designated, the
depositary (or the other Parties) must be told. The duty opens by itself with a draft of the text;
whoever sends it writes down the day.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.deadlines import today_of
from registry.models import Authority, Role, User
from registry.refusals import Invalid, NotPossibleNow
from registry.state_directory import state_label
from treaties.models import Designation, Instrument, NotificationOwed, RegisterChange
from treaties.obligation_files import must_be_allowed

TOLD = ("name", "postal_address", "email", "telephone", "languages", "city")
"""Fields of a designated authority whose change others must know of."""


def after(change: RegisterChange, fact: Any, now: datetime) -> list[NotificationOwed]:
    """Open what a change owes: one for each instrument concerned, for the offices of that State.

    Nothing for another State's authorities, nor for what only names a source or verifies.
    """
    if change.act == RegisterChange.Act.VERIFIED:
        return []
    if isinstance(fact, Designation):
        if change.act == RegisterChange.Act.CHANGED and not set(change.after) & {
            "function", "languages", "channel", "urgent_channel", "authority_id",
        }:  # fmt: skip
            return []
        designations = [fact]
    elif isinstance(fact, Authority) and set(change.after) & set(TOLD):
        if change.act != RegisterChange.Act.CHANGED:
            return []
        designations = list(fact.designations.select_related("instrument", "authority"))
    else:
        return []
    owner = _office_of(change.state)
    if owner is None:
        return []
    return [
        NotificationOwed.objects.create(
            owner=owner,
            instrument=designation.instrument,
            change=change,
            text=_text(change, designation),
            opened_at=now,
        )
        for designation in {d.instrument_id: d for d in designations}.values()
    ]


def owed_by_offices(offices: list[int]) -> QuerySet[NotificationOwed]:
    """What the offices still have to tell depositaries, the oldest first."""
    found = NotificationOwed.objects.filter(owner__in=offices, sent_on=None)
    return found.select_related("instrument", "owner", "change__actor").order_by("id")


def mark_sent(
    owed: NotificationOwed, sent_on: date | None, *, user: User, now: datetime, note: str = ""
) -> None:
    """Write down that the depositary was told. Raises NotAllowed, NotPossibleNow, Invalid."""
    must_be_allowed(user, "assess", owed.owner_id)
    if sent_on is None or sent_on > today_of(owed.owner, now):
        sentence = _("Give the day on which it was sent, not later than today.")
        raise Invalid("invalid_date", sentence, fields={"sent_on": [sentence]})
    done = NotificationOwed.objects.filter(pk=owed.pk, sent_on=None).update(
        sent_on=sent_on, sent_by=user, note=note.strip()[:2000]
    )
    if not done:
        raise NotPossibleNow("sent_already", _("This was marked as sent already."))


def _office_of(state: str) -> Authority | None:
    """The State's office here that answers for its obligations."""
    here = Authority.objects.filter(state=state, reference_prefix__isnull=False)
    reporting = here.filter(memberships__role=Role.MINISTRY_REPORTER).order_by("pk").first()
    return reporting or here.filter(kind=Authority.Kind.CENTRAL_AUTHORITY).order_by("pk").first()


def _text(change: RegisterChange, designation: Designation) -> str:
    """A draft of the notification, in English as depositaries take it."""
    instrument: Instrument = designation.instrument
    authority = designation.authority
    article = instrument.central_authority_article
    under = f"article {article} of the {instrument.title}" if article else f"the {instrument.title}"
    state = state_label(change.state, "en")
    opening = f"The Government of {state} has the honour to notify, under {under}, "
    if change.act == RegisterChange.Act.REMOVED:
        return opening + f"that {authority.name} is no longer its designated authority."
    lines = [
        opening + "that its designated authority is the following:",
        "",
        authority.name,
        *[line for line in authority.postal_address.splitlines() if line],
    ]
    if authority.email:
        lines.append(authority.email)
    if authority.telephone:
        lines.append(authority.telephone)
    languages = designation.languages or authority.languages
    if languages:
        lines += ["", "Languages accepted: " + ", ".join(languages) + "."]
    return "\n".join(lines)
