"""What happens only to some kinds of request, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mla.move_fields import FIELDS
from registry.timeline_words import Words, moment


def _day(data: Mapping[str, Any], name: str) -> str:
    given = str(data.get(name, ""))
    return date_format(date.fromisoformat(given), "j F Y") if given else ""


def _said(
    pattern: str, *, at: str = "", on: str = "", words: str = "", note: str = "note"
) -> Words:
    """A sentence with an instant, a day, words that were given, and the note after it."""

    def said(data: Mapping[str, Any]) -> str:
        sentence = _(pattern) % {
            "at": moment(data.get(at, "")) if at else "",
            "day": _day(data, on) if on else "",
            "words": data.get(words, "") if words else "",
        }
        after = data.get(note, "")
        return f"{sentence}: {after}" if after else sentence

    return said


def _preserved(data: Mapping[str, Any]) -> str:
    words = _("The data are preserved since %(at)s") % {"at": moment(data.get("preserved_at", ""))}
    if until := _day(data, "preserved_until"):
        words += _(" until %(day)s") % {"day": until}
    return f"{words}: {data['note']}" if data.get("note") else words


def _contacted(data: Mapping[str, Any]) -> str:
    words = _("Went out on %(at)s, %(means)s") % {
        "at": moment(data.get("sent_at", "")),
        "means": dict(FIELDS["means"].choices).get(data.get("means", ""), ""),
    }
    return f"{words}: {data['note']}" if data.get("note") else words


def _replied(data: Mapping[str, Any]) -> str:
    ours = data.get("direction") == "received"
    said = _("We answered on %(at)s") if ours else _("They answered on %(at)s")
    return f"{said % {'at': moment(data.get('answered_at', ''))}}: {data.get('answer', '')}"


def words_of_kinds() -> dict[str, Words]:
    """By event; ``mla/timeline_words.py`` declares them with its own."""
    return {
        "mla.amended": _said(gettext_noop("Amended: %(words)s"), words="changes", note="reason"),
        "mla.converted": lambda data: _("A request came of it"),
        "mla.follow_up_started": lambda data: _("A request that follows it was started"),
        "mla.followed_up": lambda data: _("The full request that follows it was sent"),
        "mla.preserved": _preserved,
        "mla.preservation_renewed": _said(
            gettext_noop("Preservation renewed until %(day)s"), on="preserved_until"
        ),
        "mla.person_transferred": _said(
            gettext_noop("The person was handed over on %(at)s; to be returned by %(day)s"),
            at="transferred_at",
            on="return_by",
        ),
        "mla.return_date_agreed": _said(
            gettext_noop("Another day of return: %(day)s"), on="return_by"
        ),
        "mla.custody_moved": _said(
            gettext_noop("Another place of custody: %(words)s"), words="custody_place"
        ),
        "mla.person_returned": _said(
            gettext_noop("The person was returned on %(at)s"), at="returned_at"
        ),
        "mla.team_agreed": _said(
            gettext_noop("Team agreed on %(at)s, until %(day)s"), at="signed_at", on="team_ends_on"
        ),
        "mla.team_prolonged": _said(
            gettext_noop("The team is prolonged until %(day)s"), on="team_ends_on"
        ),
        "mla.team_ended": _said(gettext_noop("The team ended on %(at)s"), at="ended_at"),
        "mla.proceedings_accepted": _said(
            gettext_noop("They take the proceedings, as of %(at)s"), at="accepted_at"
        ),
        "mla.case_handed_over": _said(
            gettext_noop("The case was handed over on %(at)s"), at="handed_at"
        ),
        "mla.information_used": _said(gettext_noop("Used: %(words)s"), words="used_for"),
        "mla.conditions_declined": _said(
            gettext_noop("We told them that their conditions cannot be kept"), note="reason"
        ),
        "mla.contacted": _contacted,
        "mla.replied": _replied,
    }
