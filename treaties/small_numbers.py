"""Numbers so small that they could point at people are not published.

1. A count from 1 to 4 is hidden; nothing (0) and 5 or more are told.
2. Of parts that add up to a published total, a single hidden part could be worked out: the smallest
   part that is not zero is then hidden too. Where there is none, the total is hidden as well.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
SMALLEST_TOLD = 5


def is_small(number: int) -> bool:
    return 0 < number < SMALLEST_TOLD


def told(parts: Mapping[Key, int]) -> tuple[dict[Key, int | None], int | None]:
    """The parts and their total as the public may read them; None is what is hidden."""
    total = sum(parts.values())
    hidden = {key for key, number in parts.items() if is_small(number)}
    if len(hidden) == 1:
        others = [key for key, number in parts.items() if number and key not in hidden]
        if others:
            hidden.add(min(others, key=lambda key: parts[key]))
    whole: int | None = total
    if len(hidden) == 1 or is_small(total):
        whole = None
    return {key: None if key in hidden else number for key, number in parts.items()}, whole


def share_told(value: int, of: int) -> tuple[int | None, int | None]:
    """A part of a whole: both are hidden where the part or the rest of it is small."""
    if is_small(value) or is_small(of - value) or is_small(of):
        return None, None if is_small(of) else of
    return value, of
