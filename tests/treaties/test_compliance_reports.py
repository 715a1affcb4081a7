"""Reports on what a State owes: ordered, made, frozen, published by another officer, withdrawn."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from registry.models import Role
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from tests.factories import UserFactory
from treaties import assessments, obligation_files
from treaties.compliance_report import content, files, making, ordering, scheduling
from treaties.compliance_report.ordering import Period
from treaties.models import ComplianceReport, Obligation, ReportSchedule

LAST_YEAR = Period(date(2025, 1, 1), date(2025, 3, 1))


@pytest.fixture
def reporter(office):
    return UserFactory(name="Rita Reporter", works_in=office, role=Role.MINISTRY_REPORTER)


@pytest.fixture
def reviewer(office):
    return UserFactory(name="Rob Reviewer", works_in=office, role=Role.MINISTRY_REPORTER)


@pytest.fixture
def assessed(register, office, reporter, reviewer, now):
    """One published assessment with a law, an internal note and two pieces of evidence."""
    file = obligation_files.open_file(
        office, Obligation.objects.get(pk="UNTOC-06"), 1, user=reporter, now=now
    )
    draft = assessments.begin(file, user=reporter, now=now)
    assessments.save(
        draft,
        {
            "status": "partly_met",
            "explanation": "The law covers most of it.",
            "internal_note": "Secret worry.",
            "national_measures": [{"title": "Criminal Code", "article": "324 bis", "date": None}],
            "next_step": "Extend it.",
        },
        user=reporter,
        now=now,
    )
    for title, public in (("The gazette", True), ("The memorandum", False)):
        assessments.add_evidence(
            draft,
            title=title,
            file_name="law.txt",
            content=io.BytesIO(title.encode()),
            public=public,
            user=reporter,
            now=now,
        )
    assessments.submit(draft, user=reporter, now=now)
    assessments.publish(draft, user=reviewer, now=now)
    return file


@pytest.fixture
def ordered(register, office, reporter, now):
    def order(edition="internal", *, scope=("UNTOC",), language="en", compared=LAST_YEAR, **more):
        return ordering.order(
            office,
            Period(date(2026, 1, 1), now.date()),
            compared=compared,
            edition=edition,
            language=language,
            scope=scope,
            user=more.pop("user", reporter),
            now=now,
        )

    return order


@pytest.fixture
def made(ordered):
    def make(*args, **more):
        report = ordered(*args, **more)
        assert making.make_ordered() == 1
        report.refresh_from_db()
        return report

    return make


def row_of(report, code="UNTOC-06"):
    return next(r for g in report.content["groups"] for r in g["rows"] if r["code"] == code)


# --- what it says -------------------------------------------------------------------------


def test_the_internal_edition_says_everything(assessed, made):
    row = row_of(made())
    assert (row["status"], row["earlier_status"], row["changed"]) == (
        "partly_met",
        "not_assessed",
        True,
    )
    said = row["assessment"]
    assert said["internal_note"] == "Secret worry."
    assert [e["title"] for e in said["evidence"]] == ["The gazette", "The memorandum"]
    assert row["reference"] == assessed.dossier.reference


def test_the_public_edition_names_no_note_no_next_step_no_person_and_no_dossier(assessed, made):
    report = made("public")
    assert [e["title"] for e in row_of(report)["assessment"]["evidence"]] == ["The gazette"]
    text = json.dumps(report.content)
    for hidden in (
        "Secret worry",
        "memorandum",
        "Extend it",
        "Rita",
        "Rob",
        assessed.dossier.reference,
    ):
        assert hidden not in text


@pytest.mark.parametrize("edition", ["internal", "public"])
def test_what_is_sealed_is_in_no_edition(edition, assessed, made):
    assessed.dossier.confidentiality = "sealed"
    assessed.dossier.save()
    report = made(edition)
    assert row_of(report)["status"] == "not_assessed"
    assert assessed.dossier.reference not in json.dumps(report.content)


def test_a_draft_is_not_part_of_the_report(register, office, reporter, made, now):
    file = obligation_files.open_file(
        office, Obligation.objects.get(pk="UNTOC-06"), 1, user=reporter, now=now
    )
    draft = assessments.begin(file, user=reporter, now=now)
    assessments.save(draft, {"explanation": "Half a thought."}, user=reporter, now=now)
    assert "Half a thought" not in json.dumps(made().content)


def test_the_report_does_not_change_when_the_assessment_is_superseded(
    assessed, made, reporter, reviewer, now
):
    report = made()
    before = files.FORMS["json"].make(report)
    later = now + timedelta(days=1)
    again = assessments.begin(assessed, user=reporter, now=later)
    assessments.save(again, {"status": "met", "explanation": "Amended."}, user=reporter, now=later)
    assessments.submit(again, user=reporter, now=later)
    assessments.publish(again, user=reviewer, now=later)
    report.refresh_from_db()
    assert files.FORMS["json"].make(report) == before


def test_the_scope_narrows_the_report(made):
    assert [g["code"] for g in made(scope=("UNCAC",)).content["groups"]] == ["UNCAC"]


def test_commitments_are_counted_apart_from_the_law(made):
    report = made(scope=("UNTOC", "responsibility_to_protect"))
    law, commitments = report.content["law"]["now"], report.content["commitments"]["now"]
    groups = {g["code"]: g["tally"]["total"] for g in report.content["groups"]}
    assert law["total"] == groups["UNTOC"]
    assert commitments["total"] == groups["responsibility_to_protect"]


def test_reading_costs_the_same_whatever_the_scope(
    assessed, ordered, now, django_assert_max_num_queries
):
    content.build(ordered(), now=now)  # warms what the process remembers
    report = ordered(scope=())
    with django_assert_max_num_queries(23):
        content.build(report, now=now)


# --- files --------------------------------------------------------------------------------


def test_the_pdf_is_tagged_has_contents_and_names_the_evidence(assessed, made):
    pdf = PdfReader(io.BytesIO(files.FORMS["pdf"].make(made())))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert "Contents" in text
    assert "The memorandum" in text
    titles = [entry.title for entry in pdf.outline[1] if not isinstance(entry, list)]
    assert titles[:2] == ["Contents", "Summary"]


def test_the_json_is_what_the_digest_is_of(assessed, made):
    report = made()
    given = files.FORMS["json"].make(report)
    assert hashlib.sha256(given).hexdigest() == report.digest
    assert json.loads(given)["reference"] == report.reference


def test_the_workbook_has_a_row_for_each_obligation(assessed, made):
    report = made()
    book = load_workbook(io.BytesIO(files.FORMS["xlsx"].make(report)))
    assert book["Obligations"].max_row == 1 + report.content["law"]["now"]["total"]
    assert book["Laws and measures"]["B2"].value == "Criminal Code"


def test_the_public_table_has_no_column_for_what_is_internal(assessed, made):
    text = files.FORMS["csv"].make(made("public")).decode()
    assert "Next step" not in text
    assert "Criminal Code, 324 bis" in text


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_report_is_made_in_its_own_language(language, assessed, made):
    report = made(language=language)
    assert report.content["state"]["name"] in {"fr": "Belgique", "ar": "بلجيكا"}[language]


# --- its life -----------------------------------------------------------------------------


def test_a_period_that_is_to_come_is_refused_by_field(register, office, reporter, now):
    with pytest.raises(Invalid) as refused:
        ordering.order(
            office,
            Period(date(2026, 1, 1), date(2126, 1, 1)),
            compared=Period(date(2026, 5, 1), date(2026, 4, 1)),
            edition="secret",
            language="xx",
            scope=("NOPE",),
            user=reporter,
            now=now,
        )
    assert set(refused.value.fields) == {"until", "compared_until", "edition", "language", "scope"}


def test_who_ordered_a_report_may_not_publish_it(made, reporter, now):
    with pytest.raises(NotAllowed):
        ordering.publish(made(), user=reporter, now=now)


def test_the_database_too_wants_another_officer_to_publish(made, reporter, now):
    report = made()
    with pytest.raises(IntegrityError), transaction.atomic():
        ComplianceReport.objects.filter(pk=report.pk).update(
            published_by=reporter, published_at=now
        )


def test_a_report_that_is_not_made_is_not_published(ordered, reviewer, now):
    with pytest.raises(NotPossibleNow):
        ordering.publish(ordered(), user=reviewer, now=now)


def test_a_published_report_is_withdrawn_not_discarded(made, reporter, reviewer, now):
    report = made("public")
    ordering.publish(report, user=reviewer, now=now)
    with pytest.raises(NotPossibleNow):
        ordering.discard(report, user=reporter)
    with pytest.raises(Invalid):
        ordering.withdraw(report, " ", user=reviewer, now=now)
    ordering.withdraw(report, "A figure was wrong.", user=reviewer, now=now)
    assert not report.is_public


def test_two_workers_make_a_report_once(ordered, monkeypatch):
    """The second worker begins when the first one's claim has run out, and finishes before it."""
    report = ordered()
    honest = making.printing.pdf_of_report

    def slow(said):
        monkeypatch.setattr(making.printing, "pdf_of_report", honest)
        ComplianceReport.objects.filter(pk=report.pk).update(claimed_until=None)
        assert making.make_ordered() == 1
        return honest(said)

    monkeypatch.setattr(making.printing, "pdf_of_report", slow)
    assert making.make_ordered() == 0
    report.refresh_from_db()
    assert (report.stage, report.attempts) == ("made", 2)


def test_a_report_that_fails_is_tried_again_and_given_up_in_the_end(
    ordered, reporter, now, monkeypatch
):
    def fails(said):
        raise OSError("no fonts")

    report = ordered()
    monkeypatch.setattr(making.printing, "pdf_of_report", fails)
    for attempt in range(making.MOST_ATTEMPTS):
        making.make_ordered(now=now + timedelta(days=365 * 100 + attempt))
        ComplianceReport.objects.filter(pk=report.pk).update(claimed_until=None)
    report.refresh_from_db()
    assert (report.stage, report.last_error) == ("failed", "OSError: no fonts")
    monkeypatch.undo()
    ordering.order_again(report, user=reporter, now=now)
    assert making.make_ordered() == 1


# --- on schedule --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "every", "first"),
    [
        (date(2026, 1, 31), "month", date(2026, 2, 1)),
        (date(2026, 12, 31), "month", date(2027, 1, 1)),
        (date(2026, 5, 15), "quarter", date(2026, 7, 1)),
        (date(2026, 1, 1), "year", date(2027, 1, 1)),
    ],
)
def test_a_schedule_begins_with_the_next_period(day, every, first):
    assert scheduling.first_day_after(day, every) == first


def test_each_period_missed_is_ordered_once_and_in_order(register, office, reporter, now):
    kept = scheduling.schedule(
        office, every="month", edition="internal", language="en", user=reporter, now=now
    )
    first = kept.next_on
    later = now + timedelta(days=92)
    assert scheduling.order_what_is_due(now) == 0
    assert scheduling.order_what_is_due(later) == 3
    assert scheduling.order_what_is_due(later) == 0
    periods = list(ComplianceReport.objects.order_by("id").values_list("since", "until"))
    assert periods[0][1] == first - timedelta(days=1)
    assert periods == sorted(periods)
    assert periods[1][0] == first


def test_a_schedule_stops_when_nobody_stands_behind_it(register, office, reporter, now):
    scheduling.schedule(
        office, every="month", edition="internal", language="en", user=reporter, now=now
    )
    reporter.memberships.all().delete()
    assert scheduling.order_what_is_due(now + timedelta(days=62)) == 0
    assert ReportSchedule.objects.get().stopped_at is not None


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (Period(date(2026, 1, 1), date(2026, 3, 1)), LAST_YEAR),
        (Period(date(2024, 1, 1), date(2024, 2, 29)), Period(date(2023, 1, 1), date(2023, 2, 28))),
        (Period(date(2026, 5, 1), date(2026, 5, 31)), Period(date(2026, 3, 31), date(2026, 4, 30))),
    ],
)
def test_the_earlier_period_is_as_long_and_lies_before(period, before):
    assert period.before() == before


# --- who sees what ------------------------------------------------------------------------


def test_from_order_to_publication_by_pages_alone(
    assessed, office, reporter, reviewer, signed_in, client
):
    first, second = signed_in(reporter), signed_in(reviewer)
    form = first.get(reverse("report-new")).context["typed"]
    went = first.post(reverse("report-new"), {**form, "edition": "public", "scope": ["UNTOC"]})
    assert went.status_code == 302
    making.make_ordered()
    page = first.get(went.url)
    assert b"The law covers most of it." in page.content
    assert b"another officer must publish it" in page.content
    reference = ComplianceReport.objects.get().reference
    public = reverse("published-report", args=[reference])
    assert client.get(public).status_code == 404
    second.post(reverse("report-act", args=[reference, "publish"]))
    assert b"The law covers most of it." in client.get(public).content
    for form in ("pdf", "xlsx", "csv", "json"):
        assert client.get(f"{public}{form}/").status_code == 200
    assert reference.encode() in client.get(reverse("published-reports")).content
    second.post(reverse("report-act", args=[reference, "withdraw"]), {"reason": "Wrong."})
    assert client.get(public).status_code == 404


def test_an_internal_edition_is_never_public(made, reviewer, now, client):
    report = made()
    ordering.publish(report, user=reviewer, now=now)
    assert client.get(reverse("published-report", args=[report.reference])).status_code == 404


@pytest.mark.parametrize("name", ["report", "report-progress"])
def test_a_stranger_finds_no_report(name, made, stranger, signed_in):
    assert signed_in(stranger).get(reverse(name, args=[made().reference])).status_code == 404


def test_a_stranger_neither_downloads_nor_moves_a_report(made, stranger, signed_in):
    report = made()
    client = signed_in(stranger)
    assert client.get(reverse("report-download", args=[report.reference, "pdf"])).status_code == 404
    for act in ("publish", "discard", "withdraw", "again"):
        assert client.post(reverse("report-act", args=[report.reference, act])).status_code == 404
    assert report.reference.encode() not in client.get(reverse("reports")).content


def test_a_form_with_errors_keeps_what_was_typed(register, reporter, signed_in):
    typed = {"since": "2026-01-01", "until": "2126-01-01", "edition": "public", "language": "fr"}
    answer = signed_in(reporter).post(reverse("report-new"), typed)
    assert answer.status_code == 400
    assert b'value="2126-01-01"' in answer.content
    assert b"This day is to come" in answer.content
