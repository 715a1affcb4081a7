"""Other States in an extradition: competing requests for the same person, and transit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.extradition_editing import editing, one_of, refuse_missing
from cases.models import ConcurrentRequest, ExtraditionCase, Transit
from registry.models import State, User
from registry.refusals import Invalid, NotFound, NotPossibleNow

CRITERIA = {
    "seriousness": gettext_lazy("Seriousness of the offences"),
    "place": gettext_lazy("Place of commission"),
    "dates": gettext_lazy("Dates of the requests"),
    "nationality": gettext_lazy("Nationality of the person"),
    "onward": gettext_lazy("Possibility of later extradition to the other State"),
    "victims": gettext_lazy("Interests of victims"),
    "other": gettext_lazy("Other circumstances"),
}
"""What is weighed between requests of several States; each is answered in words."""


def add_concurrent(
    extradition: ExtraditionCase,
    *,
    state: str,
    received_on: date | None,
    offences: str,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> ConcurrentRequest:
    """Record that another State asks for the same person. Raises Invalid by field."""
    refuse_missing({"state": state, "received_on": received_on})
    third = _third(extradition, state)
    if extradition.concurrent_requests.filter(state=third).exists():
        sentence = _("A request of this State is recorded already.")
        raise Invalid("recorded_already", sentence, fields={"state": [sentence]})
    with editing(
        extradition,
        "extradition.concurrent_request",
        user=user,
        now=now,
        expected_version=expected_version,
        state=third.code,
    ) as case:
        return ConcurrentRequest.objects.create(
            extradition=case,
            state=third,
            received_on=received_on or now.date(),
            offences=offences.strip(),
            recorded_by=user,
        )


def weigh(
    extradition: ExtraditionCase,
    number: int,
    *,
    weighed: Mapping[str, str],
    preferred: str,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> ConcurrentRequest:
    """Record what was weighed and which request has priority: ``theirs`` or ``this``.

    Raises NotFound, Invalid (``preferred``; ``seriousness`` where nothing was weighed).
    """
    one_of("preferred", preferred, ["this", "theirs"])
    found = extradition.concurrent_requests.filter(pk=number).first()
    if found is None:
        raise NotFound("no_such_request", _("There is no such request here."))
    said = {key: weighed[key].strip() for key in CRITERIA if weighed.get(key, "").strip()}
    if not said:
        sentence = _("Say in words what was weighed, at least on one of the criteria.")
        raise Invalid("nothing_weighed", sentence, fields={"seriousness": [sentence]})
    with editing(
        extradition,
        "extradition.requests_weighed",
        user=user,
        now=now,
        expected_version=expected_version,
        state=found.state_id,
        preferred=preferred,
    ):
        found.weighed, found.preferred = said, preferred == "theirs"
        found.save()
    return found


def ask_transit(
    extradition: ExtraditionCase,
    *,
    state: str,
    route: str,
    by_air: bool = False,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> Transit:
    """Record that leave of transit is asked of a third State. Raises Invalid (``state``)."""
    refuse_missing({"state": state})
    third = _third(extradition, state)
    if extradition.transits.filter(state=third).exists():
        sentence = _("Transit through this State is recorded already.")
        raise Invalid("recorded_already", sentence, fields={"state": [sentence]})
    with editing(
        extradition,
        "extradition.transit_asked",
        user=user,
        now=now,
        expected_version=expected_version,
        state=third.code,
    ) as case:
        return Transit.objects.create(
            extradition=case, state=third, route=route.strip()[:240], by_air=by_air, asked_at=now
        )


def answer_transit(
    extradition: ExtraditionCase,
    number: int,
    *,
    answer: str,
    user: User,
    now: datetime,
    expected_version: int | None = None,
) -> Transit:
    """Record the answer on transit. Raises NotFound, Invalid (``answer``), NotPossibleNow."""
    one_of("answer", answer, [Transit.Answer.GRANTED, Transit.Answer.REFUSED])
    found = extradition.transits.filter(pk=number).first()
    if found is None:
        raise NotFound("no_such_transit", _("There is no such transit here."))
    if found.answer != Transit.Answer.ASKED:
        raise NotPossibleNow("answered_already", _("The answer is recorded already."))
    with editing(
        extradition,
        f"extradition.transit_{answer}",
        user=user,
        now=now,
        expected_version=expected_version,
        state=found.state_id,
    ):
        found.answer, found.answered_at = answer, now
        found.save()
    return found


def _third(extradition: ExtraditionCase, code: str) -> State:
    """A State that is neither of the two. Raises Invalid (``state``)."""
    parties = {extradition.requesting_state_id, extradition.requested_state_id}
    found = State.objects.filter(pk=code[:8]).exclude(pk__in=parties).first()
    if found is None:
        sentence = _("Choose a third State.")
        raise Invalid("unknown_state", sentence, fields={"state": [sentence]})
    return found
