"""The life of a report.

::

    ordered → made → published (by another officer) → withdrawn with a reason
       ↓_____ failed → ordered again

1. ``order`` keeps what is asked and rings for the worker (``making.py``), which freezes the content.
2. A made report never changes. ``discard`` removes one that was never published.
3. ``publish`` needs another officer. The public edition can then be read by anybody.
4. ``withdraw`` takes a published report out of use; that it was published, and why it was
   withdrawn, stays to be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry import bells
from registry.access import authorities_where, reads_a_kind_of, reads_files_of
from registry.deadlines import today_of
from registry.dossiers import next_reference
from registry.models import Authority, User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow, Text
from treaties.models import ComplianceReport, Edition, Instrument, Obligation, ReportSchedule
from treaties.obligation_files import KIND, must_be_allowed

Stage = ComplianceReport.Stage
KIND_MARK = "REP"
EARLIEST = date(1945, 1, 1)


@dataclass(frozen=True)
class Period:
    """Days from ``since`` to ``until``, both included."""

    since: date
    until: date

    def before(self) -> Period:
        """The period of the same length that ends the day before this one begins.

        Of whole years, the same days of the years before.
        """
        if (self.since.month, self.since.day) == (1, 1):
            years = self.until.year - self.since.year + 1
            return Period(_years_earlier(self.since, years), _years_earlier(self.until, years))
        days = (self.until - self.since).days + 1
        return Period(self.since - timedelta(days=days), self.since - timedelta(days=1))


def _years_earlier(day: date, years: int) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap_day else day.day)


def this_year(owner: Authority, now: datetime) -> Period:
    """From the first of January to today, in the authority's zone."""
    today = today_of(owner, now)
    return Period(date(today.year, 1, 1), today)


def offices_read(user: User) -> list[int]:
    """The authorities whose dossiers of obligations this person reads."""
    offices = set(reads_files_of(user))
    for kind, owners in reads_a_kind_of(user):
        if kind == KIND:
            offices.update(owners)
    return sorted(offices)


def visible_reports(user: User) -> QuerySet[ComplianceReport]:
    """The reports that this person may see: those of authorities of whose obligations they read."""
    return ComplianceReport.objects.filter(owner__in=offices_read(user))


def get_visible(user: User, reference: str) -> ComplianceReport:
    """One report. Raises ``ComplianceReport.DoesNotExist``."""
    if "\x00" in reference:
        raise ComplianceReport.DoesNotExist
    return (
        visible_reports(user)
        .select_related("owner__state", "state", "ordered_by", "published_by")
        .get(reference=reference)
    )


def published_reports() -> QuerySet[ComplianceReport]:
    """What anybody may read."""
    return ComplianceReport.objects.filter(
        edition=Edition.PUBLIC, published_at__isnull=False, withdrawn_at=None
    ).select_related("owner", "state")


def get_published(reference: str) -> ComplianceReport | None:
    """What anybody may read under this reference, if it is published and not withdrawn."""
    if "\x00" in reference:
        return None
    return published_reports().filter(reference=reference).first()


def order(
    owner: Authority,
    period: Period,
    *,
    compared: Period | None,
    edition: str,
    language: str,
    scope: Sequence[str] = (),
    schedule: ReportSchedule | None = None,
    user: User,
    now: datetime,
) -> ComplianceReport:
    """Order a report on what the authority's State owes. A worker makes it.

    Raises NotAllowed for a role that may not assess, and Invalid by field: ``since``, ``until``,
    ``compared_until``, ``edition``, ``language``, ``scope``.
    """
    must_be_allowed(user, "assess", owner.pk)
    errors = _wrong(owner, period, compared, now) | wrong_choices(edition, language, scope)
    if errors:
        raise Invalid("invalid_report", _("The report was not ordered."), fields=errors)
    with transaction.atomic():
        report = ComplianceReport.objects.create(
            reference=next_reference(owner, KIND_MARK, today_of(owner, now).year),
            owner=owner,
            state_id=owner.state_id,
            schedule=schedule,
            edition=edition,
            language=language,
            scope=sorted(set(scope)),
            since=period.since,
            until=period.until,
            compared_since=compared.since if compared else None,
            compared_until=compared.until if compared else None,
            ordered_by=user,
            ordered_at=now,
        )
        bells.ring("treaties.tasks.make_reports")
    return report


def order_again(report: ComplianceReport, *, user: User, now: datetime) -> None:
    """Have a report that failed made again. Raises NotPossibleNow unless it failed."""
    must_be_allowed(user, "assess", report.owner_id)
    again = ComplianceReport.objects.filter(pk=report.pk, stage=Stage.FAILED).update(
        stage=Stage.ORDERED, attempts=0, claimed_until=None, last_error="", steps_done=0
    )
    if not again:
        raise NotPossibleNow("not_failed", _("Only a report that failed can be made again."))
    bells.ring("treaties.tasks.make_reports")


def discard(report: ComplianceReport, *, user: User) -> None:
    """Remove a report that was never published. Raises NotPossibleNow for one that was."""
    must_be_allowed(user, "assess", report.owner_id)
    gone, _rows = ComplianceReport.objects.filter(pk=report.pk, published_at=None).delete()
    if not gone:
        raise NotPossibleNow(
            "report_published",
            _("A published report is not discarded. Withdraw it, with the reason."),
        )


def publish(report: ComplianceReport, *, user: User, now: datetime) -> None:
    """Publish a report that another officer ordered.

    Raises NotAllowed to who ordered it, and NotPossibleNow unless it is made and not yet published.
    """
    must_be_allowed(user, "review_assessment", report.owner_id)
    if reasons := not_publishable(report, user):
        refusal = NotAllowed if report.ordered_by_id == user.pk else NotPossibleNow
        raise refusal("not_publishable", reasons[0])
    changed = ComplianceReport.objects.filter(
        pk=report.pk, stage=Stage.MADE, published_at=None
    ).update(published_by=user, published_at=now)
    if not changed:
        raise NotPossibleNow("not_publishable", _("The report is published already."))
    report.refresh_from_db()


def not_publishable(report: ComplianceReport, user: User) -> list[Text]:
    """Why this person can't publish the report now."""
    if report.stage != Stage.MADE:
        return [_("The report is not made yet.")]
    if report.published_at:
        return [_("The report is published already.")]
    if report.ordered_by_id == user.pk:
        return [_("You ordered this report: another officer must publish it.")]
    return []


def withdraw(report: ComplianceReport, reason: str, *, user: User, now: datetime) -> None:
    """Take a published report out of use. Raises Invalid (``reason``) and NotPossibleNow."""
    must_be_allowed(user, "review_assessment", report.owner_id)
    if not reason.strip() or len(reason) > 2000:
        sentence = _("Say why, in at most 2,000 characters: readers are told.")
        raise Invalid("reason_missing", sentence, fields={"reason": [sentence]})
    changed = ComplianceReport.objects.filter(
        pk=report.pk, published_at__isnull=False, withdrawn_at=None
    ).update(withdrawn_at=now, withdrawal_reason=reason.strip())
    if not changed:
        raise NotPossibleNow("not_published", _("Only a published report can be withdrawn."))
    report.refresh_from_db()


def may_report(user: User, owner: Authority, act: str = "assess") -> bool:
    return owner.pk in authorities_where(user, act)


def wrong_choices(edition: str, language: str, scope: Iterable[str]) -> dict[str, list[Text]]:
    """What is wrong with the choices that an order and a schedule share, by field."""
    errors: dict[str, list[Text]] = {}
    if edition not in Edition.values:
        errors["edition"] = [_("Choose the internal or the public edition.")]
    if language not in dict(settings.LANGUAGES):
        errors["language"] = [_("Choose one of the languages offered.")]
    asked = set(scope)
    known = asked & set(Obligation.Theme.values)
    known |= set(Instrument.objects.filter(pk__in=list(asked)).values_list("pk", flat=True))
    if unknown := sorted(asked - known):
        errors["scope"] = [
            _("These are not in the register: %(codes)s.") % {"codes": ", ".join(unknown)[:200]}
        ]
    return errors


def _wrong(
    owner: Authority, period: Period, compared: Period | None, now: datetime
) -> dict[str, list[Text]]:
    errors: dict[str, list[Text]] = {}
    if period.until < period.since:
        errors["until"] = [_("The period ends before it begins. Give a later day.")]
    elif period.until > today_of(owner, now):
        errors["until"] = [_("This day is to come. Give today or an earlier day.")]
    if period.since < EARLIEST:
        errors["since"] = [_("Give a day after 1945.")]
    if compared is None:
        return errors
    if compared.until < compared.since:
        errors["compared_until"] = [_("The period ends before it begins. Give a later day.")]
    elif compared.until >= period.until:
        errors["compared_until"] = [_("Compare with a period that ends before the report's own.")]
    if compared.since < EARLIEST:
        errors["compared_since"] = [_("Give a day after 1945.")]
    return errors
