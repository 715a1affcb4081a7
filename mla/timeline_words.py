"""What happens to a request, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mla import closing_checks
from mla.completeness import humanised
from mla.models import (
    STATUS_LABELS,
    AssistanceRequest,
    MeasureState,
    Receipt,
    RefusalAssessment,
    RequestKind,
)
from mla.timeline_words_of_kinds import words_of_kinds
from registry import timeline_words
from registry.timeline_words import day, moment


def _with_reason(pattern: str, data: Mapping[str, Any], key: str = "reason") -> str:
    reason = data.get(key, "")
    return f"{pattern}: {reason}" if reason else pattern


def _started(data: Mapping[str, Any]) -> str:
    kind = dict(RequestKind.choices).get(data.get("kind", ""))
    return _("Started: %(kind)s") % {"kind": kind} if kind else _("Request started")


def _sent(data: Mapping[str, Any]) -> str:
    channels = dict(AssistanceRequest.Transmission.choices)
    if data.get("imported"):
        return _("Sent on %(day)s") % {"day": day(data.get("day", ""))}
    words = _("Sent on %(at)s, %(channel)s") % {
        "at": moment(data.get("sent_at", "")),
        "channel": channels.get(data.get("channel", ""), ""),
    }
    tracking = data.get("tracking_number", "")
    return words + (_(", tracking number %(number)s") % {"number": tracking} if tracking else "")


def _original_sent(data: Mapping[str, Any]) -> str:
    return _("The original followed: %(what)s") % {"what": _sent(data)}


def _sent_again(data: Mapping[str, Any]) -> str:
    return _("Sent once more: %(what)s") % {"what": _sent(data)}


def _of_sending(pattern: str) -> timeline_words.Words:
    """What became of one sending, with the note that was made of it."""

    def words(data: Mapping[str, Any]) -> str:
        said = {"at": moment(data.get("on", "")), "what": _sent(data)}
        return _with_reason(_(pattern) % said, data, "note")

    return words


def _acknowledged(data: Mapping[str, Any]) -> str:
    reference = data.get("foreign_reference", "")
    if data.get("imported"):
        return _("Acknowledged on %(day)s") % {"day": day(data.get("day", ""))}
    words = _("Acknowledged on %(at)s") % {"at": moment(data.get("acknowledged_at", ""))}
    return words + (_(", their reference %(ref)s") % {"ref": reference} if reference else "")


def _imported(data: Mapping[str, Any]) -> str:
    words = _("Taken in from the office's spreadsheet “%(file)s”, row %(row)s, as “%(status)s”") % {
        "file": data.get("file", ""),
        "row": data.get("row", ""),
        "status": STATUS_LABELS.get(data.get("status", ""), data.get("status", "")),
    }
    notes = data.get("notes") or []
    return f"{words}. {'; '.join(notes)}" if notes else words


def _reported(data: Mapping[str, Any]) -> str:
    words = _("%(peer)s reports: %(status)s") % {
        "peer": data.get("peer", ""),
        "status": STATUS_LABELS.get(data.get("status", ""), data.get("status", "")),
    }
    reference = data.get("reference", "")
    return words + (_(", their reference %(ref)s") % {"ref": reference} if reference else "")


def _of_file(pattern: str) -> timeline_words.Words:
    return lambda data: _(pattern) % {"file": data.get("file", "")}


def _received(data: Mapping[str, Any]) -> str:
    if data.get("imported"):
        return _("Received on %(day)s") % {"day": day(data.get("day", ""))}
    words = _("Received on %(at)s, %(channel)s") % {
        "at": moment(data.get("received_at", "")),
        "channel": dict(Receipt.Channel.choices).get(data.get("channel", ""), ""),
    }
    reference = data.get("foreign_reference", "")
    return words + (_(", their reference %(ref)s") % {"ref": reference} if reference else "")


def _refused(data: Mapping[str, Any]) -> str:
    ours = data.get("direction") == "received"
    said = _("Refused by us") if ours else _("Refused by the other side")
    if ground := data.get("ground", ""):
        said = _("%(refused)s, citing “%(ground)s”") % {
            "refused": said,
            "ground": humanised(ground),
        }
    return _with_reason(said, data)


def _until(pattern: str) -> timeline_words.Words:
    def words(data: Mapping[str, Any]) -> str:
        until = data.get("until", "")
        day = date_format(date.fromisoformat(until), "j F Y") if until else ""
        return _with_reason(_(pattern) % {"day": day}, data)

    return words


def _asked(data: Mapping[str, Any]) -> str:
    ours = data.get("direction") == "received"
    said = _("We asked for more information") if ours else _("They asked for more information")
    return _with_reason(said, data, "question")


def _ground(data: Mapping[str, Any]) -> str:
    words = _("Ground of refusal “%(ground)s” (%(instrument)s %(article)s): %(answer)s") % {
        "ground": humanised(data.get("ground", "")),
        "instrument": data.get("instrument", ""),
        "article": data.get("article", ""),
        "answer": dict(RefusalAssessment.Answer.choices).get(data.get("answer", ""), ""),
    }
    return _with_reason(words, data)


def _measure(data: Mapping[str, Any]) -> str:
    words = _("Measure %(position)s (%(measure)s): %(state)s") % {
        "position": data.get("position", ""),
        "measure": humanised(data.get("measure", "")),
        "state": dict(MeasureState.choices).get(data.get("state", ""), ""),
    }
    if until := data.get("until", ""):
        words += _(" until %(day)s") % {"day": date_format(date.fromisoformat(until), "j F Y")}
    return _with_reason(words, data)


def _assigned(data: Mapping[str, Any]) -> str:
    return _("Measure %(position)s (%(measure)s) assigned to %(authority)s") % {
        "position": data.get("position", ""),
        "measure": humanised(data.get("measure", "")),
        "authority": data.get("authority", "") or "–",
    }


def _numbered(pattern: str) -> timeline_words.Words:
    def words(data: Mapping[str, Any]) -> str:
        said = _(pattern) % {
            "number": data.get("number", ""),
            "numbers": ", ".join(str(n) for n in data.get("numbers", ())),
            "what": data.get("description", ""),
            "whom": data.get("to_whom", ""),
            "purpose": data.get("purpose", ""),
        }
        if data.get("reason"):
            said += _(" (allowed because: %(reason)s)") % {"reason": data["reason"]}
        return said

    return words


def _referred(data: Mapping[str, Any]) -> str:
    words = _("Referred to %(authority)s") % {"authority": data.get("referred_to", "")}
    return _with_reason(words, data)


def _closed(data: Mapping[str, Any]) -> str:
    """With what was unfinished then, and why it was closed all the same."""
    unfinished = closing_checks.in_words(
        data.get("originals_out", []), data.get("unsettled_costs", [])
    )
    return " ".join([_with_reason(_("Closed"), data, "note"), *map(str, unfinished)])


def declare() -> None:
    """Make the events of a request readable."""
    timeline_words.declare(
        {
            "mla.original_sent": _original_sent,
            "mla.started": _started,
            "mla.edited": lambda data: _("Draft edited"),
            "mla.basis_chosen": lambda data: (
                _("Legal basis chosen: %(basis)s") % {"basis": data.get("basis", "")}
            ),
            "mla.submitted": lambda data: _("Submitted for approval"),
            "mla.returned_to_draft": lambda data: _with_reason(_("Returned to the drafter"), data),
            "mla.approved": lambda data: _("Approved; the letter is being made"),
            "mla.sent": _sent,
            "mla.sent_again": _sent_again,
            "mla.sending_arrived": _of_sending(gettext_noop("It arrived on %(at)s: %(what)s")),
            "mla.sending_came_back": _of_sending(
                gettext_noop("It came back undelivered on %(at)s: %(what)s")
            ),
            **words_of_kinds(),
            "mla.acknowledged": _acknowledged,
            "mla.partly_executed": lambda data: _with_reason(_("Partly executed"), data, "note"),
            "mla.executed": lambda data: _with_reason(_("Executed"), data, "note"),
            "mla.refused": _refused,
            "mla.received": _received,
            "mla.triage_noted": lambda data: _("Findings of the triage noted"),
            "mla.ground_answered": _ground,
            "mla.measure_moved": _measure,
            "mla.measure_assigned": _assigned,
            "mla.item_added": _numbered(gettext_noop("Item %(number)s on the inventory: %(what)s")),
            "mla.results_transmitted": _numbered(gettext_noop("Items %(numbers)s transmitted")),
            "mla.results_received": _numbered(gettext_noop("Receipt of the results confirmed")),
            "mla.item_returned": _numbered(gettext_noop("Original %(number)s returned")),
            "mla.item_passed_on": _numbered(
                gettext_noop("Item %(number)s passed on to %(whom)s: %(purpose)s")
            ),
            "mla.triage_begun": lambda data: _("Triage begun"),
            "mla.accepted": lambda data: _with_reason(_("Accepted for execution"), data, "note"),
            "mla.execution_begun": lambda data: _with_reason(_("Execution begun"), data, "note"),
            "mla.postponed": _until(gettext_noop("Postponed until %(day)s")),
            "mla.resumed": lambda data: _with_reason(_("Taken up again"), data, "note"),
            "mla.information_requested": _asked,
            "mla.information_received": lambda data: _with_reason(
                _("The information asked for came"), data, "answer"
            ),
            "mla.consulted": lambda data: _with_reason(
                _("Consulted with the other side"), data, "note"
            ),
            "mla.returned_as_deficient": lambda data: _with_reason(
                _("Returned as deficient"), data
            ),
            "mla.referred": _referred,
            "mla.referral_answered": lambda data: _with_reason(
                _("The authority to which it was referred answered"), data, "answer"
            ),
            "mla.reopened": lambda data: _with_reason(_("Reopened"), data),
            "mla.withdrawn": lambda data: _with_reason(_("Withdrawn"), data),
            "mla.closed": _closed,
            "mla.package_ordered": lambda data: _("The package for the other side is being made"),
            "mla.package_delivered": lambda data: (
                _("The package arrived at %(peer)s") % {"peer": data.get("peer", "")}
            ),
            "mla.package_taken_in": lambda data: (
                _("Taken in from the package of %(peer)s, its signature checked")
                % {"peer": data.get("peer", "")}
            ),
            "mla.status_reported": _reported,
            "mla.imported": _imported,
            "mla.persons_imported": _of_file(
                gettext_noop("Persons added from the office's spreadsheet “%(file)s”")
            ),
            "mla.import_undone": _of_file(
                gettext_noop("What the spreadsheet “%(file)s” wrote here was undone")
            ),
        }
    )
