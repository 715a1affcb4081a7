"""The same account, device or vessel in two matters: found at once, told to those who may know.

Who sees both dossiers sees both things. Where a dossier may not be seen, the other one's responsible
officer, and nobody else, is told that the identifier is known elsewhere: no reference, no office, no
State. When both officers have agreed, each sees the other's name, address and reference.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cases.deconfliction import Contact
from cases.models import LinkedObject, ObjectMatch
from registry import timeline
from registry.models import Dossier, User
from registry.refusals import NotAllowed, NotFound, NotPossibleNow

MOST_MATCHES = 50


def find_matches(thing: LinkedObject, now: datetime) -> None:
    """Keep a match with each dossier that holds the same identifier; drop those that fit no more.

    What one side has agreed to stays as long as the identifier does.
    """
    same = LinkedObject.objects.filter(identifier_kind=thing.identifier_kind, key=thing.key)
    keys = list(same.exclude(dossier=thing.dossier_id).values_list("pk", flat=True)[:MOST_MATCHES])
    matches = ObjectMatch.objects.filter(Q(one=thing) | Q(other=thing))
    matches.exclude(Q(one__in=keys) | Q(other__in=keys)).delete()
    for key in keys:
        one, other = sorted((thing.pk, key))
        ObjectMatch.objects.get_or_create(one_id=one, other_id=other, defaults={"found_at": now})


@dataclass(frozen=True)
class SeenObject:
    """A match as one person may see it; ``theirs`` is None for a matter that may not be seen."""

    key: int
    mine: LinkedObject
    theirs: LinkedObject | None
    agreed: bool
    contact: Contact | None
    may_agree: bool


def matches_on(things: Iterable[LinkedObject], user: User) -> dict[int, list[SeenObject]]:
    """What this person may know of the matches of things that they see, by thing. Two queries."""
    own = {thing.pk for thing in things}
    rows = ObjectMatch.objects.filter(Q(one__in=own) | Q(other__in=own))
    found: dict[int, list[SeenObject]] = {}
    for seen in _seen(rows, user):
        for thing in (seen.mine, seen.theirs):
            if thing is not None and thing.pk in own:
                turned = seen if thing.pk == seen.mine.pk else _turned(seen)
                found.setdefault(thing.pk, []).append(turned)
    return found


def waiting_for(user: User) -> Q:
    """The dossiers for which this person has a match to answer: a condition on Dossier."""
    mine = Q(one__dossier__responsible=user, one_agreed_by__isnull=True)
    theirs = Q(other__dossier__responsible=user, other_agreed_by__isnull=True)
    visible = Dossier.objects.visible_to(user)
    one = ObjectMatch.objects.filter(mine).exclude(other__dossier__in=visible)
    other = ObjectMatch.objects.filter(theirs).exclude(one__dossier__in=visible)
    return Q(pk__in=one.values("one__dossier")) | Q(pk__in=other.values("other__dossier"))


def agree(key: int, *, user: User, now: datetime) -> SeenObject:
    """Agree to be put in touch. Raises NotFound, NotAllowed, NotPossibleNow where both are seen."""
    seen = next(iter(_seen(ObjectMatch.objects.filter(pk=key), user)), None)
    if seen is None:
        raise NotFound("no_such_match", _("There is no such match."))
    if seen.theirs is not None:
        raise NotPossibleNow("both_seen", _("You see both sides of this match."))
    if not seen.may_agree:
        raise NotAllowed("not_responsible", _("Only the responsible officer answers for a matter."))
    with transaction.atomic():
        Dossier.objects.select_for_update().only("pk").get(pk=seen.mine.dossier_id)
        match = ObjectMatch.objects.select_for_update().get(pk=key)
        side = "one_agreed_by" if match.one_id == seen.mine.pk else "other_agreed_by"
        setattr(match, side, user)
        match.save(update_fields=[side])
        timeline.record(
            seen.mine.dossier, "object_match.agreed", actor=user, at=now, name=str(seen.mine)
        )
    return _seen(ObjectMatch.objects.filter(pk=key), user)[0]


def _seen(rows: QuerySet[ObjectMatch], user: User) -> list[SeenObject]:
    visible = Dossier.objects.visible_to(user)
    known = rows.filter(Q(one__dossier__in=visible) | Q(other__dossier__in=visible))
    matches = list(
        known.select_related(
            "one__dossier__responsible", "one__dossier__owner",
            "other__dossier__responsible", "other__dossier__owner",
        )[: MOST_MATCHES * 4]
    )  # fmt: skip
    dossiers = {thing.dossier_id for m in matches for thing in (m.one, m.other)}
    open_ = set(visible.filter(pk__in=dossiers).values_list("pk", flat=True))
    shown = (_one_seen(match, open_, user) for match in matches)
    return [seen for seen in shown if seen is not None]


def _one_seen(match: ObjectMatch, visible: set[int], user: User) -> SeenObject | None:
    mine, theirs = match.one, match.other
    i_agreed, they_agreed = match.one_agreed_by_id, match.other_agreed_by_id
    if mine.dossier_id not in visible:
        mine, theirs, i_agreed, they_agreed = theirs, mine, they_agreed, i_agreed
    if theirs.dossier_id in visible:
        return SeenObject(match.pk, mine, theirs, False, None, False)
    if mine.dossier.responsible_id != user.pk:
        return None
    contact = None
    if i_agreed and they_agreed:
        other = theirs.dossier
        contact = Contact(
            other.responsible.name, other.responsible.email, other.owner.name, other.reference
        )
    return SeenObject(match.pk, mine, None, bool(i_agreed), contact, not i_agreed)


def _turned(seen: SeenObject) -> SeenObject:
    theirs = seen.theirs
    if theirs is None:
        return seen
    return SeenObject(seen.key, theirs, seen.mine, False, None, False)
