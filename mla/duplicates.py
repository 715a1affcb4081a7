"""Requests that look like one that is there already, among what the person may see.

Alike are two requests with the same State, in the same direction, that bear the same reference of the
other side; or that name the same person for the same kind of offence. Nothing is forbidden: the
officer is told, and decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mla.models import AssistanceRequest
from registry.models import Dossier, User
from registry.refusals import Text
from registry.search_text import fold

SHOWN = 5


@dataclass(frozen=True)
class Alike:
    """A request that looks like this one, and why."""

    dossier: Dossier
    why: Text


def alike(request: AssistanceRequest, user: User) -> list[Alike]:
    """Up to five requests that look like this one, the newest first. At most four queries."""
    dossier = request.dossier
    others = (
        Dossier.objects.visible_to(user)
        .filter(kind=dossier.kind, direction=dossier.direction, counterpart=dossier.counterpart_id)
        .exclude(pk=dossier.pk)
        .order_by("-pk")
    )
    found: dict[int, Alike] = {}
    if dossier.foreign_reference:
        same = others.filter(foreign_reference__iexact=dossier.foreign_reference)
        for other in same[:SHOWN]:
            found[other.pk] = Alike(other, _("same reference of the other side"))
    for other in _of_the_same_person(request, others)[:SHOWN]:
        found.setdefault(other.pk, Alike(other, _("same person and offence")))
    return list(found.values())[:SHOWN]


def _of_the_same_person(request: AssistanceRequest, others: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Those that name one of the persons for one of the offences. A protected name is not looked for."""
    names = [p.full_name for p in request.dossier.persons.all() if not p.protected and p.full_name]
    families = list(request.dossier.offences.values_list("family", flat=True))
    if not names or not families:
        return others.none()
    named = Q()
    for name in names:
        every_word = Q()
        for word in fold(name).split():
            every_word &= Q(search_text__contains=word)
        named |= every_word
    return others.filter(named, offences__family__in=families).distinct()
