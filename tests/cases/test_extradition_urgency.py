"""An extradition is urgent for a reason and until a day, and stands in the urgent queue."""

from datetime import timedelta

import pytest

from cases.extradition_opening import change
from registry.refusals import Invalid
from registry.urgent_queue import urgent_queue


def test_an_urgent_extradition_says_why_and_by_when_and_stands_in_the_queue(opened, first, now):
    with pytest.raises(Invalid) as refused:
        opened(urgent=True)
    assert set(refused.value.fields) == {"urgency_reason", "urgent_until"}
    until = (now + timedelta(days=3)).date()
    case = opened(urgent=True, urgency_reason="Held since yesterday.", urgent_until=until)
    assert urgent_queue(first).matters == [case.dossier]
    with pytest.raises(Invalid, match="urgent_without_reason"):
        change(case, {"urgency_reason": ""}, user=first, now=now)
    change(case, {"urgent": False}, user=first, now=now)
    case.dossier.refresh_from_db()
    assert case.dossier.urgent_until is None
    assert urgent_queue(first).matters == []
