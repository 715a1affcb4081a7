"""The office for which a program acts: named in the body, or the only one there is."""

from __future__ import annotations

from registry.access import authorities_where
from registry.models import Authority, User
from registry.refusals import Invalid, Text


def office_asked(
    user: User, number: int | None, act: str, *, refusal: Text, choose: Text
) -> Authority:
    """The authority named, or the only one in which the person does this act.

    Raises Invalid (``owner``) with these words where it is none; whether the person may act for the
    one named is judged by what is done for it.
    """
    mine = authorities_where(user, act)
    chosen = number if number is not None else mine[0] if len(mine) == 1 else None
    owner = None
    if chosen is not None and 0 < chosen < 2**63:
        owner = Authority.objects.select_related("state").filter(pk=chosen).first()
    if owner is None:
        raise Invalid("invalid", refusal, fields={"owner": [choose]})
    return owner
