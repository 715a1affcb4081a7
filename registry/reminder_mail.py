"""What a reminder says: plain text, in the recipient's language and time zone.

Of a sealed matter it says only that a confidential deadline is near: no reference, no State, no
rule, and not the zone of the deadline, which would give the State away.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext

from registry.matter_kinds import page_of
from registry.models import Deadline, Dossier, Reminder, User
from registry.time_rules import Unit


def message_of(reminder: Reminder, recipient: User, now: datetime) -> EmailMessage:
    """The mail of a reminder. Its Message-ID is always the same for one deadline and step."""
    with translation.override(recipient.language):
        deadline = reminder.deadline
        sealed = deadline.dossier.is_sealed
        return EmailMessage(
            subject=_subject(deadline, now, sealed=sealed),
            body=_body(deadline, recipient, now, sealed=sealed),
            to=[recipient.email],
            headers={"Message-ID": message_id(reminder), "Auto-Submitted": "auto-generated"},
        )


def message_id(reminder: Reminder) -> str:
    host = urlsplit(settings.PUBLIC_ADDRESS).hostname or "localhost"
    return f"<reminder-{reminder.deadline_id}-{reminder.step}@{host}>"


def _subject(deadline: Deadline, now: datetime, *, sealed: bool) -> str:
    how_far = time_left(deadline, now)
    if sealed:
        return gettext("Confidential deadline: %(how_far)s") % {"how_far": how_far}
    label = " ".join(deadline.shown_label.split())
    return gettext("%(label)s: %(how_far)s (%(reference)s)") % {
        "label": label if len(label) <= 80 else f"{label[:79]}…",
        "how_far": how_far,
        "reference": deadline.dossier.reference,
    }


def _body(deadline: Deadline, recipient: User, now: datetime, *, sealed: bool) -> str:
    yours = instant_in_words(deadline.due_at, ZoneInfo(recipient.time_zone))
    lines = [gettext("Dear %(name)s,") % {"name": recipient.name}, ""]
    if sealed:
        lines += [
            gettext("A confidential deadline: %(how_far)s.")
            % {"how_far": time_left(deadline, now)},
            gettext("It ends %(instant)s.") % {"instant": yours},
        ]
    else:
        lines += _open_words(deadline, recipient, now)
    lines += [
        "",
        gettext("Your deadlines: %(address)s")
        % {"address": settings.PUBLIC_ADDRESS + reverse("deadlines")},
        "",
        gettext("You receive this message because you are responsible for this matter."),
    ]
    return "\n".join(lines) + "\n"


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
    """How far the due instant is, in words: by days of the deadline's zone, or by hours."""
    if deadline.derivation.get("unit") == Unit.HOURS:
        return _hours_left(deadline, now)
    zone = ZoneInfo(deadline.zone)
    days = (deadline.due_at.astimezone(zone).date() - now.astimezone(zone).date()).days
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
