"""Who bears the costs of a request: what each instrument says, as the register's data holds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from registry.data_files import read_yaml
from registry.refusals import Text

DATA = Path(__file__).parent / "data" / "cost_rules.yaml"
ORDINARY, EXTRAORDINARY, PARTICULAR = "ordinary", "extraordinary", "particular"
NATURES: dict[str, Text] = {
    ORDINARY: _("Ordinary costs"),
    EXTRAORDINARY: _("Substantial or extraordinary costs"),
    PARTICULAR: _("Costs that the instrument names"),
}
REQUESTED, REQUESTING, AGREED = "requested", "requesting", "agreed"
BEARERS: dict[str, Text] = {
    REQUESTED: _("The requested State"),
    REQUESTING: _("The requesting State"),
    AGREED: _("As the two States agree"),
}


@dataclass(frozen=True)
class CostRule:
    """One rule. ``consultation``: the instrument asks for it before such a cost arises."""

    instrument: str
    nature: str
    borne_by: str
    article: str
    note: str
    source: str
    as_of: str
    confidence: str
    consultation: bool = False

    @property
    def nature_label(self) -> Text:
        return NATURES[self.nature]

    @property
    def bearer_label(self) -> Text:
        return BEARERS[self.borne_by]

    @property
    def is_verified(self) -> bool:
        return self.confidence == "verified"


@lru_cache(maxsize=1)
def known() -> tuple[CostRule, ...]:
    """Every rule, in the order of the file. KeyError or TypeError for a file that is wrong."""
    rows = read_yaml(DATA)
    rules = tuple(CostRule(**row) for row in rows)
    for rule in rules:
        NATURES[rule.nature], BEARERS[rule.borne_by]
    return rules


def rules_of(instrument: str | None, parent: str | None = None) -> list[CostRule]:
    """What the instrument says; for a nature of which it is silent, what the treaty that it
    supplements says."""
    own = [rule for rule in known() if rule.instrument == instrument]
    said = {rule.nature for rule in own}
    return own + [r for r in known() if parent and r.instrument == parent and r.nature not in said]


def rule_for(nature: str, rules: Iterable[CostRule]) -> CostRule | None:
    """The rule for costs of this nature, where one is known."""
    return next((rule for rule in rules if rule.nature == nature), None)
