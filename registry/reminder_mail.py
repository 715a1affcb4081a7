"""What a reminder says: plain text, in the recipient's language and time zone.

A link lets the recipient acknowledge without signing in. Of a sealed matter it says only that a confidential deadline is near: no reference, no State, no
rule, and not the zone of the deadline, which would give the State away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext

from registry.acknowledging import link_of_message, link_of_notice
from registry.lateness import days_between
from registry.matter_kinds import page_of
from registry.models import Deadline, Dossier, Message, Notice, User
from registry.reminder_schedule import STILL_PAUSED
from registry.time_rules import Unit


def mail_of(message: Message, notices: Sequence[Notice], now: datetime) -> EmailMessage:
    """The mail of a message: one reminder told at length, or several, each in a few lines.

    Its Message-ID is always the same for one message.
    """
    recipient = message.recipient
    if recipient is None:
        raise ValueError("a mail has a recipient")
    with translation.override(recipient.language):
        if len(notices) == 1:
            subject = _subject(notices[0].reminder.deadline, now)
            words = _alone(notices[0], message, recipient, now)
        else:
            subject = _subject_of_several(notices, now)
            words = _several(notices, message, recipient, now)
        greeting = gettext("Dear %(name)s,") % {"name": recipient.name}
        return EmailMessage(
            subject=subject,
            body="\n".join([greeting, "", *words, *_ending(notices)]) + "\n",
            to=[recipient.email],
            headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
        )


def message_id(message: Message) -> str:
    host = urlsplit(settings.PUBLIC_ADDRESS).hostname or "localhost"
    return f"<reminder-{message.key}@{host}>"


def _subject_of_several(notices: Sequence[Notice], now: datetime) -> str:
    late = sum(notice.reminder.deadline.due_at < now for notice in notices)
    count = len(notices)
    subject = ngettext("%(n)d deadline", "%(n)d deadlines", count) % {"n": count}
    if late:
        overdue = ngettext("%(n)d overdue", "%(n)d overdue", late) % {"n": late}
        subject = gettext("%(deadlines)s, %(overdue)s") % {"deadlines": subject, "overdue": overdue}
    return subject


def _alone(notice: Notice, message: Message, recipient: User, now: datetime) -> list[str]:
    deadline = notice.reminder.deadline
    if deadline.dossier.is_sealed:
        words = _sealed_words(deadline, recipient, now)
    elif notice.reminder.step == STILL_PAUSED:
        words = _paused_words(deadline, recipient)
    else:
        words = _open_words(deadline, recipient, now)
    return [
        *words,
        "",
        gettext("I have taken note (no sign-in needed): %(address)s")
        % {"address": link_of_message(message, now)},
    ]


def _several(
    notices: Sequence[Notice], message: Message, recipient: User, now: datetime
) -> list[str]:
    words: list[str] = []
    for number, notice in enumerate(notices, start=1):
        deadline = notice.reminder.deadline
        words += [f"{number}. {_subject(deadline, now)}"]
        if notice.reminder.step == STILL_PAUSED:
            words += ["   " + gettext("This clock is still paused.")]
        else:
            ends = instant_in_words(deadline.due_at, ZoneInfo(recipient.time_zone))
            words += ["   " + gettext("Ends: %(instant)s") % {"instant": ends}]
        page = "" if deadline.dossier.is_sealed else _page_of(deadline.dossier)
        if page:
            words += [f"   {settings.PUBLIC_ADDRESS}{page}"]
        words += [
            "   "
            + gettext("I have taken note: %(address)s") % {"address": link_of_notice(notice, now)},
            "",
        ]
    return [
        *words,
        gettext("I have taken note of all (no sign-in needed): %(address)s")
        % {"address": link_of_message(message, now)},
    ]


def _ending(notices: Sequence[Notice]) -> list[str]:
    """Where to look, and why the person is told; whose deputy it is stays out of sealed matters."""
    words = [
        "",
        gettext("Your deadlines: %(address)s")
        % {"address": settings.PUBLIC_ADDRESS + reverse("deadlines")},
        "",
    ]
    for notice in notices:
        reason = _reason(notice)
        if reason not in words:
            words.append(reason)
    return words


def _reason(notice: Notice) -> str:
    capacity = Notice.Capacity
    sealed = notice.reminder.deadline.dossier.is_sealed
    reasons = {
        capacity.RESPONSIBLE: gettext(
            "You receive this message because you are responsible for this matter."
        ),
        capacity.DEPUTY: gettext("You receive this message because you stand in for a colleague.")
        if sealed
        else gettext("You receive this message because you stand in for %(name)s.")
        % {"name": notice.reminder.deadline.dossier.responsible.name},
        capacity.SUPERVISOR: gettext(
            "You receive this message because you supervise who is responsible."
        ),
        capacity.ESCALATED: gettext(
            "You receive this message because nobody has acknowledged the reminder."
        ),
        capacity.NEXT_IN_LINE: gettext(
            "You receive this message because nobody else who may be told can be reached."
        ),
    }
    return reasons[capacity(notice.capacity)]


def _subject(deadline: Deadline, now: datetime) -> str:
    how_far = time_left(deadline, now)
    if deadline.dossier.is_sealed:
        return gettext("Confidential deadline: %(how_far)s") % {"how_far": how_far}
    label = " ".join(deadline.shown_label.split())
    return gettext("%(label)s: %(how_far)s (%(reference)s)") % {
        "label": label if len(label) <= 80 else f"{label[:79]}…",
        "how_far": how_far,
        "reference": deadline.dossier.reference,
    }


def _sealed_words(deadline: Deadline, recipient: User, now: datetime) -> list[str]:
    yours = instant_in_words(deadline.due_at, ZoneInfo(recipient.time_zone))
    return [
        gettext("A confidential deadline: %(how_far)s.") % {"how_far": time_left(deadline, now)},
        gettext("It ends %(instant)s.") % {"instant": yours},
    ]


def _paused_words(deadline: Deadline, recipient: User) -> list[str]:
    words = [
        gettext("%(label)s: this clock is still paused.") % {"label": deadline.shown_label},
        gettext("See whether what it waits for has come, and let it run again."),
        "",
        gettext("Matter: %(reference)s") % {"reference": deadline.dossier.reference},
    ]
    if page := _page_of(deadline.dossier):
        address = f"{settings.PUBLIC_ADDRESS}{page}"
        words.append(gettext("The matter: %(address)s") % {"address": address})
    return words


def _open_words(deadline: Deadline, recipient: User, now: datetime) -> list[str]:
    dossier = deadline.dossier
    theirs = instant_in_words(deadline.due_at, ZoneInfo(deadline.zone))
    yours = instant_in_words(deadline.due_at, ZoneInfo(recipient.time_zone))
    counterpart = dossier.counterpart.name_in(recipient.language) if dossier.counterpart else ""
    lines = [
        f"{deadline.shown_label}: {time_left(deadline, now)}.",
        "",
        gettext("Matter: %(reference)s") % {"reference": dossier.reference}
        + (f" ({counterpart})" if counterpart else ""),
        gettext("Ends: %(instant)s") % {"instant": theirs},
    ]
    if yours != theirs:
        lines.append(gettext("In your time zone: %(instant)s") % {"instant": yours})
    if deadline.derivation:
        lines.append(gettext("Rule: %(sentence)s") % {"sentence": deadline.sentence})
    lines.append(
        gettext("Whom it binds: %(party)s") % {"party": deadline.get_bound_party_display()}
    )
    if deadline.consequence:
        lines.append(gettext("Consequence: %(text)s") % {"text": deadline.consequence})
    if page := _page_of(dossier):
        address = f"{settings.PUBLIC_ADDRESS}{page}"
        lines.append(gettext("The matter: %(address)s") % {"address": address})
    return lines


def _page_of(dossier: Dossier) -> str:
    """The address of the matter's page, or nothing: a link must never keep a reminder back."""
    try:
        return page_of(dossier.kind, dossier.reference)
    except NoReverseMatch:
        return ""


def time_left(deadline: Deadline, now: datetime) -> str:
    """How far the due instant is, in words: by days of the deadline's zone, or by hours.

    Of a suspended deadline nobody knows yet.
    """
    if deadline.state == Deadline.State.SUSPENDED:
        return gettext("paused")
    if deadline.derivation.get("unit") == Unit.HOURS:
        return _hours_left(deadline, now)
    days = -days_between(deadline.due_at, now, deadline.zone)
    if days == 0:
        return gettext("ends today") if now <= deadline.due_at else gettext("ended today")
    if days > 0:
        return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    return ngettext("overdue by %(n)d day", "overdue by %(n)d days", -days) % {"n": -days}


def _hours_left(deadline: Deadline, now: datetime) -> str:
    hours = round((deadline.due_at - now).total_seconds() / 3600)
    if now > deadline.due_at:
        late = max(1, -hours)
        return ngettext("overdue by %(n)d hour", "overdue by %(n)d hours", late) % {"n": late}
    if hours == 0:
        return gettext("less than an hour left")
    return ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}


def instant_in_words(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    form = pgettext("date and time, Django format", "l j F Y, H:i")
    return f"{date_format(local, form)} ({zone.key})"
