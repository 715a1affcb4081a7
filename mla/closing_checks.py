"""What is still to come when a request is closed: then the closing must say why.

Originals that are out, and extraordinary costs that nobody settled, do not hold a closing up; but
whoever closes says why it is closed all the same, and the record shows both.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mla import costs, results
from mla.models import AssistanceRequest
from registry.models import User
from registry.refusals import Invalid, Text


def unfinished(request: AssistanceRequest) -> list[Text]:
    """One sentence for each thing that is not finished. Two queries."""
    return in_words(*_facts(request))


def in_words(originals: list[int], waiting: list[str]) -> list[Text]:
    """The numbers of the originals that are out, and the costs that wait, as sentences."""
    said: list[Text] = []
    if originals:
        listed = ", ".join(str(number) for number in originals)
        said.append(_("Originals have not come back: items %(numbers)s.") % {"numbers": listed})
    if waiting:
        said.append(
            _("Extraordinary costs are not settled: %(costs)s.") % {"costs": "; ".join(waiting)}
        )
    return said


def say_why(request: AssistanceRequest, user: User, now: datetime, data: dict[str, Any]) -> None:
    """Raises Invalid (``note``) where something is unfinished and the closing does not say why."""
    originals, waiting = _facts(request)
    said = in_words(originals, waiting)
    if said and not str(data.get("note") or "").strip():
        said.append(_("Say why the request is closed all the same."))
        raise Invalid("unfinished", " ".join(map(str, said)), fields={"note": said})
    if originals:
        data["originals_out"] = originals
    if waiting:
        data["unsettled_costs"] = waiting


def _facts(request: AssistanceRequest) -> tuple[list[int], list[str]]:
    return (
        list(results.originals_out(request).values_list("number", flat=True)),
        list(costs.unsettled(request).values_list("description", flat=True)),
    )
