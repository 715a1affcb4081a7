"""What happens to the costs of a request, in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from mla import money
from mla.models import Cost
from registry import timeline_words
from registry.timeline_words import day


def _amount(data: Mapping[str, Any]) -> str:
    amount = data.get("amount", "")
    if not amount:
        return ""
    return money.in_words(Decimal(amount), data.get("currency", ""), get_language() or "en")


def _noted(data: Mapping[str, Any]) -> str:
    words = _("Cost noted: %(what)s (%(nature)s)") % {
        "what": data.get("description", ""),
        "nature": dict(Cost.Nature.choices).get(data.get("nature", ""), ""),
    }
    amount = _amount(data)
    return words + (_(", estimated at %(amount)s") % {"amount": amount} if amount else "")


def _agreed(data: Mapping[str, Any]) -> str:
    words = _("Agreed on the cost “%(what)s”: %(amount)s, borne by: %(bearer)s") % {
        "what": data.get("description", ""),
        "amount": _amount(data),
        "bearer": dict(Cost.Bearer.choices).get(data.get("bearer", ""), ""),
    }
    return _with(words, data, "note")


def _of_cost(pattern: str, reason: str = "") -> timeline_words.Words:
    def words(data: Mapping[str, Any]) -> str:
        said = _(pattern) % {
            "what": data.get("description", ""),
            "amount": _amount(data),
            "day": day(data.get("day", "")),
        }
        return _with(said, data, reason)

    return words


def _with(words: str, data: Mapping[str, Any], key: str) -> str:
    return f"{words}: {data[key]}" if data.get(key) else words


def declare() -> None:
    """Make the events of costs readable."""
    timeline_words.declare(
        {
            "mla.cost_noted": _noted,
            "mla.cost_consulted": _of_cost(
                gettext_noop("Consulted with the other side on the cost “%(what)s” on %(day)s"),
                "note",
            ),
            "mla.cost_agreed": _agreed,
            "mla.cost_paid": _of_cost(gettext_noop("Paid for “%(what)s”: %(amount)s on %(day)s")),
            "mla.cost_dropped": _of_cost(
                gettext_noop("The cost “%(what)s” does not arise"), "reason"
            ),
        }
    )
