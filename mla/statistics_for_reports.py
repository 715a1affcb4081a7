"""The figures of requests, sent and received, as the reports on obligations show them."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mla import statistics, statistics_received
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


RECEIVED_SHARES = {
    "received_acknowledged_in_time": ("received_acknowledged_in_time", "received_acknowledged_due"),
    "received_executed_in_time": ("received_executed_in_time", "received_executed_due"),
    "received_refused_with_reasons": ("received_refused_with_reasons", "received_refused"),
    "received_refused_after_consultation": (
        "received_refused_after_consultation",
        "received_refused",
    ),
}
RECEIVED_COUNTS = (
    "received_new",
    "received_open",
    "received_accepted",
    "received_executed",
    "received_refused",
    "received_returned",
    "received_referred",
)
RECEIVED_DAYS = {
    "received_acknowledged": _("Days from receipt to our acknowledgement, the median"),
    "received_accepted": _("Days from receipt to our decision to execute, the median"),
    "received_executed": _("Days from receipt to our execution, the median"),
    "received_refused": _("Days from receipt to our refusal, the median"),
}
OF_AN_INSTRUMENT = {
    "acknowledged_in_time": "received_acknowledged_in_time",
    "executed_in_time": "received_executed_in_time",
    "refusals_reasoned": "received_refused_with_reasons",
    "refusals_after_consultation": "received_refused_after_consultation",
}
"""The figures that obligations name (``figure`` in treaties/data/obligations.yaml), each with ours."""


def count_received(owner: Authority, since: date, until: date, user: User | None) -> list[Figure]:
    """The figures of what was received, and, by instrument, those that measure its obligations."""
    found = statistics_received.of_period(owner, since, until, user)
    labels = statistics_received.LABELS
    asked = urlencode({"authority": owner.pk, "since": since, "until": until})

    def listed(code: str) -> str:
        return f"{reverse('statistics-received-list', args=[code])}?{asked}"

    figures = [
        Figure(f"requests.{code}", labels[code], found.count(code), address=listed(code))
        for code in RECEIVED_COUNTS
    ]
    figures += [
        Figure(
            f"requests.{code}.share",
            labels[code],
            found.count(part),
            of=found.count(whole),
            address=listed(part),
        )
        for code, (part, whole) in RECEIVED_SHARES.items()
    ]
    figures += [
        Figure(f"requests.{code}.days", words, found.days[code], unit="days", address=listed(code))
        for code, words in RECEIVED_DAYS.items()
    ]
    figures += [
        Figure(
            code,
            labels[ours],
            found.under(ours, instrument),
            of=found.under(RECEIVED_SHARES[ours][1], instrument),
            address=f"{listed(ours)}&basis={instrument}",
            instrument=instrument,
        )
        for instrument in sorted(found.instruments)
        for code, ours in OF_AN_INSTRUMENT.items()
    ]
    return figures
