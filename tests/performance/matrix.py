"""What all pairs of two hundred States cost beside one pair, in the same run."""

from __future__ import annotations

import statistics
import time
from datetime import date
from typing import Any

TARGET = 100.0
STATES = 200
ON = date(2026, 3, 2)


def measure(quick: bool = False) -> list[dict[str, Any]]:
    """The ratio of ``resolve_many`` for all pairs to one ``resolve``, for assistance."""
    from django.utils import timezone

    from treaties.legal_basis import Question, resolve
    from treaties.legal_basis_matrix import resolve_many
    from treaties.register_index import RegisterIndex
    from treaties.register_loading import load_register

    load_register(now=timezone.now())
    index = RegisterIndex.current()
    states = [s.code for s in index.states.values() if not s.is_body and s.kind == "state"]
    states = states[:STATES]
    pairs = list(zip(states[:20], states[40:60], strict=True))

    def one() -> float:
        begun = time.perf_counter()
        for requesting, requested in pairs:
            resolve(Question(requesting, requested, "mla", ON, (), ()), index=index)
        return (time.perf_counter() - begun) * 1000 / len(pairs)

    def all_of_them() -> float:
        begun = time.perf_counter()
        found = sum(1 for _pair in resolve_many(states, purpose="mla", on=ON, index=index))
        assert found == len(states) * (len(states) - 1)
        return (time.perf_counter() - begun) * 1000

    one(), all_of_them()
    rounds = 3 if quick else 9
    samples = [(one(), all_of_them()) for _round in range(rounds)]
    pair = statistics.median(first for first, _second in samples)
    every = statistics.median(second for _first, second in samples)
    return [
        {
            "name": f"all pairs of {len(states)} States against one pair",
            "ratio": round(every / pair, 1),
            "target": TARGET,
            "milliseconds": {"one pair": round(pair, 3), "all pairs": round(every, 1)},
            "samples": rounds,
        }
    ]
