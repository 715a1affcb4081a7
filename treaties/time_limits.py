"""Time limits of the register: which an event starts, and what the engine makes of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, tzinfo
from difflib import get_close_matches

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.refusals import Invalid
from registry.time_rules import NoFixedPeriod, Rounding, Rule, Unit
from treaties.models import Instrument, TimeLimit

NOT_KNOWN = frozenset({"unknown", "count_unknown"})
FIXED_DATE = "until_"


def rule_of(limit: TimeLimit, *, zone: tzinfo, calendar: str = "", counted_from: str = "") -> Rule:
    """The engine's rule for a limit of the register.

    A limit of kind *lead time* counts backwards from its event. ``counted_from`` names the event
    used in place of the limit's own, if another is. Raises NoFixedPeriod, with a
    sentence that says what the source states instead, where the source fixes no period.
    """
    if limit.length is None or limit.unit not in set(Unit):
        raise NoFixedPeriod("no_fixed_period", why_no_period(limit))
    unit = Unit(limit.unit)
    if unit is Unit.DAYS and limit.day_count == Unit.WORKING_DAYS:
        unit = Unit.WORKING_DAYS
    return Rule(
        length=limit.length,
        unit=unit,
        zone=zone,
        first_day_counted=limit.first_day_counted,
        rolls=limit.rolls_to_working_day,
        calendar=calendar,
        backwards=limit.kind == TimeLimit.Kind.LEAD_TIME,
        rounding=Rounding(limit.rounding),
        trigger=limit.trigger,
        counted_from=counted_from if counted_from != limit.trigger else "",
        article=limit.article,
    )


def why_no_period(limit: TimeLimit) -> str:
    """What the source says instead of a period, as a sentence."""
    words = limit.unit.replace("_", " ")
    if limit.unit in NOT_KNOWN:
        return gettext("The register does not know the length of this time limit.")
    if limit.unit.startswith(FIXED_DATE):
        day = date.fromisoformat(limit.unit.removeprefix(FIXED_DATE))
        return gettext("The source fixes a date and no period: until %(day)s.") % {
            "day": day.isoformat()
        }
    return gettext(
        "The source fixes no period: it says “%(words)s”. Set the deadline by hand if you need one."
    ) % {"words": words}


def started_by(event: str, instrument: Instrument | None) -> list[TimeLimit]:
    """The limits with a fixed period that an event sets running, the law's before the office's.

    Those of the instrument and of the treaty that it supplements, and the office's own norms; an
    office norm gives way to a limit of law that the same event meets. One query.
    """
    codes = {instrument.pk, instrument.parent_id} - {None} if instrument else set()
    limits = TimeLimit.objects.filter(
        Q(instrument__in=codes) | Q(office_norm=True, instrument__isnull=True),
        starts_on=event,
        length__isnull=False,
        unit__in=list(Unit),
    )
    law = [limit for limit in limits if not limit.office_norm]
    governed = {limit.met_by for limit in law if limit.met_by}
    norms = [limit for limit in limits if limit.office_norm and limit.met_by not in governed]
    return [*_by_code(law), *_by_code(norms)]


def _by_code(limits: Iterable[TimeLimit]) -> list[TimeLimit]:
    return sorted(limits, key=lambda limit: limit.code)


def limit_called(code: str) -> TimeLimit:
    """The limit with this code. Raises Invalid with the nearest codes where there is none."""
    limit = TimeLimit.objects.select_related("instrument").filter(code__iexact=code.strip()).first()
    if limit is None:
        near = near_matches(code, TimeLimit.objects.values_list("code", flat=True))
        remedy = (
            _("Did you mean %(codes)s?") % {"codes": ", ".join(near)}
            if near
            else _("List the codes with --list.")
        )
        raise Invalid(
            "unknown_time_limit",
            _("No time limit has the code “%(code)s”.") % {"code": code},
            fields={"code": [remedy]},
        )
    return limit


def near_matches(code: str, known: Iterable[str]) -> list[str]:
    """Up to five codes that resemble this one, the nearest first."""
    known = sorted(known)
    wanted = code.strip().upper()
    near = get_close_matches(wanted, known, n=5, cutoff=0.6)
    family = wanted.split("-")[0]
    return (near + [k for k in known if k.startswith(f"{family}-") and k not in near])[:5]
