"""The sentences of the resolver: each names the State, the days and the article it speaks of."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils.dateformat import format as format_day
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from treaties.participation import Position, Standing
from treaties.register_index import InstrumentFacts, StateFacts


def spell(day: date | None) -> str:
    """A day as the reader's language writes it (12 December 2014)."""
    return _spelt(day, get_language() or "en") if day else _("an unknown day")


@lru_cache(maxsize=4096)
def _spelt(day: date, _language: str) -> str:
    return format_day(day, pgettext("day format", "j F Y"))


CONSENTED = {
    "ratification": gettext_lazy("ratified it"),
    "accession": gettext_lazy("acceded to it"),
    "acceptance": gettext_lazy("accepted it"),
    "approval": gettext_lazy("approved it"),
    "succession": gettext_lazy("succeeded to it"),
    "application": gettext_lazy("applies it as an act of the Union"),
}


def act_done(action: str) -> str:
    """The act of consent as a verb in the past."""
    return str(CONSENTED.get(action) or _("consented to it"))


def how_bound(state: StateFacts, position: Position) -> str:
    """How a State that is bound became so."""
    words = {"state": state.called(), "since": spell(position.since)}
    if position.act is None:
        if position.since is None:
            return _("%(state)s: as every State.") % words
        return _("%(state)s is bound, as every State is (in force since %(since)s).") % words
    words["did"] = act_done(position.act.action)
    words["day"] = spell(position.act.date)
    if position.act.date:
        sentence = _("%(state)s %(did)s on %(day)s and has been bound since %(since)s.")
    else:
        sentence = _("%(state)s %(did)s and has been bound since %(since)s.")
    said = sentence % words
    if position.until and not position.doubtful:
        said += " " + _("Its withdrawal takes effect on %(day)s.") % {"day": spell(position.until)}
    if position.doubtful:
        said += " " + _(
            "A later act shows that it withdrew on a day that the register does not hold: check "
            "with the depositary."
        )
    return said


def why_not_bound(state: StateFacts, position: Position, instrument: InstrumentFacts) -> str:
    """Why a State is not bound on the day asked for."""
    act = position.act
    words = {
        "state": state.called(),
        "instrument": instrument.short_title,
        "since": spell(position.since),
        "until": spell(position.until),
        "did": act_done(act.action) if act else "",
        "day": spell(act.date) if act else "",
        "signed": spell(position.signed),
    }
    match position.standing:
        case Standing.NOT_YET_IN_FORCE:
            said = _("%(instrument)s entered into force only on %(since)s.")
        case Standing.BOUND_LATER if act and act.date:
            said = _("%(state)s %(did)s on %(day)s and is bound only from %(since)s.")
        case Standing.BOUND_LATER:
            said = _("%(state)s is bound only from %(since)s.")
        case Standing.SIGNED_ONLY if position.since:
            said = _(
                "%(state)s had only signed it (%(signed)s) on that day; it is bound from %(since)s."
            )
        case Standing.SIGNED_ONLY:
            said = _(
                "%(state)s signed it on %(signed)s, but the register holds no ratification: a "
                "signature alone does not bind."
            )
        case Standing.RATIFIED_NOT_IN_FORCE:
            said = _(
                "%(state)s %(did)s on %(day)s, but its entry into force for %(state)s is not "
                "established."
            )
        case Standing.WITHDRAWN if position.since:
            said = _(
                "%(state)s was bound from %(since)s, gave notice of withdrawal on %(day)s, and has "
                "not been bound since %(until)s."
            )
        case Standing.WITHDRAWN:
            said = _(
                "%(state)s withdrew its consent on %(day)s before it entered into force for it."
            )
        case Standing.PARTICIPATION_UNKNOWN:
            return _(
                "The register holds no participation data for this instrument; check with the "
                "depositary."
            )
        case _other:
            said = _("%(state)s: the register holds no act by which it took part.")
    return said % words
