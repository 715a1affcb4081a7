"""Commitments that a State adds itself, such as recommendations that it accepted in a review."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext as _

from registry.access import authorities_where
from registry.models import Authority, User
from registry.refusals import Invalid, NotAllowed
from treaties.models import Obligation


def add_accepted_recommendation(
    owner: Authority,
    *,
    number: str,
    cycle: str,
    text: str,
    recommended_by: str = "",
    source: str,
    as_of: date | None,
    user: User,
) -> Obligation:
    """Add a recommendation of the Universal Periodic Review that the authority's State accepted.

    It is a political commitment of that State alone, listed apart from the law. ``number`` is the
    paragraph of the report (for example 135.24) and ``cycle`` the number of the review's cycle.
    Raises NotAllowed, and Invalid by field; the same recommendation is not added twice.
    """
    if owner.pk not in authorities_where(user, "assess"):
        raise NotAllowed(
            "role_may_not",
            _("Only ministry reporters and approving officers add commitments."),
        )
    errors: dict[str, list[str]] = {}
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4}){0,2}", number.strip()):
        errors["number"] = [_("Give the paragraph of the report, for example 135.24.")]
    if not re.fullmatch(r"[1-9][0-9]?", cycle.strip()):
        errors["cycle"] = [_("Give the number of the cycle, for example 4.")]
    if not text.strip() or len(text) > 4000:
        errors["text"] = [_("Write the recommendation, in at most 4,000 characters.")]
    if not source.strip() or len(source) > 400:
        errors["source"] = [_("Name the document in which it stands, in at most 400 characters.")]
    if len(recommended_by) > 200:
        errors["recommended_by"] = [_("Shorten it to 200 characters.")]
    code = f"UPR-{owner.state_id}-{cycle.strip()}-{number.strip()}"
    if not errors and Obligation.objects.filter(pk=code).exists():
        errors["number"] = [_("This recommendation is in the list already.")]
    if errors:
        raise Invalid("invalid_recommendation", _("It was not added."), fields=errors)
    return Obligation.objects.create(
        code=code,
        only_state_id=owner.state_id,
        theme=Obligation.Theme.UNIVERSAL_PERIODIC_REVIEW,
        document=_("Universal Periodic Review, cycle %(cycle)s") % {"cycle": cycle.strip()},
        reference=number.strip()
        + (f" ({recommended_by.strip()})" if recommended_by.strip() else ""),
        text=text.strip(),
        category=Obligation.Category.REPORTING,
        kind=Obligation.Kind.ONE_OFF,
        due_from=Obligation.DueFrom.OWN_DATE,
        position=5000,
        source=source.strip(),
        as_of=as_of.isoformat() if as_of else "",
        confidence="unverified",
        office_edited=True,
    )
