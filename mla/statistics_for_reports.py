"""The figures of sent requests as the reports on obligations show them."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mla import statistics
from registry.models import Authority, User
from treaties.figures import Figure

SHARES = {
    "acknowledged": ("acknowledged", "new"),
    "refused_with_reasons": ("refused_with_reasons", "refused"),
}
"""Figures that are a part of another one."""
COUNTS = ("new", "ended", "open", "executed", "partly", "refused", "withdrawn")


def count(owner: Authority, since: date, until: date, user: User | None) -> list[Figure]:
    """The figures of a period; none of stock and flow where the record contradicts itself."""
    found = statistics.of_period(owner, since, until, user)
    asked = urlencode({"authority": owner.pk, "since": since, "until": until})

    def listed(code: str) -> str:
        return f"{reverse('statistics-list', args=[code])}?{asked}"

    counts = COUNTS if found.balanced else ("new", "executed", "partly", "refused", "withdrawn")
    figures = [
        Figure(f"requests.{code}", statistics.LABELS[code], found.count(code), address=listed(code))
        for code in counts
    ]
    figures += [
        Figure(
            f"requests.{code}.share",
            statistics.LABELS[code],
            found.count(part),
            of=found.count(whole),
            address=listed(part),
        )
        for code, (part, whole) in SHARES.items()
    ]
    words = {
        "acknowledged": _("Days from sending to the acknowledgement, the median"),
        "executed": _("Days from sending to the execution, the median"),
        "refused": _("Days from sending to the refusal, the median"),
    }
    figures += [
        Figure(f"requests.{code}.days", words[code], days, unit="days", address=listed(code))
        for code, days in found.days.items()
    ]
    return figures
