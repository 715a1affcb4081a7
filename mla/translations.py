"""Translations of a request's texts: ordered, due, received, certified, paid for.

Each job has a clock of its own with reminders. When the source changed after the job was ordered, the
job says so until the translator was given the new text.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from babel import Locale
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mla import draft_fields, money, recording
from mla.models import AssistanceRequest, Cost, TranslationJob
from mla.translation_sources import Source, code_of, key_of, sources_of
from registry import deadlines, documents, timeline
from registry.access import may
from registry.models import Document, User
from registry.refusals import Invalid, NotFound, NotPossibleNow

ACT = "edit"
MOST = 200
ORDERED = "mla.translation_ordered"


@dataclass(frozen=True)
class Job:
    """A job as it is shown. ``changed``: the source says something else than when it was ordered."""

    row: TranslationJob
    changed: bool
    gone: bool

    @property
    def needs_attention(self) -> bool:
        return (self.changed or self.gone) and not self.row.cancelled_reason


def jobs_of(request: AssistanceRequest) -> QuerySet[TranslationJob]:
    return TranslationJob.objects.filter(request=request).select_related(
        "translation", "cost", "deadline"
    )


def shown(request: AssistanceRequest, sources: dict[str, Source] | None = None) -> list[Job]:
    """The jobs, each with whether its source changed since. The sources are read once for all."""
    rows = list(jobs_of(request))
    if not rows:
        return []
    known = sources_of(request) if sources is None else sources
    found = []
    for row in rows:
        source = known.get(code_of(row))
        found.append(
            Job(row, source is not None and source.digest != row.source_digest, source is None)
        )
    return found


def languages() -> dict[str, str]:
    """The languages that there are, by code, in the reader's words."""
    names = Locale.parse((get_language() or "en").replace("-", "_")).languages
    return {
        code: name
        for code, name in sorted(names.items(), key=lambda pair: pair[1].casefold())
        if code.isalpha() and len(code) in (2, 3)
    }


def language_name(code: str) -> str:
    """A language in the reader's words; its code where CLDR has no name for it."""
    return languages().get(code, code)


def may_order(request: AssistanceRequest, user: User) -> bool:
    return request.dossier.is_open and may(user, ACT, request.dossier)


def order(
    request: AssistanceRequest,
    source: str,
    *,
    from_language: str,
    to_language: str,
    translator: str,
    due_on: Any,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> TranslationJob:
    """Give a text to a translator. Raises Invalid by field. A clock of its return starts."""
    today = deadlines.today_of(request.dossier.owner, now)
    given = draft_fields.read(
        {
            "from_language": from_language,
            "to_language": to_language,
            "translator": translator,
            "due_on": due_on,
        },
        {
            "from_language": _language,
            "to_language": _language,
            "translator": _needed(300),
            "due_on": _day_to_come(today),
        },
    )
    if given["from_language"] == given["to_language"]:
        sentence = _("Choose another language than that of the source.")
        raise Invalid("invalid", sentence, fields={"to_language": [sentence]})
    with recording.under_lock(request, user, expected_version, now, act=ACT) as held:
        if TranslationJob.objects.filter(request=held).count() >= MOST:
            sentence = _("A request has at most %(most)s translations.") % {"most": MOST}
            raise Invalid("too_many", sentence, fields={"source": [sentence]})
        chosen = sources_of(held).get(source)
        if chosen is None:
            sentence = _("Choose what is to be translated: the request, a letter, a document.")
            raise Invalid("invalid", sentence, fields={"source": [sentence]})
        job = TranslationJob.objects.create(
            request=held,
            source_title=chosen.title[:300],
            source_digest=chosen.digest,
            ordered_by=user,
            ordered_at=now,
            **key_of(source),
            **given,
        )
        _start_clock(job, now, user)
        _tell(job, ORDERED, user, now, translator=job.translator, due=job.due_on.isoformat())
        return job


def give_new_text(
    request: AssistanceRequest,
    job: int,
    *,
    due_on: Any,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> TranslationJob:
    """Record that the translator was given the changed text, with another day for it.

    Raises NotPossibleNow where the source has not changed.
    """
    today = deadlines.today_of(request.dossier.owner, now)
    given = draft_fields.read({"due_on": due_on}, {"due_on": _day_to_come(today)})
    with _one(request, job, user, expected_version, now) as found:
        source = sources_of(found.request).get(code_of(found))
        if source is None or source.digest == found.source_digest:
            raise NotPossibleNow(
                "source_unchanged", _("What is translated has not changed since it was ordered.")
            )
        found.source_digest, found.due_on = source.digest, given["due_on"]
        deadlines.end_waiting(found.request.dossier, _event(found), at=now, now=now, actor=user)
        _start_clock(found, now, user)
        found.save()
        _tell(found, "mla.translation_renewed", user, now, due=found.due_on.isoformat())
    return found


def receive(
    request: AssistanceRequest,
    job: int,
    *,
    received_on: Any,
    certified_by: str = "",
    amount: Any = None,
    currency: str = "",
    file_name: str = "",
    content: bytes | BinaryIO | None = None,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> TranslationJob:
    """Record that the translation came: when, certified by whom, for how much, and the file.

    What it costs is noted with the costs of the request, as an ordinary one of ours.
    """
    today = deadlines.today_of(request.dossier.owner, now)
    with _one(request, job, user, expected_version, now) as found:
        ordered_on = deadlines.today_of(request.dossier.owner, found.ordered_at)
        wish = {"received_on": received_on, "certified_by": certified_by}
        readers = {
            "received_on": _day_between(ordered_on, today),
            "certified_by": draft_fields.text(300, lines=False),
        }
        if amount not in ("", None):
            wish |= {"amount": amount, "currency": currency}
            readers |= {
                "amount": money.amount_in(currency.strip().upper()),
                "currency": money.currency,
            }
        given = draft_fields.read(wish, readers)
        found.received_on, found.certified_by = given["received_on"], given["certified_by"]
        if "amount" in given:
            found.cost = _cost_of(found, given, user, now)
        if content is not None:
            found.translation = _kept(found, file_name, content, user, now)
        found.save()
        deadlines.settle(found.request.dossier, _event(found), met=True, now=now, actor=user)
        _tell(found, "mla.translation_received", user, now, certified_by=found.certified_by)
    return found


def cancel(
    request: AssistanceRequest,
    job: int,
    *,
    reason: str,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> TranslationJob:
    """Cancel a job that is not done, with the reason; its clock ends."""
    given = draft_fields.read({"reason": reason}, {"reason": _needed(2_000)})
    with _one(request, job, user, expected_version, now) as found:
        found.cancelled_reason = given["reason"]
        found.save(update_fields=["cancelled_reason"])
        deadlines.end_waiting(found.request.dossier, _event(found), at=now, now=now, actor=user)
        _tell(found, "mla.translation_cancelled", user, now, reason=found.cancelled_reason)
    return found


# --- within -----------------------------------------------------------------------------


@contextmanager
def _one(
    request: AssistanceRequest, key: int, user: User, expected_version: int | None, now: datetime
) -> Iterator[TranslationJob]:
    """A job that is open, under lock."""
    with recording.under_lock(request, user, expected_version, now, act=ACT) as held:
        found = TranslationJob.objects.filter(request=held, pk=key).first()
        if found is None:
            raise NotFound("no_such_part", _("The request has no such translation."))
        if not found.is_open:
            raise NotPossibleNow("job_ended", _("This translation is received or cancelled."))
        found.request = held
        yield found


def _event(job: TranslationJob) -> str:
    """What meets the clock of this job, and of no other."""
    return f"mla.translation_received:{job.pk}"


def _start_clock(job: TranslationJob, now: datetime, user: User) -> None:
    job.deadline = deadlines.start_until(
        job.request.dossier,
        job.due_on,
        label=_("Translation due: %(what)s") % {"what": job.source_title},
        started_from=ORDERED,
        met_by_event=_event(job),
        now=now,
        actor=user,
    )
    job.save(update_fields=["deadline"])


def _cost_of(job: TranslationJob, given: dict[str, Any], user: User, now: datetime) -> Cost:
    description = _("Translation: %(what)s") % {"what": job.source_title}
    return Cost.objects.create(
        request=job.request,
        nature=Cost.Nature.ORDINARY,
        description=description[:300],
        currency=given["currency"],
        estimated=given["amount"],
        bearer=Cost.Bearer.REQUESTED if job.request.is_received else Cost.Bearer.REQUESTING,
        added_by=user,
        added_at=now,
    )


def _kept(
    job: TranslationJob, file_name: str, content: bytes | BinaryIO, user: User, now: datetime
) -> Document:
    return documents.keep(
        job.request.dossier,
        kind=Document.Kind.OTHER,
        title=_("Translation: %(what)s") % {"what": job.source_title},
        file_name=file_name,
        content=content,
        user=user,
        now=now,
    )


def _tell(job: TranslationJob, event: str, user: User, now: datetime, **said: str) -> None:
    timeline.record(
        job.request.dossier,
        event,
        actor=user,
        at=now,
        what=job.source_title,
        from_language=job.from_language,
        to_language=job.to_language,
        **said,
    )


def _language(value: Any) -> str:
    if not isinstance(value, str) or value not in languages():
        raise ValueError(_("Choose a language."))
    return value


def _needed(longest: int) -> draft_fields.Reader:
    read_text = draft_fields.text(longest, lines=False)

    def reader(value: Any) -> str:
        found: str = read_text(value)
        if not found:
            raise ValueError(_("This is needed."))
        return found

    return reader


def _day_to_come(today: date) -> draft_fields.Reader:
    def reader(value: Any) -> date:
        found = draft_fields.day_to_come(today)(value)
        if found is None:
            raise ValueError(_("Give the day by which it is due."))
        return found

    return reader


def _day_between(first: date, last: date) -> draft_fields.Reader:
    def reader(value: Any) -> date:
        found = draft_fields.day(value)
        if found is None or not first <= found <= last:
            raise ValueError(_("Give a day since it was ordered, not later than today."))
        return found

    return reader
