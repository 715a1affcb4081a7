"""Figures about what an authority does, for reports on obligations. Other rooms count; this room asks.

A room that has figures declares a counter in its ``AppConfig.ready``, as kinds of matter are declared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from registry.models import Authority, User
from registry.refusals import Text


@dataclass(frozen=True)
class Figure:
    """One number: ``value``, where it is a part ``of`` a whole, and the ``address`` of its list.

    ``unit`` is *requests* or *days* (calendar days, the median). A value of None: nothing to measure.
    With an ``instrument`` it measures what that instrument obliges to, of requests that rest on it: an
    obligation names the code of its figure.
    """

    code: str
    label: Text
    value: int | None
    of: int | None = None
    unit: str = "requests"
    address: str = ""
    instrument: str = ""


Counter = Callable[[Authority, date, date, User | None], list[Figure]]
_COUNTERS: list[Counter] = []


def declare(counter: Counter) -> None:
    if counter not in _COUNTERS:
        _COUNTERS.append(counter)


def figures_for(owner: Authority, since: date, until: date, user: User | None) -> list[Figure]:
    """Every figure of a period, both days included, from what the person may see.

    Without a person, from what is not sealed.
    """
    return [figure for figure in counted(owner, since, until, user) if not figure.instrument]


def counted(owner: Authority, since: date, until: date, user: User | None) -> list[Figure]:
    """The figures of a period together with those that measure the obligations of an instrument."""
    return [figure for count in _COUNTERS for figure in count(owner, since, until, user)]
