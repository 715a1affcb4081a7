"""For what a State may use what it received under an instrument, as the register's data holds it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from registry.data_files import read_yaml

DATA = Path(__file__).parent / "data" / "use_limits.yaml"


@dataclass(frozen=True)
class UseLimit:
    """What an instrument says of the use of evidence by the State that asked for it."""

    instrument: str
    article: str
    text: str
    source: str
    as_of: str
    confidence: str

    @property
    def is_verified(self) -> bool:
        return self.confidence == "verified"

    @property
    def where(self) -> str:
        """ "UNTOC 18(19)"."""
        return f"{self.instrument} {self.article}".strip()


@lru_cache(maxsize=1)
def known() -> dict[str, UseLimit]:
    """By the code of the instrument."""
    rows = read_yaml(DATA)
    return {row["instrument"]: UseLimit(**row) for row in rows}


def limit_of(instrument: str | None, parent: str | None = None) -> UseLimit | None:
    """What the instrument says, else the treaty that it supplements; None where nothing is known."""
    return known().get(instrument or "") or known().get(parent or "")
