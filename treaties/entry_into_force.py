"""From which day an instrument binds a State that has deposited its consent: by its own rule.

1. So many days, or months, after the day of the deposit. Months end on the same day of the month,
   or on its last day where the month is shorter.
2. Where the rule says so, the first day of the month that follows the end of that period.
3. Never before the day on which the instrument itself entered into force.
4. A succession has no such day: it continues what bound before.

Pure functions; the rule of each instrument is data (``EntryIntoForceRule``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.time_rules import add_months, first_of_next_month
from treaties.models import EntryIntoForceRule, Instrument, Participation, TimeLimit

CONSENTS = ("ratification", "accession", "acceptance", "approval")
"""Acts that bind after the instrument's own period."""
Unit, Rounding = EntryIntoForceRule.Unit, TimeLimit.Rounding


def binds_from(rule: EntryIntoForceRule, deposit: date, general: date | None) -> date:
    """The first day on which the instrument binds a State that deposited its consent on this day.

    ``general`` is the day on which the instrument itself entered into force, if it has.
    """
    if rule.unit == Unit.MONTHS:
        end = add_months(deposit, rule.length)
    else:
        end = deposit + timedelta(days=rule.length)
    if rule.rounding == Rounding.FIRST_OF_NEXT_MONTH:
        end = first_of_next_month(end)
    return max(end, general) if general else end


def computed_day(instrument: Instrument, action: str, deposit: date | None) -> date | None:
    """The day that follows from the instrument's rule; None where no rule gives one.

    An instrument of which it is not known that it is in force binds nobody, so there is no day.
    """
    if action not in CONSENTS or deposit is None:
        return None
    if instrument.in_force != Instrument.InForce.YES:
        return None
    rule = EntryIntoForceRule.objects.filter(pk=instrument.pk).first()
    if rule is None:
        return None
    return binds_from(rule, deposit, instrument.in_force_since)


def rule_words(rule: EntryIntoForceRule) -> str:
    """The rule in a sentence."""
    if rule.unit == Unit.MONTHS:
        period = ngettext("%(n)s month", "%(n)s months", rule.length) % {"n": rule.length}
    else:
        period = ngettext("%(n)s day", "%(n)s days", rule.length) % {"n": rule.length}
    if rule.rounding == Rounding.FIRST_OF_NEXT_MONTH:
        return _(
            "For each State on the first day of the month after %(period)s from its deposit."
        ) % {"period": period}
    return _("For each State %(period)s after its deposit.") % {"period": period}


@dataclass(frozen=True)
class Disagreement:
    """An act whose recorded day of entry into force is not the one that the rule gives."""

    act: Participation
    computed: date

    @property
    def sentence(self) -> str:
        return _("%(instrument)s, %(state)s: recorded %(recorded)s, by the rule %(computed)s") % {
            "instrument": self.act.instrument_id,
            "state": self.act.state_id,
            "recorded": date_format(self.act.entry_into_force, "j F Y")
            if self.act.entry_into_force
            else _("nothing"),
            "computed": date_format(self.computed, "j F Y"),
        }


def disagreements(instrument: str = "") -> Iterator[Disagreement]:
    """The acts of consent whose recorded day differs from the rule's, or that have none."""
    rules = {rule.pk: rule for rule in EntryIntoForceRule.objects.all()}
    acts = Participation.objects.filter(
        action__in=CONSENTS, date__isnull=False, instrument__in=list(rules)
    ).filter(instrument__in_force=Instrument.InForce.YES)
    if instrument:
        acts = acts.filter(instrument=instrument)
    for act in acts.select_related("instrument").order_by("instrument_id", "state_id", "date"):
        if act.date is None:
            continue
        day = binds_from(rules[act.instrument_id], act.date, act.instrument.in_force_since)
        if act.entry_into_force != day:
            yield Disagreement(act, day)
