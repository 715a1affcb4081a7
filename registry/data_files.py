"""Reading the data that the product brings along: facts, texts and words kept as YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(source: Path | str | bytes) -> Any:
    """What a file (or a text) says, by a safe loader: the one in C, ten times quicker, if there is
    one. Raises ``yaml.YAMLError`` for what is no YAML, ``OSError`` for a file that cannot be read.
    """
    text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
